"""Where two long sequences surely belong together, so that only what lies between is searched.

Idea.        An element that occurs once on either side, and whose order among such elements is the
             same on both, is an anchor. A stretch of equal elements with anchors at both ends needs
             no search, when it is long enough to outweigh any other match.
Invariant.   Firm stretches, and the boxes between them, follow each other on both sides.
Cost.        Linear, and that of the search in the boxes, see shortest.py.
Result.      Runs (a, b, length) of equal elements, as shortest.py gives them.
Source.      Unique common elements are the anchors of Bram Cohen's patience diff; ours give way
             where elements moved, for there a shortest script may take either.
Not handled. A block of elements that each occur elsewhere has no anchors.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, compress, count
from operator import eq, ne, sub

from pyvcs.merge.shortest import Box, Run, shortest_runs

FIRM = 8
"""A stretch of so many equal elements, with an anchor at each end, needs no search."""


def anchored_runs(a: Sequence[int], b: Sequence[int]) -> list[Run]:
    """The runs of equal elements that a short edit script from a to b keeps, in order.

    >>> anchored_runs([1, 0, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    [(1, 0, 1), (2, 2, 8)]
    """
    runs: list[Run] = []
    boxes: list[Box] = []
    i = j = 0
    for x, x_end, y in _firm_stretches(a, b):
        if i < x or j < y:
            boxes.append((i, x, j, y))
        runs.append((x, y, x_end - x))
        i, j = x_end, y + x_end - x
    if i < len(a) or j < len(b):
        boxes.append((i, len(a), j, len(b)))
    return sorted(runs + shortest_runs(a, b, boxes))


def _firm_stretches(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int, int]]:
    """Stretches of equal elements as start and end in a, and start in b."""
    xs, ys = _anchors(a, b)
    shifts = list(map(sub, xs, ys))
    turns = list(compress(count(1), map(ne, shifts, shifts[1:])))
    stretches: list[tuple[int, int, int]] = []
    for first, end in zip([0, *turns], [*turns, len(xs)], strict=True):
        if first < end and xs[end - 1] + 1 - xs[first] >= FIRM:
            stretches += _equal_stretches(a, b, xs[first:end], shifts[first])
    return stretches


def _equal_stretches(
    a: Sequence[int], b: Sequence[int], places: Sequence[int], shift: int
) -> list[tuple[int, int, int]]:
    """The firm stretches among anchors that are all shifted alike."""
    found: list[tuple[int, int, int]] = []
    start, end = places[0], places[-1] + 1
    if a[start:end] == b[start - shift : end - shift]:
        return [(start, end, start - shift)]
    last = start
    for place in places[1:]:
        if a[last:place] != b[last - shift : place - shift]:
            if last + 1 - start >= FIRM:
                found.append((start, last + 1, start - shift))
            start = place
        last = place
    if end - start >= FIRM:
        found.append((start, end, start - shift))
    return found


def _anchors(a: Sequence[int], b: Sequence[int]) -> tuple[list[int], list[int]]:
    """Where unique elements stand in a and in b, if all of them that come before do so in both."""
    at = dict(zip(a, count()))
    for element in {*_repeated(a, at), *_repeated(b, dict(zip(b, count())))}:
        at.pop(element, None)
    ys = list(compress(count(), map(at.__contains__, b)))
    xs = list(map(at.__getitem__, map(b.__getitem__, ys)))
    highest = list(accumulate(xs, max))
    lowest = list(accumulate(reversed(xs), min))[::-1]
    in_order = list(map(eq, highest, lowest))
    return list(compress(xs, in_order)), list(compress(ys, in_order))


def _repeated(elements: Sequence[int], last: dict[int, int]) -> set[int]:
    """The elements that occur more than once."""
    return set(compress(elements, map(ne, map(last.__getitem__, elements), count())))
