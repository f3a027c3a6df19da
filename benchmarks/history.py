"""A long history: its log, its clone, and a fetch of ten new commits, beside git."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from histories import Edits, TwoHistories
from timing import PYVCS, QUICK, SHORT, Contestant, in_turn, row, run

COMMITS = 300 if QUICK else 20_000
FILES = 200
NEW = 10


def log(root: Path) -> None:
    """Ids and subjects of all commits."""
    words = ["git", "--no-pager", "log", "--oneline"]
    contestants = [
        Contestant("pyvcs", root / "pyvcs", [[*PYVCS, "log", "--oneline"]]),
        Contestant("git", root / "git", [words]),
        Contestant("git tuned", root / "tuned", [words]),
    ]
    row(f"log, {COMMITS:,} commits", in_turn(contestants), 1.0)
    forget = partial((root / "pyvcs" / "outlines").unlink, missing_ok=True)
    contestants[0] = replace(contestants[0], before=forget)
    row(f"log, {COMMITS:,} commits, the first one", in_turn(contestants))


def clone(root: Path) -> None:
    """A clone with a working tree."""
    target = root / "clone"
    gone = partial(shutil.rmtree, target, ignore_errors=True)
    contestants = [
        Contestant("pyvcs", root, [[*PYVCS, "clone", "pyvcs", "clone"]], gone),
        Contestant("git", root, [["git", "clone", "-q", "--no-local", "git", "clone"]], gone),
    ]
    row(f"clone of {COMMITS:,} commits", in_turn(contestants), 0.8)
    gone()


def fetch(root: Path, both: TwoHistories) -> None:
    """Ten commits that came since a bare clone was made; the clone is put back before each run."""
    commands = {
        "pyvcs": ([*PYVCS, "clone", "--bare"], [*PYVCS, "sync", "--pull"]),
        "git": (["git", "clone", "-q", "--no-local", "--bare"], ["git", "fetch", "-q", "origin"]),
    }
    for name, (made, _) in commands.items():
        run([*made, name, f"{name} before"], root)
    both.grow(NEW)
    contestants = [
        Contestant(name, root / f"{name} here", [sync], partial(put_back, root, name))
        for name, (_, sync) in commands.items()
    ]
    row(f"fetch of {NEW} new commits", in_turn(contestants, SHORT), 1.5)


def put_back(root: Path, name: str) -> None:
    """A replica as it was before the new commits."""
    here = root / f"{name} here"
    shutil.rmtree(here, ignore_errors=True)
    subprocess.run(["cp", "-a", str(root / f"{name} before"), str(here)], check=True)


def main() -> None:
    """Measure all three."""
    with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
        root = Path(name)
        both = TwoHistories(root, Edits(FILES))
        both.grow(COMMITS)
        subprocess.run(["cp", "-a", str(root / "git"), str(root / "tuned")], check=True)
        run(("git", "commit-graph", "write", "--reachable", "--changed-paths"), root / "tuned")
        log(root)
        clone(root)
        fetch(root, both)


if __name__ == "__main__":
    main()
