"""The table for people who know git names only what there is, and leaves out nothing they type."""

from __future__ import annotations

import re

import pytest
from command_lines import calls, usage_problem
from house import ROOT

TABLE = (ROOT / "docs" / "for-git-users.md").read_text(encoding="utf-8")

TYPED_DAILY = """
    add am apply archive bisect blame branch bundle checkout cherry cherry-pick clean clone commit
    config describe diff difftool fetch format-patch fsck gc grep init lfs log ls-files merge
    mergetool mv notes pull push range-diff rebase reflog remote reset restore revert rev-parse
    rm shortlog show sparse-checkout stash status submodule switch tag worktree
"""


def rows() -> list[list[str]]:
    """The cells of each row: git, pyvcs, remark."""
    lines = [line for line in TABLE.splitlines() if line.startswith("| ")]
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [cells for cells in found if cells[0] != "git"]


def commands(text: str, program: str) -> list[str]:
    """The calls of a program that stand in code."""
    return [span for span in re.findall(r"`([^`]+)`", text) if span.split()[0] == program]


@pytest.mark.parametrize("command", commands(TABLE, "pyvcs"))
def test_every_command_named_exists_with_these_options(command: str) -> None:
    assert [usage_problem(words) for words in calls(command)] == [None]


@pytest.mark.parametrize("name", TYPED_DAILY.split())
def test_every_command_of_git_that_people_type_is_there(name: str) -> None:
    typed = [span.split()[1] for cells in rows() for span in commands(cells[0], "git")]
    assert name in typed


def test_every_row_says_what_to_type_or_why_there_is_nothing() -> None:
    assert len(rows()) > 60
    for git, ours, remark in rows():
        assert commands(git, "git"), git
        assert ours, git
        assert remark or commands(ours, "pyvcs"), f"{git}: what then?"
