"""Colour: on a terminal, everywhere alike, and switched off in every way there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pseudo_terminal import on_a_terminal
from terminal import Terminal

COMMANDS = [
    ["status"],
    ["status", "--short"],
    ["diff"],
    ["diff", "--stat"],
    ["show"],
    ["log", "--graph"],
    ["blame", "a"],
    ["grep", "HEAD", "one"],
]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path)
    made.run("init")
    made.write("a", "one\n")
    made.run("commit", "-m", "first")
    made.write("a", "two\n")
    made.environ["PAGER"] = "cat"
    return made


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_colour_is_for_a_terminal(terminal: Terminal, arguments: list[str]) -> None:
    plain = terminal.run(*arguments).out
    assert "\x1b" not in plain
    code, shown = on_a_terminal(terminal, *arguments)
    assert code == 0
    assert "\x1b[" in shown
    assert on_a_terminal(terminal, *arguments, NO_COLOR="1") == (0, plain)


def test_a_setting_and_a_poor_terminal_switch_it_off(terminal: Terminal) -> None:
    plain = 0, terminal.run("status").out
    assert on_a_terminal(terminal, "status", TERM="dumb") == plain
    assert "\x1b" not in on_a_terminal(terminal, "status", "--porcelain")[1]
    terminal.run("config", "--global", "color.ui", "never")
    assert on_a_terminal(terminal, "status") == plain
    terminal.run("config", "color.ui", "auto")
    assert on_a_terminal(terminal, "status") != plain


def test_the_pager_of_the_settings_comes_between_those_of_the_environment(
    terminal: Terminal,
) -> None:
    terminal.run("config", "core.pager", "sed s/^/set:/")
    assert on_a_terminal(terminal, "log", "--oneline")[1].startswith("set:")
    shown = on_a_terminal(terminal, "log", "--oneline", PYVCS_PAGER="sed s/^/env:/")[1]
    assert shown.startswith("env:")


def test_the_first_branch_of_the_settings(terminal: Terminal) -> None:
    terminal.run("config", "--global", "init.branch", "trunk")
    terminal.run("init", "../new")
    assert "On branch trunk" in terminal.run("-C", "../new", "status").out
    terminal.run("init", "-b", "other", "../other")
    assert "On branch other" in terminal.run("-C", "../other", "status").out
