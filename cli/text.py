"""Values as lines for people."""

from __future__ import annotations

from time import gmtime, localtime, strftime

from pyvcs.cli.output import path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from time import struct_time

    from pyvcs.objects.commit import Commit, Timestamp
    from pyvcs.objects.conflict import Conflict
    from pyvcs.objects.oid import Oid
    from pyvcs.tagging import TagEntry


def time_text(time: Timestamp) -> str:
    """A time as git shows it: `Mon Nov 23 09:26:22 2026 +0000`."""
    date = _date(gmtime, time.seconds + 60 * time.offset, "%a %b %e %H:%M:%S %Y")
    return f"{date or f'@{time.seconds}'} {time.zone}"


def names_text(branches: Collection[str], tags: Collection[TagEntry] = ()) -> str:
    """The names of a commit in brackets: ` (main, tag: v1)`; nothing when it has none."""
    notes = ("" if tag.is_settled else f" (one of {len(set(tag.targets))})" for tag in tags)
    names = [*branches, *(f"tag: {tag.name}{note}" for tag, note in zip(tags, notes, strict=True))]
    return f" ({', '.join(names)})" if names else ""


def when_text(milliseconds: int) -> str:
    """A moment in the time of this machine, to the second: `2026-11-23 09:26:22`."""
    seconds = milliseconds // 1000
    return _date(localtime, seconds, "%Y-%m-%d %H:%M:%S") or f"@{seconds}"


def _date(clock: Callable[[int], struct_time], seconds: int, form: str) -> str | None:
    """A date of the calendar, or None for one before the year 1, or after 9999.

    `datetime` would do the same, and takes longer to load than a `log` of ten commits to print.
    """
    try:
        moment = clock(seconds)
    except (OverflowError, ValueError, OSError):
        return None
    return strftime(form, moment) if 1 <= moment.tm_year <= 9999 else None


def commit_lines(oid: Oid, commit: Commit, names: str = "") -> list[str]:
    """A commit as `log` and `show` print it."""
    lines = [f"commit {oid}{names}"]
    if len(commit.parents) > 1:
        lines.append("Merge:  " + " ".join(parent.short() for parent in commit.parents))
    if commit.is_canonical:
        lines.append(f"Kind:   canonical merge, engine {commit.engine}")
    else:
        lines.append(f"Author: {commit.author}")
    lines.append(f"Date:   {time_text(commit.authored)}")
    if commit.conflicts:
        lines.append(f"Conflicts: {len(commit.conflicts)}")
    message = commit.message.rstrip("\n").split("\n")
    return [*lines, "", *(f"    {line}".rstrip() for line in message), ""]


def conflict_line(conflict: Conflict) -> str:
    """A conflict on one line: kind, path, the place inside a document, and other paths."""
    place = "" if conflict.pointer is None else f" at {conflict.pointer or 'the top'}"
    path, *others = map(path_text, conflict.paths)
    also = f" (renamed: {', '.join(others)})" if others else ""
    return f"{conflict.kind}: {path}{place}{also}"


def some_paths(paths: Collection[bytes], most: int = 5) -> str:
    """Paths on one line, the first few of many."""
    more = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(path_text(path) for path in list(paths)[:most]) + more


def counted(number: int, noun: str) -> str:
    """`1 commit`, `2 commits`, `3 branches`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun}es" if noun.endswith("ch") else f"{number:,} {noun}s"
