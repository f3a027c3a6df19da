"""Completion: what may follow, through the real process and in real shells."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from terminal import Terminal

from pyvcs.cli.main import COMMANDS, pyvcs

PROGRAMS = os.fspath(Path(sys.executable).parent)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path / "here")
    made.environ["PATH"] = os.pathsep.join([PROGRAMS, os.environ["PATH"]])
    made.run("init")
    made.write("soups/lentil.json", "{}\n")
    made.write("stew.json", "{}\n")
    made.run("commit", "-m", "first")
    made.run("branch", "topic/one")
    made.run("tag", "v1")
    made.run("remote", "add", "laptop", "../laptop")
    return made


def asked(terminal: Terminal, *words: str, shell: str = "bash") -> list[str]:
    """What a shell would be told when the last of these words is being typed."""
    environ = {
        "_PYVCS_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "\n".join(["pyvcs", *words]),
        "COMP_CWORD": str(len(words)),
    }
    terminal.environ.update(environ)
    try:
        return terminal.run("ignored").out.split()
    finally:
        for name in environ:
            del terminal.environ[name]


@pytest.mark.parametrize("at", ["x", "", "1.5", "-1", "²"])
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_place_that_is_no_number_is_no_question(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, shell: str, at: str
) -> None:
    question = {"_PYVCS_COMPLETE": f"{shell}_complete", "COMP_WORDS": "pyvcs sw", "COMP_CWORD": at}
    for name, value in question.items():
        monkeypatch.setitem(terminal.environ, name, value)
    assert terminal.run("ignored").out.split() == []


CASES: list[tuple[list[str], list[str]]] = [
    (["sw"], ["switch"]),
    (["bisect", "s"], ["skip", "start", "status"]),
    (["switch", ""], ["main", "topic/one"]),
    (["switch", "--cr"], ["--create"]),
    (["merge", "t"], ["topic/one"]),
    (["log", "main..t"], ["main..topic/one"]),
    (["log", "main...v"], ["main...v1"]),
    (["log", "--oneline", "v"], ["v1"]),
    (["tag", "--delete", ""], ["v1"]),
    (["restore", "--from", "v"], ["v1"]),
    (["show", "main:s"], ["soups/", "stew.json"]),
    (["show", "main", ":", "soups/l"], ["soups/lentil.json"]),
    (["show", "main", ":"], ["soups/", "stew.json"]),
    (["sync", "l"], ["laptop"]),
    (["remote", "remove", ""], ["laptop"]),
    (["config", "user.n"], ["user.name"]),
    (["completion", ""], ["bash", "zsh", "fish"]),
    (["-C", ".", "switch", "m"], ["main"]),
    (["-C", "..", "switch", "m"], []),
]


@pytest.mark.parametrize(("words", "choices"), CASES, ids=[" ".join(case[0]) for case in CASES])
def test_what_may_follow(terminal: Terminal, words: list[str], choices: list[str]) -> None:
    assert asked(terminal, *words) == [f"plain,{choice}" for choice in choices]


def test_files_and_folders_are_left_to_the_shell(terminal: Terminal) -> None:
    assert asked(terminal, "rm", "st") == ["file,st"]
    assert asked(terminal, "diff", "st") == ["file,st"]
    assert asked(terminal, "diff", "main", "--", "m") == ["file,m"]
    assert asked(terminal, "sync", "..") == ["dir,.."]


def test_paths_that_changed_come_first_where_they_are_meant(terminal: Terminal) -> None:
    (terminal.folder / "stew.json").unlink()
    assert asked(terminal, "restore", "") == ["plain,stew.json"]
    assert asked(terminal, "-C", "soups", "commit", "") == ["plain,../stew.json"]
    assert asked(terminal, "resolve", "") == []


def test_other_shells_and_other_questions(terminal: Terminal) -> None:
    words = asked(terminal, "swi", shell="zsh")
    assert words == ["plain", "switch", *COMMANDS["switch"].split()]
    terminal.environ["_PYVCS_COMPLETE"] = "bash_source"
    assert terminal.run("x").out == "\n"


def test_every_parameter_that_means_something_here_has_choices(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new command whose REVISION or PATH nobody completes fails here."""
    monkeypatch.chdir(terminal.folder)
    told = {"revision", "revisions", "paths", "arguments", "branch", "branches", "remote"}
    for name in COMMANDS:
        command = pyvcs.get_command(click.Context(pyvcs), name)
        assert command is not None
        parts = command.commands.values() if isinstance(command, click.Group) else [command]
        for part in parts:
            for parameter in part.params:
                if parameter.name in told and parameter.type.name != "boolean":
                    choices = parameter.shell_complete(click.Context(part), "")
                    assert choices or name in ("conflicts", "resolve"), (name, parameter.name)


def needs(shell: str) -> str:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed here")
    return path


def test_a_real_bash(terminal: Terminal) -> None:
    script = (
        'eval "$(pyvcs completion bash)"\n'
        "COMP_WORDS=(pyvcs switch to) COMP_CWORD=2\n"
        '_pyvcs_completion pyvcs\nprintf "%s\\n" "${COMPREPLY[@]}"\ncomplete -p pyvcs'
    )
    done = subprocess.run(
        [needs("bash"), "--norc", "-c", script],
        cwd=terminal.folder,
        env=terminal.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "topic/one\ncomplete -o nosort -F _pyvcs_completion pyvcs\n"


def test_a_real_fish(terminal: Terminal) -> None:
    script = 'pyvcs completion fish | source; complete -C "pyvcs switch to"'
    done = subprocess.run(
        [needs("fish"), "--no-config", "-c", script],
        cwd=terminal.folder,
        env={**terminal.environ, "HOME": os.fspath(terminal.folder.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "topic/one\n"


@pytest.mark.parametrize(
    ("shell", "options", "before"),
    [("bash", ["--norc", "-i"], ""), ("zsh", ["-f", "-i"], "autoload -Uz compinit; compinit -u; ")],
)
def test_the_tab_key(terminal: Terminal, shell: str, options: list[str], before: str) -> None:
    """Typed into a shell at a terminal: the branch is completed, and the command runs with it."""
    program = needs(shell)
    process, keyboard = pty.fork()
    if process == 0:
        os.chdir(terminal.folder)
        environ = {**terminal.environ, "HOME": os.fspath(terminal.folder.parent), "TERM": "dumb"}
        os.execve(program, [program, *options], environ)
    try:
        os.write(keyboard, f'{before}eval "$(pyvcs completion {shell})"; echo rea""dy\n'.encode())
        read_until(keyboard, b"ready\r\n")
        os.write(keyboard, b"pyvcs switch to\t")
        read_until(keyboard, b"topic/one")
        os.write(keyboard, b"\n")
        read_until(keyboard, b"On branch topic/one")
    finally:
        os.write(keyboard, b"\x03exit\n")
        os.close(keyboard)
        os.waitpid(process, 0)
    assert "* topic/one" in terminal.run("branch").out


def read_until(keyboard: int, wanted: bytes) -> None:
    seen, end = b"", time.monotonic() + 60
    while wanted not in seen:
        ready, _, _ = select.select([keyboard], [], [], max(0, end - time.monotonic()))
        assert ready, seen
        seen += os.read(keyboard, 4096)
