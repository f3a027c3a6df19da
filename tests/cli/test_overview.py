"""The overview of pyvcs: printed without click, as click would lay it out; click is the witness."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import click
import pytest
from pseudo_terminal import shown_until_the_end

from pyvcs.cli import exit_codes
from pyvcs.cli.main import COMMANDS, pyvcs, run
from pyvcs.cli.overview import ABOUT, EXAMPLE, overview

WIDTHS = [20, 50, 51, 52, 55, 60, 66, 72, 79, 80, 81, 200]


def laid_out_by_click(width: int) -> str:
    """The help of a group of the same options and commands, which knows nothing of the overview."""
    group = click.Group(
        "pyvcs",
        params=pyvcs.params,
        help=f"{ABOUT}\n\n\b\nExample:\n  {EXAMPLE}",
        commands={name: click.Command(name, short_help=line) for name, line in COMMANDS.items()},
    )
    names = pyvcs.context_settings["help_option_names"]
    return click.Context(
        group, info_name="pyvcs", terminal_width=width, help_option_names=names
    ).get_help()


@pytest.mark.parametrize("width", [width for width in WIDTHS if width >= 50])
def test_it_looks_as_click_would_lay_it_out(width: int) -> None:
    assert overview(COMMANDS, width) == laid_out_by_click(width)


@pytest.mark.parametrize("columns", ["", "x", "0", "-5", " 60 ", *map(str, WIDTHS)])
def test_columns_count_as_they_do_for_click(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert run(["--help"]) == exit_codes.DONE
    without_click = capsys.readouterr().out
    assert run(["-C", ".", "--help"]) == exit_codes.DONE
    assert without_click == capsys.readouterr().out


@pytest.mark.parametrize("columns", [40, 64, 120])
def test_a_terminal_says_how_wide_it_is(columns: int) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "pyvcs", "--help"]
    subprocess.run(command, stdout=theirs, env=environ, check=True)
    os.close(theirs)
    shown = shown_until_the_end(ours)
    width = max(min(columns, 80) - 2, 50)
    assert shown == f"{laid_out_by_click(width)}\n"


@pytest.mark.parametrize("words", [[], ["op"], ["git"], ["bisect"]], ids=str)
def test_without_a_command_it_says_what_there_is(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--help"]) == exit_codes.DONE
    asked_for = capsys.readouterr()
    assert run(words) == exit_codes.USAGE
    assert capsys.readouterr() == asked_for
    assert asked_for.err == ""


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == exit_codes.DONE
    without_click = capsys.readouterr().out
    assert run(["-C", ".", "--version"]) == exit_codes.DONE
    assert without_click == capsys.readouterr().out
    assert without_click.startswith("pyvcs ")
