"""One order out of three: keys of an object, or items of a list that have an identity.

Idea.        Items that neither side moved are the spine, in the order of base. Every other item,
             moved or new, is governed by the side that put it where it is; it follows the item of
             the spine that it stands behind on that side. So each gap of the spine gets a run of
             items from ours, and one from theirs::

                 base    a b c d
                 ours    d a b c        d moved to the front
                 theirs  b c d a        a moved to the end
                 spine   b c            ours: d at the start; theirs: a after c
                 result  d b c a

             When both runs of a gap have items, and differ, the gap is a clash; so is an item that
             the sides put into different gaps.
Invariant.   Every item that is kept stands in the result once.
Cost.        O(n log n), for a longest increasing run tells who moved.
Result.      The items in order, and the clashes; in each clash the run of higher rank
             comes first. Without a clash, swapping the sides changes nothing.
Source.      Own; the spine is the stable part of Khanna, Kunal and Pierce's diff3.
Not handled. An item that both sides moved to different places clashes even where one of the
             places would do; it stands where the preferred side has it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from itertools import compress, count, filterfalse

from pyvcs.merge.matching import longest_increasing
from pyvcs.objects.typed import Generic, TypeVar
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol, TypeAlias

    class Ordered(Protocol):
        """What can be compared with its like."""

        def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Hashable)
Runs: TypeAlias = dict[T | None, list[T]]


@dataclass(frozen=True, slots=True)
class Clash(Generic[T]):
    """A gap into which the sides put different items; `shown` is the run that was preferred."""

    shown: tuple[T, ...]
    ours: tuple[T, ...]
    theirs: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Order(Generic[T]):
    """The merged order and its clashes."""

    items: tuple[T, ...]
    clashes: tuple[Clash[T], ...] = ()


OurWay: TypeAlias = Callable[[Sequence[T], Sequence[T]], bool | None]
Rank: TypeAlias = "Callable[[Sequence[T]], Ordered]"
"""How much a run of one side counts; in a clash the higher rank is preferred."""


def merge_order(
    *,
    base: Sequence[T],
    ours: Sequence[T],
    theirs: Sequence[T],
    kept: Collection[T],
    ranks: tuple[Rank[T], Rank[T]],
) -> Order[T]:
    """The order of the kept items; in each sequence, items are distinct.

    Only an item that a side has can be kept; None is no item. The ranks are those of runs of ours
    and of runs of theirs.
    """
    for side, other in ((ours, theirs), (theirs, ours)):
        if other in (base, side):
            items = tuple(filter(kept.__contains__, side))
            if len(items) == len(kept):  # else the other side has some that this one deleted
                return Order(items)
    base = _with_common_moves(base, ours, theirs)
    place = dict(zip(base, count(), strict=False))
    our_moved, their_moved = _moved(place, ours), _moved(place, theirs)
    moved = our_moved | their_moved
    spine = list(filterfalse(moved.__contains__, filter(kept.__contains__, base)))
    on_spine = set(spine)
    our_runs = _runs(ours, on_spine, _governed(place, ours, our_moved).intersection(kept))
    their_runs = _runs(theirs, on_spine, _governed(place, theirs, their_moved).intersection(kept))

    def our_way(run: Sequence[T], other: Sequence[T]) -> bool | None:
        """Whether the run of ours is preferred; None when nothing tells it from the other."""
        left, right = ranks[0](run), ranks[1](other)
        if left == right:
            left, right = ([place.get(x, -1) for x in side] for side in (run, other))
        return None if left == right else right < left

    clash = _settle_torn(spine, our_runs, their_runs, our_way)
    return _woven(spine, our_runs, their_runs, our_way, clash)


def _with_common_moves(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> Sequence[T]:
    """Base, with what both sides moved alike moved: where they agree, nobody moved anything."""
    common = set(base).intersection(ours, theirs)
    agreed, others, before = (
        list(filter(common.__contains__, side)) for side in (ours, theirs, base)
    )
    if agreed != others or agreed == before:
        return base
    rest = iter(agreed)
    return [next(rest) if item in common else item for item in base]


def _moved(place: dict[T, int], side: Sequence[T]) -> set[T]:
    """The fewest items of base that must have moved for the others to stand as in base."""
    shared = list(filter(place.__contains__, side))
    unmoved = longest_increasing([*map(place.__getitem__, shared)])
    if len(unmoved) == len(shared):
        return set()
    return set(shared).difference(map(shared.__getitem__, unmoved))


def _governed(place: dict[T, int], side: Sequence[T], moved: set[T]) -> set[T]:
    """The items that are where they are because of a side: those it moved, and new ones."""
    return moved.union(filterfalse(place.__contains__, side))


def _runs(side: Sequence[T], spine: set[T], governed: set[T]) -> Runs[T]:
    """The governed items behind each item of the spine; behind None those at the start."""
    runs: Runs[T] = {}
    anchor: T | None = None
    after = 0
    for n in compress(count(), map(governed.__contains__, side)):
        anchor = next(filter(spine.__contains__, reversed(side[after:n])), anchor)
        runs.setdefault(anchor, []).append(side[n])
        after = n + 1
    return runs


def _settle_torn(
    spine: Sequence[T], our_runs: Runs[T], their_runs: Runs[T], our_way: OurWay[T]
) -> list[Clash[T]]:
    """Takes items that the sides put into different gaps out of one side's runs."""
    if not our_runs or not their_runs:
        return []
    gap = {anchor: n for n, anchor in enumerate((None, *spine))}
    gaps, other_gaps = (
        {item: gap[anchor] for anchor, run in runs.items() for item in run}
        for runs in (our_runs, their_runs)
    )
    torn = {item for item, n in gaps.items() if other_gaps.get(item, n) != n}
    if not torn:
        return []
    ours = [item for item in gaps if item in torn]
    theirs = [item for item in other_gaps if item in torn]
    preferred = our_way(ours, theirs)
    if preferred is None:
        preferred = [other_gaps[item] for item in theirs] < [gaps[item] for item in ours]
    losing = their_runs if preferred else our_runs
    for anchor, run in losing.items():
        losing[anchor] = [item for item in run if item not in torn]
    return [Clash(tuple(ours if preferred else theirs), tuple(ours), tuple(theirs))]


