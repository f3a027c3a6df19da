"""The lock of a repository by itself: nothing is lost, and it is let go of in every case."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pyvcs.locking import LOCK_FILE, lock
from pyvcs.objects.errors import Locked

COUNTER = """
import sys
from pathlib import Path
from pyvcs.locking import lock
folder, times = sys.argv[1], int(sys.argv[2])
counter = Path(folder, "counter")
for _ in range(times):
    with lock(folder, command="count", timeout=120):
        counter.write_text(str(int(counter.read_text()) + 1))
"""


def test_no_increment_of_concurrent_processes_is_lost(tmp_path: Path) -> None:
    (tmp_path / "counter").write_text("0")
    children = [
        subprocess.Popen([sys.executable, "-c", COUNTER, str(tmp_path), "40"]) for _ in range(4)
    ]
    assert [child.wait(timeout=120) for child in children] == [0] * 4
    assert (tmp_path / "counter").read_text() == "160"


def test_tells_who_holds_it_and_since_when(tmp_path: Path) -> None:
    with lock(str(tmp_path), command="gc"):
        words = (tmp_path / LOCK_FILE).read_text()
        with pytest.raises(Locked) as caught, lock(str(tmp_path), command="commit", timeout=0.02):
            raise AssertionError("the lock was given twice")
    assert re.fullmatch(
        rf"process {os.getpid()} on .+, gc, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{{4}}\n",
        words,
    )
    assert words.strip() in caught.value.message
    assert caught.value.hint


def test_is_free_again_after_the_block_and_after_a_failure_in_it(tmp_path: Path) -> None:
    with lock(str(tmp_path), command="one"):
        pass
    with pytest.raises(ZeroDivisionError), lock(str(tmp_path), command="two", timeout=0):
        raise ZeroDivisionError
    with lock(str(tmp_path), command="three", timeout=0):
        assert "three" in (tmp_path / LOCK_FILE).read_text()
    assert (tmp_path / LOCK_FILE).read_text() == ""


def test_another_thread_waits_for_its_turn(tmp_path: Path) -> None:
    order: list[str] = []
    started = threading.Event()

    def second() -> None:
        started.set()
        with lock(str(tmp_path), command="second"):
            order.append("second")

    thread = threading.Thread(target=second)
    with lock(str(tmp_path), command="first"):
        thread.start()
        assert started.wait(timeout=60)
        order.append("first")
    thread.join(timeout=60)
    assert order == ["first", "second"]


def test_a_lock_file_with_strange_words_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).write_bytes(b"\xff\0 process 1 on mars" * 1000)
    with lock(str(tmp_path), command="one", timeout=0):
        assert (tmp_path / LOCK_FILE).read_text().endswith("\n")
