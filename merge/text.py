"""Text merged line by line: bytes in, bytes out, every line with the end it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.markers import Labels, Style, render, spans
from pyvcs.merge.result import ConflictKind

__all__ = ["Labels", "LineConflict", "MergedText", "is_binary", "merge_text", "split_lines"]

BINARY_PROBE = 8_000
"""A NUL among this many first bytes makes a content binary, as in git."""


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
    open_conflicts: Sequence[Labels] = (),
) -> MergedText:
    """Merges the lines of ours and theirs, which both came from base.

    `open_conflicts` are the labels of conflicts that a side shows already: each is kept whole, as
    if it were one line, so that conflicts nest and never interleave.

    >>> merge_text(base=b"a\\nb\\nc\\n", ours=b"A\\nb\\nc\\n", theirs=b"a\\nb\\nC\\n").content
    b'A\\nb\\nC\\n'
    """
    lines = (_elements(side, open_conflicts) for side in (base, ours, theirs))
    chunks = diff3(**dict(zip(("base", "ours", "theirs"), lines, strict=True))).chunks
    conflicts: list[LineConflict] = []
    b = o = t = 0
    for chunk in chunks:
        if chunk.is_conflict:
            conflicts.append(LineConflict(b, o, t, chunk.base, chunk.ours, chunk.theirs))
        b, o, t = b + len(chunk.base), o + len(chunk.ours), t + len(chunk.theirs)
    content = render(chunks, labels=labels or Labels(), style=style)
    return MergedText(content, tuple(conflicts))
