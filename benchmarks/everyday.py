"""Everyday commands on 10,000 files, beside git: whole processes, in turn, medians and ratios.

A column is the median of RUNS runs in milliseconds of wall time; the ratio is pyvcs / git, so
smaller is better. Both start from the same files, with warm caches.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

FILES = 10_000
RUNS = 7
SEED = 1
PYVCS = [sys.executable, "-m", "pyvcs"]
ENVIRONMENT = {
    **os.environ,
    "PYVCS_AUTHOR_NAME": "Ada",
    "PYVCS_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def make_files(folder: Path, rng: random.Random) -> None:
    """FILES small texts of about 2.2 KB in 100 folders."""
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(3000)]
    for number in range(FILES):
        path = folder / f"d{number // 100:03}" / f"f{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (" ".join(rng.choices(words, k=8)) for _ in range(40))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command in a folder; it must end well."""
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr.decode()}")


def timed(act: Callable[[], None]) -> float:
    """Milliseconds that `act` takes."""
    started = perf_counter()
    act()
    return 1000 * (perf_counter() - started)


def row(name: str, ours: list[float], theirs: list[float]) -> None:
    """One line of the table."""
    ratio = median(ours) / median(theirs)
    spread = f"{min(ours):.0f}-{max(ours):.0f}"
    print(f"{name:32} {median(ours):9.1f} {spread:>13} {median(theirs):9.1f} {ratio:8.2f}")


def run_all(commands: Sequence[Sequence[str]], folder: Path) -> None:
    """Run several commands, one after the other."""
    for command in commands:
        run(command, folder)


def first_commits(root: Path) -> tuple[list[float], list[float]]:
    """The first commit of all files, in fresh repositories."""
    ours: list[float] = []
    theirs: list[float] = []
    git = [["git", "add", "-A"], ["git", "commit", "-qm", "x"]]
    for number in range(3):
        here, there = root / f"pyvcs-{number}", root / f"git-{number}"
        for folder, init in ((here, [*PYVCS, "init"]), (there, ["git", "init", "-q"])):
            make_files(folder, random.Random(SEED))
            run(init, folder)
        ours.append(timed(partial(run, [*PYVCS, "commit", "-m", "first"], here)))
        theirs.append(timed(partial(run_all, git, there)))
    return ours, theirs


def in_turn(
    root: Path, ours: Callable[[Path], None], theirs: Callable[[Path], None]
) -> tuple[list[float], list[float]]:
    """RUNS of both, A B A B, after one of each that does not count."""
    here, there = root / "pyvcs-0", root / "git-0"
    pairs = [(timed(lambda: ours(here)), timed(lambda: theirs(there))) for _ in range(RUNS + 1)]
    first, second = zip(*pairs[1:], strict=True)
    return list(first), list(second)


def edit_one(folder: Path) -> None:
    """Change one file of the many."""
    with (folder / "d050" / "f05000.txt").open("a", encoding="utf-8") as file:
        file.write("one more line\n")


def edit_and_commit(command: Sequence[str], folder: Path) -> None:
    """Change one file and commit it."""
    edit_one(folder)
    run(command, folder)


def main() -> None:
    """Print the table."""
    if shutil.which("git") is None:
        print("left out: git is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
        root = Path(name)
        print(f"{'':32} {'pyvcs ms':>9} {'spread':>13} {'git ms':>9} {'ratio':>8}")
        row(f"first commit, {FILES:,} files", *first_commits(root))
        status = in_turn(
            root,
            partial(run, [*PYVCS, "status"]),
            partial(run, ["git", "status"]),
        )
        row("status, nothing changed", *status)

        one = in_turn(
            root,
            partial(edit_and_commit, [*PYVCS, "commit", "-m", "one"]),
            partial(edit_and_commit, ["git", "commit", "-qam", "one"]),
        )
        row("commit of one changed file", *one)
        log = in_turn(
            root,
            partial(run, [*PYVCS, "log", "--oneline"]),
            partial(run, ["git", "log", "--oneline"]),
        )
        row("log of 9 commits", *log)


if __name__ == "__main__":
    main()
