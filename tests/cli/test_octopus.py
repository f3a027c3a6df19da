"""Merging several branches at once: files, parents, conflicts, and what `log --graph` draws."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A repository with three branches that went on from one commit."""
    made = Terminal(tmp_path / "r")
    made.run("init")
    made.write("base", "0\n")
    made.run("commit", "-m", "base")
    for name in ("one", "two", "three"):
        made.run("switch", "-c", name, "main")
        made.write(name, f"{name}\n")
        made.run("commit", "-m", name)
    made.run("switch", "main")
    return made


def test_several_branches_are_merged_at_once(terminal: Terminal) -> None:
    done = terminal.run("merge", "one", "two", "three")
    assert done.out.startswith("Merged into ")
    assert sorted(os.listdir(terminal.folder)) == [".pyvcs", "base", "one", "three", "two"]
    assert len(terminal.run("heads").out.splitlines()) == 3
    drawn = terminal.run("log", "--graph", "--oneline").out.splitlines()
    assert drawn[0].startswith("o     ")
    assert drawn[1] == "├─┬─╮"
    assert {line.rpartition(" ")[2] for line in drawn} >= {"one", "two", "three", "base"}
    assert terminal.run("merge", "one", "three").out == (
        f"Already up to date {terminal.run('rev-parse', 'HEAD').out[:12]}\n"
    )
    assert terminal.run("undo").code == 0
    assert sorted(os.listdir(terminal.folder)) == [".pyvcs", "base"]


def test_a_merge_with_a_message_has_a_parent_for_each_that_brings_something(
    terminal: Terminal,
) -> None:
    terminal.run("switch", "one")
    terminal.run("merge", "-m", "all of it", "two", "main", "three", "two")
    names = ("HEAD^1", "HEAD^2", "HEAD^3")
    subjects = [terminal.run("log", "--oneline", "-n", "1", name).out for name in names]
    assert [line.split()[-1] for line in subjects] == ["one", "two", "three"]
    assert terminal.run("rev-parse", "HEAD^4", check=False).code == 4


def test_conflicts_of_several_are_recorded(terminal: Terminal) -> None:
    for name in ("one", "two", "three"):
        terminal.run("switch", name)
        terminal.write("base", f"{name}\n")
        terminal.run("commit", "-m", f"{name} again")
    terminal.run("switch", "main")
    done = terminal.run("merge", "one", "two", "three", check=False)
    assert done.code == 1
    assert "base" in terminal.run("conflicts").out
    shown = terminal.read("base")
    assert all(name in shown for name in ("one", "two", "three"))


def test_one_that_is_unknown_stops_all(terminal: Terminal) -> None:
    before = terminal.run("rev-parse", "HEAD").out
    done = terminal.run("merge", "one", "nowhere", check=False)
    assert (done.code, "nowhere" in done.err) == (4, True)
    assert terminal.run("rev-parse", "HEAD").out == before
