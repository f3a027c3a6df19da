"""Differences between two commits, or a commit and the working tree, as text hunks."""

from __future__ import annotations

from pyvcs.changes import Change, changes, oid_of_file
from pyvcs.merge.diff import Hunk, diff
from pyvcs.merge.driver import json_form
from pyvcs.merge.readable import readable
from pyvcs.merge.text import is_binary, split_lines
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import File, commit_differences
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.worktree import is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from pyvcs.merge.json_patch import PatchStep

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
    size_before: int
    size_after: int
    source: bytes | None = None
    """The path before, of a file that was renamed."""

    @property
    def label(self) -> bytes:
        """The path, of a renamed file both."""
        return self.path if self.source is None else self.source + b" => " + self.path

    @property
    def too_large(self) -> bool:
        """Whether a side is over MAX_DIFF_BYTES."""
        return max(self.size_before, self.size_after) > MAX_DIFF_BYTES

    @property
    def letter(self) -> str:
        """What happened as git's letter: A, D, M, R, and X for a mode."""
        return "X" if self.word == "mode" else self.word[0].upper()

    @property
    def word(self) -> str:
        """What happened: added, deleted, renamed, mode or modified."""
        if self.source is not None:
            return "renamed"
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
            was, size = (0 if file is None else store.blob_size(file[1]) for file in (old, new))
            yield FileDiff(
                path, old, new, _content(replica, old), _content(replica, new), was, size
            )


def diff_worktree(
    replica: Replica, before: Oid | None, paths: Collection[bytes] = ()
) -> Iterator[FileDiff]:
    """How the working tree differs from the commit `before`, at or below `paths`.

    New files count when they are not ignored, as they do for a commit.
    """
    cache = StatCache.load(replica.backend, replica.store, before)
    for change in changes(replica.worktree, cache):
        if _wanted(change.path, paths):
            yield diff_of_change(replica, change)


def diff_of_change(replica: Replica, change: Change) -> FileDiff:
    """A change in the working tree with the contents on both sides."""
    worktree, found = replica.worktree, change.found
    after = None if found is None else (found.mode, oid_of_file(worktree, found))
    was = 0 if change.before is None else replica.store.blob_size(change.before[1])
    size = 0 if found is None else found.stat.size
    new = _nothing if found is None else worktree.reader(found)
    old = _content(replica, change.before)
    return FileDiff(change.path, change.before, after, old, new, was, size)


def changes_count_of(file: FileDiff, text: bytes) -> bool:
    """Whether a text is in the file more often on one side than on the other."""
    return file.old().count(text) != file.new().count(text)


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
    nothing = LineCounts(None, None, file.size_before, file.size_after)
    if file.too_large:
        return nothing
    old, new = file.old(), file.new()
    if is_binary(old) or is_binary(new):
        return nothing
    hunks = diff(split_lines(old), split_lines(new))
    added = sum(len(hunk.added) for hunk in hunks)
    removed = sum(len(hunk.removed) for hunk in hunks)
    return LineCounts(added, removed, file.size_before, file.size_after)


def json_changes(file: FileDiff) -> tuple[PatchStep, ...] | None:
    """The changes of a JSON document, of whatever form; None when a side is not there or is none.

    Done to the value before, their operations give the value after.
    """
    if json_form(file.path) is None or file.word not in ("modified", "renamed"):
        return None
    if file.too_large or (file.before and file.after and file.before[1] == file.after[1]):
        return None
    if Mode.SYMLINK in (side[0] for side in (file.before, file.after) if side):
        return None
    from pyvcs.merge.json_diff import diff_json
    from pyvcs.merge.json_document import read_document
    from pyvcs.merge.json_patch import patch_steps
    from pyvcs.merge.json_value import NotJson

    sides = ((file.source or file.path, file.old), (file.path, file.new))
    try:
        before, after = (read_document(name, side()) for name, side in sides)
    except NotJson:
        return None
    return patch_steps(before, diff_json(before, after))


def unified(file: FileDiff, *, text: bool = False) -> Iterator[str | bytes]:
    """The lines of a unified diff of one file: headers as text, content as bytes with its ends.

    A file that holds NUL bytes (unless it is to be taken for `text`), or is larger than
    MAX_DIFF_BYTES, is named with its size and not shown.
    """
    name = file.path
    yield from headers(file)
    if file.before and file.after and file.before[1] == file.after[1]:
        return
    if file.too_large:
        sizes = f"{file.size_before:,} and {file.size_after:,} bytes"
        yield f"Files differ, and are too large to be shown ({sizes})\n"
        return
    old, new = file.old(), file.new()
    if not text and (is_binary(old) or is_binary(new)):
        yield f"Binary files differ ({len(old)} and {len(new)} bytes)\n"
        return
    yield b"--- " + (b"/dev/null" if file.before is None else b"a/" + (file.source or name)) + b"\n"
    yield b"+++ " + (b"/dev/null" if file.after is None else b"b/" + name) + b"\n"
    yield from unified_lines(split_lines(old), split_lines(new))


def headers(file: FileDiff) -> Iterator[str | bytes]:
    """The first lines of a difference: the path, and what happened to it as a whole."""
    yield b"diff a/" + (file.source or file.path) + b" b/" + file.path + b"\n"
    if file.source is not None:
        yield b"rename from " + file.source + b"\nrename to " + file.path + b"\n"
    if file.before is None and file.after is not None:
        yield f"new {file.after[0].word}\n"
    elif file.after is None and file.before is not None:
        yield f"deleted {file.before[0].word}\n"
    elif file.before and file.after and file.before[0] is not file.after[0]:
        yield f"old mode {file.before[0].word}\nnew mode {file.after[0].word}\n"


def unified_lines(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[str | bytes]:
    """The hunks of a unified diff, with CONTEXT lines around each change."""
    for group in _groups(readable(old, new, diff(old, new))):
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
