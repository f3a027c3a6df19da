"""Text merged line by line: bytes in, bytes out, every line with the end it has."""

from __future__ import annotations

from collections.abc import Sequence

from pyvcs.merge.diff3 import Region, unstable_regions
from pyvcs.merge.diff3 import chunks as chunks_of
from pyvcs.merge.galloping import changes_of_both, merged_plainly
from pyvcs.merge.line_ends import turned_alike
from pyvcs.merge.markers import MARKER_LENGTH, Labels, Style, render, spans
from pyvcs.merge.plain_regions import plain_regions
from pyvcs.merge.refining import doubted, joined, shrunk
from pyvcs.merge.result import Chunk, ConflictKind
from pyvcs.objects.values import dataclass

__all__ = ["Labels", "LineConflict", "MergedText", "is_binary", "merge_text", "split_lines"]

BINARY_PROBE = 8_000
"""A NUL among this many first bytes makes a content binary, as in git."""

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class LineConflict:
    """Lines that both sides changed. Each start counts lines from 0 in that version."""

    base_start: int
    ours_start: int
    theirs_start: int
    base: tuple[bytes, ...]
    ours: tuple[bytes, ...]
    theirs: tuple[bytes, ...]

    @property
    def kind(self) -> ConflictKind:
        """Always CONTENTS."""
        return ConflictKind.CONTENTS


@dataclass(frozen=True, slots=True)
class MergedText:
    """A merged text; where it is not clean, `content` shows the conflicts between markers."""

    content: bytes
    conflicts: tuple[LineConflict, ...]

    @property
    def is_clean(self) -> bool:
        """Whether there are no conflicts; markers that the content quotes do not count."""
        return not self.conflicts


def split_lines(content: bytes) -> list[bytes]:
    r"""The lines of a content with their ends; only a newline (or CRLF) ends a line.

    >>> split_lines(b"a\r\nb\rc\nd")
    [b'a\r\n', b'b\rc\n', b'd']
    """
    if b"\r" not in content:
        return content.splitlines(keepends=True)
    lines = content.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _elements(content: bytes, open_conflicts: Sequence[Labels]) -> list[bytes]:
    """The lines of a content, the conflicts that it shows each as one element."""
    if not open_conflicts:
        return split_lines(content)
    elements: list[bytes] = []
    done = 0
    for start, end in spans(content, open_conflicts):
        elements += [*split_lines(content[done:start]), content[start:end]]
        done = end
    return elements + split_lines(content[done:])


def is_binary(content: bytes) -> bool:
    """Whether a content is taken for something other than text."""
    return b"\0" in content[:BINARY_PROBE]


def merge_text(
    *,
    base: bytes,
    ours: bytes,
    theirs: bytes,
    labels: Labels | None = None,
    style: Style = "diff3",
    marker_length: int = MARKER_LENGTH,
    open_conflicts: Sequence[Labels] = (),
    agree: bool = True,
    shrink: bool = False,
    join: bool = False,
    longer: bool = False,
) -> MergedText:
    """Merges the lines of ours and theirs, which both came from base.

    Where git merges cleanly, so do we, with the same bytes. When a side turned the line ends of
    the whole text and the other edited it, the edits get these ends, too. Ask `is_binary` first:
    what it takes for no text (UTF-16, too) should not be merged by lines. Markers have
    `marker_length` signs, or more when the content quotes markers.

    Without `agree` the same change on both sides is a conflict, too: somebody should look at it.
    With `shrink` a conflict is split where both sides agree, and with `join` conflicts become one
    that have at most 3 lines between them, or none with a letter or digit: both together show, in
    style merge, what git does. Without, a conflict is all that diff3 found changed on both sides.

    With `longer`, of two insertions at one place the longer one stands, if it begins or ends with
    the other: what one side inserted both did, and the other one went on.

    `open_conflicts` are the labels of conflicts that a side shows already: each is kept whole, as
    if it were one line, so that conflicts nest and never interleave.

    >>> merge_text(base=b"a\\nb\\nc\\n", ours=b"A\\nb\\nc\\n", theirs=b"a\\nb\\nC\\n").content
    b'A\\nb\\nC\\n'
    """
    changes = None
    if agree and not open_conflicts:
        changes = changes_of_both(base=base, ours=ours, theirs=theirs)
        plain = None if changes is None else merged_plainly(base, changes)
        if plain is not None:
            return MergedText(plain, ())
    b, o, t = (_elements(side, open_conflicts) for side in (base, ours, theirs))
    regions = None if changes is None else plain_regions(base, changes, (b, o, t))
    merge = _merged_lines if agree else _merged_unless_alike
    merged, chunks = merge(b, o, t, regions or _searched(b, o, t))
    if merged is None and not open_conflicts:
        turned = turned_alike(base=base, ours=ours, theirs=theirs)
        if turned is not None:
            b, o, t = map(split_lines, turned)
            merged, chunks = merge(b, o, t, _searched(b, o, t))
    if merged is not None:
        return MergedText(b"".join(merged), ())
    if longer:
        from pyvcs.merge.insertions import with_longer_insertion

        chunks = tuple(map(with_longer_insertion, chunks))
        if not any(chunk.is_conflict for chunk in chunks):
            return MergedText(b"".join(line for chunk in chunks for line in chunk.result), ())
    if shrink:
        chunks = shrunk(chunks)
    if join:
        chunks = joined(chunks, is_bare=_is_bare)
    content = render(chunks, labels=labels or Labels(), style=style, least=marker_length)
    return MergedText(content, _conflicts(chunks))


def _searched(base: list[bytes], ours: list[bytes], theirs: list[bytes]) -> list[Region]:
    return unstable_regions(base=base, ours=ours, theirs=theirs, stays="second")


def _merged_lines(
    base: list[bytes], ours: list[bytes], theirs: list[bytes], regions: list[Region]
) -> tuple[list[bytes] | None, tuple[Chunk[bytes], ...]]:
    """The merged lines of a clean merge; else None, and the chunks."""
    merged: list[bytes] = []
    done = 0
    for b0, b1, o0, o1, t0, t1 in regions:
        our_lines = ours[o0:o1]
        if our_lines == base[b0:b1]:
            merged += ours[done:o0]
            merged += theirs[t0:t1]
            done = o1
        elif our_lines != (their_lines := theirs[t0:t1]) and their_lines != base[b0:b1]:
            return None, tuple(chunks_of(regions, base=base, ours=ours, theirs=theirs))
    merged += ours[done:]
    return merged, ()


def _merged_unless_alike(
    base: list[bytes], ours: list[bytes], theirs: list[bytes], regions: list[Region]
) -> tuple[list[bytes] | None, tuple[Chunk[bytes], ...]]:
    """The same, where a change that both sides made is in conflict."""
    chunks = doubted(chunks_of(regions, base=base, ours=ours, theirs=theirs))
    if any(chunk.is_conflict for chunk in chunks):
        return None, chunks
    return [line for chunk in chunks for line in chunk.result], ()


def _is_bare(line: bytes) -> bool:
    """Whether a line has neither letter nor digit."""
    return line.translate(None, _ALNUM) == line


def _conflicts(chunks: Sequence[Chunk[bytes]]) -> tuple[LineConflict, ...]:
    conflicts: list[LineConflict] = []
    b = o = t = 0
    for chunk in chunks:
        if chunk.is_conflict:
            conflicts.append(LineConflict(b, o, t, chunk.base, chunk.ours, chunk.theirs))
        b, o, t = b + len(chunk.base), o + len(chunk.ours), t + len(chunk.theirs)
    return tuple(conflicts)
