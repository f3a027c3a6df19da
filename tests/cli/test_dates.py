"""Dates for people: those of `datetime`, which is not loaded for them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.cli.text import time_text, when_text
from pyvcs.objects.commit import MAX_OFFSET_MINUTES, Timestamp

_YEAR_2 = -62_104_060_800
_YEAR_9999 = 253_370_764_800
calendar = st.integers(_YEAR_2, _YEAR_9999)


@settings(deadline=None)
@given(calendar, st.integers(-MAX_OFFSET_MINUTES, MAX_OFFSET_MINUTES))
def test_a_date_in_its_zone_is_that_of_datetime(seconds: int, offset: int) -> None:
    time = Timestamp(seconds, offset)
    date = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=offset)))
    assert time_text(time) == f"{date:%a %b %e %H:%M:%S %Y} {time.zone}"


@settings(deadline=None)
@given(st.integers(0, _YEAR_9999), st.integers(0, 999))
def test_a_date_of_this_machine_is_that_of_datetime(seconds: int, milliseconds: int) -> None:
    date = datetime.fromtimestamp(seconds)
    assert when_text(1000 * seconds + milliseconds) == f"{date:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize("seconds", [-(1 << 61), -62_200_000_000, 253_500_000_000, 1 << 61])
def test_a_time_out_of_the_calendar_is_shown_as_its_seconds(seconds: int) -> None:
    assert time_text(Timestamp(seconds, 90)) == f"@{seconds} +0130"
    assert when_text(1000 * seconds) == f"@{seconds}"
