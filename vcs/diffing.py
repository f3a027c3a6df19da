"""Differences between two commits, or a commit and the working tree, as text hunks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from pyvcs.changes import changes, oid_of_file
from pyvcs.merge.diff import Hunk, diff
from pyvcs.merge.text import is_binary, split_lines
from pyvcs.objects.listing import File, commit_differences
from pyvcs.objects.oid import Oid
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.worktree import is_below

CONTEXT = 3
"""Lines shown before and after a change."""

MAX_DIFF_BYTES = 16 * 1024 * 1024
"""Larger files are named as different, and not shown line by line."""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One path at which two sides differ; None where a side has no file there.

    `old` and `new` give the whole content when it is asked for.
    """

    path: bytes
    before: File | None
    after: File | None
    old: Callable[[], bytes]
    new: Callable[[], bytes]
    too_large: bool = False

    @property
    def word(self) -> str:
        """What happened: added, deleted, mode or modified."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "deleted"
        return "mode" if self.before[1] == self.after[1] else "modified"


def diff_commits(
    replica: Replica, before: Oid | None, after: Oid | None, paths: Collection[bytes] = ()
) -> Iterator[FileDiff]:
    """How `after` differs from `before` (None: nothing), at or below `paths`."""
    store = replica.store
    for path, old, new in commit_differences(store, before, after):
        if _wanted(path, paths):
            large = any(file and store.blob_size(file[1]) > MAX_DIFF_BYTES for file in (old, new))
            yield FileDiff(path, old, new, _content(replica, old), _content(replica, new), large)


def diff_worktree(
    replica: Replica, before: Oid | None, paths: Collection[bytes] = ()
) -> Iterator[FileDiff]:
    """How the working tree differs from the commit `before`, at or below `paths`.

    New files count when they are not ignored, as they do for a commit.
    """
    worktree = replica.worktree
    cache = StatCache.load(replica.backend, replica.store, before)
    for change in changes(worktree, cache):
        if not _wanted(change.path, paths):
            continue
        found = change.found
        after = None if found is None else (found.mode, oid_of_file(worktree, found))
        large = found is not None and found.stat.size > MAX_DIFF_BYTES
        if change.before is not None:
            large |= replica.store.blob_size(change.before[1]) > MAX_DIFF_BYTES
        new = _nothing if found is None else worktree.reader(found)
        old = _content(replica, change.before)
        yield FileDiff(change.path, change.before, after, old, new, large)


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines a change adds and removes (None: no text, or too large), and bytes before
    and after."""

    added: int | None
    removed: int | None
    before: int
    after: int


def count_lines(file: FileDiff) -> LineCounts:
    """The size of a change; that of files over MAX_DIFF_BYTES in bytes only."""
    old, new = file.old(), file.new()
    if file.too_large or is_binary(old) or is_binary(new):
        return LineCounts(None, None, len(old), len(new))
    hunks = diff(split_lines(old), split_lines(new))
    added = sum(len(hunk.added) for hunk in hunks)
    removed = sum(len(hunk.removed) for hunk in hunks)
    return LineCounts(added, removed, len(old), len(new))


def unified(file: FileDiff) -> Iterator[str | bytes]:
    """The lines of a unified diff of one file: headers as text, content as bytes with its ends.

    A file that holds NUL bytes, or is larger than MAX_DIFF_BYTES, is named and not shown.
    """
    name = file.path
    yield from _headers(file)
    if file.word == "mode":
        return
    if file.too_large:
        yield "Files differ, and are too large to be shown\n"
        return
    old, new = file.old(), file.new()
    if is_binary(old) or is_binary(new):
        yield f"Binary files differ ({len(old)} and {len(new)} bytes)\n"
        return
    yield b"--- " + (b"/dev/null" if file.before is None else b"a/" + name) + b"\n"
    yield b"+++ " + (b"/dev/null" if file.after is None else b"b/" + name) + b"\n"
    yield from unified_lines(split_lines(old), split_lines(new))


def _headers(file: FileDiff) -> Iterator[str | bytes]:
    yield b"diff a/" + file.path + b" b/" + file.path + b"\n"
    if file.before is None and file.after is not None:
        yield f"new {file.after[0].word}\n"
    elif file.after is None and file.before is not None:
        yield f"deleted {file.before[0].word}\n"
    elif file.before and file.after and file.before[0] is not file.after[0]:
        yield f"old mode {file.before[0].word}\nnew mode {file.after[0].word}\n"


def unified_lines(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[str | bytes]:
    """The hunks of a unified diff, with CONTEXT lines around each change."""
    for group in _groups(diff(old, new)):
        start = max(0, group[0].base_start - CONTEXT)
        other = max(0, group[0].other_start - CONTEXT)
        last = group[-1]
        end = min(len(old), last.base_start + len(last.removed) + CONTEXT)
        other_end = min(len(new), last.other_start + len(last.added) + CONTEXT)
        yield f"@@ -{_range(start, end)} +{_range(other, other_end)} @@\n"
        at = start
        for hunk in group:
            yield from (_line(b" ", line) for line in old[at : hunk.base_start])
            yield from (_line(b"-", line) for line in hunk.removed)
            yield from (_line(b"+", line) for line in hunk.added)
            at = hunk.base_start + len(hunk.removed)
        yield from (_line(b" ", line) for line in old[at:end])


def _groups(hunks: Sequence[Hunk[bytes]]) -> Iterator[list[Hunk[bytes]]]:
    """Hunks whose contexts touch, together."""
    group: list[Hunk[bytes]] = []
    for hunk in hunks:
        if group:
            end = group[-1].base_start + len(group[-1].removed)
            if hunk.base_start - end > 2 * CONTEXT:
                yield group
                group = []
        group.append(hunk)
    if group:
        yield group


def _range(start: int, end: int) -> str:
    length = end - start
    first = start + 1 if length else start
    return f"{first}" if length == 1 else f"{first},{length}"


def _line(sign: bytes, line: bytes) -> bytes:
    end = b"" if line.endswith(b"\n") else b"\n\\ No newline at end of file\n"
    return sign + line + end


def _wanted(path: bytes, paths: Collection[bytes]) -> bool:
    return not paths or any(is_below(path, wanted) for wanted in paths)


def _content(replica: Replica, file: File | None) -> Callable[[], bytes]:
    return _nothing if file is None else lambda: replica.store.blob(file[1])


def _nothing() -> bytes:
    return b""
