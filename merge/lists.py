"""JSON lists merged: by the identity of their items, else by diff3 over equal items.

Idea.        Objects that carry a field such as `id`, present and unique in all three versions,
             are told apart by it: each is merged with its own former self, wherever it moved.
             Other lists go through diff3, items matched by equality; in a chunk that both sides
             changed, items are paired when there is one evident way to do so.
Invariant.   An item of either side is in the result, or merged into an item that is, or was
             deleted by the other side unedited, or is in a conflict.
Cost.        O(n log n); similarity is looked for in chunks of at most MOST_PAIRS pairs.
Result.      The merged list; conflicts are reported to the walk.
Source.      Law 6.
Not handled. Without an identity, an item that moved is a deletion and an insertion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import cache, partial
from itertools import compress, count
from operator import not_

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.insertions import is_moved, sorted_by, woven
from pyvcs.merge.json_compare import (
    Keys,
    canonical,
    identical_places,
    is_container_key,
    same,
)
from pyvcs.merge.json_value import ABSENT, UNKNOWN
from pyvcs.merge.matching import interned
from pyvcs.merge.natural_keys import natural_key
from pyvcs.merge.order import Clash, merge_order
from pyvcs.merge.recognized import recognized
from pyvcs.merge.result import Chunk, ChunkKind, ConflictKind
from pyvcs.merge.rules import NOTHING, Identity, PlaceRule
from pyvcs.merge.similar import IDENTITY_FIELDS, are_alike, identities, shared_identities
from pyvcs.merge.sorted_records import Stretch, in_sorted_gaps, placed, record_order
from pyvcs.objects.typed import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TypeAlias

    from pyvcs.merge.json_value import Json, Place, Side

    At: TypeAlias = tuple[str | int, ...]
    Names: TypeAlias = Sequence[Hashable]

    class Walker(Protocol):
        """What a list needs of the walk that it is merged in."""

        @property
        def keys(self) -> Keys:
            """Keys of the values in the walk."""

        def rule_at(self, at: At) -> PlaceRule:
            """What the rules say of a place."""

        def place(self, at: At, base: Place, ours: Side, theirs: Side) -> Side:
            """The merged value of a place, or ABSENT."""

        def conflict(
            self, kind: ConflictKind, at: At, base: Place, ours: Side, theirs: Side
        ) -> None:
            """Reports a conflict."""

        def checked(self, value: Json) -> Json:
            """The value, which gets into the result or a conflict."""


def merge_lists(
    walk: Walker, at: At, base: list[Json], ours: list[Json], theirs: list[Json]
) -> list[Json]:
    """The merged list; `at` is its place in the result."""
    merged: list[Json] = []
    sides = base, ours, theirs
    rule = walk.rule_at(at)
    names: Sequence[Names] | None = None
    if rule.identity is not None:
        names = _told_apart(sides, rule.identity)
    if names is None:
        names = _by_identity(sides)[1]
    if names is None and rule.content:
        names = recognized(*sides, rule.content)
    if names is not None:
        _merge_by_identity(walk, at, names, sides, merged, rule)
    elif rule.is_unordered or rule.sorted_by is not None:
        values = [_by_value(side, walk.keys) for side in sides]
        _merge_by_identity(walk, at, values, sides, merged, rule)
    else:
        _merge_by_equality(walk, at, sides, merged, keeps_both=rule.keeps_both)
    return merged


def _by_value(items: list[Json], keys: Keys) -> list[Hashable]:
    """Names of items: their value, and how many of it stand before them."""
    seen: Counter[Hashable] = Counter()
    names: list[Hashable] = []
    for key in map(keys.of, items):
        names.append((key, seen[key]))
        seen[key] += 1
    return names


def identity_field(*versions: Sequence[Json]) -> str | None:
    """The first field that all items of all versions have, with values unique in each version."""
    return _by_identity(versions)[0]


def _by_identity(versions: Sequence[Sequence[Json]]) -> tuple[str | None, list[Names] | None]:
    """That field, and what it says of the items of each version."""
    first = next((item for items in versions for item in items), None)
    if not isinstance(first, dict):
        return None, None
    for field in IDENTITY_FIELDS:
        if field in first and (names := _told_apart(versions, field)) is not None:
            return field, names
    return None, None


def _told_apart(versions: Sequence[Sequence[Json]], field: Identity) -> list[Names] | None:
    """What a field says of the items, when all of all versions have it, once in each version."""
    names: list[Names] = []
    for items in versions:
        found = identities(items, field)
        if not len(found) == len(items) == len(set(found)):
            return None
        names.append(found)
    return names


def _merge_by_identity(
    walk: Walker,
    at: At,
    names: Sequence[Sequence[Hashable]],
    items: Sequence[list[Json]],
    merged: list[Json],
    rule: PlaceRule = NOTHING,
    stretch: Stretch | None = None,
) -> None:
    """Adds the merge of items by their names to `merged`, which is the list at `at` so far.

    The items are a whole list, unless a stretch is given.
    """
    # Numbers in place of names: what is looked up in turn then lies side by side in memory.
    pairs = zip(interned(*names), items, strict=True)
    sides = base, ours, theirs = [dict(zip(*pair, strict=True)) for pair in pairs]
    kept = ours.keys() & theirs.keys()
    kept.update(
        identity
        for identity in ours.keys() ^ theirs.keys()
        if _is_kept(
            base.get(identity, ABSENT), ours.get(identity, ABSENT), theirs.get(identity, ABSENT)
        )
    )
    order = merge_order(
        base=list(base),
        ours=list(ours),
        theirs=list(theirs),
        kept=kept,
        ranks=(
            lambda run: _rank([ours[identity] for identity in run]),
            lambda run: _rank([theirs[identity] for identity in run]),
        ),
    )
    in_order, clashes = order.items, order.clashes
    if rule.is_unordered or rule.keeps_both or rule.sorted_by is not None:
        clashes = ()
    if rule.sorted_by is not None:
        field = rule.sorted_by
        in_order = tuple(sorted(in_order, key=lambda name: _sort_key(name, sides, field)))
    elif clashes:
        stretch = stretch or Stretch(partial(record_order, *items))
        order = in_sorted_gaps(
            order, stretch, item_of=lambda name: _standing(name, sides), old=base
        )
        in_order, clashes = order.items, order.clashes
    hidden = {identity for clash in clashes for identity in _hidden(clash, base)}
    untouched = _untouched(base, ours, theirs)
    done = 0
    for n in compress(count(), map(not_, map(untouched.__contains__, in_order))):
        merged.extend(map(ours.__getitem__, in_order[done:n]))
        done = n + 1
        identity = in_order[n]
        if identity not in hidden:
            value = walk.place(
                (*at, len(merged)),
                base.get(identity, ABSENT),
                ours.get(identity, ABSENT),
                theirs.get(identity, ABSENT),
            )
            if value is not ABSENT:
                merged.append(value)
    merged.extend(map(ours.__getitem__, in_order[done:]))
    for clash in clashes:
        _report(walk, at, clash, sides)


def _untouched(base: dict[int, Json], ours: dict[int, Json], theirs: dict[int, Json]) -> set[int]:
    """The items that are identical in all three."""
    shared = list(filter((ours.keys() & theirs.keys()).__contains__, base))
    three = (list(map(side.__getitem__, shared)) for side in (base, ours, theirs))
    return set(compress(shared, identical_places(*three)))


def _sort_key(
    name: int, sides: Sequence[dict[int, Json]], field: str
) -> tuple[int, float, str, str]:
    """Where an item goes in a sorted list: numbers, then texts, then all else by its text."""
    item = _standing(name, sides)
    value = item.get(field) if field and isinstance(item, dict) else item
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return 0, value, "", canonical(item)
    return (1, 0, value, canonical(item)) if isinstance(value, str) else (2, 0, "", canonical(item))


def _standing(name: int, sides: Sequence[dict[int, Json]]) -> Json:
    """An item as a side has it, one that changed it if there is one."""
    versions = [side[name] for side in sides[1:] if name in side]
    return max(versions, key=lambda each: (each != sides[0].get(name), canonical(each)))


def _is_kept(base: Place, ours: Side, theirs: Side) -> bool:
    """Whether an item that one side lacks is in the result: if it is new there, or was edited."""
    left = theirs if ours is ABSENT else ours
    return left is not ABSENT and (base is ABSENT or base is UNKNOWN or not same(base, left))


def _hidden(clash: Clash[int], base: dict[int, Json]) -> set[int]:
    """New items of the side that a clash does not show; what base has is always shown."""
    return {*clash.ours, *clash.theirs}.difference(clash.shown, base)


def _report(walk: Walker, at: At, clash: Clash[int], sides: Sequence[dict[int, Json]]) -> None:
    base, ours, theirs = sides
    old = base.keys() & {*clash.ours, *clash.theirs}
    walk.conflict(
        ConflictKind.ORDER,
        at,
        [base[identity] for identity in sorted(old)],  # numbers of base's items are in its order
        [ours[identity] for identity in clash.ours],
        [theirs[identity] for identity in clash.theirs],
    )


def _merge_by_equality(
    walk: Walker,
    at: At,
    sides: tuple[list[Json], list[Json], list[Json]],
    merged: list[Json],
    *,
    keeps_both: bool,
) -> None:
    """Adds the diff3 of items to `merged`."""
    for side in sides:
        walk.checked(side)
    base, ours, theirs = (list(map(walk.keys.of, side)) for side in sides)
    sort_key = sorted_by(base, ours, theirs)
    # Asked where both sides changed a stretch, and then told once for the whole list.
    record_key, member = cache(partial(record_order, *sides)), cache(partial(natural_key, *sides))
    starts = [0, 0, 0]
    for chunk in diff3(base=base, ours=ours, theirs=theirs).chunks:
        lengths = len(chunk.base), len(chunk.ours), len(chunk.theirs)
        b, o, t = (
            side[start : start + length]
            for side, start, length in zip(sides, starts, lengths, strict=True)
        )
        first, starts = starts[0], [start + n for start, n in zip(starts, lengths, strict=True)]
        stretch = Stretch(
            record_key, sides[0][max(first - 1, 0) : first], sides[0][starts[0] : starts[0] + 1]
        )
        if chunk.kind is ChunkKind.OURS:
            merged.extend(o)
        elif chunk.kind is ChunkKind.THEIRS:
            merged.extend(t)
        elif chunk.kind is ChunkKind.BOTH:
            _merge_pairs(walk, at, ([UNKNOWN] * len(o), o, t), merged)
        elif chunk.kind is ChunkKind.STABLE or _pair_up(chunk, (b, o, t), walk.keys, member):
            _merge_pairs(walk, at, (b, o, t), merged)
        elif sort_key and not chunk.base:
            texts = {*map(str, (*chunk.ours, *chunk.theirs))}
            merged.extend(text for text in sorted(texts, key=sort_key))
        elif not chunk.base and (new := placed(stretch, ours=o, theirs=t)):
            merged.extend(new)
        elif keeps_both and not chunk.base:
            for run in sorted((o, t), key=canonical):
                merged.extend(run)
        elif (settled := _beside(chunk, (b, o, t), member)) is not None:
            merged.extend(settled)
        else:
            _merge_conflict(walk, at, (b, o, t), merged, stretch, member)


def _beside(
    chunk: Chunk[Hashable],
    sides: tuple[list[Json], list[Json], list[Json]],
    member: Callable[[], str | None],
) -> list[Json] | None:
    """A chunk into which one side inserted beside what the other one edited; else None.

    What stands in the place of an item is that item, edited, unless a member of its own tells that
    it is the next one.
    """
    base, ours, theirs = sides
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
    sides: tuple[list[Json], list[Json], list[Json]],
    keys: Keys,
    member: Callable[[], str | None],
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


def _merge_conflict(
    walk: Walker,
    at: At,
    sides: tuple[list[Json], list[Json], list[Json]],
    merged: list[Json],
    stretch: Stretch,
    member: Callable[[], str | None],
) -> None:
    """Adds a chunk that both sides changed: by similarity, by a member that tells the items of the
    whole list apart, else as a conflict of whole runs."""
    names: Sequence[Names] | None = shared_identities(*sides, walk.keys)
    if names is None and sides[0] and (key := member()) is not None:
        names = [_named(side, key) for side in sides]
    if names is not None:
        _merge_by_identity(walk, at, names, sides, merged, stretch=stretch)
        return
    base, ours, theirs = sides
    walk.conflict(ConflictKind.ORDER, at, base, ours, theirs)
    merged.extend(ours if _rank(ours) > _rank(theirs) else theirs)


def _rank(items: list[Json]) -> tuple[bool, str]:
    """Of two runs the one of higher rank is shown: some items before none, else what sorts last."""
    return bool(items), canonical(items)
