"""Where a change is best shown: lines put in or taken out, slid to where people see their sense.

Idea.        `def f` put in before `def g` may as well be shown as the end of one and the beginning
             of the other. Of all places where the lines could stand, that is taken whose two edges
             cut best: before a line of little indentation, behind a blank line.
Invariant.   A hunk only slides past lines equal to those that it leaves behind, so that the hunks
             make the same text as before, and never up to the next hunk.
Cost.        Linear in the lines that hunks slide past.
Result.      Hunks.
Source.      Cutting by indentation is the idea of Michael Haggerty's diff-slider-tools, of which
             git made its indent heuristic; the weights here are our own.
Not handled. A hunk that removes and adds stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyvcs.merge.diff import Hunk, diff
from pyvcs.merge.text import split_lines

TAB = 8
PER_COLUMN, NOT_BEHIND_BLANK, BEFORE_BLANK = 10, 5, 15
"""What a cut costs: for each column of indentation behind it; when no blank line is before it; when
one is behind it."""

FARTHEST = 100
"""So many lines a hunk slides at most, in each direction."""


def diff_text(base: bytes, other: bytes) -> tuple[Hunk[bytes], ...]:
    """The hunks of lines that make other out of base, where they read best.

    `patch` does them: `b"".join(patch(split_lines(base), hunks)) == other`.

    >>> diff_text(b"f:\\n  x\\n\\ng:\\n  x\\n", b"f:\\n  x\\n\\nh:\\n  x\\n\\ng:\\n  x\\n")[0].added
    (b'h:\\n', b'  x\\n', b'\\n')
    """
    before, after = split_lines(base), split_lines(other)
    return readable(before, after, diff(before, after))


def readable(
    base: Sequence[bytes], other: Sequence[bytes], hunks: Sequence[Hunk[bytes]]
) -> tuple[Hunk[bytes], ...]:
    """The hunks that make other out of base, each where it reads best."""
    placed: list[Hunk[bytes]] = []
    for n, hunk in enumerate(hunks):
        if hunk.removed and hunk.added:
            placed.append(hunk)
            continue
        lines = base if hunk.removed else other
        start = hunk.base_start if hunk.removed else hunk.other_start
        size = len(hunk.removed) + len(hunk.added)
        lowest = placed[-1].base_start + len(placed[-1].removed) if placed else -1
        highest = hunks[n + 1].base_start if n + 1 < len(hunks) else len(base) + 1
        stop = hunk.base_start + len(hunk.removed)
        up = _slack(lines, start - 1, start + size - 1, -1, hunk.base_start - lowest - 1)
        down = _slack(lines, start, start + size, 1, highest - stop - 1)
        at = min(
            range(start - up, start + down + 1),
            key=lambda place: (_cost(lines, place) + _cost(lines, place + size), -place),
        )
        moved = tuple(lines[at : at + size])
        removed, added = (moved, ()) if hunk.removed else ((), moved)
        shift = at - start
        placed.append(Hunk(hunk.base_start + shift, hunk.other_start + shift, removed, added))
    return tuple(placed)


def _slack(lines: Sequence[bytes], one: int, other: int, step: int, most: int) -> int:
    """How far, in a direction, the lines at two places stay equal."""
    done = 0
    while done < min(most, FARTHEST) and one >= 0 and other < len(lines):
        if lines[one] != lines[other]:
            break
        one, other, done = one + step, other + step, done + 1
    return done


def _cost(lines: Sequence[bytes], place: int) -> int:
    """How badly a cut before the line at a place reads."""
    if place >= len(lines):
        return 0
    behind_blank = place == 0 or not lines[place - 1].strip()
    before_blank = not lines[place].strip()
    following = next((n for n in range(place, len(lines)) if lines[n].strip()), None)
    columns = 0 if following is None else _indentation(lines[following])
    return (
        PER_COLUMN * columns
        + (0 if behind_blank else NOT_BEHIND_BLANK)
        + (BEFORE_BLANK if before_blank else 0)
    )


def _indentation(line: bytes) -> int:
    """Columns of white space before the first sign of a line."""
    text = line.expandtabs(TAB)
    return len(text) - len(text.lstrip(b" "))
