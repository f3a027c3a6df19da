"""Conflict markers: chunks of lines as text for people, and back.

Idea.        A conflict is written between lines of one repeated sign: `<` opens ours, `|` the base
             (styles diff3 and zdiff3), `=` theirs, `>` closes. Seven signs, as git has them, or one
             more than the longest run that the content itself begins a line with.
Invariant.   No line of the content begins with as many of a marker's signs as the markers have.
Cost.        Linear in the content.
Result.      Bytes from `render`; from `parse` the pieces that `render` wrote: plain content, and
             conflicts with their sides.
Source.      The layout is that of git merge-file (git-merge-file documentation, 2.39).
Not handled. A side that lacks its final newline gets one where a marker must follow; style merge
             does not show the base, so `parse` cannot give it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from pyvcs.merge.result import Chunk
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Literal, TypeAlias

Style: TypeAlias = "Literal['merge', 'diff3', 'zdiff3']"

STYLES: tuple[Style, ...] = ("merge", "diff3", "zdiff3")
"""merge: both sides; diff3: the base too; zdiff3: that, shrunk to where the sides differ."""

MARKER_LENGTH = 7
"""How many signs a marker has, unless the content calls for more."""

MOST_NESTED = 2
"""So many conflicts may be shown inside one another. Each level shows three versions of what is
inside: without a limit people who disagree for long enough would have a text of any size."""

_SIGNS = (b"<", b"|", b"=", b">")
_QUOTED = rb"(?m)^(<+|\|+|=+|>+)"


@dataclass(frozen=True, slots=True)
class Labels:
    """What the markers call base, ours and theirs: one line of text each, or ""."""

    base: str = "base"
    ours: str = "ours"
    theirs: str = "theirs"

    def __post_init__(self) -> None:
        for label in (self.base, self.ours, self.theirs):
            if "\n" in label or "\r" in label:
                raise ValueError(f"a label is one line, not {label!r}")

    def as_bytes(self) -> tuple[bytes, bytes, bytes]:
        """Base, ours and theirs as they stand behind the markers."""
        base, ours, theirs = (
            label.encode("utf-8", "surrogateescape")
            for label in (self.base, self.ours, self.theirs)
        )
        return base, ours, theirs


@dataclass(frozen=True, slots=True)
class Plain:
    """Content without markers."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Marked:
    """A conflict as the markers tell it; `base` is None in style merge."""

    base: bytes | None
    ours: bytes
    theirs: bytes


Piece: TypeAlias = Plain | Marked


def render(
    chunks: Iterable[Chunk[bytes]],
    *,
    labels: Labels,
    style: Style = "diff3",
    least: int = MARKER_LENGTH,
) -> bytes:
    """The chunks, whose elements are lines, as one text; conflicts stand between markers.

    Markers have the `least` length, which is 1 or more, or one that the content does not quote.
    """
    if least < 1:
        raise ValueError(f"a marker has at least one sign, not {least}")
    chunks = tuple(chunks)
    if not any(chunk.is_conflict for chunk in chunks):
        return b"".join(line for chunk in chunks for line in chunk.result)
    sides = (side for chunk in chunks for side in (chunk.base, chunk.ours, chunk.theirs))
    length = marker_length(chain.from_iterable(sides), least)
    out: list[bytes] = []
    for chunk in chunks:
        if chunk.is_conflict:
            _write_conflict(out, chunk, labels, style, length)
        else:
            out.extend(chunk.result)
    return b"".join(out)


def marker_length(contents: Iterable[bytes], least: int = MARKER_LENGTH) -> int:
    """How long markers must be, so that no line of the contents can be taken for one."""
    content = b"\n".join(contents)
    if not any(sign * least in content for sign in _SIGNS):
        return least
    import re  # heavy, and most texts do without: so everywhere here

    lengths = map(len, re.findall(_QUOTED, content))
    return max((least, *(length + 1 for length in lengths if length >= least)))


def _write_conflict(
    out: list[bytes], chunk: Chunk[bytes], labels: Labels, style: Style, length: int
) -> None:
    ours, theirs = chunk.ours, chunk.theirs
    head = tail = 0
    if style != "diff3":
        head = _common(ours, theirs)
        tail = _common(ours[head:][::-1], theirs[head:][::-1])
    end = _line_end((*chunk.base, *ours, *theirs))
    base_label, our_label, their_label = labels.as_bytes()
    out.extend(ours[:head])
    out.append(_marker(b"<", length, our_label, end))
    _write_side(out, ours[head : len(ours) - tail], end)
    if style != "merge":
        out.append(_marker(b"|", length, base_label, end))
        _write_side(out, chunk.base, end)
    out.append(_marker(b"=", length, b"", end))
    _write_side(out, theirs[head : len(theirs) - tail], end)
    out.append(_marker(b">", length, their_label, end))
    out.extend(ours[len(ours) - tail :])


