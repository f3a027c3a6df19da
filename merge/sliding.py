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
from typing import TypeAlias

Gap: TypeAlias = tuple[int, int]


def slid(elements: Sequence[int], gaps: Sequence[Gap], beside: Collection[int]) -> list[Gap]:
    """The changes of `elements` where they come to stand.

    `beside` says how many elements are kept before each change of the other side.
    """
    slide = _Slide(elements, list(reversed(gaps)))
    while slide.waiting:
        slide.settle(beside)
    return slide.settled


class _Slide:
    """Changes settled so far, the ones that wait (the next one last), and the one that slides."""

    def __init__(self, elements: Sequence[int], waiting: list[Gap]) -> None:
        self.elements = elements
        self.settled: list[Gap] = []
        self.waiting = waiting
        self.changed = 0
        """Elements in settled changes."""
        self.kept = self.size = 0

    def settle(self, beside: Collection[int]) -> None:
        """Moves the next change to its place."""
        self.kept, self.size = self.waiting.pop()
        if self._can_move():
            lowest = self._up_and_down(beside)
            while lowest is not None and self.kept > lowest:
                self._up()
        self.settled.append((self.kept, self.size))
        self.changed += self.size

    def _can_move(self) -> bool:
        elements, start = self.elements, self.kept + self.changed
        end = start + self.size
        return (start > 0 and elements[start - 1] == elements[end - 1]) or (
            end < len(elements) and elements[start] == elements[end]
        )

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
        if self.waiting and self.waiting[-1][0] == self.kept:
            self.size += self.waiting.pop()[1]
        return True
