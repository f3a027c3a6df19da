"""Three-way merges of texts beside `git merge-file`, GNU diff3 and PyPI's merge3.

git and GNU diff3 are whole processes that read files; pyvcs and merge3 (when it is installed) run
in this process, from bytes to bytes, and `command` is all of `pyvcs merge-file`. The turns are
interleaved; the table shows medians, in ms.
Each side changes its half of the changed lines; blank lines and braces repeat, as in code. Some
merges have a conflict in the middle, too.
"""

from __future__ import annotations

import importlib.util
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from timing import QUICK, Times, row

from pyvcs.merge.text import merge_text, split_lines

SIZES = (1_000,) if QUICK else (1_000, 10_000, 100_000)
SHARES = (0.01, 0.2)
TURNS = 9
GOALS = {(10_000, 0.01): 2.5, (100_000, 0.2): 1.5}
Sides = tuple[bytes, bytes, bytes]


def drawn(size: int, share: float, rng: random.Random) -> Sides:
    """Base, ours and theirs; a side replaces, deletes or inserts lines, never beside the other."""
    base = [rng.choice(("\n", "    }\n")) if n % 5 == 0 else f"line {n}\n" for n in range(size)]
    ours, theirs = list(base), list(base)
    places = rng.sample(range(0, size, 3), int(size * share))
    for n, place in enumerate(places):
        side = (ours, theirs)[n % 2]
        new = f"new {n}\n"
        side[place] = rng.choice((new, "", side[place] + new))
    b, o, t = ("".join(lines).encode() for lines in (base, ours, theirs))
    return b, o, t


def in_conflict(sides: Sides, size: int) -> Sides:
    """The same, and one line in the middle that both sides changed."""
    base, ours, theirs = sides
    middle = next(line for n in range(size // 2, size) if (line := b"line %d\n" % n) in ours)
    return base, ours.replace(middle, b"ours\n"), theirs.replace(middle, b"theirs\n")


def workers(sides: Sides, folder: Path) -> dict[str, Callable[[], object]]:
    """What to time, by name."""
    base, ours, theirs = sides
    for name, content in zip(("base", "ours", "theirs"), sides, strict=True):
        (folder / name).write_bytes(content)
    found: dict[str, Callable[[], object]] = {
        "pyvcs": lambda: merge_text(base=base, ours=ours, theirs=theirs)
    }
    command = [sys.executable, "-m", "pyvcs", "merge-file", "--type", "text"]
    lines = {
        "command": [*command, "base", "ours", "theirs"],
        "git": ["git", "merge-file", "-p", "ours", "base", "theirs"],
        "diff3": ["diff3", "-m", "-E", "ours", "base", "theirs"],
    }
    for name, line in lines.items():
        if shutil.which(line[0]):
            found[name] = partial(
                subprocess.run, line, cwd=folder, capture_output=True, check=False
            )
    if importlib.util.find_spec("merge3") and base.count(b"\n") < 50_000:  # there, minutes
        import merge3  # type: ignore[import-not-found,import-untyped,unused-ignore]

        found["merge3"] = lambda: b"".join(merge3.Merge3(*map(split_lines, sides)).merge_lines())
    return found


def main() -> None:
    """Measure all sizes and shares, without a conflict and with one."""
    for size in SIZES:
        for share in SHARES:
            sides, what = drawn(size, share, random.Random(1)), f"{size:,} lines, {share:.0%}"
            row(f"text merge, {what}", measured(sides), GOALS.get((size, share)))
            row(f"text merge, {what}, a conflict", measured(in_conflict(sides, size)))


def measured(sides: Sides) -> dict[str, Times]:
    """What a merge takes, by name."""
    with tempfile.TemporaryDirectory() as folder:
        work = workers(sides, Path(folder))
        times = {name: Times() for name in work}
        for _ in range(TURNS):
            for name, act in work.items():
                start = perf_counter()
                act()
                times[name].wall.append(1000 * (perf_counter() - start))
    return times