def _write_side(out: list[bytes], lines: Sequence[bytes], end: bytes) -> None:
    out.extend(lines)
    if lines and not lines[-1].endswith(b"\n"):
        out.append(end)


def _common(ours: Sequence[bytes], theirs: Sequence[bytes]) -> int:
    """How many lines both begin with alike."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((n for n, (x, y) in pairs if x != y), min(len(ours), len(theirs)))


def _line_end(lines: Sequence[bytes]) -> bytes:
    """CRLF when every line that ends does so with CRLF; symmetric in the sides."""
    ended = [line for line in lines if line.endswith(b"\n")]
    return b"\r\n" if ended and all(line.endswith(b"\r\n") for line in ended) else b"\n"


def _marker(sign: bytes, length: int, label: bytes, end: bytes) -> bytes:
    return sign * length + (b" " + label if label else b"") + end


def parse(content: bytes, *, labels: Labels | None = None) -> tuple[Piece, ...]:
    """The pieces of a text with markers, in order; one Plain when it has no whole conflict.

    The length of the markers is that of the longest opening marker, for `render` makes markers
    longer than those that the content quotes. With labels, only markers that bear them count.
    """
    import re

    label = rb"(?: [^\r\n]*)?" if labels is None else _labelled(labels.as_bytes()[1])
    openings = re.findall(rb"^(<{7,})%s\r?$" % label, content, re.MULTILINE)
    if not openings:
        return (Plain(content),) if content else ()
    pieces: list[Piece] = []
    done = 0
    for found in _conflict_pattern(max(map(len, openings)), labels).finditer(content):
        if done < found.start():
            pieces.append(Plain(content[done : found.start()]))
        pieces.append(Marked(found["base"], found["ours"], found["theirs"]))
        done = found.end()
    if done < len(content):
        pieces.append(Plain(content[done:]))
    return tuple(pieces)


def _labelled(label: bytes) -> bytes:
    """The pattern of what follows a marker's signs."""
    import re

    return re.escape(b" " + label if label else b"")


def spans(content: bytes, open_conflicts: Sequence[Labels]) -> list[tuple[int, int]]:
    """Where the conflicts with these labels stand in a text, sorted; of nested ones the outer."""
    import re

    found: list[tuple[int, int]] = []
    lengths = {len(run) for run in re.findall(rb"^<{7,}", content, re.MULTILINE)}
    for length in sorted(lengths, reverse=True):
        for labels in open_conflicts:
            if _marker(b"<", length, labels.as_bytes()[1], b"") not in content:
                continue  # of a hundred open conflicts few stand here: a pattern costs more
            for match in _conflict_pattern(length, labels).finditer(content):
                start, end = match.span()
                if all(end <= first or last <= start for first, last in found):
                    found.append((start, end))
    return sorted(found)


def is_nested_deeply(content: bytes) -> bool:
    """Whether a text shows conflicts inside conflicts more than MOST_NESTED deep.

    Each level makes markers longer by one, and shows up to three versions of what is inside.
    """
    return b"<" * (MARKER_LENGTH + MOST_NESTED + 1) in content


def _conflict_pattern(length: int, labels: Labels | None) -> re.Pattern[bytes]:
    """Matches one conflict; a side is lines none of which is a marker, so time is linear."""
    import re

    def marker(sign: bytes, label: bytes | None) -> bytes:
        text = rb"(?: [^\r\n]*)?" if label is None else _labelled(label)
        return rb"%s{%d}%s\r?" % (re.escape(sign), length, text)

    base, ours, theirs = labels.as_bytes() if labels else (None, None, None)
    line = rb"(?:(?!(?:<|\||=|>){%d})[^\n]*\n)*+" % length
    pattern = (
        rb"^%s\n(?P<ours>%s)" % (marker(b"<", ours), line)
        + rb"(?:%s\n(?P<base>%s))?" % (marker(b"|", base), line)
        + rb"%s\n(?P<theirs>%s)" % (marker(b"=", b""), line)
        + rb"%s(?:\n|\Z)" % marker(b">", theirs)
    )
    return re.compile(pattern, re.MULTILINE)
