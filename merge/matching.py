"""Which elements of two sequences belong together: the matching under diff and diff3.

Idea.        Elements become small integers. Common ends are cut off. Elements that occur once on
             either side are anchors: a longest increasing run of them splits the rest into boxes,
             and what is unique within a box anchors in its turn (patience diff). Where nothing is
             unique, Myers' greedy search finds a shortest edit script; a script of more than
             `cap` edits is taken in stretches, each ending at the point furthest on.
             At last, an insertion or deletion that could stand in several places moves down.
Invariant.   Runs never cross: in order of base they are in order of other, too.
Cost.        Time O(n log n) plus O(n * cap) for what has no anchors; memory O(n + cap**2).
Result.      Runs (base, other, length) of equal elements, each of at least one element, no two
             of them touching on both sides.
Source.      Myers, An O(ND) Difference Algorithm and Its Variations, 1986; B. Cohen, patience diff.
Not handled. Moves: of two blocks that changed places one is matched, the other is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain, compress, count, islice
from operator import lt, ne
from typing import TypeAlias

from pyvcs.merge.shortest import shortest_pairs

Run: TypeAlias = tuple[int, int, int]
Box: TypeAlias = tuple[int, int, int, int, int]

MAX_ROUNDS = 24
"""How often a box is split at anchors before the greedy search takes over: keeps time linear."""


def interned(*sequences: Sequence[Hashable]) -> list[list[int]]:
    """The sequences as lists of integers: equal elements get the same one."""
    ids = dict(zip(dict.fromkeys(chain.from_iterable(sequences)), count(), strict=False))
    return [list(map(ids.__getitem__, sequence)) for sequence in sequences]


def matched_runs(a: list[int], b: list[int]) -> list[Run]:
    """The runs that a and b have in common; see the head of this file."""
    runs: list[Run] = []
    boxes: list[Box] = [(0, len(a), 0, len(b), 0)]
    while boxes:
        a0, a1, b0, b1, round_ = boxes.pop()
        part_a, part_b = a[a0:a1], b[b0:b1]
        head = common_start(part_a, part_b)
        if head:
            runs.append((a0, b0, head))
        if head in (a1 - a0, b1 - b0):
            continue
        part_a, part_b = part_a[head:], part_b[head:]
        tail = common_start(part_a[::-1], part_b[::-1])
        if tail:
            runs.append((a1 - tail, b1 - tail, tail))
            del part_a[-tail:], part_b[-tail:]
        if part_a and part_b:
            a0, b0, a1, b1 = a0 + head, b0 + head, a1 - tail, b1 - tail
            anchors = _anchors(part_a, part_b) if round_ < MAX_ROUNDS else []
            if anchors:
                boxes.extend(_split(anchors, (a0, a1, b0, b1, round_ + 1), runs))
            else:
                runs.extend((a0 + i, b0 + j, 1) for i, j in shortest_pairs(part_a, part_b))
    runs.sort()
    return _slid(a, b, _joined(runs))


def common_start(a: Sequence[int], b: Sequence[int]) -> int:
    """How many elements a and b begin with alike."""
    return next(compress(count(), map(ne, a, b)), min(len(a), len(b)))


def _anchors(a: list[int], b: list[int]) -> list[tuple[int, int]]:
    """Pairs of places of elements that occur once in a and once in b, as many as do not cross."""
    seen_a, seen_b = Counter(a), Counter(b)
    unique = {x for x, times in seen_a.items() if times == 1 and seen_b.get(x) == 1}
    if not unique:
        return []
    place_a = dict(zip(a, count(), strict=False))
    places_b = [j for j, x in enumerate(b) if x in unique]
    places_a = [place_a[b[j]] for j in places_b]
    if all(map(lt, places_a, islice(places_a, 1, None))):
        return list(zip(places_a, places_b, strict=True))
    return [(places_a[n], places_b[n]) for n in longest_increasing(places_a)]


def longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Where a longest strictly increasing selection of numbers stands; numbers are distinct.

    >>> longest_increasing([0, 3, 4, 1, 2, 5])
    [0, 3, 4, 5]
    """
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, number in enumerate(numbers):
        pile = bisect_left(tails, number)
        before.append(ends[pile - 1] if pile else -1)
        tails[pile : pile + 1] = [number]
        ends[pile : pile + 1] = [n]
    chosen: list[int] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        chosen.append(n)
        n = before[n]
    chosen.reverse()
    return chosen


def _split(anchors: list[tuple[int, int]], box: Box, runs: list[Run]) -> list[Box]:
    """Adds the anchors of a box to the runs; gives the boxes between them."""
    a0, a1, b0, b1, round_ = box
    boxes: list[Box] = []
    start, i0, j0 = a0, a0, b0
    for i, j in [*((a0 + i, b0 + j) for i, j in anchors), (a1, b1)]:
        if i == i0 and j == j0 and i < a1:
            i0, j0 = i + 1, j + 1  # goes on from the anchor before
            continue
        if start < i0:
            runs.append((start, j0 - (i0 - start), i0 - start))
        if i0 < i and j0 < j:
            boxes.append((i0, i, j0, j, round_))
        start, i0, j0 = i, i + 1, j + 1
    return boxes


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Sorted runs, those that touch on both sides made one."""
    joined: list[Run] = []
    start_a = start_b = end_a = end_b = 0
    for a, b, length in runs:
        if a == end_a and b == end_b:
            end_a, end_b = a + length, b + length
            continue
        if end_a > start_a:
            joined.append((start_a, start_b, end_a - start_a))
        start_a, start_b, end_a, end_b = a, b, a + length, b + length
    if end_a > start_a:
        joined.append((start_a, start_b, end_a - start_a))
    return joined


def _slid(a: list[int], b: list[int], runs: list[Run]) -> list[Run]:
    """Runs in which a pure insertion or deletion stands as far down as it can.

    Of `x y x y`, one pair of which was inserted, the second pair is then always called new: both
    sides of a merge make the same choice.
    """
    slid: list[Run] = []
    start_a = start_b = length = 0
    for next_a, next_b, next_length in runs:
        end_a, end_b = start_a + length, start_b + length
        if next_a == end_a:
            steps = _steps(b, end_b, next_b, next_length)
        elif next_b == end_b:
            steps = _steps(a, end_a, next_a, next_length)
        else:
            steps = 0
        length += steps
        if steps < next_length:
            if length:
                slid.append((start_a, start_b, length))
            start_a, start_b, length = next_a + steps, next_b + steps, next_length - steps
    if length:
        slid.append((start_a, start_b, length))
    return _joined(slid)


def _steps(sequence: list[int], start: int, stop: int, most: int) -> int:
    """How far down the elements from start to stop can slide, at most `most` steps."""
    steps = 0
    while steps < most and sequence[start + steps] == sequence[stop + steps]:
        steps += 1
    return steps
