"""Ranges of commits, applied and taken out, beside git; and as `log` and `diff` take them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from git_histories import GitHistory
from terminal import Terminal

LINES = "".join(f"{number}\n" for number in range(30))


@pytest.fixture
def history(tmp_path: Path) -> GitHistory:
    """On main one commit more than `topic` began with; `topic` has four of its own."""
    made = GitHistory(tmp_path / "git")
    text = LINES
    made.commit({"a": text.encode()}, "start")
    made.git("switch", "-q", "-c", "topic")
    for number in (3, 9, 15, 21):
        text = text.replace(f"\n{number}\n", f"\n{number} on topic\n")
        made.commit({"a": text.encode(), f"b{number}": b"new\n"}, f"edit {number}")
    made.git("switch", "-q", "main")
    made.commit({"a": LINES.replace("\n27\n", "\n27 on main\n").encode()}, "edit 27")
    return made


@pytest.fixture
def terminal(history: GitHistory, tmp_path: Path) -> Terminal:
    Terminal(tmp_path / "any").run("git", "import", "../git", "../here")
    return Terminal(tmp_path / "here")


def subjects(terminal: Terminal) -> list[str]:
    return log_of(terminal, "HEAD")


def log_of(terminal: Terminal, word: str) -> list[str]:
    """The subjects of the commits that a word names."""
    lines = terminal.run("log", "--json", word).out.splitlines()
    return [json.loads(line)["message"].splitlines()[0] for line in lines]


def assert_as_in_git(terminal: Terminal, history: GitHistory) -> None:
    """The commits, in their order, and the files are those of git."""
    assert subjects(terminal) == history.git("log", "--format=%s").splitlines()
    names = history.git("ls-files").split()
    assert sorted(names) == sorted(terminal.run("cat", "HEAD:").out.split())
    assert all(terminal.read(name) == (history.folder / name).read_text() for name in names)


def test_a_range_is_applied_and_taken_out_in_the_order_of_git(
    terminal: Terminal, history: GitHistory
) -> None:
    terminal.run("cherry-pick", "main..topic~1")
    history.git("cherry-pick", "main..topic~1")
    assert_as_in_git(terminal, history)
    terminal.run("revert", "HEAD~3..HEAD~1", "HEAD~3")
    history.git("revert", "--no-edit", "HEAD~3..HEAD~1")
    history.git("revert", "--no-edit", "HEAD~5")
    assert_as_in_git(terminal, history)


def test_a_conflict_inside_a_range_says_how_to_go_on(terminal: Terminal) -> None:
    terminal.write("b9", "mine\n")
    terminal.run("commit", "-m", "mine")
    done = terminal.run("cherry-pick", "main..topic", check=False)
    assert done.code == 1
    assert subjects(terminal)[:3] == ["edit 9", "edit 3", "mine"]
    go_on = re.findall(r"then go on with `pyvcs (.*)`", done.err)[0].split()
    assert go_on[0] == "cherry-pick"
    assert terminal.run("conflicts").out.startswith("add/add: b9")
    terminal.run("resolve", "b9", "--ours")
    terminal.run("commit", "-m", "both")
    terminal.run(*go_on)
    assert subjects(terminal)[:4] == ["edit 21", "edit 15", "both", "edit 9"]
    assert terminal.run("conflicts").out == ""


def test_all_of_a_range_is_taken_back_by_one_undo(terminal: Terminal) -> None:
    before = terminal.run("rev-parse", "HEAD").out
    terminal.run("cherry-pick", "main..topic")
    assert terminal.run("rev-parse", "HEAD~4").out == before
    assert "cherry-pick 4 commits" in terminal.run("undo").out
    assert terminal.run("rev-parse", "HEAD").out == before
    assert terminal.run("status", "--porcelain").out == ""


def test_what_is_here_already_is_skipped_and_said(terminal: Terminal) -> None:
    terminal.run("cherry-pick", "topic~2")
    done = terminal.run("cherry-pick", "main..topic")
    assert re.fullmatch(r"skipped \w+ edit 9: it changes nothing here\n", done.err)
    assert subjects(terminal)[:4] == ["edit 21", "edit 15", "edit 3", "edit 9"]
    assert terminal.run("cherry-pick", "main..topic", check=False).code == 1
    done = terminal.run("cherry-pick", "topic..topic", check=False)
    assert (done.code, done.err.splitlines()[0]) == (
        2,
        "error: there is no commit in 'topic..topic'",
    )


def test_canonical_merges_in_a_range_are_left_out(terminal: Terminal) -> None:
    terminal.run("switch", "-c", "old", "topic~3")
    terminal.write("c", "c\n")
    terminal.run("commit", "-m", "aside")
    terminal.run("merge", "topic")
    assert "Merge of concurrent heads" in subjects(terminal)
    terminal.run("switch", "main")
    terminal.run("cherry-pick", "main..old")
    assert {"aside", "edit 21"} < set(subjects(terminal))
    assert "Merge of concurrent heads" not in subjects(terminal)


@pytest.mark.parametrize("dots", ["..", "..."])
def test_a_range_is_that_of_git_in_log_and_diff(
    terminal: Terminal, history: GitHistory, dots: str
) -> None:
    for words in (["main", "topic"], ["topic", "main"], ["topic~1", "HEAD"], ["topic", ""]):
        word = dots.join(words)
        assert sorted(log_of(terminal, word)) == sorted(
            history.git("log", "--format=%s", word).splitlines()
        )
        shown = terminal.run("diff", "--name-status", word).out.split()
        assert shown == history.git("diff", "--name-status", word).split()
