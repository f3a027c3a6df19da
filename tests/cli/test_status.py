"""`pyvcs status`: what it says to people, and git's own format for scripts."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from pathlib import Path

import pytest
from house import ROOT
from terminal import Terminal

NAMES = ["a b", "täst", 'q"x', "back\\slash", "tab\there", "-n", "#", "d/e", "d/f g", "z"]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path / "here")
    made.run("init")
    made.write("soup.json", '{"salt": 1}\n')
    made.run("commit", "-m", "first")
    return made


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.fileMode=true", *arguments],
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("seed", range(4))
def test_porcelain_is_what_git_says_of_the_same_files(tmp_path: Path, seed: int) -> None:
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    git(terminal.folder, "init", "-q", "-b", "main")
    terminal.write(".git/info/exclude", ".pyvcs\n")
    drawn = random.Random(seed)
    for name in drawn.sample(NAMES, 7):
        terminal.write(name, "1\n")
    terminal.run("commit", "-m", "first")
    git(terminal.folder, "add", "-A")
    git(terminal.folder, "-c", "user.name=a", "-c", "user.email=b", "commit", "-qm", "first")
    for name in drawn.sample(NAMES, 7):
        path = terminal.folder / name
        is_there = path.exists()
        act = drawn.choice(["edit", "remove", "link", "run"])
        if is_there and act in ("remove", "link"):
            path.unlink()
        if act == "link":
            path.parent.mkdir(exist_ok=True)
            path.symlink_to("z")
        elif act in ("edit", "run"):
            terminal.write(name, "2\n" if act == "edit" else "1\n")
            path.chmod(0o755 if act == "run" else 0o644)
    for options in ([], ["-z"], ["--branch"]):
        ours = terminal.run("status", "--porcelain", *options).out
        assert ours == git(terminal.folder, "status", "--porcelain", "-uall", *options)


def test_the_example_of_the_document_is_a_status(terminal: Terminal) -> None:
    for name in ("gone", "link", "stew.json"):
        terminal.write(name, '{"salt": 1}\n')
    terminal.run("commit", "-m", "more")
    terminal.run("clone", ".", "../there")
    there = Terminal(terminal.folder.parent / "there")
    for each, salt in ((terminal, 2), (there, 3)):
        each.write("stew.json", f'{{"salt": {salt}}}\n')
        each.run("commit", "-m", "salt")
    there.run("sync", check=False)
    there.write("other", "1\n")
    there.run("commit", "-m", "ahead")
    there.write("soup.json", "{}\n")
    there.write("new files/café", "1\n")
    (there.folder / "gone").unlink()
    (there.folder / "link").unlink()
    (there.folder / "link").symlink_to("gone")
    page = (ROOT / "docs" / "formats" / "porcelain.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```porcelain-example\n(.*?)```", page, re.DOTALL)
    assert there.run("status", "--porcelain", "--branch").out == example


def test_says_what_is_changed_new_and_comes_next(terminal: Terminal) -> None:
    assert terminal.run("status").out == (
        "On branch main\nNothing to commit: the working tree is clean\n"
    )
    terminal.write("soup.json", "{}\n")
    terminal.write("new", "1\n")
    assert terminal.run("status").out.splitlines() == [
        "On branch main",
        "Changed (`pyvcs diff` shows how):",
        "  M soup.json",
        "New:",
        "  A new",
        "`pyvcs commit` records all of this, `pyvcs commit PATH` a part",
    ]
    assert terminal.run("status", "--short", "new").out == "?? new\n"


def test_says_how_far_it_is_ahead_and_behind_as_of_the_last_sync(terminal: Terminal) -> None:
    there = Terminal(terminal.folder.parent / "there")
    terminal.run("clone", ".", "../there")
    assert "In step with origin, as of the last sync\n" in there.run("status").out
    there.write("new", "1\n")
    there.run("commit", "-m", "second")
    line = "Ahead of origin by 1 commit; `pyvcs sync` gives what is new\n"
    assert line in there.run("status").out
    terminal.write("soup.json", "{}\n")
    terminal.run("commit", "-m", "third")
    there.run("sync", "--push")
    line = "origin has commits that are not here; `pyvcs sync` takes them in\n"
    assert line in there.run("status").out
    (remote,) = json.loads(there.run("status", "--json").out)["remotes"]
    assert (remote["remote"], remote["ahead"], remote["behind"]) == ("origin", 0, None)
    there.run("sync")
    there.run("undo")
    line = "Behind origin by 1 commit; `pyvcs sync` catches up\n"
    assert line in there.run("status").out
    there.run("remote", "remove", "origin")
    assert "origin" not in there.run("status").out


def test_a_branch_that_a_remote_lacks_and_a_folder_as_remote(terminal: Terminal) -> None:
    terminal.run("init", "--folder", "../stick")
    terminal.run("remote", "add", "stick", "../stick")
    terminal.run("sync", "stick")
    assert "In step with stick" in terminal.run("status").out
    terminal.run("switch", "-c", "topic")
    line = "stick does not have this branch; `pyvcs sync stick` gives it\n"
    assert line in terminal.run("status").out
    terminal.run("sync", "stick", "--pull")
    assert line in terminal.run("status").out
    terminal.run("sync", "stick")
    assert "In step with stick" in terminal.run("status").out


def test_a_bisection_is_mentioned_and_so_is_a_conflict(terminal: Terminal) -> None:
    terminal.run("bisect", "start", "HEAD")
    assert "A bisection is under way" in terminal.run("status").out
    terminal.run("bisect", "reset")
    terminal.run("switch", "-c", "topic")
    terminal.write("soup.json", '{"salt": 2}\n')
    terminal.run("commit", "-m", "two")
    terminal.run("switch", "main")
    terminal.write("soup.json", '{"salt": 3}\n')
    terminal.run("commit", "-m", "three")
    terminal.run("merge", "topic", check=False)
    out = terminal.run("status").out
    assert "bisection" not in out
    assert "1 conflict to resolve" in out
    assert "  value: soup.json at /salt\n" in out
