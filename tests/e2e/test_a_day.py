"""A day of two people at two replicas, typed at a pseudo-terminal as `a_day.md` has it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from screen import Screen
from terminal import IDENTITY
from transcripts import check, steps

DAY = Path(__file__).with_name("a_day.md").read_text(encoding="utf-8")


def at_work(folder: Path) -> Screen:
    """Two people at one machine, whom pyvcs does not know yet."""
    screen = Screen(folder)
    for name in IDENTITY:
        del screen.environ[name]
    return screen


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_whole_day_shows_what_people_expect(tmp_path: Path) -> None:
    check(DAY, at_work(tmp_path / "day"))


def test_the_day_is_a_long_one() -> None:
    assert sum(step.command.startswith("pyvcs") for step in steps(DAY)) >= 60
