"""Which words of changed lines changed, for a terminal to show."""

from __future__ import annotations

import re

from pyvcs.merge.diff import diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(rb"[\w\x80-\xff]+|[ \t]+|.", re.DOTALL)

_LEAST_COMMON = 0.3
"""Lines that have a smaller share of their bytes in common are just other lines."""

_MOST_WORDS = 5_000

Pieces = list[tuple[bytes, bool]]
"""A line in pieces, each with whether it changed."""


def changed_words(
    removed: Sequence[bytes], added: Sequence[bytes]
) -> tuple[list[Pieces], list[Pieces]] | None:
    """The removed and the added lines in pieces; None where words would tell nothing.

    >>> changed_words([b"some cat"], [b"some dog"])
    ([[(b'some ', False), (b'cat', True)]], [[(b'some ', False), (b'dog', True)]])
    """
    old, new = (_WORD.findall(b"".join(lines)) for lines in (removed, added))
    if not old or not new or len(old) + len(new) > _MOST_WORDS:
        return None
    hunks = diff(old, new)
    gone = {n for hunk in hunks for n in _span(hunk.base_start, hunk.removed)}
    come = {n for hunk in hunks for n in _span(hunk.other_start, hunk.added)}
    kept = sum(len(word) for n, word in enumerate(old) if n not in gone and not word.isspace())
    longer = max(sum(len(word) for word in side if not word.isspace()) for side in (old, new))
    if kept < _LEAST_COMMON * longer:
        return None
    return list(_lines(old, gone)), list(_lines(new, come))


def _span(start: int, words: Sequence[bytes]) -> range:
    return range(start, start + len(words))


def _lines(words: Sequence[bytes], changed: set[int]) -> Iterator[Pieces]:
    """The words put together again: line by line, and as long as they are alike."""
    line: Pieces = []
    for n, word in enumerate(words):
        is_changed = n in changed and word != b"\n"
        if line and line[-1][1] == is_changed:
            line[-1] = (line[-1][0] + word, is_changed)
        else:
            line.append((word, is_changed))
        if word == b"\n":
            yield line
            line = []
    if line:
        yield line
