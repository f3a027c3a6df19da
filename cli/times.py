"""Times as people type them: `2026-11-23 09:26`, `@1700000000 +0100`, `3 days ago`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import click

from pyvcs.objects.commit import Timestamp

_SECONDS = re.compile(r"@?(\d{1,18})(?: ([+-])(\d\d)(\d\d))?")
_AGO = re.compile(r"(\d+)[ .](second|minute|hour|day|week|month|year)s?[ .]ago")
_UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}


def parse_time(text: str, *, now: Timestamp, option: str) -> Timestamp:
    """The time that a text means. Without a zone it is in that of `now`.

    ISO 8601, the dates of e-mails, seconds since 1970 with `@` or a zone, `now`, `yesterday`,
    `N days ago` (or seconds, minutes, hours, weeks, months, years). Else a usage error.
    """
    word = text.strip()
    seconds = _SECONDS.fullmatch(word)
    if seconds and (word.startswith("@") or seconds[2]):
        sign = -1 if seconds[2] == "-" else 1
        offset = sign * (int(seconds[3] or 0) * 60 + int(seconds[4] or 0))
        return Timestamp(int(seconds[1]), offset)
    before = _ago(word.lower())
    if before is not None:
        return Timestamp(now.seconds - int(before.total_seconds()), now.offset)
    found = _calendar(word)
    if found is None:
        raise click.BadParameter(
            f"{text!r} is no time; write it as 2026-11-23, '2026-11-23 09:26', '3 days ago'",
            param_hint=option,
        )
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone(timedelta(minutes=now.offset)))
    zone = found.utcoffset() or timedelta()
    return Timestamp(int(found.timestamp()), int(zone.total_seconds()) // 60)


def _ago(word: str) -> timedelta | None:
    """How long before now, if a text says it so."""
    if word in ("now", "today"):
        return timedelta()
    if word == "yesterday":
        return timedelta(days=1)
    match = _AGO.fullmatch(word)
    if match is None or len(match[1]) > 6:
        return None
    return int(match[1]) * _UNITS[match[2]]


def _calendar(word: str) -> datetime | None:
    """A date of the calendar, or None; a year that no clock of this machine holds is none."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(word)
            found.timestamp()
        except (ValueError, TypeError, OverflowError, OSError):
            continue
        return found
    return None
