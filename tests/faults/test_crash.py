"""A process that is killed at any instant leaves the old state or the new one (laws 7)."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from people import ADA, commit, files_in, new_repository, write

from pyvcs.checking import check
from pyvcs.objects.errors import NothingToCommit
from pyvcs.repository import Repository

WORKER = """
import os, sys
import pyvcs
from pyvcs.objects.commit import Identity
folder, start = sys.argv[1], int(sys.argv[2])
ada = Identity("Ada", "ada@example.org")
repository = pyvcs.Repository.open(folder)
number = start
while True:
    number += 1
    for name in ("a", "d/b", f"new/{number}"):
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "w") as file:
            file.write(f"{number}\\n" * 50)
    oid = repository.commit(f"number {number}", author=ada)
    os.write(1, f"{number} {oid}\\n".encode())
    repository.switch("side" if number % 2 else "main")
    if number % 7 == 0:
        repository.merge("main" if number % 2 else "side")
"""


def run_and_kill(folder: Path, start: int, wait_for: int, rng: random.Random) -> list[str]:
    """Let a worker commit at least `wait_for` times, kill it at a random moment after that."""
    child = subprocess.Popen(
        [sys.executable, "-c", WORKER, os.fspath(folder), str(start)], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    lines = [child.stdout.readline().decode() for _ in range(wait_for)]
    select.select([child.stdout], [], [], rng.uniform(0, 0.03))
    child.send_signal(signal.SIGKILL)
    rest = child.stdout.read().decode()
    child.wait()
    child.stdout.close()
    return [line for line in "".join([*lines, rest]).split("\n") if line]


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_writer_never_leaves_a_broken_repository(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    commit(new_repository(tmp_path), {"a": "0\n", "d/b": "0\n"})
    repository = Repository.open(os.fspath(tmp_path))
    repository.switch("side", create=True)
    repository.switch("main")
    number = 0
    for _ in range(5):
        told = run_and_kill(tmp_path, number, rng.randrange(1, 4), rng)
        number = int(told[-1].split()[0]) + 1
        repository = Repository.open(os.fspath(tmp_path))
        report = check(repository)
        assert report.problems == ()
        for line in told:  # what was told as done is there
            assert repository.store.commit(repository.resolve(line.split()[1]))
        before = files_in(tmp_path)
        try:
            repository.commit("what the crash left", author=ADA)
        except NothingToCommit:
            assert repository.status().is_clean
        kept = {name for name in before if name.startswith("new/")}
        assert kept <= set(files_in(tmp_path))


def test_leftovers_of_killed_writers_are_swept_by_gc(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    write(tmp_path / ".pyvcs", {"tmp-0123456789abcdef": "half a pack"})
    from pyvcs.collecting import collect

    collect(repository)
    assert [name for name in os.listdir(tmp_path / ".pyvcs") if name.startswith("tmp-")] == []
    assert check(repository).is_clean