def _woven(
    spine: Sequence[T],
    our_runs: Runs[T],
    their_runs: Runs[T],
    our_way: OurWay[T],
    clashes: list[Clash[T]],
) -> Order[T]:
    """The spine with the runs in its gaps; adds to the clashes those that it meets."""
    items: list[T] = []
    anchors = {*our_runs, *their_runs}
    done = 0
    for gap in (0, *compress(count(1), map(anchors.__contains__, spine))):
        items.extend(spine[done:gap])
        done = gap
        anchor = spine[gap - 1] if gap else None
        ours, theirs = our_runs.get(anchor, []), their_runs.get(anchor, [])
        if not ours or not theirs or ours == theirs:
            items.extend(ours or theirs)
            continue
        shown, hidden = (ours, theirs) if our_way(ours, theirs) else (theirs, ours)
        clashes.append(Clash(tuple(shown), tuple(ours), tuple(theirs)))
        items.extend(_union(shown, hidden))
    items.extend(spine[done:])
    return Order(tuple(items), tuple(clashes))


def _union(first: Sequence[T], second: Sequence[T]) -> list[T]:
    """Both runs, the items of second that first lacks behind the ones they follow there."""
    after: dict[T | None, list[T]] = {}
    known = set(first)
    anchor: T | None = first[-1]
    for item in second:
        if item in known:
            anchor = item
        else:
            after.setdefault(anchor, []).append(item)
    return [each for item in first for each in (item, *after.get(item, ()))]
