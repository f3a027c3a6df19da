"""Merges and clones of a tree of many small files."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from programs import ALL, begin, installed, make_files, path_of, turns
from timing import PYVCS, QUICK, Contestant, in_turn, row, run

FILES = 600 if QUICK else 10_000
EDITS = FILES // 10
BOTH = FILES // 50
BRANCH = {
    "pyvcs": ([*PYVCS, "switch", "--create"], [*PYVCS, "switch"], [*PYVCS, "merge"]),
    "git": (
        ["git", "switch", "-q", "-c"],
        ["git", "switch", "-q"],
        ["git", "merge", "-q", "--no-edit"],
    ),
}


def change(folder: Path, numbers: range, *, last: bool) -> None:
    """Change the first or the last line of some files."""
    for number in numbers:
        path = folder / path_of(number)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[-1 if last else 0] = "changed\n"
        path.write_text("".join(lines), encoding="utf-8")


def record(name: str, folder: Path) -> None:
    """Commit all that changed."""
    for command in ALL[name].first:
        run(command, folder)


def packed(name: str, folder: Path) -> None:
    """Pack what git has, as it does by itself after so many files, but behind everybody's back."""
    if name.startswith("git"):
        run(["git", "gc", "-q"], folder)


def two_branches(name: str, folder: Path, files: Path) -> None:
    """A tenth of the files changed on each branch, a fiftieth on both, without a conflict."""
    create, switch, _ = BRANCH[name]
    begin(name, folder, files)
    record(name, folder)
    run([*create, "topic"], folder)
    change(folder, range(EDITS), last=True)
    record(name, folder)
    run([*switch, "main"], folder)
    change(folder, range(EDITS - BOTH, 2 * EDITS - BOTH), last=False)
    record(name, folder)
    packed(name, folder)


def put_back(name: str, folder: Path, aside: Path) -> None:
    """The repository as it was before the merge, with what a status learns of the files."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", str(aside), str(folder)], check=True)
    run(ALL[name].status, folder)


def merge(root: Path, files: Path) -> None:
    """A clean merge of the two branches."""
    contestants = []
    for name in installed(*BRANCH):
        aside, folder = root / f"{name} before", root / name
        two_branches(name, aside, files)
        again = partial(put_back, name, folder, aside)
        contestants.append(Contestant(name, folder, [[*BRANCH[name][2], "topic"]], again))
    row(f"merge, {EDITS:,} of {FILES:,} files a side", in_turn(contestants), 1.9)


def clones(root: Path, files: Path) -> None:
    """With and without a working tree."""
    programs = {name: it for name, it in installed().items() if it.clone and name != "git tuned"}
    for name in programs:
        shutil.rmtree(root / name, ignore_errors=True)
        begin(name, root / name, files)
        record(name, root / name)
        packed(name, root / name)
    for label, bare, goal, names in (
        ("with a working tree", [], 0.6, list(programs)),
        ("without", ["--bare"], 0.5, list(BRANCH)),
    ):
        contestants = []
        for name in names:
            target = root / f"clone of {name}"
            gone = partial(shutil.rmtree, target, ignore_errors=True)
            command = [*programs[name].clone, *bare, name, target.name]
            contestants.append(Contestant(name, root, [command], gone, turns(name)))
        row(f"clone of {FILES:,} files, {label}", in_turn(contestants), goal)


def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
        root = Path(name)
        make_files(root / "files", FILES)
        merge(root, root / "files")
        clones(root, root / "files")


if __name__ == "__main__":
    main()
