r"""How much of one content is in another: the one measure by which renames are found.

Idea.        Cut both into spans, at line ends and after 64 bytes, and count the bytes of the spans
             that both have, as often as both have them; their share of the longer content.
Invariant.   Symmetric; all of it for equal contents, none for contents without a common span.
Cost.        Linear in both contents.
Result.      Points out of MOST_ALIKE.
Source.      git diffcore-delta.c and diffcore-rename.c (`estimate_similarity`).
Not handled. The order of the spans.
"""

from __future__ import annotations

from collections import Counter

from pyvcs.merge.text import is_binary
from pyvcs.objects.values import dataclass

MOST_ALIKE = 60_000
"""The points of equal contents."""

ALIKE = MOST_ALIKE // 2
"""The points from which one file may come from another: 50 %, as in git."""

NAMESAKES_ALIKE = MOST_ALIKE * 3 // 4
"""The points that settle it at once for files which alone bear a name: 75 %, as in git."""

MOST_BYTES = 16 * 1024 * 1024
"""Larger contents are only compared whole."""

_SPAN = rb"[^\n]{0,63}\n|[^\n]{1,64}"


@dataclass(frozen=True, slots=True)
class Spans:
    """A content as a bag of spans, and its length in bytes."""

    size: int
    counts: Counter[bytes]


def spans_of(content: bytes) -> Spans:
    r"""The spans of a content. A text has them alike with any line ends.

    >>> sorted(spans_of(b"a\r\nb\na\n").counts.items())
    [(b'a\n', 2), (b'b\n', 1)]
    """
    import re  # most changes are no renames: nobody measures

    text = content if is_binary(content) else content.replace(b"\r\n", b"\n")
    return Spans(len(content), Counter(re.findall(_SPAN, text)))


def may_be_alike(size: int, other: int, least: int = ALIKE) -> bool:
    """Whether contents of these lengths can be `least` alike at all."""
    longer, shorter = (size, other) if size > other else (other, size)
    return longer * (MOST_ALIKE - least) >= (longer - shorter) * MOST_ALIKE


def similarity(old: Spans, new: Spans, least: int = ALIKE) -> int:
    r"""The points of two contents; 0 where their lengths tell that there are not `least`.

    >>> similarity(spans_of(b"a\nb\n"), spans_of(b"b\nc\n"))
    30000
    """
    if not old.size or not new.size or not may_be_alike(old.size, new.size, least):
        return 0
    few, many = sorted((old.counts, new.counts), key=len)
    common = sum(len(span) * min(times, many[span]) for span, times in few.items() if span in many)
    return points(common, old.size, new.size)


def points(common: int, size: int, other: int) -> int:
    """The points for so many common bytes."""
    return common * MOST_ALIKE // max(size, other)
