"""What lists of branches, tags and conflicts say beside the names."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import Terminal

from pyvcs.cli.output import path_text


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    terminal.write("a", "1\n")
    terminal.run("commit", "-m", "first")
    return terminal


def test_branches_with_the_subjects_of_their_tips(terminal: Terminal) -> None:
    terminal.run("switch", "-c", "side")
    terminal.write("a", "2\n")
    terminal.run("commit", "-m", "second")
    lines = terminal.run("branch", "-v").out.splitlines()
    assert [(line[:6], line.split()[-1]) for line in lines] == [
        ("  main", "first"),
        ("* side", "second"),
    ]
    assert "second" not in terminal.run("branch").out


def test_tags_like_a_pattern(terminal: Terminal) -> None:
    for name in ("v1.0", "v1.1", "v2.0", "w"):
        terminal.run("tag", name)
    names = [line.split()[0] for line in terminal.run("tag", "-l", "v1.*").out.splitlines()]
    assert names == ["v1.0", "v1.1"]
    assert terminal.run("tag", "-l").out == terminal.run("tag").out
    assert terminal.run("tag", "-l", "x*").out == ""
    assert terminal.run("tag", "-l", "v1.*", "HEAD", check=False).code == 2


def test_a_sync_says_on_which_other_branch_a_conflict_is(terminal: Terminal) -> None:
    other = terminal.at(terminal.folder.with_name("other"))
    terminal.run("clone", ".", "../other")
    for branch in ("main", "aside"):
        if branch == "aside":
            terminal.run("switch", "-c", "aside", "main~1")
        terminal.write("a", f"mine on {branch}\n")
        terminal.run("commit", "-m", "mine")
        terminal.run("switch", "-c", f"{branch}-too", "HEAD~1")
        terminal.write("a", f"yours on {branch}\n")
        terminal.run("commit", "-m", "yours")
        terminal.run("switch", branch)
        terminal.run("merge", f"{branch}-too", check=False)
    lines = other.run("sync", check=False).out.splitlines()
    assert sorted(line for line in lines if line.startswith("Conflict")) == [
        "Conflict: contents: a",
        "Conflict: contents: a (on aside)",
    ]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (b"plain/name", "plain/name"),
        ("leek \u00e9".encode(), "leek \u00e9"),
        (b"na\xffme", '"na\\xffme"'),
        (b'a\nb"\x1b\\', '"a\\nb\\"\\x1b\\\\"'),
    ],
)
def test_a_path_that_would_confuse_a_terminal_is_shown_with_escapes(
    path: bytes, shown: str
) -> None:
    assert path_text(path) == shown
