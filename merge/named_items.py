"""Items of a list that have names, merged name by name.

Idea.        Each item is merged with its own former self, wherever it moved. Which items stay is
             told by who has them, and by what became of them; their order by `order`, and where a
             list is sorted by `sorted_records`.
Invariant.   An item of either side is in the result, or was deleted by the other side unedited, or
             is in a conflict.
Cost.        O(n log n).
Result.      The merged items; conflicts are reported to the walk.
Source.      Law 6.
Not handled. An item that got another name is a deletion and a new one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from itertools import compress, count
from operator import not_

from pyvcs.merge.json_compare import canonical, identical_places, same
from pyvcs.merge.json_value import ABSENT, UNKNOWN
from pyvcs.merge.matching import interned
from pyvcs.merge.order import Clash, Order, merge_order
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.rules import NOTHING, PlaceRule
from pyvcs.merge.sorted_records import Stretch, in_sorted_gaps, record_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TypeAlias

    from pyvcs.merge.json_compare import Keys
    from pyvcs.merge.json_value import Json, Place, Side

    At: TypeAlias = tuple[str | int, ...]
    Named: TypeAlias = dict[int, Json]

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


def merge_by_names(
    walk: Walker,
    at: At,
    names: Sequence[Sequence[Hashable]],
    items: Sequence[list[Json]],
    merged: list[Json],
    rule: PlaceRule = NOTHING,
    stretch: Stretch | None = None,
) -> None:
    """Adds the merge of items by their names to `merged`, which is the list at `at` so far.

    The items are a whole list, unless a stretch is given. Names are distinct in each version.
    """
    # Numbers in place of names: what is looked up in turn then lies side by side in memory.
    pairs = zip(interned(*names), items, strict=True)
    base, ours, theirs = sides = [dict(zip(*pair, strict=True)) for pair in pairs]
    order = _order(sides, rule, stretch or Stretch(partial(record_order, *items)))
    hidden = {name for clash in order.clashes for name in _hidden(clash, base)}
    untouched = _untouched(base, ours, theirs)
    done = 0
    for n in compress(count(), map(not_, map(untouched.__contains__, order.items))):
        merged.extend(map(ours.__getitem__, order.items[done:n]))
        done = n + 1
        name = order.items[n]
        if name not in hidden:
            place = *at, len(merged)
            value = walk.place(
                place, base.get(name, ABSENT), ours.get(name, ABSENT), theirs.get(name, ABSENT)
            )
            if value is not ABSENT:
                merged.append(value)
    merged.extend(map(ours.__getitem__, order.items[done:]))
    for clash in order.clashes:
        _report(walk, at, clash, sides)


def rank(items: list[Json]) -> tuple[bool, str]:
    """Of two runs the one of higher rank is shown: some items before none, else what sorts last."""
    return bool(items), canonical(items)


def _order(sides: Sequence[Named], rule: PlaceRule, stretch: Stretch) -> Order[int]:
    """The items that stay, in order, and the clashes that no rule and no sorted list settles."""
    base, ours, theirs = sides
    kept = ours.keys() & theirs.keys()
    kept.update(
        name
        for name in ours.keys() ^ theirs.keys()
        if _is_kept(base.get(name, ABSENT), ours.get(name, ABSENT), theirs.get(name, ABSENT))
    )
    order = merge_order(
        base=list(base),
        ours=list(ours),
        theirs=list(theirs),
        kept=kept,
        ranks=(
            lambda run: rank([ours[name] for name in run]),
            lambda run: rank([theirs[name] for name in run]),
        ),
    )
    field = rule.sorted_by
    if field is not None:
        return Order(tuple(sorted(order.items, key=lambda name: _sort_key(name, sides, field))))
    if order.clashes and not rule.is_unordered:
        order = in_sorted_gaps(
            order, stretch, item_of=lambda name: _standing(name, sides), old=base
        )
    return Order(order.items) if rule.is_unordered or rule.keeps_both else order


def _untouched(base: Named, ours: Named, theirs: Named) -> set[int]:
    """The items that are identical in all three."""
    shared = list(filter((ours.keys() & theirs.keys()).__contains__, base))
    three = (list(map(side.__getitem__, shared)) for side in (base, ours, theirs))
    return set(compress(shared, identical_places(*three)))


def _sort_key(name: int, sides: Sequence[Named], field: str) -> tuple[int, float, str, str]:
    """Where an item goes in a sorted list: numbers, then texts, then all else by its text."""
    item = _standing(name, sides)
    value = item.get(field) if field and isinstance(item, dict) else item
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return 0, value, "", canonical(item)
    return (1, 0, value, canonical(item)) if isinstance(value, str) else (2, 0, "", canonical(item))


def _standing(name: int, sides: Sequence[Named]) -> Json:
    """An item as a side has it, one that changed it if there is one."""
    versions = [side[name] for side in sides[1:] if name in side]
    return max(versions, key=lambda each: (each != sides[0].get(name), canonical(each)))


def _is_kept(base: Place, ours: Side, theirs: Side) -> bool:
    """Whether an item that one side lacks is in the result: if it is new there, or was edited."""
    left = theirs if ours is ABSENT else ours
    return left is not ABSENT and (base is ABSENT or base is UNKNOWN or not same(base, left))


def _hidden(clash: Clash[int], base: Named) -> set[int]:
    """New items of the side that a clash does not show; what base has is always shown."""
    return {*clash.ours, *clash.theirs}.difference(clash.shown, base)


def _report(walk: Walker, at: At, clash: Clash[int], sides: Sequence[Named]) -> None:
    base, ours, theirs = sides
    old = base.keys() & {*clash.ours, *clash.theirs}
    walk.conflict(
        ConflictKind.ORDER,
        at,
        [base[name] for name in sorted(old)],  # numbers of base's items are in its order
        [ours[name] for name in clash.ours],
        [theirs[name] for name in clash.theirs],
    )
