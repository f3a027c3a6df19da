"""Ctrl-C at any time: one sentence, exit code 130, and the repository and all files are whole.

The signal is a real one, sent to a real process at its n-th call of the file system, so that each
moment is met again when the test is run again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from interrupting import calls_of, check_interrupted, interrupted
from people import files_in
from terminal import Terminal

from pyvcs.cli import exit_codes

MOMENTS = 4


@dataclass(frozen=True)
class Scene:
    """A repository with something to do, and the command that does it."""

    words: list[str]
    prepare: Callable[[Terminal], None]


def _edits(terminal: Terminal) -> None:
    for number in range(6):
        terminal.write(f"d{number}/file", f"edited {number}\n")
    terminal.write("new", "new\n")


def _much(terminal: Terminal) -> None:
    """So much that packs are compressed in other threads."""
    _edits(terminal)
    for number in range(3):
        terminal.write(f"much {number}", "".join(f"{line * line}\n" for line in range(200_000)))


def _side(terminal: Terminal) -> None:
    terminal.run("switch", "-c", "side")
    _edits(terminal)
    terminal.run("commit", "-m", "on the side")
    terminal.run("switch", "main")
    terminal.write("mine", "an edit in no commit\n")


def _replica(terminal: Terminal) -> None:
    other = terminal.at(terminal.folder.with_name("other"))
    terminal.run("clone", ".", "../other")
    _edits(other)
    other.run("commit", "-m", "elsewhere")
    terminal.write("mine", "an edit in no commit\n")


def _packs(terminal: Terminal) -> None:
    for number in range(3):
        terminal.write("e", f"{number}\n")
        terminal.run("commit", "-m", f"pack {number}")
    terminal.write("mine", "an edit in no commit\n")


SCENES = {
    "commit": Scene(["commit", "-m", "edits"], _edits),
    "commit of much": Scene(["commit", "-m", "much"], _much),
    "restore": Scene(["restore", "."], _edits),
    "switch": Scene(["switch", "side"], _side),
    "merge": Scene(["merge", "side", "-m", "merged"], _side),
    "sync": Scene(["sync", "../other"], _replica),
    "gc": Scene(["gc", "--prune"], _packs),
}


@pytest.mark.parametrize("name", SCENES)
def test_an_interrupted_command_did_all_or_nothing(tmp_path: Path, name: str) -> None:
    scene, start = SCENES[name], Terminal(tmp_path / "start" / "here")
    start.run("init")
    for number in range(6):
        start.write(f"d{number}/file", f"{number}\n")
    start.run("commit", "-m", "first")
    scene.prepare(start)
    before = files_in(start.folder)
    whole = Terminal(shutil.copytree(tmp_path / "start", tmp_path / "whole") / "here")
    told = interrupted(whole, scene.words, 0)
    assert told.code == 0, told
    calls = calls_of(told)
    after = files_in(whole.folder)
    for moment in {calls * step // (2 * MOMENTS) for step in range(1, 2 * MOMENTS, 2)}:
        copy = shutil.copytree(tmp_path / "start", tmp_path / f"at {moment}")
        terminal = Terminal(copy / "here")
        told = interrupted(terminal, scene.words, moment)
        check_interrupted(told, moment)
        for path, content in files_in(terminal.folder).items():
            assert content in (before.get(path), after.get(path)), (moment, path)
        assert "no problem" in terminal.run("fsck").out
        again = terminal.run(*scene.words, check=False)
        assert again.code in (exit_codes.DONE, exit_codes.CONFLICTS), (moment, again)
        assert files_in(terminal.folder) == after, moment


@pytest.mark.parametrize("words", [["--help"], ["branch"], ["diff"]], ids=" ".join)
def test_an_interrupt_while_it_still_loads_is_the_same_sentence(
    tmp_path: Path, words: list[str]
) -> None:
    terminal = Terminal(tmp_path)
    terminal.run("init")
    told = interrupted(terminal, words, 0, "import")
    assert told.code == 0, told
    calls = calls_of(told)
    for moment in {1, 2, calls // 4, calls // 2, 3 * calls // 4, calls}:
        told = interrupted(terminal, words, moment, "import")
        check_interrupted(told, moment)
        assert told.out == ""
