"""The regions of a merge whose changes are plain to see, where some of both sides meet.

Idea.        A change whose removed lines are nowhere in the side, whose added ones are nowhere in
             base, and that could not slide, is in every shortest script. So where such changes of
             both sides meet or touch, what they span is what the search of `diff3` would find in
             conflict.
Invariant.   Between regions all three texts are alike.
Cost.        Linear: lines are looked up in sets, and counted.
Result.      The regions in lines, as `diff3.unstable_regions` has them. None where a change that
             meets another has lines that belong elsewhere, or could slide.
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


def plain_regions(
    base: bytes, changes: Both, lines: tuple[list[bytes], list[bytes], list[bytes]]
) -> list[Region] | None:
    """The regions of a merge, from the changes of both sides in bytes of base.

    `lines` are those of base, ours and theirs.
    """
    there, *sides = map(set, lines)
    regions: list[Region] = []
    done = b = o = t = 0
    for group in _groups(changes):
        start, stop = min(each[2] for each, _ in group), max(each[3] for each, _ in group)
        alike = base.count(b"\n", done, start)
        b, o, t, done = b + alike, o + alike, t + alike, stop
        size = base.count(b"\n", start, stop)
        more = [0, 0]
        for (_, _, low, high, new, _), side in group:
            more[side] += new.count(b"\n") - base.count(b"\n", low, high)
        if len(group) > 1 and not _is_firm(group, base, there, sides):
            return None
        region = b, b + size, o, o + size + more[0], t, t + size + more[1]
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


def _is_firm(
    group: list[tuple[Change, int]], base: bytes, there: set[bytes], sides: list[set[bytes]]
) -> bool:
    """Whether changes that meet are sure to stand just there, or are one change of both sides."""
    (first, _), *others = group
    if len(others) == 1 and others[0][0] == first:
        return True
    return all(
        low == start
        and high == stop
        and is_one
        and sides[side].isdisjoint(_lines(base[start:stop]))
        and there.isdisjoint(_lines(new))
        for (low, high, start, stop, new, is_one), side in group
    )


def _lines(text: bytes) -> list[bytes]:
    return [line + b"\n" for line in text.split(b"\n")[:-1]]
