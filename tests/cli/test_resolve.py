"""`pyvcs conflicts` and `pyvcs resolve`, as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """On main, into which a branch with other words and another number was just merged."""
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    terminal.write("x.json", '{"v": 0}\n')
    terminal.write("t.txt", "a\n")
    terminal.run("commit", "-m", "first")
    terminal.run("switch", "-c", "topic")
    terminal.write("x.json", '{"v": 2}\n')
    terminal.write("t.txt", "β\n")
    terminal.run("commit", "-m", "two of them")
    terminal.run("switch", "main")
    terminal.write("x.json", '{"v": 1}\n')
    terminal.write("t.txt", "B\n")
    terminal.run("commit", "-m", "only one")
    assert terminal.run("merge", "topic", check=False).code == 1
    return terminal


def test_sides_are_explained_by_the_subjects_of_their_commits(terminal: Terminal) -> None:
    lines = terminal.run("conflicts", "x.json").out.splitlines()
    assert lines[0] == "value: x.json at /v"
    assert lines[4] == "  to do:  take a side, or give a --value"
    for line, name, value, subject in zip(
        lines[1:4],
        ("base", "ours", "theirs"),
        "012",
        ("first", "only one", "two of them"),
        strict=True,
    ):
        assert line.split()[:2] == [f"{name}:", value]
        assert line.endswith(f"Ada: {subject}]")
    done = terminal.run("resolve", "x.json", "--theirs")
    assert done.out == "resolved value: x.json at /v\n"
    assert "took theirs: 2  [" in done.err
    assert "two of them" in done.err


def test_of_several_paths_all_are_resolved_or_none(terminal: Terminal) -> None:
    done = terminal.run("resolve", "x.json", "nowhere", "--ours", check=False)
    assert done.code == 4
    assert "no conflict in 'nowhere'" in done.err
    assert terminal.run("resolve", "--list").out.count("U ") == 2
    terminal.run("resolve", "x.json", "t.txt", "--ours")
    assert terminal.run("resolve", "--list").out.count("R ") == 2


def test_the_commits_of_the_sides_are_in_json(terminal: Terminal) -> None:
    (found,) = json.loads(terminal.run("conflicts", "--json", "x.json").out)
    oids = terminal.run("rev-parse", "main~0^1", "topic").out.split()
    assert {found["made_by"]["ours"], found["made_by"]["theirs"]} == set(
        terminal.run("rev-parse", "HEAD^1", "HEAD^2").out.split()
    )
    assert found["made_by"]["theirs"] in oids


def test_the_list_says_what_is_resolved(terminal: Terminal) -> None:
    assert terminal.run("resolve", "--list").out == "U contents: t.txt\nU value: x.json at /v\n"
    terminal.run("resolve", "x.json", "--ours")
    assert terminal.run("resolve", "--list").out == "U contents: t.txt\nR value: x.json at /v\n"
    (found,) = json.loads(terminal.run("resolve", "--list", "--json", "x.json").out)
    assert found["resolved"] is True


def test_what_an_edit_has_resolved_may_be_called_resolved_too(terminal: Terminal) -> None:
    """As people do who know that a merge is told with `git add`."""
    terminal.write("t.txt", "both\n")
    assert terminal.run("resolve", "t.txt").out == "resolved contents: t.txt\n"
    assert terminal.run("resolve", "t.txt", "--theirs", check=False).code == 4
    assert terminal.read("t.txt") == "both\n"
    terminal.run("commit", "-m", "both")
    assert terminal.run("resolve", "t.txt", check=False).code == 4
    assert terminal.run("conflicts").out.startswith("value: x.json at /v\n")


def test_show_names_conflicts_in_the_order_of_their_places(terminal: Terminal) -> None:
    shown = terminal.run("show").out.splitlines()
    lines = [line for line in shown if line.startswith("Conflict: ")]
    assert lines == ["Conflict: contents: t.txt", "Conflict: value: x.json at /v"]
    found = json.loads(terminal.run("show", "--json").out)["conflicts"]
    assert [conflict["path"] for conflict in found] == ["t.txt", "x.json"]


def test_a_tool_settles_files_and_values(terminal: Terminal) -> None:
    terminal.run("resolve", ".", "--tool", 'cat "$OURS" "$THEIRS" | head -n 1 > "$MERGED"')
    assert json.loads(terminal.read("x.json")) == {"v": 1}
    assert terminal.read("t.txt") == "B\n"
    terminal.run("commit", "-m", "settled")
    assert terminal.run("conflicts").out == ""
    for _ in ("the commit", "x.json", "t.txt"):
        terminal.run("undo")
    assert "<<<<<<<" in terminal.read("t.txt")


def test_a_tool_that_fails_changes_nothing(terminal: Terminal) -> None:
    before = terminal.read("t.txt")
    done = terminal.run("resolve", "t.txt", "--tool", 'echo x > "$MERGED"; exit 3', check=False)
    assert done.code == 5
    assert "ended with 3" in done.err
    assert terminal.read("t.txt") == before


def test_a_conflict_met_again_says_that_it_is_settled_as_before(terminal: Terminal) -> None:
    terminal.run("resolve", "x.json", "--theirs")
    terminal.write("t.txt", "B and β\n")
    terminal.run("commit", "-m", "two, and both letters")
    terminal.run("switch", "-c", "again", "HEAD~1^1")
    terminal.write("other", "1\n")
    terminal.run("commit", "-m", "elsewhere")
    done = terminal.run("merge", "main~1^2", check=False)
    assert done.code == 1
    assert done.err.count("resolved as before: ") == 2
    assert "two, and both letters" in done.err
    assert "`pyvcs undo` opens the conflicts again" in done.err
    assert terminal.read("t.txt") == "B and β\n"
    assert terminal.run("conflicts").out == ""
    terminal.run("undo")
    terminal.run("resolve", "--forget", "x.json")
    assert terminal.run("resolve", "--list").out.count("U ") == 2
