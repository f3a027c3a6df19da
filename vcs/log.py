"""The commits that a log shows: a range of them, filtered, or those that changed some files."""

from __future__ import annotations

from pyvcs.history import LogEntry
from pyvcs.objects.commit import Commit
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which commits are shown: those to which all of this applies.

    `since` and `until` are seconds since 1970, of the committer. One of `authors` must be found in
    the author (`Name <address>`), one of `messages` in the message. `merges` True: only commits of
    several parents, False: only others.
    """

    since: int | None = None
    until: int | None = None
    authors: tuple[re.Pattern[str], ...] = ()
    messages: tuple[re.Pattern[str], ...] = ()
    merges: bool | None = None

    def passes(self, commit: Commit) -> bool:
        """Whether a commit is shown."""
        seconds = commit.committed.seconds
        return (
            (self.since is None or seconds >= self.since)
            and (self.until is None or seconds <= self.until)
            and (self.merges is None or self.merges == (len(commit.parents) > 1))
            and _found(self.authors, "" if commit.author is None else str(commit.author))
            and _found(self.messages, commit.message)
        )


def _found(patterns: Sequence[re.Pattern[str]], text: str) -> bool:
    return not patterns or any(pattern.search(text) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Step:
    """One commit of a walk. `parents` are those that the walk goes on with.

    `names` are the paths, as they are called there, that the walk was to look at.
    """

    oid: Oid
    commit: Commit
    parents: tuple[Oid, ...]
    is_shown: bool
    names: frozenset[bytes] = frozenset()


def walk(
    replica: Replica,
    tips: Collection[Oid],
    *,
    hidden: Collection[Oid] = (),
    paths: Collection[bytes] = (),
    shown: LogFilter | None = None,
    by_lines: bool = False,
) -> Iterator[Step]:
    """The commits that `tips` reach and `hidden` do not, as a stream, children before parents.

    Those that the filter leaves out, or that did not change `paths`, come too, as not shown: a
    graph needs them. `by_lines` keeps lines of work together, else the latest comes first; with
    `paths` it always does.
    """
    history = replica.history
    within = set(history.missing(wants=tips, haves=hidden)) if hidden else None
    filters = shown or LogFilter()
    if paths:
        yield from _walk_paths(replica, tips, within, paths, filters)
        return

    def parents_to_show(entry: LogEntry) -> tuple[Oid, ...]:
        return _inside(entry.commit.parents, within)

    start = _inside(tips, within)
    ordered = history.by_lines if by_lines else history.log
    for entry in ordered(start, None if within is None else parents_to_show):
        passes = filters.passes(entry.commit)
        yield Step(entry.oid, entry.commit, parents_to_show(entry), passes)


def _walk_paths(
    replica: Replica,
    tips: Collection[Oid],
    within: Collection[Oid] | None,
    paths: Collection[bytes],
    filters: LogFilter,
) -> Iterator[Step]:
    from pyvcs.path_history import PathHistory

    followed = PathHistory(replica.store, paths)
    parents_of: dict[Oid, tuple[Oid, ...]] = {}

    def parents_to_follow(entry: LogEntry) -> tuple[Oid, ...]:
        return parents_of.pop(entry.oid)  # the walk asks after it has given out the entry

    start = _inside(tips, within)
    for entry in replica.history.log(start, parents_to_follow):
        changed, parents, names = followed.look(entry.oid, entry.commit)
        parents_of[entry.oid] = _inside(parents, within)
        is_shown = changed and filters.passes(entry.commit)
        yield Step(entry.oid, entry.commit, parents_of[entry.oid], is_shown, names)


def _inside(commits: Collection[Oid], within: Collection[Oid] | None) -> tuple[Oid, ...]:
    return tuple(oid for oid in commits if within is None or oid in within)
