"""Several processes at once on one repository: they wait for each other, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from people import commit, new_repository
from terminal import Terminal

from pyvcs.checking import check
from pyvcs.locking import lock
from pyvcs.objects.errors import Locked
from pyvcs.repository import Repository

COMMITTER = """
import sys
import pyvcs
from pyvcs.objects.commit import Identity
folder, who, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
for number in range(count):
    repository = pyvcs.Repository.open(folder)
    repository.commit(f"{who} {number}", changes={f"{who}/{number}": b"x"},
                      author=Identity(who, "x@example.org"))
"""

HOLDER = """
import sys
from pyvcs.locking import lock
with lock(sys.argv[1], command="hold"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_no_commit_of_concurrent_processes_is_lost(tmp_path: Path) -> None:
    commit(new_repository(tmp_path), {"a": "1"})
    children = [
        subprocess.Popen([sys.executable, "-c", COMMITTER, os.fspath(tmp_path), f"p{who}", "12"])
        for who in range(4)
    ]
    assert [child.wait(timeout=120) for child in children] == [0] * 4
    repository = Repository.open(os.fspath(tmp_path))
    subjects = {entry.commit.subject for entry in repository.log("main")}
    assert {f"p{who} {number}" for who in range(4) for number in range(12)} <= subjects
    assert len(repository.heads()) == 1
    assert check(repository).is_clean


def hold(folder: Path) -> subprocess.Popen[str]:
    """A process that holds the lock of a repository until its stdin ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, os.fspath(folder / ".pyvcs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_the_second_process_says_who_holds_the_lock(tmp_path: Path) -> None:
    commit(new_repository(tmp_path), {"a": "1"})
    with hold(tmp_path) as child:
        with (
            pytest.raises(Locked) as caught,
            lock(os.fspath(tmp_path / ".pyvcs"), command="try", timeout=0.05),
        ):
            raise AssertionError("two processes hold one lock")
        child.communicate("")
    assert f"process {child.pid} on " in caught.value.message
    assert "hold, since" in caught.value.message


def test_the_second_process_goes_on_when_the_first_is_done(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.run("init")
    terminal.write("a", "1")
    with hold(tmp_path) as child:
        waiting = subprocess.Popen(
            [sys.executable, "-m", "pyvcs", "commit", "-m", "first"],
            cwd=tmp_path,
            env=terminal.environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        child.communicate("")
    out, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert "first" in out


def test_a_lock_left_by_a_killed_process_is_none(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    with hold(tmp_path) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
    content = (tmp_path / ".pyvcs" / "lock").read_text()
    assert f"process {child.pid}" in content  # its words are still there, its lock is not
    commit(repository, {"a": "1"})


def test_reading_needs_no_lock(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    oid = commit(repository, {"a": "1"})
    with hold(tmp_path) as child:
        found = Repository.open(os.fspath(tmp_path))
        assert found.tip() == oid
        assert found.status().is_clean
        child.communicate("")
