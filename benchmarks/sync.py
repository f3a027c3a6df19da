"""Syncs beside git: round trips and bytes for k new commits on n old ones.

Both bring the commits through the pipes of another process on this machine. `up` and `down` are
bytes to and from the other end, `trips` how often the talk changed its direction and came back;
git's are counted by a process between the two.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from histories import Edits, TwoHistories
from timing import PYVCS, QUICK

from pyvcs.repository import Repository
from pyvcs.sync.calling import Caller
from pyvcs.sync.report import Wish
from pyvcs.sync.transports.pipe import PipeTransport

OLD = (100,) if QUICK else (1_000, 10_000, 100_000)
NEW = (1, 10) if QUICK else (1, 10, 1_000)
AT_A_TIME = 5_000
FILES = 200

COUNTING = """
import os, subprocess, sys, threading
child = subprocess.Popen(["git-upload-pack", sys.argv[-1]], stdin=-1, stdout=-1, bufsize=0)
counts, turns, last = [0, 0], [0], [1]
def copy(source, sink, way):
    while data := os.read(source, 65536):
        counts[way] += len(data)
        if way == 0 and last[0] == 1:
            turns[0] += 1
        last[0] = way
        rest = data
        while rest:
            rest = rest[os.write(sink, rest):]
    os.close(sink)
up = threading.Thread(target=copy, args=(0, child.stdin.fileno(), 0), daemon=True)
up.start()
copy(child.stdout.fileno(), 1, 1)
with open(os.environ["PYVCS_COUNTS"], "w") as file:
    print(*counts, *turns, file=file)
"""


def serve(there: Repository) -> PipeTransport:
    """A way to a repository through a process of its own."""
    assert there.place is not None
    folder = os.fsdecode(there.place.folder)
    return PipeTransport([*PYVCS, "serve", "--stdio", folder], folder)


def fetch_ours(here: Repository, there: Repository) -> tuple[int, int, int, float]:
    """Bytes up and down, round trips, seconds of one sync."""
    started = perf_counter()
    with serve(there) as transport:
        caller = Caller(here, transport, Wish())
        caller.talk()
    session = caller.session
    return session.sent_bytes, session.received_bytes, session.turns, perf_counter() - started


def fetch_git(here: Path, root: Path) -> tuple[int, int, int, float]:
    """The same of git."""
    script, counts = root / "count.py", root / "counts"
    script.write_text(COUNTING)
    started = perf_counter()
    subprocess.run(
        ["git", "-C", here, "fetch", "-q", "--upload-pack", f"{sys.executable} {script}", "origin"],
        env={**os.environ, "PYVCS_COUNTS": os.fspath(counts)},
        check=True,
    )
    up, down, turns = map(int, counts.read_text().split())
    return up, down, turns, perf_counter() - started


def fetches(root: Path, old: int) -> None:
    """Bring 1, 10 and 1,000 new commits to replicas that have `old` ones."""
    both = TwoHistories(root, Edits(FILES))
    for done in range(0, old, AT_A_TIME):
        both.grow(min(AT_A_TIME, old - done))
    here = Repository.init(os.fspath(root / "here"), bare=True)
    fetch_ours(here, both.ours)
    git = root / "git-here"
    subprocess.run(["git", "clone", "-q", "--no-local", "--bare", both.git, git], check=True)
    for new in NEW:
        both.grow(new)
        for name, numbers in (
            ("pyvcs", fetch_ours(here, both.ours)),
            ("git", fetch_git(git, root)),
        ):
            up, down, turns, seconds = numbers
            print(f"{old:8,} {new:6,}  {name:6} {up:8,} {down:10,} {turns:6} {seconds:8.2f}")
    assert here.tip() == both.ours.tip()


def main() -> None:
    """Print the table."""
    if shutil.which("git") is None:
        print("left out: git is not installed")
        return
    print(f"{'old':>8} {'new':>6}  {'':6} {'up':>8} {'down':>10} {'trips':>6} {'seconds':>8}")
    for old in OLD:
        with tempfile.TemporaryDirectory(prefix="pyvcs-bench-") as name:
            fetches(Path(name), old)


if __name__ == "__main__":
    main()
