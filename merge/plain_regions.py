"""The regions of a merge whose changes are plain to see, where some of both sides meet.

Idea.        Changes that are found by galloping and could stand nowhere else are those of the
             search of `diff3`. So where they meet or touch, what they span is what diff3 would find
             in conflict, and nothing has to be searched for it.
Invariant.   Between regions all three texts are alike.
Cost.        Linear: lines are counted, and not split.
Result.      The regions in lines, as `diff3.unstable_regions` has them. None where a change that
             meets another could stand elsewhere, or holds lines that may stay.
Source.      `galloping`, for what is plain.
Not handled. A change that meets none may stand elsewhere than the search puts it: the merge is the
             same.
"""

from __future__ import annotations

from itertools import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.diff3 import Region
    from pyvcs.merge.galloping import Both, Change


def plain_regions(base: bytes, changes: Both) -> list[Region] | None:
    """The regions of a merge, from the changes of both sides in bytes of base.

    >>> from pyvcs.merge.galloping import changes_of_both
    >>> changes = changes_of_both(base=b"a\\nb\\n", ours=b"A\\nb\\n", theirs=b"c\\na\\nb\\n")
    >>> plain_regions(b"a\\nb\\n", changes)
    [(0, 1, 0, 1, 0, 2)]
    """
    regions: list[Region] = []
    done = b = o = t = 0
    for group in _groups(changes):
        start, stop = min(each[2] for each, _ in group), max(each[3] for each, _ in group)
        alike = base.count(b"\n", done, start)
        b, o, t, done = b + alike, o + alike, t + alike, stop
        lines = base.count(b"\n", start, stop)
        more = [0, 0]
        for (_, _, low, high, new, _), side in group:
            more[side] += new.count(b"\n") - base.count(b"\n", low, high)
        if len(group) > 1 and not _is_firm(group):
            return None
        region = b, b + lines, o, o + lines + more[0], t, t + lines + more[1]
        regions.append(region)
        _, b, _, o, _, t = region
    return regions


def _groups(changes: Both) -> list[list[tuple[Change, int]]]:
    """The changes in their order, each with its side; those that meet or touch together."""
    sides = chain.from_iterable(((change, n) for change in side) for n, side in enumerate(changes))
    groups: list[list[tuple[Change, int]]] = []
    reached = 0
    for change, side in sorted(sides):
        if not groups or change[0] > reached:
            groups.append([])
        groups[-1].append((change, side))
        reached = max(reached, change[1])
    return groups


def _is_firm(group: list[tuple[Change, int]]) -> bool:
    """Whether changes that meet are sure to stand just there, or are one change of both sides."""
    (first, _), *others = group
    if len(others) == 1 and others[0][0] == first:
        return True
    return all(
        low == start and high == stop and is_one for (low, high, start, stop, _, is_one), _ in group
    )
