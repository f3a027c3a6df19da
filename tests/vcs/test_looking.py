"""Looking: what differs from what is known of a folder, by one process or two."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cores import CORES
from people import write
from terminal import Terminal

from pyvcs.looking import Row, differing_in, is_much, names_of, pack, unpack


def rows_of(folder: Path) -> dict[bytes, Row]:
    """The files that are in a folder, as they are."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.is_symlink():
            stat = path.stat()
            numbers = stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino
            found[os.fsencode(path.name)] = (b"f", bytes([len(path.name)]) * 32, *numbers)
    return found


def test_rows_come_back_from_their_bytes() -> None:
    rows: dict[bytes, Row] = {
        b"a": (b"f", b"1" * 32, 2**62, -1, 0, 2**64 - 1),
        b"\xff b": (b"x", b"2" * 32, -1, -1, -1, 2**127),
        b"l": (b"l", b"3" * 32, 0, 1, 2, 3),
    }
    assert unpack(pack(rows)) == rows
    assert names_of(pack(rows)) == (b"a", b"\xff b", b"l")
    assert unpack(pack({})) == {}


def test_tells_what_is_new_gone_or_another(tmp_path: Path) -> None:
    write(tmp_path, {name: name for name in ("same", "edited", "gone", "folder", "link", "mode")})
    packed = pack(rows_of(tmp_path))
    here = os.fsencode(tmp_path)
    assert differing_in(here, packed) == []
    write(tmp_path, {"edited": "other", "gone": None, "folder": None, "link": None, "new": ""})
    write(tmp_path, {"folder/x": "", "empty/y": ""})
    (tmp_path / "link").symlink_to("same")
    (tmp_path / "mode").chmod(0o755)
    expected = [b"edited", b"empty", b"folder", b"gone", b"link", b"mode", b"new"]
    assert differing_in(here, packed) == expected
    assert differing_in(here, None) == sorted(map(os.fsencode, os.listdir(tmp_path)))


def test_a_file_that_went_is_not_one_whose_stat_is_unknown(tmp_path: Path) -> None:
    packed = pack({b"a": (b"f", b"1" * 32, -1, -1, -1, -1)})
    assert differing_in(os.fsencode(tmp_path), packed) == [b"a"]
    write(tmp_path, {"a": ""})
    assert differing_in(os.fsencode(tmp_path), packed) == [b"a"]


def many_files(folder: Path) -> dict[bytes, bytes]:
    """A folder of some thousand files, and what is known of them."""
    names = [f"d{number // 100}/f{number}" for number in range(2500)]
    write(folder, dict.fromkeys(names, "x"))
    return {os.fsencode(path.name): pack(rows_of(path)) for path in folder.iterdir()}


LOOKER = """
import marshal, sys
from pyvcs.looking import differing
forks = []
sys.addaudithook(lambda event, _: forks.append(event) if event == "os.fork" else None)
root, packed, may_fork = marshal.loads(sys.stdin.buffer.read())
found = differing(root, packed, packed, may_fork=may_fork)
sys.stdout.buffer.write(marshal.dumps((found, len(forks))))
"""


def looked(
    root: bytes, packed: dict[bytes, bytes], *, may_fork: bool
) -> tuple[dict[bytes, list[bytes]], int]:
    """What a process of its own finds, and how often it forks."""
    asked = marshal.dumps((root, packed, may_fork))
    command = [sys.executable, "-c", LOOKER]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True)
    found: tuple[dict[bytes, list[bytes]], int] = marshal.loads(done.stdout)
    return found


def test_two_processes_tell_what_one_tells(tmp_path: Path) -> None:
    packed = many_files(tmp_path)
    assert is_much(packed)
    write(tmp_path, {"d3/f300": "edited", "d4/f400": None, "d24/new": "", "d0/below/x": ""})
    (tmp_path / "d7").rename(tmp_path / "elsewhere")
    (tmp_path / "d7").symlink_to("elsewhere")
    root = os.fsencode(tmp_path)
    found, forks = looked(root, packed, may_fork=True)
    assert forks == (1 if CORES > 1 else 0)
    del packed[b"d7"]
    assert found == {f: differing_in(root + b"/" + f, packed[f]) for f in packed}
    assert found[b"d3"] == [b"f300"]
    assert found[b"d0"] == [b"below"]


def test_a_library_is_never_forked_under_and_few_files_are_looked_at_here(tmp_path: Path) -> None:
    packed = many_files(tmp_path)
    few = {b"d1": packed[b"d1"]}
    unchanged: dict[bytes, list[bytes]] = {folder: [] for folder in packed}
    assert looked(os.fsencode(tmp_path), packed, may_fork=False) == (unchanged, 0)
    assert looked(os.fsencode(tmp_path), few, may_fork=True) == ({b"d1": []}, 0)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path / "here")
    made.run("init")
    many_files(made.folder)
    made.run("commit", "-m", "many")
    return made


def test_status_and_commit_of_many_files_see_every_change(terminal: Terminal) -> None:
    def changed() -> list[str]:
        return sorted(terminal.run_process("status", "--porcelain").out.splitlines())

    assert "clean" in terminal.run_process("status").out
    write(terminal.folder, {"d3/f300": "edited", "d4/f400": None, "d24/new": "", "d9/below/x": ""})
    assert changed() == [" D d4/f400", " M d3/f300", "?? d24/new", "?? d9/below/x"]
    terminal.run_process("commit", "-m", "all of it")
    assert changed() == []
    assert "clean" in terminal.run_process("status").out
    (terminal.folder / "d20/f2000").write_text("edited")
    assert "d20/f2000" in terminal.run_process("status").out
