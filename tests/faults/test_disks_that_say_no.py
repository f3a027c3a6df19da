"""A full disk, one that cannot be written, and files that change or have odd names.

Each ends in one sentence and exit code 9, or works; what was committed before is there, nothing is
half-written, and the command does its work once it can.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from git_histories import GitHistory
from terminal import Done, Terminal

from pyvcs.cli import exit_codes
from pyvcs.objects import codec

KIB = 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    mount = tmp_path / "disk"
    mount.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=2m", "none", os.fspath(mount)):
        pytest.skip("no disk can be mounted here: that needs root on Linux")
    yield mount
    subprocess.run(["umount", "--lazy", os.fspath(mount)], check=True)  # packs may still be mapped


def _mount(*arguments: str) -> bool:
    with suppress(OSError):
        return (
            subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
        )
    return False


@pytest.fixture
def terminal(disk: Path) -> Terminal:
    """A repository on the small disk: two branches, and an edit of each command's own kind."""
    terminal = Terminal(disk / "here")
    terminal.run("init")
    for number in range(20):
        terminal.write(f"d/{number}", f"{number}\n" * 50)
    terminal.run("commit", "-m", "first")
    terminal.run("clone", ".", "../other")
    other = terminal.at(disk / "other")
    other.write("d/1", os.urandom(30 * KIB))
    other.run("commit", "-m", "elsewhere")
    terminal.run("switch", "-c", "side")
    terminal.write("d/2", os.urandom(30 * KIB))
    terminal.run("commit", "-m", "on the side")
    terminal.run("switch", "main")
    terminal.write("mine", os.urandom(30 * KIB))
    return terminal


WRITING = [
    ["commit", "-m", "mine"],
    ["switch", "side"],
    ["merge", "side", "-m", "merged"],
    ["sync", "../other"],
    ["tag", "v1"],
    ["gc"],
]
READING = [["log"], ["status"], ["diff"], ["show"], ["cat", "main:d/1"], ["fsck"], ["blame", "d/1"]]


def check_refused(terminal: Terminal, done: Done, words: str) -> None:
    """The system said no, in one sentence."""
    assert done.code == exit_codes.SYSTEM, done
    assert re.fullmatch(r"error: [^\n]+\n(hint: [^\n]+\n)?", done.err), done
    assert words in done.err
    assert "no problem" in terminal.run_process("fsck").out


def contents(folder: Path) -> dict[Path, bytes]:
    """All files of a working tree."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".pyvcs" not in path.parts
    }


@pytest.mark.parametrize("words", WRITING, ids=[words[0] for words in WRITING])
def test_on_a_full_disk_nothing_is_lost(terminal: Terminal, disk: Path, words: list[str]) -> None:
    before, refs = contents(terminal.folder), terminal.run("log", "--json").out
    with suppress(OSError), open(disk / "filler", "wb", buffering=0) as filler:
        for size in (64 * KIB, KIB, 1):
            with suppress(OSError):
                while filler.write(b"x" * size):
                    pass
    done = terminal.run_process(*words, check=False)
    check_refused(terminal, done, "No space left on device")
    assert f"error: {terminal.folder}/" in done.err  # it says on which path
    assert contents(terminal.folder) == before
    assert terminal.run_process("log", "--json").out == refs
    (disk / "filler").unlink()
    assert terminal.run_process(*words).code == exit_codes.DONE
    assert "no problem" in terminal.run_process("fsck").out


def test_an_import_that_does_not_fit_goes_on_when_there_is_room(disk: Path, tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    for number in range(6):
        git.commit({f"{number}": os.urandom(600 * KIB)})
    ours = Terminal(disk / "ours")
    ours.run("init")
    words = ["git", "import", os.fspath(git.folder), "."]
    check_refused(ours, ours.run_process(*words, check=False), "No space left on device")
    assert ours.run_process("branch").out == ""
    assert _mount("-o", "remount,size=40m", os.fspath(disk))
    assert ours.run_process(*words).out == "imported 6 commits, 1 branch, 0 tags\n"
    assert "no problem" in ours.run_process("fsck").out
    assert (ours.folder / "5").read_bytes() == (git.folder / "5").read_bytes()


def test_a_disk_that_cannot_be_written_is_read(terminal: Terminal, disk: Path) -> None:
    before = contents(terminal.folder)
    assert _mount("-o", "remount,ro", os.fspath(disk))
    for words in WRITING:
        done = terminal.run_process(*words, check=False)
        check_refused(terminal, done, "Read-only file system")
    for words in READING:
        assert terminal.run_process(*words).err == ""
    assert contents(terminal.folder) == before
    assert _mount("-o", "remount,rw", os.fspath(disk))


GROWS = """
import os, sys

def watch(event, arguments):
    if event == "open" and sys.argv[1] and os.fsdecode(str(arguments[0])).find("growing") >= 0:
        sys.argv[1] = ""
        with open("growing", "ab") as file:
            file.write(b"more")

from pyvcs.cli.main import run
sys.addaudithook(watch)
sys.exit(run(sys.argv[2:]))
"""


def test_a_file_that_grows_while_it_is_read_is_not_recorded_half(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    terminal.write("growing", "some")
    done = subprocess.run(
        [sys.executable, "-c", GROWS, "once", "commit", "-m", "x"],
        cwd=terminal.folder,
        env=terminal.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == exit_codes.SYSTEM, done
    assert "error: 'growing' changed its size while it was read\n" in done.stderr
    assert terminal.read("growing") == "somemore"
    terminal.run("commit", "-m", "x")
    assert terminal.run("cat", "main:growing").out == "somemore"


def test_names_that_are_not_utf8_are_typed_and_shown(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    name = os.fsdecode(b"caf\xe9")
    (terminal.folder / name).write_text("black\n")
    terminal.run_process("commit", "-m", "odd", name)
    (terminal.folder / name).write_text("white\n")
    shown = terminal.run_process("diff").out
    assert "-black" in shown
    assert f"+++ b/{name}" in shown
    terminal.run_process("restore", name)
    assert (terminal.folder / name).read_text() == "black\n"
    assert terminal.run_process("cat", f"main:{name}").out == "black\n"


def test_a_prefix_of_several_oids_lists_them(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    met: dict[str, tuple[int, str]] = {}
    for number in count():
        oid = str(codec.oid_of(codec.encode(f"{number}\n".encode())))
        other, known = met.setdefault(oid[:4], (number, oid))
        if known != oid:
            break
    for each in (number, other):
        terminal.write(f"{each}", f"{each}\n")
    terminal.run("commit", "-m", "two whose oids begin alike")
    done = terminal.run("cat", oid[:4], check=False)
    assert done.code == exit_codes.NOT_FOUND
    assert oid[:12] in done.err
    assert known[:12] in done.err
