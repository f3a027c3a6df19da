"""Changes that could stand in several places, moved to one: all diffs make the same choice.

Idea.        Of `x y x y`, one pair of which is new, either pair may be called so. A change slides
             up as far as it can and then down, taking up the changes that it meets. It stays at
             the lowest place beside a change of the other sequence, else at the bottom.
Invariant.   The elements that are kept stay the same on both sides, in number and value.
Cost.        Linear in the changes, and in the steps that they slide.
Result.      Changes of one side as (kept, size): so many elements kept before it, so many changed.
Source.      The rule is git's (its tests of compacted changes), so that a merge sees its hunks.
Not handled. Two changes of both sides are not weighed together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate, compress, count, repeat
from operator import add, eq, itemgetter, or_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Gap: TypeAlias = tuple[int, int]


def slid(elements: Sequence[int], gaps: Sequence[Gap], beside: Collection[int]) -> list[Gap]:
    """The changes of `elements` where they come to stand.

    `beside` says how many elements are kept before each change of the other side.
    """
    slide = _Slide(elements, gaps)
    for n in _movable(elements, gaps):
        if n >= slide.following:
            slide.settle(n, beside)
    return [*slide.settled, *gaps[slide.following :]]


def _movable(elements: Sequence[int], gaps: Sequence[Gap]) -> list[int]:
    """Which changes can move at all: most cannot."""
    kept, sizes = map(itemgetter(0), gaps), list(map(itemgetter(1), gaps))
    changed = list(accumulate(sizes, initial=0))
    starts = list(map(add, kept, changed))
    ends = list(map(add, starts, sizes))
    around = [None, *elements, None]  # so that what stands before the first is found, too
    at = around.__getitem__
    up = map(eq, map(at, starts), map(at, ends))
    firsts, nexts = (map(at, map(add, places, repeat(1))) for places in (starts, ends))
    return list(compress(count(), map(or_, up, map(eq, firsts, nexts))))


class _Slide:
    """Changes settled so far, the next one that waits, and the one that slides."""

    def __init__(self, elements: Sequence[int], gaps: Sequence[Gap]) -> None:
        self.elements = elements
        self.gaps = gaps
        self.settled: list[Gap] = []
        self.following = 0
        """The first change that is neither settled nor taken up."""
        self.changed = 0
        """Elements in settled changes."""
        self.kept = self.size = 0

    def settle(self, n: int, beside: Collection[int]) -> None:
        """Moves a change to its place; those before it stay."""
        staying = self.gaps[self.following : n]
        self.settled += staying
        self.changed += sum(map(itemgetter(1), staying))
        self.kept, self.size = self.gaps[n]
        self.following = n + 1
        lowest = self._up_and_down(beside)
        while lowest is not None and self.kept > lowest:
            self._up()
        self.settled.append((self.kept, self.size))
        self.changed += self.size

    def _up_and_down(self, beside: Collection[int]) -> int | None:
        """Slides until nothing more is taken up; the lowest place beside another change."""
        while True:
            size, lowest = self.size, None
            while self._up():
                pass
            if self.kept in beside:
                lowest = self.kept
            while self._down():
                if self.kept in beside:
                    lowest = self.kept
            if size == self.size:
                return lowest

    def _up(self) -> bool:
        start = self.kept + self.changed
        if not self.kept or self.elements[start - 1] != self.elements[start + self.size - 1]:
            return False
        self.kept -= 1
        if self.settled and self.settled[-1][0] == self.kept:
            size = self.settled.pop()[1]
            self.size += size
            self.changed -= size
        return True

    def _down(self) -> bool:
        start = self.kept + self.changed
        end = start + self.size
        if end >= len(self.elements) or self.elements[start] != self.elements[end]:
            return False
        self.kept += 1
        if self.following < len(self.gaps) and self.gaps[self.following][0] == self.kept:
            self.size += self.gaps[self.following][1]
            self.following += 1
        return True
