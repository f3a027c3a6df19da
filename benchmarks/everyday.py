"""The first commit of many small files, and the commands of each day on them, beside others.

All start from the same seeded files, with warm caches. Times are of whole processes, those of all
commands that a program needs for the work.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from programs import edit_one, first_commits, installed, make_files, size, tune, turns
from timing import PYVCS, QUICK, RUNS, SHORT, Contestant, Times, in_turn, row, run

FILES = 600 if QUICK else 10_000


def first_commit(root: Path, files: Path) -> None:
    """The first commit of all files; what it leaves in `root` is used by the others."""
    contestants = first_commits(root, files, installed(), turns)
    row(f"first commit, {FILES:,} small files", in_turn(contestants), 0.35)


def store_bytes(root: Path) -> None:
    """How many bytes each store takes on the disk; git's also without packing."""
    folders = {"pyvcs": ".pyvcs", "git loose": ".git", "hg": ".hg", "brz": ".bzr"}
    sizes = {
        name: size(root / name.split()[0] / folder)
        for name, folder in folders.items()
        if (root / name.split()[0] / folder).exists()
    }
    fossil = root / "fossil" / ".store.fossil"
    if fossil.exists():
        sizes["fossil"] = fossil.stat().st_size
    run(["git", "gc", "-q"], root / "git")
    sizes["git"] = size(root / "git" / ".git")
    found = {name: Times(wall=[value / 1e6]) for name, value in sizes.items()}
    row(f"bytes in the store, {FILES:,} small files", found, 1.0, unit="MB")


def daily(root: Path) -> None:
    """Status and a small commit."""
    there = {name: it for name, it in installed().items() if (root / name).exists()}
    if "git tuned" in there:
        tune(root / "git tuned")
    status = [
        Contestant(name, root / name, [it.status], most=turns(name)) for name, it in there.items()
    ]
    row(f"status, {FILES:,} files, nothing changed", in_turn(status, SHORT), 1.8)
    commit = [
        Contestant(name, root / name, it.again, partial(edit_one, root / name), turns(name))
        for name, it in there.items()
    ]
    row(f"commit of 1 of {FILES:,} files", in_turn(commit, SHORT), 2.8)


def start_up(root: Path) -> None:
    """Help, a short log, and what help costs over an empty Python."""
    log = [
        Contestant("pyvcs", root / "pyvcs", [[*PYVCS, "log", "-n", "10"]]),
        Contestant("git", root / "git", [["git", "--no-pager", "log", "-n", "10"]]),
    ]
    row("log -n 10", in_turn(log))
    helps = [
        Contestant("pyvcs", root, [[*PYVCS, "--help"]]),
        Contestant("git", root, [["git", "--no-pager", "--help"]]),
        Contestant("python -c pass", root, [[sys.executable, "-c", "pass"]]),
    ]
    found = in_turn(helps, 2 * RUNS)
    row("--help", found)
    if found["pyvcs"].cpu:
        empty = median(found["python -c pass"].cpu)
        over = Times(wall=[cpu - empty for cpu in found["pyvcs"].cpu])
        row("--help, CPU time over python -c pass", {"pyvcs": over}, 45, of="value")


def main() -> None:
    """Measure it all."""
    with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
        top = Path(name)
        files = top / "files"
        make_files(files, FILES)
        root = top / "small"
        root.mkdir()
        first_commit(root, files)
        store_bytes(root)
        daily(root)
        start_up(root)


if __name__ == "__main__":
    main()
