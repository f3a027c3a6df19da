"""Hooks: programs that run before and after commands, and only those of the person who is here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from house import ROOT
from terminal import Terminal

from pyvcs.cli.hooks import HOOKS

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the hooks here are scripts of sh")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path / "here")
    made.run("init")
    made.write("a", "1\n")
    made.run("commit", "-m", "first")
    return made


def set_hook(terminal: Terminal, name: str, script: str, folder: str = ".pyvcs/hooks") -> Path:
    terminal.write(f"{folder}/{name}", f"#!/bin/sh\n{script}\n")
    path = terminal.folder / folder / name
    path.chmod(0o755)
    return path


def subjects(terminal: Terminal) -> list[str]:
    lines = terminal.run("log", "--oneline").out.splitlines()
    return [re.sub(r"^\w+ (\(.*?\) )?", "", line) for line in lines]


def test_pre_commit_may_change_files_and_stop_the_commit(terminal: Terminal) -> None:
    set_hook(terminal, "pre-commit", 'echo "paths: $*"; sort -o a a; ! grep -q bad a')
    terminal.write("a", "3\n2\n")
    done = terminal.run_process("commit", "-m", "sorted", "a")
    assert "paths: a\n" in done.err
    assert done.out.count("\n") == 1
    assert terminal.run("cat", "HEAD:a").out == "2\n3\n"
    terminal.write("a", "bad\n")
    done = terminal.run("commit", "-m", "stopped", check=False)
    assert done.code == 5
    assert "the hook pre-commit stopped it: it ended with 1" in done.err
    assert "--no-verify" in done.err
    terminal.run("commit", "-m", "bad", "--no-verify")
    assert subjects(terminal) == ["bad", "sorted", "first"]


def test_commit_msg_may_change_the_message_and_stop_it(terminal: Terminal) -> None:
    set_hook(terminal, "commit-msg", 'grep -q "^[A-Z]" "$1" && echo "Seen: yes" >> "$1"')
    terminal.write("a", "2\n")
    assert terminal.run("commit", "-m", "small", check=False).code == 5
    terminal.run("commit", "-m", "Large")
    assert "    Seen: yes\n" in terminal.run("log", "-n", "1").out
    set_hook(terminal, "commit-msg", ': > "$1"')
    terminal.write("a", "3\n")
    assert "empty message" in terminal.run("commit", "-m", "x", check=False).err


def test_a_message_that_was_written_is_not_lost(terminal: Terminal) -> None:
    set_hook(terminal, "commit-msg", "exit 1")
    editor = set_hook(terminal, "editor", 'echo "Long thought about" > "$1"', folder="..")
    terminal.environ["EDITOR"] = os.fspath(editor)
    terminal.write("a", "2\n")
    done = terminal.run_process("commit", check=False)
    assert done.code == 5
    found = re.search(r"your message is kept: `pyvcs commit -F (.*)`", done.err)
    assert found is not None
    terminal.run("commit", "-F", found[1], "--no-verify")
    assert subjects(terminal)[0] == "Long thought about"


def test_those_after_a_command_are_told_what_it_did(terminal: Terminal) -> None:
    log = terminal.folder.parent / "log"
    for name in HOOKS:
        set_hook(terminal, name, f'echo "{name} $*" >> "{log}"')
    terminal.run("switch", "-c", "topic")  # the working tree does not move
    terminal.write("a", "2\n")
    terminal.run("commit", "-m", "second")
    terminal.run("switch", "main")
    terminal.run("merge", "topic")
    terminal.run("clone", ".", "../there")
    there = Terminal(terminal.folder.parent / "there")
    there.write("a", "3\n")
    there.run("commit", "-m", "third")
    terminal.run("sync", "../there")
    first, second, third = (
        terminal.run("rev-parse", name).out.strip() for name in ("main~2", "main~1", "main")
    )
    lines = log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("commit-msg ")] == [
        "pre-commit ",
        f"post-commit {second}",
        f"post-checkout {second} {first}",
        f"post-merge {first} {second}",
        "pre-sync ../there ../there",
        f"post-merge {second} {third}",
        "post-sync ../there ../there",
    ]


def test_a_hook_that_fails_afterwards_is_a_warning(terminal: Terminal) -> None:
    set_hook(terminal, "post-commit", "exit 3")
    terminal.write("a", "2\n")
    done = terminal.run("commit", "-m", "second")
    assert "warning: the hook post-commit ended with 3" in done.err


def test_pre_sync_stops_a_sync(terminal: Terminal) -> None:
    terminal.run("clone", ".", "../there")
    there = Terminal(terminal.folder.parent / "there")
    set_hook(there, "pre-sync", 'test "$1" != origin')
    assert there.run("sync", check=False).code == 5
    there.run("sync", "--no-verify")
    there.run("sync", "../here")


def test_commands_of_a_hook_run_no_hooks(terminal: Terminal) -> None:
    set_hook(terminal, "post-commit", f"echo x >> log; {sys.executable} -m pyvcs commit -m again")
    terminal.write("a", "2\n")
    terminal.run("commit", "-m", "second")
    assert subjects(terminal) == ["again", "second", "first"]


def test_nothing_that_a_sync_could_have_brought_is_run(terminal: Terminal) -> None:
    """Neither by clone or sync, nor through a setting or a link into the working tree."""
    set_hook(terminal, "pre-commit", "exit 1")
    terminal.run("clone", ".", "../there")
    assert not (terminal.folder.parent / "there" / ".pyvcs" / "hooks").exists()
    (terminal.folder / ".pyvcs" / "hooks" / "pre-commit").unlink()
    hook = set_hook(terminal, "pre-commit", "exit 1", folder="tools")
    terminal.run("config", "core.hooks", "tools")
    done = terminal.run("commit", "-m", "second")
    assert "is left out: it lies in the working tree" in done.err
    terminal.run("config", "--unset", "core.hooks")
    (terminal.folder / ".pyvcs" / "hooks" / "pre-commit").symlink_to(hook)
    terminal.write("a", "3\n")
    assert "is left out" in terminal.run("commit", "-m", "third").err


def test_what_cannot_be_run_is_said(terminal: Terminal) -> None:
    path = set_hook(terminal, "pre-commit", "exit 1")
    path.chmod(0o644)
    terminal.write("a", "2\n")
    assert "left out: it is not executable" in terminal.run("commit", "-m", "second").err
    path.write_text("#!/nowhere/sh\n", encoding="utf-8")
    path.chmod(0o755)
    terminal.write("a", "3\n")
    done = terminal.run("commit", "-m", "third", check=False)
    assert done.code == 5
    assert "cannot be run" in done.err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_the_hook_of_another_user_is_left_out(terminal: Terminal) -> None:
    path = set_hook(terminal, "pre-commit", "exit 1")
    os.chown(path, 12345, -1)
    terminal.write("a", "2\n")
    assert "it belongs to somebody else" in terminal.run("commit", "-m", "second").err


def test_a_folder_of_ones_own_for_all_repositories(terminal: Terminal) -> None:
    set_hook(terminal, "pre-commit", "exit 1", folder="../hooks")
    terminal.run("config", "--global", "core.hooks", os.fspath(terminal.folder.parent / "hooks"))
    terminal.write("a", "2\n")
    assert terminal.run("commit", "-m", "second", check=False).code == 5


def test_the_page_names_all_hooks_and_its_example_runs(terminal: Terminal) -> None:
    page = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)) == HOOKS
    (script,) = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    (terminal.folder / ".pyvcs" / "hooks").mkdir()
    subprocess.run(script, shell=True, cwd=terminal.folder, check=True)
    terminal.write("Makefile", "check:\n\texit 7\n")
    assert "the hook pre-commit stopped it" in terminal.run("commit", "-m", "x", check=False).err
