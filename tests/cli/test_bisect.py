"""`pyvcs bisect` as people type it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Twelve commits; the eighth writes a bug."""
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    for number in range(1, 13):
        terminal.write("number", f"{number}\n")
        terminal.write("state", "bug\n" if number >= 8 else "fine\n")
        terminal.run("commit", "-m", f"commit {number}")
    terminal.run("tag", "v1", "HEAD~11")
    return terminal


def test_by_hand(terminal: Terminal) -> None:
    assert terminal.run("bisect", "start").out == "Name a bad commit: `pyvcs bisect bad REVISION`\n"
    assert "a good commit" in terminal.run("bisect", "bad").out
    out = terminal.run("bisect", "good", "v1").out
    tests = 0
    while "first bad" not in out:
        assert out.startswith("To test: ")
        word = "bad" if terminal.read("state") == "bug\n" else "good"
        out = terminal.run("bisect", word).out
        tests += 1
    assert out.endswith(" commit 8 is the first bad commit\n")
    assert tests <= 4
    shape = json.loads(terminal.run("bisect", "status", "--json").out)
    assert shape["found"] == shape["bad"]
    assert terminal.run("bisect", "reset").out == "On branch main\n"
    assert terminal.read("number") == "12\n"
    assert not (terminal.folder / ".pyvcs/bisect").exists()


def test_by_a_command(terminal: Terminal) -> None:
    terminal.run("bisect", "start", "main", "v1")
    code = "import sys; sys.exit(open('state').read() == 'bug\\n')"
    done = terminal.run_process("bisect", "run", sys.executable, "-c", code)
    assert done.out.endswith(" commit 8 is the first bad commit\n")
    assert "is bad" in done.err
    assert "is good" in done.err


def test_a_command_that_skips_all_or_cannot_run_is_told(terminal: Terminal) -> None:
    terminal.run("bisect", "start", "main", "v1")
    for code in (126, 200):
        done = terminal.run_process("bisect", "run", "sh", "-c", f"exit {code}", check=False)
        assert done.code == 5
        assert f"ended with {code}" in done.err
    assert terminal.run("bisect", "run", "no-such-program", check=False).code == 9
    done = terminal.run_process("bisect", "run", "sh", "-c", "exit 125", check=False)
    assert done.code == 1
    assert "one of these" in done.out
    assert done.out.count(" commit ") == 12  # the first line, and eleven candidates


def test_in_a_repository_without_commits_it_changes_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "empty")
    terminal.run("init")
    terminal.run("bisect", "start")
    assert terminal.run("bisect", "reset").out == "On branch main\n"
    terminal.write("a", "1\n")
    assert "[main " in terminal.run("commit", "-m", "first").out


def test_what_cannot_be_said_is_refused(terminal: Terminal) -> None:
    for word in ("good", "bad", "skip", "status", "reset"):
        done = terminal.run("bisect", word, check=False)
        assert done.code == 5
        assert "no bisection is under way" in done.err
    terminal.run("bisect", "start")
    assert terminal.run("bisect", "start", check=False).code == 5
    assert terminal.run("bisect", "run", "true", check=False).code == 2
    assert terminal.run("bisect", "good", "nowhere", check=False).code == 4
    terminal.run("bisect", "good", "main")
    done = terminal.run("bisect", "bad", "v1", check=False)
    assert "mended in between" in done.err
    assert json.loads(terminal.run("bisect", "status", "--json").out)["bad"] is None
    terminal.write("number", "an edit\n")
    done = terminal.run("bisect", "reset")
    assert terminal.read("number") == "an edit\n"
