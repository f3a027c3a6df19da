"""No edit is lost in real merges: as JSON, and as text (laws.md 4).

One in four merges of the corpus, spread over all of it; all of them with `make corpus`.
"""

from __future__ import annotations

import json
import lzma
import os
from collections.abc import Iterator
from typing import TypedDict

import pytest
from house import ROOT
from lost_edits import lost_edits, lost_lines

from pyvcs.merge.json_style import dump_json
from pyvcs.merge.json_text import merge_json_text, with_value
from pyvcs.merge.json_value import NotJson, parse_json
from pyvcs.merge.path_rules import rules_for
from pyvcs.merge.rules import BUILTIN
from pyvcs.merge.text import merge_text, split_lines

CORPUS = ROOT.parent / "shared" / "corpus" / "dev-json.jsonl.xz"
PARTS = 4
"""Of the corpus, so that several processes can share the work."""

SHARE = 1 if "PYVCS_SOAK" in os.environ else 4
"""One in so many merges is judged."""

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="no corpus of real merges beside us")


class Sides(TypedDict):
    """The three versions of a file."""

    base: bytes
    ours: bytes
    theirs: bytes


def cases(part: int) -> Iterator[tuple[str, bytes, Sides]]:
    """The id, the path and the three versions of each merge of a part."""
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % SHARE == 0 and number // SHARE % PARTS == part:
                case: dict[str, str] = json.loads(line)
                base, ours, theirs = (case[side].encode() for side in ("base", "ours", "theirs"))
                yield case["id"], case["path"].encode(), Sides(base=base, ours=ours, theirs=theirs)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_edit_of_a_real_document_is_lost(part: int) -> None:
    lost, judged = {}, 0
    for name, path, sides in cases(part):
        try:
            versions = (sides["base"], sides["ours"], sides["theirs"])
            base, ours, theirs = (parse_json(version).value for version in versions)
        except NotJson:
            continue
        merged = merge_json_text(**sides, rules=rules_for(BUILTIN, path))
        found = lost_edits(
            base=base,
            ours=ours,
            theirs=theirs,
            result=parse_json(merged.content).value,
            conflicts=[*merged.conflicts, *merged.settled],
        )
        judged += 1
        if found:
            lost[name] = found[:3]
    assert judged
    assert lost == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_the_short_way_of_writing_a_real_document_gives_what_the_long_one_gives(part: int) -> None:
    other_bytes, regular = [], 0
    for name, _, sides in cases(part):
        content = sides["ours"]
        try:
            ours, theirs = (parse_json(sides[side]) for side in ("ours", "theirs"))
        except NotJson:
            continue
        if with_value(content, ours.value) != content and content.count(b"\r\n") in (
            *(0, content.count(b"\n")),
        ):
            other_bytes.append(name)
        if dump_json(ours.value, ours.style) == content:
            regular += 1
            if with_value(content, theirs.value) != dump_json(theirs.value, ours.style):
                other_bytes.append(f"{name}, with the value of theirs")
    assert regular
    assert other_bytes == []


def _lines(content: bytes) -> list[bytes]:
    """Lines with one kind of end: a side may have turned those of the whole text."""
    return split_lines(content.replace(b"\r\n", b"\n"))


@pytest.mark.parametrize("part", range(PARTS))
def test_no_line_of_a_real_text_is_lost(part: int) -> None:
    lost, judged = {}, 0
    for name, _, sides in cases(part):
        merged = merge_text(**sides)
        if merged.is_clean:
            judged += 1
            found = lost_lines(
                base=_lines(sides["base"]),
                ours=_lines(sides["ours"]),
                theirs=_lines(sides["theirs"]),
                result=_lines(merged.content),
                conflicts=(),
            )
            if found:
                lost[name] = found[:3]
    assert judged
    assert lost == {}
