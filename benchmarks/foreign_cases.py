"""Merge cases of other programs' own tests, run from a copy of those that you fetched.

Usage: python benchmarks/foreign_cases.py FOLDER...

A FOLDER holds xdiff or adiff (node packages with `test/3-way.js` or `test/test.js`), or
JSONTestSuite (`test_parsing/*.json`). Of the former the test files run in node with a stand-in for
the package, which notes what the tests expect of a merge; ours is then put beside it. A folder that
is not there is named and passed over, and so are those that need node when there is none.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyvcs.merge import ABSENT, NotJson, merge_json, parse_json

RECORDER = """
const Module = require('module'), load = Module._load, cases = [];
const same = (merged, expected) => {
  if (merged && merged.sides) cases.push([merged.sides, expected]);
};
const assert = {deepEqual: same, equal() {}, end() {}};
const stub = {
  diff3: (ours, base, theirs) => ({sides: [base, ours, theirs]}),
  patch: (_, changes) => changes, diff: () => ({}),
};
Module._load = (name, ...rest) =>
  name === 'assert' ? assert
  : name === 'tape' ? (_, test) => test(assert)
  : /^\\.\\.\\/?$/.test(name) ? stub
  : name === 'es5-shim' ? {}
  : load(name, ...rest);
console.log = () => {};
require(process.argv[1]);
process.stdout.write(JSON.stringify(cases));
"""


def main() -> None:
    """Print how often ours agrees, and each case where it does not."""
    folders = sys.argv[1:] if Path(sys.argv[0]).name == Path(__file__).name else []
    if not folders:
        print("no folder given: see the head of this file")
    for folder in map(Path, folders):
        tests = [folder / "test" / name for name in ("3-way.js", "test.js")]
        if not folder.is_dir():
            print(f"passed over: there is no {folder}")
        elif (folder / "test_parsing").is_dir():
            print_parsing(folder / "test_parsing")
        elif not any(test.exists() for test in tests):
            print(f"passed over: {folder} has no tests that are known here")
        elif shutil.which("node") is None:
            print(f"passed over: {folder} needs node")
        else:
            for test in tests:
                if test.exists():
                    print_merges(test)


def print_merges(test: Path) -> None:
    """Our merges beside those that a test file expects."""
    command = ["node", "-e", RECORDER, str(test.resolve())]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    counts: Counter[str] = Counter()
    for sides, expected in json.loads(done.stdout):
        base, ours, theirs = (ABSENT if side is None else side for side in sides)
        merged = merge_json(base=base, ours=ours, theirs=theirs)
        kind = (
            "conflict" if merged.conflicts else "equal" if merged.value == expected else "different"
        )
        counts[kind] += 1
        if kind != "equal":
            found = [str(each.kind) for each in merged.conflicts] or merged.value
            print(f"  {kind}: {shown(sides)} gives {shown(expected)} there, {shown(found)} here")
    print(f"{test}: {dict(counts)}")


def print_parsing(folder: Path) -> None:
    """What we read of texts that must be read (y), must be refused (n), or may be either (i)."""
    counts: Counter[str] = Counter()
    for name, is_read in parsed(folder):
        counts[f"{name[0]} {'read' if is_read else 'refused'}"] += 1
        if (name[0], is_read) in (("y", False), ("n", True)):
            print(f"  {name} is {'read' if is_read else 'refused'}")
    print(f"{folder}: {dict(sorted(counts.items()))}")


def parsed(folder: Path) -> Iterator[tuple[str, bool]]:
    """The name of each text, and whether we read it."""
    for path in sorted(folder.glob("*.json")):
        try:
            parse_json(path.read_bytes())
        except NotJson:
            yield path.name, False
        else:
            yield path.name, True


def shown(value: Any) -> str:
    """A value on one line."""
    return json.dumps(value)


if __name__ == "__main__":
    main()
