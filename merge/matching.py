"""Which elements of two sequences belong together: the matching under diff and diff3.

Idea.        Elements become small integers, and common ends are cut off. What the other side does
             not have is set aside, and so is what it has very often when that stands among such;
             Myers' search matches the rest. At last, changes that could stand in several places
             slide to one of them.
Invariant.   Runs never cross: in order of base they are in order of other, too.
Cost.        O(n) plus that of the search, see shortest.py: linear when few elements moved.
Result.      Runs (base, other, length) of equal elements, each of at least one element, no two
             of them touching on both sides.
Source.      Myers, An O(ND) Difference Algorithm and Its Variations, 1986; what is set aside is
             what GNU diff and git set aside, so that a merge sees the hunks that git sees.
Not handled. Moves: of two blocks that changed places one is matched, the other is not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import compress, count, repeat

from pyvcs.merge.shortest import Run, common_end, common_start, rough_root, shortest_runs
from pyvcs.merge.sliding import Gap, slid

OFTEN = 1024
"""An element that the other side has so often, or as often as the root of its size, is common."""

AROUND = 100
"""How far around a common element is looked for what the other side does not have."""

ALONE, MATCHED, COMMON = 0, 1, 2

_CHANGED = re.compile(rb"\0+")
_FROM_A_CHANGE = re.compile(rb"\0[\0\2]*+")


def interned(*sequences: Sequence[Hashable]) -> list[list[int]]:
    """The sequences as lists of integers: equal elements get the same one."""
    ids: dict[Hashable, int] = {}
    numbers = count()
    return [list(map(ids.setdefault, sequence, numbers)) for sequence in sequences]


def matched_runs(a: list[int], b: list[int]) -> list[Run]:
    """The runs that a and b have in common; see the head of this file."""
    gaps_a, gaps_b = _compared(a, b)
    gaps_a = slid(a, gaps_a, {kept for kept, _ in gaps_b})
    gaps_b = slid(b, gaps_b, {kept for kept, _ in gaps_a})
    return _runs(gaps_a, gaps_b, len(a))


def _compared(a: list[int], b: list[int]) -> tuple[list[Gap], list[Gap]]:
    """The changes of a and of b, before they slide."""
    head = common_start(a, 0, len(a), b, 0, len(b))
    tail = common_end(a, head, len(a), b, head, len(b))
    a1, b1 = len(a) - tail, len(b) - tail
    if head in (a1, b1):
        return _gaps(head, bytes(a1 - head)), _gaps(head, bytes(b1 - head))
    part_a, part_b = a[head:a1], b[head:b1]
    kept_a = _worth_matching(part_a, b, len(a))
    kept_b = _worth_matching(part_b, a, len(b))
    left_a, left_b = list(compress(part_a, kept_a)), list(compress(part_b, kept_b))
    if left_a != left_b:
        places_a, places_b = list(compress(count(), kept_a)), list(compress(count(), kept_b))
        i = j = 0
        for x, y, length in (*shortest_runs(left_a, left_b), (len(left_a), len(left_b), 0)):
            for place in places_a[i:x]:
                kept_a[place] = ALONE
            for place in places_b[j:y]:
                kept_b[place] = ALONE
            i, j = x + length, y + length
    return _gaps(head, kept_a), _gaps(head, kept_b)


def _worth_matching(part: list[int], other: list[int], size: int) -> bytearray:
    """A byte for each element of a part of a sequence of this size: whether to search for it."""
    there = set(other)
    kept = bytearray(map(there.__contains__, part))
    limit = min(OFTEN, rough_root(size))
    if len(other) - len(there) + 1 < limit:
        return kept
    common = {x for x, times in Counter(other).items() if times >= limit}
    if common.isdisjoint(part):
        return kept
    class_of = dict.fromkeys(there, MATCHED) | dict.fromkeys(common, COMMON)
    classes = bytes(map(class_of.get, part, repeat(ALONE)))
    for found in _FROM_A_CHANGE.finditer(classes):
        start, stop = found.span()
        place = classes.find(COMMON, start, stop)
        while place >= 0:
            kept[place] = not _is_amid_changes(classes, place)
            place = classes.find(COMMON, place + 1, stop)
    return kept


def _is_amid_changes(classes: bytes, place: int) -> bool:
    """Whether most elements around a common one, on both sides of it, have no match at all."""
    low, high = max(0, place - AROUND), min(len(classes), place + AROUND + 1)
    start = classes.rfind(MATCHED, low, place) + 1 or low
    stop = classes.find(MATCHED, place, high)
    stop = high if stop < 0 else stop
    before, after = classes.count(ALONE, start, place), classes.count(ALONE, place, stop)
    if not before or not after:
        return False
    common = stop - start - before - after + 1  # the element itself counts on both sides
    return 3 * common < before + after


def _gaps(head: int, kept: bytes | bytearray) -> list[Gap]:
    """The stretches of zeros, as changes."""
    gaps: list[Gap] = []
    changed = 0
    for found in _CHANGED.finditer(kept):
        start, stop = found.span()
        gaps.append((head + start - changed, stop - start))
        changed += stop - start
    return gaps


def _runs(gaps_a: list[Gap], gaps_b: list[Gap], size_a: int) -> list[Run]:
    """The runs between the changes of both."""
    changes_a, changes_b = dict(gaps_a), dict(gaps_b)
    runs: list[Run] = []
    done = changed_a = changed_b = 0
    total = size_a - sum(changes_a.values())
    for kept in sorted({*changes_a, *changes_b, total}):
        if kept > done:
            runs.append((done + changed_a, done + changed_b, kept - done))
            done = kept
        changed_a += changes_a.get(kept, 0)
        changed_b += changes_b.get(kept, 0)
    return runs


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
