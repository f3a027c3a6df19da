"""Which elements of two sequences belong together: the matching under diff and diff3.

Idea.        Elements become small integers, and common ends are cut off. What the other side does
             not have is set aside, and so is what it has very often when that stands among such;
             Myers' search matches the rest, between anchors when there is much of it. At last,
             changes that could stand in several places slide to one of them.
Invariant.   Runs never cross: in order of base they are in order of other, too.
Cost.        O(n) plus that of the search, see shortest.py: linear when few elements moved.
Result.      Runs (base, other, length) of equal elements, each of at least one element, no two
             of them touching on both sides.
Source.      Myers, An O(ND) Difference Algorithm and Its Variations, 1986; what is set aside is
             what GNU diff and git set aside, so that a merge sees the hunks that git sees.
Not handled. Moves: of two blocks that changed places one is matched, the other is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import accumulate, compress, count, repeat
from operator import add, lt, sub

from pyvcs.merge.anchors import anchored_runs
from pyvcs.merge.shortest import Run, common_end, common_start, rough_root, shortest_runs
from pyvcs.merge.sliding import Gap, slid

OFTEN = 1024
"""An element that the other side has so often, or as often as the root of its size, is common."""

AROUND = 100
"""How far around a common element is looked for what the other side does not have."""

MANY = 32_768
"""From so many elements to search on, both sides together, anchors split the search. Fewer are
searched whole, as git does it: a script through anchors may be another one, equally short."""

ALONE, MATCHED, COMMON = 0, 1, 2

_FROM_A_CHANGE = rb"\0[\0\2]*+"


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
        find_runs = anchored_runs if len(left_a) + len(left_b) > MANY else shortest_runs
        for x, y, length in (*find_runs(left_a, left_b), (len(left_a), len(left_b), 0)):
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
    import re  # heavy, and most texts do without

    classes = bytes(map(add, kept, map(common.__contains__, part)))
    for found in re.finditer(_FROM_A_CHANGE, classes):
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
    before, after = (int.from_bytes(flags, "big") for flags in (b"\1" + kept, kept + b"\1"))
    turns = (before ^ after).to_bytes(len(kept) + 1, "big")
    edges = list(compress(count(head), turns))
    starts, ends = edges[::2], edges[1::2]
    sizes = list(map(sub, ends, starts))
    return list(zip(map(sub, starts, accumulate(sizes, initial=0)), sizes, strict=False))


def _runs(gaps_a: list[Gap], gaps_b: list[Gap], size_a: int) -> list[Run]:
    """The runs between the changes of both."""
    changes_a, changes_b = dict(gaps_a), dict(gaps_b)
    total = size_a - sum(changes_a.values())
    kept = sorted({0, *changes_a, *changes_b, total})
    changed_a, changed_b = (
        accumulate(map(changes.get, kept, repeat(0))) for changes in (changes_a, changes_b)
    )
    starts_a, starts_b = map(add, kept, changed_a), map(add, kept, changed_b)
    return list(zip(starts_a, starts_b, map(sub, kept[1:], kept), strict=False))


def longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Where a longest strictly increasing selection of numbers stands; numbers are distinct.

    >>> longest_increasing([0, 3, 4, 1, 2, 5])
    [0, 3, 4, 5]
    """
    if all(map(lt, numbers, numbers[1:])):
        return list(range(len(numbers)))
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
