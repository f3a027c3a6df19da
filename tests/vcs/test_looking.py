"""Looking: what differs from what is known of a folder, by one process or two."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest
from people import write
from terminal import Terminal

from pyvcs.looking import Row, differing, differing_everywhere, is_much, names_of, pack, unpack


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
    assert differing(here, packed) == []
    write(tmp_path, {"edited": "other", "gone": None, "folder": None, "link": None, "new": ""})
    write(tmp_path, {"folder/x": "", "empty/y": ""})
    (tmp_path / "link").symlink_to("same")
    (tmp_path / "mode").chmod(0o755)
    expected = [b"edited", b"empty", b"folder", b"gone", b"link", b"mode", b"new"]
    assert differing(here, packed) == expected
    assert differing(here, None) == sorted(map(os.fsencode, os.listdir(tmp_path)))


def test_a_file_that_went_is_not_one_whose_stat_is_unknown(tmp_path: Path) -> None:
    packed = pack({b"a": (b"f", b"1" * 32, -1, -1, -1, -1)})
    assert differing(os.fsencode(tmp_path), packed) == [b"a"]
    write(tmp_path, {"a": ""})
    assert differing(os.fsencode(tmp_path), packed) == [b"a"]


def many_files(folder: Path) -> dict[bytes, bytes]:
    """A folder of some thousand files, and what is known of them."""
    names = [f"d{number // 100}/f{number}" for number in range(2500)]
    write(folder, dict.fromkeys(names, "x"))
    return {os.fsencode(path.name): pack(rows_of(path)) for path in folder.iterdir()}


LOOKER = """
import marshal, sys
from pyvcs.looking import differing_everywhere
root, packed = marshal.loads(sys.stdin.buffer.read())
found = differing_everywhere(root, packed, may_fork=True)
sys.stdout.buffer.write(marshal.dumps(found))
"""


def test_two_processes_tell_what_one_tells(tmp_path: Path) -> None:
    packed = many_files(tmp_path)
    assert is_much(packed)
    write(tmp_path, {"d3/f300": "edited", "d4/f400": None, "d24/new": "", "d0/below/x": ""})
    (tmp_path / "d7").rename(tmp_path / "elsewhere")
    (tmp_path / "d7").symlink_to("elsewhere")
    root = os.fsencode(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LOOKER],
        input=marshal.dumps((root, packed)),
        stdout=subprocess.PIPE,
        check=True,
    )
    del packed[b"d7"]
    expected = {folder: differing(root + b"/" + folder, packed[folder]) for folder in packed}
    assert marshal.loads(done.stdout) == expected
    assert expected[b"d3"] == [b"f300"]
    assert expected[b"d0"] == [b"below"]


def test_a_library_is_never_forked_under(tmp_path: Path) -> None:
    assert differing_everywhere(os.fsencode(tmp_path), many_files(tmp_path), may_fork=False) == {}


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
