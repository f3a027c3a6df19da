"""The programs that are timed beside each other, as far as they are installed, and their commands.

`git tuned` is git with feature.manyFiles, which has the untracked cache and index version 4, and
with a commit-graph of changed paths. hg is Mercurial, brz Breezy.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from timing import ENVIRONMENT, EVERY, LONG, PYVCS, Contestant, run

Command = Sequence[str]


@dataclass(frozen=True)
class Program:
    """How one program does the same work; `clone` is followed by source and target."""

    init: Command
    first: Sequence[Command]
    status: Command
    again: Sequence[Command]
    clone: Command


TUNE = (
    "git config feature.manyFiles true && git update-index --index-version 4 --untracked-cache"
    " && git commit-graph write --reachable --changed-paths && git status"
)
COMMIT = ("commit", "-m", "x")
GIT_FIRST = (("git", "add", "-A"), ("git", "commit", "-qm", "x"))
GIT = Program(
    ("git", "init", "-q", "-b", "main"),
    GIT_FIRST,
    ("git", "status"),
    (("git", "commit", "-qam", "x"),),
    ("git", "clone", "-q", "--no-local"),
)
EDITED = "d005/f00500.txt"
ALL: Mapping[str, Program] = {
    "pyvcs": Program(
        (*PYVCS, "init"),
        ((*PYVCS, *COMMIT),),
        (*PYVCS, "status"),
        ((*PYVCS, *COMMIT),),
        (*PYVCS, "clone"),
    ),
    "git": GIT,
    "git tuned": GIT,
    "hg": Program(
        ("hg", "init"),
        (("hg", "addremove", "-q"), ("hg", *COMMIT)),
        ("hg", "status"),
        (("hg", *COMMIT),),
        ("hg", "clone", "-q", "--pull"),
    ),
    "dulwich": Program(
        ("dulwich", "init"),
        (("dulwich", "add", "."), ("dulwich", *COMMIT)),
        ("dulwich", "status"),
        (("dulwich", "add", EDITED), ("dulwich", *COMMIT)),
        ("dulwich", "clone"),
    ),
    "fossil": Program(
        ("sh", "-c", "fossil init -A ada .store.fossil && fossil open -f .store.fossil"),
        (("fossil", "addremove"), ("fossil", *COMMIT, "--no-warnings")),
        ("fossil", "changes"),
        (("fossil", *COMMIT, "--no-warnings"),),
        (),
    ),
    "brz": Program(
        ("brz", "init", "-q"),
        (("brz", "add", "-q"), ("brz", "commit", "-qm", "x")),
        ("brz", "status"),
        (("brz", "commit", "-qm", "x"),),
        ("brz", "branch", "-q"),
    ),
}


def installed(*names: str) -> dict[str, Program]:
    """The programs of these names, or of all, that are here; says which are not."""
    found = {}
    for name in names or ALL:
        command = PYVCS[0] if name == "pyvcs" else name.split()[0]
        if shutil.which(command, path=ENVIRONMENT["PATH"]):
            found[name] = ALL[name]
        else:
            print(f"left out: {name} is not installed", file=sys.stderr)
    return found


def turns(name: str) -> int:
    """How many runs a program has at most: the goals are set beside git, and others are slow."""
    return EVERY if name in ("pyvcs", "git", "git tuned") else LONG


def begin(name: str, folder: Path, files: Path) -> None:
    """A fresh repository with the same files, nothing recorded yet."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", str(files), str(folder)], check=True)
    run(ALL[name].init, folder)
    if name == "git tuned":
        run(("git", "config", "feature.manyFiles", "true"), folder)


def tune(folder: Path) -> None:
    """Make a repository of git as quick as its settings can."""
    run(("sh", "-c", TUNE), folder)


def first_commits(
    root: Path, files: Path, programs: Mapping[str, Program], most: Callable[[str], int]
) -> list[Contestant]:
    """The first commit of all files, by each program in a folder of `root` that bears its name."""
    return [
        Contestant(
            name, root / name, it.first, partial(begin, name, root / name, files), most(name)
        )
        for name, it in programs.items()
    ]


def make_files(folder: Path, files: int, seed: int = 1) -> None:
    """Small texts of about 2.2 KB, 100 to a folder."""
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(3000)]
    for number in range(files):
        path = folder / path_of(number)
        if number % 100 == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        lines = (" ".join(rng.choices(words, k=8)) for _ in range(40))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def path_of(number: int) -> str:
    """Where one of the many files is."""
    return f"d{number // 100:03}/f{number:05}.txt"


def edit_one(folder: Path) -> None:
    """Change one file of the many."""
    with (folder / EDITED).open("a", encoding="utf-8") as file:
        file.write("one more line\n")


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
