"""`blame`, `grep` and `archive` as people type them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    terminal.write("soup.json", '{"title": "Soup", "serves": 4}\n')
    terminal.write("old", "one\ntwo\nthree\nfour\n")
    terminal.write("bin/run", "#!/bin/sh\n")
    os.chmod(terminal.folder / "bin/run", 0o755)
    (terminal.folder / "link").symlink_to("old")
    terminal.write("bytes", b"\0two\0")
    terminal.run("commit", "-m", "first", "--date", "2020-01-01 12:00 +0000")
    (terminal.folder / "old").rename(terminal.folder / "new")
    terminal.write("new", "one\nTWO\nthree\nfour\n")
    terminal.write("soup.json", '{"title": "Leek soup", "serves": 4}\n')
    terminal.run("commit", "-m", "second", "--author", "Bob <b@example.org>")
    return terminal


def test_blame_by_line_and_by_pointer(terminal: Terminal) -> None:
    shown = re.sub(r"\b[0-9a-f]{12}\b", "oid", terminal.run("blame", "new").out)
    shown = re.sub(r"\d{4}-\d\d-\d\d", "day", shown)
    assert shown.splitlines() == [
        "oid old Ada day 1) one",
        "oid new Bob day 2) TWO",
        "oid old Ada day 3) three",
        "oid old Ada day 4) four",
    ]
    assert terminal.run("blame", "-L", "2,3", "HEAD~1", "--", "old").out.count("\n") == 2
    found = json.loads(terminal.run("blame", "new", "--json").out)
    assert [line["subject"] for line in found] == ["first", "second", "first", "first"]
    found = json.loads(terminal.run("blame", "soup.json", "--pointer", "", "--json").out)
    assert [(each["pointer"], each["subject"]) for each in found] == [
        ("", "second"),
        ("/title", "second"),
        ("/serves", "first"),
    ]
    line = terminal.run("blame", "soup.json", "--pointer", "/serves").out
    assert line.endswith("/serves: 4\n")
    assert terminal.run("blame", "soup.json", "--pointer", "/x", check=False).code == 4
    assert terminal.run("blame", "soup.json", "--pointer", "x", check=False).code == 2


def test_grep(terminal: Terminal) -> None:
    assert terminal.run("grep", "HEAD", "^(one|f)").out == "new:1:one\nnew:4:four\n"
    assert terminal.run("grep", "HEAD", "two", "-i").out == (
        "Binary file bytes matches\nnew:2:TWO\n"
    )
    assert terminal.run("grep", "HEAD~1", "o", "-l", "--", "old", "bin").out == "old\n"
    assert terminal.run("grep", "HEAD", 'p", "s', "-F", "--json").out.count('"path"') == 1
    assert terminal.run("grep", "HEAD", "(", "-F", check=False).code == 1


def unpacked(archive: Path, folder: Path) -> dict[str, tuple[str, bytes]]:
    """What tar, or Python for a zip file, unpacks: kind and content by path."""
    folder.mkdir()
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as found:
            return {
                info.filename: (f"{info.external_attr >> 16:o}", found.read(info))
                for info in found.infolist()
            }
    subprocess.run(["tar", "xf", archive, "-C", folder], check=True)
    files = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        mode = f"{path.lstat().st_mode:o}"
        if path.is_symlink():
            files[name] = ("120777", os.readlink(path).encode())
        elif path.is_file():
            files[name] = (mode, path.read_bytes())
    return files


@pytest.mark.parametrize("name", ["x.tar", "x.tgz", "x.tar.gz", "x.zip"])
def test_archives_hold_the_files_with_the_same_bytes_each_time(
    terminal: Terminal, tmp_path: Path, name: str
) -> None:
    terminal.run("archive", "HEAD~1", "-o", f"../{name}", "--prefix", "soup-1/")
    terminal.environ["TZ"] = "Asia/Tokyo"
    terminal.run_process("archive", "HEAD~1", "-o", f"../2{name}", "--prefix", "soup-1/")
    assert (tmp_path / name).read_bytes() == (tmp_path / f"2{name}").read_bytes()
    assert unpacked(tmp_path / name, tmp_path / "out") == {
        "soup-1/bin/run": ("100755", b"#!/bin/sh\n"),
        "soup-1/bytes": ("100644", b"\0two\0"),
        "soup-1/link": ("120777", b"old"),
        "soup-1/old": ("100644", b"one\ntwo\nthree\nfour\n"),
        "soup-1/soup.json": ("100644", b'{"title": "Soup", "serves": 4}\n'),
    }
    if name != "x.zip":
        with tarfile.open(tmp_path / name) as archive:
            assert {(member.uid, member.uname) for member in archive} == {(0, "")}


def test_an_archive_that_fails_leaves_what_was_there(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"before")
    terminal.write("n\udcff", "")
    terminal.run("commit", "-m", "a name that is no UTF-8")
    done = terminal.run("archive", "-o", "../x.zip", check=False)
    assert done.code == 8
    assert "tar" in done.err
    assert (tmp_path / "x.zip").read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir() if "tmp" in path.name] == []
    terminal.run("archive", "-o", "../x.tar", "--", "new")
    with tarfile.open(tmp_path / "x.tar") as archive:
        assert archive.getnames() == ["new"]
