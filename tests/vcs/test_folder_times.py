"""Folder times: a stamp is trusted only where the next name that comes makes another one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from pyvcs.folder_times import Shown, listed, trusted
from pyvcs.looking import Stamp, stamp_at
from pyvcs.objects.file_times import TICK_NS

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows opens no folders")

NOW = 1_700_000_000_123_456_789
OLD = NOW - 10 * TICK_NS
DEVICE = 7


@st.composite
def looks(draw: st.DrawFn) -> tuple[Shown, Stamp, Stamp]:
    """By a clock that ticks: what the file system showed, and a folder's stamps before and after.

    The folder changed at some time before it was listed, and again when it had been listed.
    """
    tick, phase = draw(st.integers(1, TICK_NS)), draw(st.integers(1, TICK_NS))
    gaps = st.integers(0, 3 * TICK_NS)
    shown, changed = OLD + draw(gaps), OLD + draw(gaps)
    listed_at = max(shown, changed) + draw(gaps)
    again = listed_at + draw(gaps)

    def told(time: int) -> int:
        return (time - phase) // tick * tick + phase

    before, after = (
        (told(time), told(time), 1, DEVICE) for time in (changed, again)
    )  # what else a folder's stamp tells stays: the worst case
    return Shown(DEVICE, told(shown)), before, after


@given(looks())
def test_a_name_that_comes_later_makes_another_stamp(look: tuple[Shown, Stamp, Stamp]) -> None:
    shown, before, after = look
    if shown.is_trusted(before):
        assert before != after


def test_without_a_rule_some_names_would_be_missed() -> None:
    shown, before, after = find(looks(), lambda look: look[1] == look[2])
    assert before == after
    assert not shown.is_trusted(before)


@pytest.mark.parametrize(
    ("stamp", "is_trusted"),
    [
        ((OLD, OLD, 1, DEVICE), True),
        ((0, OLD, 1, DEVICE), True),  # people may set this one
        ((OLD, OLD, 1, DEVICE + 1), False),  # another file system is mounted there
        ((NOW - TICK_NS, OLD, 1, DEVICE), False),
        ((OLD, NOW - TICK_NS, 1, DEVICE), False),
        ((OLD, NOW + 10 * TICK_NS, 1, DEVICE), False),  # the clock was set back
        ((OLD, OLD // 10**9 * 10**9, 1, DEVICE), False),  # a clock of seconds
        ((OLD, OLD // 10**7 * 10**7, 1, DEVICE), False),  # one of hundredths: exFAT
        ((0, 0, 1, DEVICE), False),  # the root of FAT, just mounted
    ],
)
def test_which_stamps_are_trusted(stamp: Stamp, is_trusted: bool) -> None:
    shown = Shown(DEVICE, NOW)
    assert shown.is_trusted(stamp) == is_trusted
    assert trusted(shown, {b"d": stamp}) == ({b"d": stamp} if is_trusted else {})


def test_a_new_file_shows_whether_folders_keep_times() -> None:
    before, file = (OLD, OLD, 1, DEVICE), (NOW, NOW, 2, DEVICE)
    assert Shown.of(before, file, (NOW, NOW, 1, DEVICE)) == Shown(DEVICE, NOW)
    lacking = Shown(DEVICE, 0, is_lacking=True)
    assert Shown.of(before, file, before) == lacking
    assert Shown.of(before, file, (NOW, OLD, 1, DEVICE)) == lacking, "both times have to change"
    assert trusted(lacking, {b"d": (1, 1, 1, DEVICE)}) is None


def test_a_clock_that_did_not_tick_shows_nothing() -> None:
    just_now = (NOW, NOW, 1, DEVICE)
    shown = Shown.of(just_now, just_now, just_now)
    assert not shown.is_lacking
    assert trusted(shown, {b"d": (1, 1, 1, DEVICE)}) == {}


def test_what_is_made_to_see_is_removed(tmp_path: Path) -> None:
    shown = Shown.by(os.fsencode(tmp_path))
    assert os.listdir(tmp_path) == []
    assert shown.device == tmp_path.stat().st_dev


def test_lists_no_folder_behind_a_symlink(tmp_path: Path) -> None:
    odd = b"\xff" if os.uname().sysname == "Linux" else b"n"
    folder = os.fsencode(tmp_path / "d")
    os.mkdir(folder)
    os.mkdir(folder + b"/" + odd)
    assert listed(folder) == (stamp_at(folder), [odd])
    (tmp_path / "l").symlink_to("d")
    with pytest.raises(NotADirectoryError):
        listed(os.fsencode(tmp_path / "l"))
