"""Progress: on a terminal after a second, wiped out at the end; nothing in a pipe."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from people import commit, new_repository
from screen import Screen
from terminal import Terminal

from pyvcs.cli.progress import TerminalProgress
from pyvcs.replica import BYTES

SYNC = """
import sys
from pyvcs.cli import progress
progress.QUIET_SECONDS = 0.0
progress._EVERY_SECONDS = 0.0
from pyvcs.cli.main import main
main(["clone", "source", "clone"])
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    repository = new_repository(tmp_path / "source")
    commit(repository, {f"d/{number}": os.urandom(2000) for number in range(200)})
    return tmp_path


def test_a_sync_shows_objects_bytes_and_rate_on_a_terminal(source: Path) -> None:
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    here, there = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SYNC], cwd=source, stderr=there, stdout=subprocess.DEVNULL
    ) as process:
        os.close(there)
        said = b""
        while data := _read(here):
            said += data
        assert process.wait(60) == 0
    os.close(here)
    lines = said.decode().split("\r")
    assert any("receiving objects: 20" in line and "B/s" in line for line in lines), lines
    assert lines[-1] == ""
    assert not lines[-2].strip()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # a terminal whose other end was closed
        return b""


def test_is_wiped_out_before_anything_else_is_printed(source: Path) -> None:
    """It stood before the first line that a sync printed, for it was wiped out at the very end."""
    screen = Screen(source)
    done = screen.type_line(f"{shlex.quote(sys.executable)} -c {shlex.quote(SYNC)}")
    assert done.code == 0
    assert done.out == f"Cloned into {source / 'clone'}\n"


def test_nothing_is_shown_in_a_pipe(source: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SYNC], cwd=source, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_short_work_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = TerminalProgress()
    progress("receiving objects", 5)
    progress(BYTES, 5_000)
    progress.clear()
    assert capsys.readouterr().err == ""


def test_a_command_says_nothing_of_progress_by_itself(tmp_path: Path) -> None:
    assert Terminal(tmp_path).run("init").err == ""
