"""The cases of other merges, read from a copy of their sources: none of it is part of this project.

PYVCS_PEER_CASES names a folder with checkouts: `node-diff3` (github.com/bhousel/node-diff3) and
`merge3` (github.com/breezy-team/merge3).
"""

from __future__ import annotations

import ast
import os
import re
from itertools import groupby
from pathlib import Path

import pytest

from pyvcs.merge.sequences import merge_sequence

FOLDER = Path(os.environ.get("PYVCS_PEER_CASES", "no folder"))
NODE_DIFF3 = FOLDER / "node-diff3" / "test" / "diff3Merge.test.js"
MERGE3 = FOLDER / "merge3" / "test_merge3.py"

ARRAY = r"(\[(?:'[^']*'(?:, )?)*\])"


@pytest.mark.skipif(not NODE_DIFF3.exists(), reason="PYVCS_PEER_CASES has no copy of node-diff3")
def test_the_cases_of_node_diff3_come_out_as_they_say() -> None:
    judged = 0
    for case in NODE_DIFF3.read_text(encoding="utf-8").split("  it(")[1:]:
        sides = {
            name: ast.literal_eval(array)
            for name, array in re.findall(rf"const ([oab]) = {ARRAY};", case)
        }
        expected = {
            (int(n), name): ast.literal_eval(array)
            for n, name, array in re.findall(rf"result\[(\d+)\]\.([a-z.]+), {ARRAY}\)", case)
        }
        if len(sides) < 3 or not expected:
            continue
        merged = merge_sequence(base=sides["o"], ours=sides["a"], theirs=sides["b"])
        found: dict[tuple[int, str], list[str]] = {}
        for n, (is_conflict, chunks) in enumerate(
            groupby(merged.chunks, key=lambda chunk: chunk.is_conflict)
        ):
            for chunk in chunks:
                if is_conflict:
                    names = ("conflict.o", "conflict.a", "conflict.b")
                    for name, side in zip(
                        names, (chunk.base, chunk.ours, chunk.theirs), strict=True
                    ):
                        found[n, name] = list(side)
                else:
                    found.setdefault((n, "ok"), []).extend(chunk.result)
        assert found == expected, case[:60]
        judged += 1
    assert judged


@pytest.mark.skipif(not MERGE3.exists(), reason="PYVCS_PEER_CASES has no copy of merge3")
def test_the_cases_of_merge3_merge_as_there() -> None:
    merge3 = pytest.importorskip("merge3", reason="merge3 is not installed")
    judged, differing = 0, []
    for node in ast.walk(ast.parse(MERGE3.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "merge3.Merge3"):
            continue
        try:
            base, ours, theirs = map(ast.literal_eval, node.args[:3])
        except ValueError:
            continue  # a name: no literal case
        merged = merge_sequence(base=base, ours=ours, theirs=theirs)
        regions = list(merge3.Merge3(base, ours, theirs).merge_groups())
        is_clean = all(region[0] != "conflict" for region in regions)
        lines = [line for region in regions if region[0] != "conflict" for line in region[1]]
        judged += 1
        if is_clean != merged.is_clean or (is_clean and list(merged.result) != lines):
            differing.append(node.lineno)
    assert judged > 10
    assert differing == []
