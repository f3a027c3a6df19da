"""First commits of very many files, and of one very large file, random or text.

These rows take minutes, so there are three runs; who is slow has one or two.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from programs import first_commits, installed, make_files
from timing import LONG, QUICK, Times, in_turn, row

MANY = 1_000 if QUICK else 100_000
LARGE = (8 if QUICK else 1024) << 20
MOST_MANY = {"pyvcs": LONG, "git": 2, "hg": 1}
MOST_LARGE = {"pyvcs": LONG, "git": 1}
"""Runs by program; git compresses the large file for a minute."""


def first_commit(
    root: Path, label: str, files: Path, goal: float, most: Mapping[str, int]
) -> dict[str, Times]:
    """The first commit of all files, `most` so many times by each program."""
    contestants = first_commits(root, files, installed(*most), most.__getitem__)
    found = in_turn(contestants, LONG)
    row(f"first commit, {label}", found, goal)
    return found


def make_large(path: Path, content: str) -> None:
    """One file, random bytes or lines of words."""
    path.parent.mkdir(parents=True)
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghijklmnop", k=6)) for _ in range(3000)]
    # Far more of them than any window holds, and drawing is quick.
    lines = [" ".join(rng.choices(words, k=8)) + "\n" for _ in range(100_000)]
    with path.open("wb") as file:
        while file.tell() < LARGE:
            if content == "random":
                file.write(rng.randbytes(1 << 20))
            else:
                file.write("".join(rng.choices(lines, k=20_000)).encode())


def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
        root = Path(name)
        make_files(root / "many", MANY)
        first_commit(root, f"{MANY:,} small files", root / "many", 0.4, MOST_MANY)
    for content in ("random", "text"):
        with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
            root = Path(name)
            make_large(root / "files" / "large", content)
            label = f"one file of {LARGE >> 20} MiB, {content}"
            found = first_commit(root, label, root / "files", 0.2, MOST_LARGE)
            if found["pyvcs"].wall:
                memory = Times(wall=[found["pyvcs"].peak])
                row(f"memory of it, {content}", {"pyvcs": memory}, 200, unit="MiB", of="value")
            shutil.rmtree(root / "files")


if __name__ == "__main__":
    main()
