"""Real merges of JSON files, pyvcs beside `git merge-file`, judged by what people committed.

Usage: python benchmarks/corpus.py [--cases FILE] [--text] [--by repo] [--list OUTCOME] [--only ID]

Reads one case a line, as ../shared/corpus/README.md describes them, from a file that `lzma` or
plain text holds. Counts are of the cases of which all four versions parse; results are compared
with the committed version as values. A clean result in which an object has a key more than once,
and more often so than in any version merged, is `doubled` whatever was committed: the last one
hides the others. With `--text` all cases are merged as text and compared byte by byte. `--list`
names the cases of one cell, such as `conflict/different`: git's outcome first.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from pyvcs.merge.driver import merge_file
from pyvcs.merge.markers import Labels

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "dev-json.jsonl.xz"
LABELS = Labels("base", "ours", "theirs")
OUTCOMES = ("equal", "different", "conflict", "doubled", "invalid")
SIDES = ("base", "ours", "theirs")


@dataclass(frozen=True, slots=True)
class Judged:
    """One case: what became of it with git and with us, and the seconds that each took."""

    case: dict[str, Any]
    git: str
    ours: str
    git_seconds: float
    seconds: float


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The cases of a file."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def git_merge(contents: Iterable[bytes]) -> tuple[bytes, bool]:
    """What `git merge-file` makes of base, ours and theirs, and whether it is clean."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in zip(SIDES, contents, strict=True):
            Path(folder, name).write_bytes(content)
        done = subprocess.run(
            ["git", "merge-file", "-p", "ours", "base", "theirs"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    if done.returncode < 0 or done.returncode > 127:
        return done.stdout, False
    return done.stdout, done.returncode == 0


def outcome(content: bytes, clean: bool, case: dict[str, Any], *, text: bool) -> str:
    """One of OUTCOMES."""
    committed = case["merged"].encode()
    if not clean:
        return "conflict"
    if text:
        return "equal" if content == committed else "different"
    try:
        value, doubled = plain_value(content)
    except ValueError:
        return "invalid"
    if doubled > max(plain_value(case[side].encode())[1] for side in SIDES):
        return "doubled"
    return "equal" if value == plain_value(committed)[0] else "different"


def plain_value(content: bytes) -> tuple[str, int]:
    """The value of a JSON text in one spelling, and how many keys repeat an earlier one.

    It is read apart from the merge.
    """
    repeated = 0

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        value = dict(pairs)
        repeated += len(pairs) - len(value)
        return value

    value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=made)
    return json.dumps(value, sort_keys=True), repeated


def our_outcome(case: dict[str, Any], text: bool) -> tuple[str, float]:
    """What becomes of a case here, and the seconds that it takes."""
    base, ours, theirs = (case[side].encode() for side in SIDES)
    started = perf_counter()
    merged = merge_file(
        case["path"].encode(),
        base=base,
        ours=ours,
        theirs=theirs,
        labels=LABELS,
        kind="text" if text else "auto",
    )
    seconds = perf_counter() - started
    return outcome(merged.content, merged.is_clean, case, text=text), seconds


def git_outcome(case: dict[str, Any], text: bool) -> tuple[str, float]:
    """The same with git, a process a case."""
    started = perf_counter()
    content, clean = git_merge([case[side].encode() for side in SIDES])
    seconds = perf_counter() - started
    return outcome(content, clean, case, text=text), seconds


def judged(cases: list[dict[str, Any]], *, text: bool) -> Iterator[Judged]:
    """All cases, merged both ways."""
    cores = os.cpu_count() or 1
    flags = [text] * len(cases)
    with ProcessPoolExecutor(cores) as pool:
        here = list(pool.map(our_outcome, cases, flags, chunksize=32))
    with ThreadPoolExecutor(cores) as threads:
        git = list(threads.map(git_outcome, cases, flags))
    for case, (ours, seconds), (theirs, git_seconds) in zip(cases, here, git, strict=True):
        yield Judged(case, theirs, ours, git_seconds, seconds)


def print_table(title: str, found: list[Judged]) -> None:
    """Git's outcomes as rows, ours as columns, with shares of the row."""
    cells = Counter((each.git, each.ours) for each in found)
    print(f"\n{title}: {len(found):,} cases")
    print(f"{'git, then pyvcs':<18}" + "".join(f"{name:>19}" for name in OUTCOMES) + f"{'all':>8}")
    for git in OUTCOMES:
        row = [cells[git, ours] for ours in OUTCOMES]
        if sum(row):
            shares = "".join(f"{n:>10,} ({100 * n / sum(row):5.1f}%)" for n in row)
            print(f"{git:<18}{shares}{sum(row):>8,}")
    totals = [sum(each.ours == name for each in found) for name in OUTCOMES]
    print(f"{'pyvcs, all':<18}" + "".join(f"{n:>10,} {'':8}" for n in totals))


def print_times(found: list[Judged]) -> None:
    """The seconds that all cases took."""
    ours, git = sum(each.seconds for each in found), sum(each.git_seconds for each in found)
    print(f"\ntime: pyvcs {ours:.2f} s in process, git {git:.2f} s with a process a case")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=DEFAULT)
    parser.add_argument("--text", action="store_true")
    parser.add_argument("--by", choices=("class", "repo"), default="class")
    parser.add_argument("--list", metavar="GIT/OURS")
    parser.add_argument("--only", metavar="ID")
    options = parser.parse_args(sys.argv[1:] if sys.argv[0].endswith("corpus.py") else [])
    if not options.cases.exists():
        print(f"no cases at {options.cases}: give a file of them with --cases")
        return
    cases = [
        case
        for case in read_cases(options.cases)
        if (options.text or all(case["parses"])) and options.only in (None, case["id"])
    ]
    found = list(judged(cases, text=options.text))
    if options.list:
        for each in found:
            if f"{each.git}/{each.ours}" == options.list:
                print(each.case["id"], each.case["class"], each.case["repo"], each.case["path"])
        return
    for name in sorted({each.case[options.by] for each in found}):
        print_table(name, [each for each in found if each.case[options.by] == name])
    print_table("all", found)
    print_times(found)


if __name__ == "__main__":
    main()
