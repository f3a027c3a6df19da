"""Items of a list that have no names, merged by diff3: those that are equal are one.

Idea.        In a chunk that both sides changed, items are paired when there is one evident way to
             do so: by their places, by similarity, or by a member that tells the records of the
             whole list apart. New ones go where a sorted list has them.
Invariant.   An item of either side is in the result, or merged into an item that is, or was
             deleted by the other side unedited, or is in a conflict.
Cost.        That of diff3; similarity is looked for in chunks of at most MOST_PAIRS pairs, and what
             the whole list tells of its records is looked for once.
Result.      The merged items; conflicts are reported to the walk.
Source.      Law 6.
Not handled. An item that moved is a deletion and an insertion.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache, partial

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.insertions import is_moved, sorted_by, woven
from pyvcs.merge.json_compare import canonical, is_container_key
from pyvcs.merge.json_value import ABSENT, UNKNOWN
from pyvcs.merge.named_items import merge_by_names, rank
from pyvcs.merge.natural_keys import natural_key
from pyvcs.merge.result import Chunk, ChunkKind, ConflictKind, Merged
from pyvcs.merge.similar import are_alike, shared_identities
from pyvcs.merge.sorted_records import Stretch, placed, record_order
from pyvcs.objects.typed import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pyvcs.merge.insertions import SortKey
    from pyvcs.merge.json_compare import Keys
    from pyvcs.merge.json_value import Json, Place
    from pyvcs.merge.named_items import At, Walker
    from pyvcs.merge.rules import PlaceRule

    Sides: TypeAlias = tuple[list[Json], list[Json], list[Json]]
    Member: TypeAlias = Callable[[], str | None]


def merge_by_equality(
    walk: Walker, at: At, sides: Sides, merged: list[Json], rule: PlaceRule
) -> None:
    """Adds the diff3 of items to `merged`, which is the list at `at` so far."""
    for side in sides:
        walk.checked(side)
    base, ours, theirs = (list(map(walk.keys.of, side)) for side in sides)
    sort_key = sorted_by(base, ours, theirs)
    # Asked where both sides changed a stretch, and then told once for the whole list.
    record_key, member = cache(partial(record_order, *sides)), cache(partial(natural_key, *sides))
    for chunk, start, runs in _with_runs(diff3(base=base, ours=ours, theirs=theirs), sides):
        if chunk.kind is ChunkKind.OURS:
            merged.extend(runs[1])
        elif chunk.kind is ChunkKind.THEIRS:
            merged.extend(runs[2])
        elif chunk.kind is ChunkKind.BOTH:
            _merge_pairs(walk, at, ([UNKNOWN] * len(runs[1]), *runs[1:]), merged)
        elif chunk.kind is ChunkKind.STABLE or _pair_up(chunk, runs, walk.keys, member):
            _merge_pairs(walk, at, runs, merged)
        else:
            end = start + len(chunk.base)
            stretch = Stretch(
                record_key, sides[0][max(start - 1, 0) : start], sides[0][end : end + 1]
            )
            if chunk.base:
                settled = _beside(chunk, runs, member)
            else:
                settled = _added(chunk, stretch, runs, sort_key, keeps_both=rule.keeps_both)
            if settled is not None:
                merged.extend(settled)
            elif (names := _names(runs, walk.keys, member)) is not None:
                merge_by_names(walk, at, names, runs, merged, rule, stretch)
            else:
                walk.conflict(ConflictKind.ORDER, at, *runs)
                shown = max(runs[1], runs[2], key=rank)
                merged.extend(shown)


def _with_runs(
    found: Merged[Hashable], sides: Sides
) -> Iterator[tuple[Chunk[Hashable], int, Sides]]:
    """The chunks, each with its place in base and its items of base, ours and theirs."""
    b = o = t = 0
    for chunk in found.chunks:
        start, b1, o1, t1 = b, b + len(chunk.base), o + len(chunk.ours), t + len(chunk.theirs)
        yield chunk, start, (sides[0][b:b1], sides[1][o:o1], sides[2][t:t1])
        b, o, t = b1, o1, t1


def _added(
    chunk: Chunk[Hashable],
    stretch: Stretch,
    runs: Sides,
    sort_key: SortKey | None,
    *,
    keeps_both: bool,
) -> list[Json] | None:
    """What both sides added at a place, if the list is sorted, or keeps all; else None."""
    _, ours, theirs = runs
    if sort_key:
        return [*sorted({*map(str, (*chunk.ours, *chunk.theirs))}, key=sort_key)]
    new = placed(stretch, ours=ours, theirs=theirs)
    if new is None and keeps_both:
        return [item for run in sorted((ours, theirs), key=canonical) for item in run]
    return new


def _beside(chunk: Chunk[Hashable], runs: Sides, member: Member) -> list[Json] | None:
    """A chunk into which one side inserted beside what the other one edited; else None.

    What stands in the place of an item is that item, edited, unless a member of its own tells that
    it is the next one.
    """
    base, ours, theirs = runs
    for side, other, names, other_names in (
        (ours, theirs, chunk.ours, chunk.theirs),
        (theirs, ours, chunk.theirs, chunk.ours),
    ):
        places = woven(chunk.base, names, other_names)
        if places is None:
            continue
        key = member() if other else None
        if key is None or not is_moved(_named(base, key), _named(other, key)):
            return [side[n] if is_inserted else other[n] for is_inserted, n in places]
    return None


def _named(records: list[Json], member: str) -> list[Hashable]:
    return [record[member] for record in cast("list[dict[str, Hashable]]", records)]


def _merge_pairs(
    walk: Walker, at: At, sides: tuple[Sequence[Place], list[Json], list[Json]], merged: list[Json]
) -> None:
    """Adds runs of one length, merged item by item."""
    for base, ours, theirs in zip(*sides, strict=True):
        value = walk.place((*at, len(merged)), base, ours, theirs)
        if value is not ABSENT:
            merged.append(value)


def _pair_up(
    chunk: Chunk[Hashable],
    sides: Sides,
    keys: Keys,
    member: Member,
) -> bool:
    """Whether a chunk's runs pair by position: scalars of which none moved, or one item each.

    Several containers do not, nor do unlike ones: an edit of one could land in another.
    """
    base, ours, theirs = sides
    if not len(base) == len(ours) == len(theirs):
        return False
    if len(base) == 1:
        return all(are_alike(base[0], side[0], keys, member) for side in (ours, theirs))
    if any(is_container_key(key) for key in (*chunk.base, *chunk.ours, *chunk.theirs)):
        return False
    known = set(chunk.base)
    old = chunk.base * 2
    pairs = zip(old, (*chunk.ours, *chunk.theirs), strict=True)
    return not any(new != old and new in known for old, new in pairs)


def _names(runs: Sides, keys: Keys, member: Member) -> Sequence[list[Hashable]] | None:
    """Names of the items of a chunk that both sides changed: by similarity, or by a member that
    tells those of the whole list apart; None without such."""
    names = shared_identities(*runs, keys)
    if names is None and runs[0] and (key := member()) is not None:
        return [_named(side, key) for side in runs]
    return names
