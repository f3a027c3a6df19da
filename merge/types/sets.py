"""Lists that are sets: of items that are told apart by their value, in an order of no meaning.

In a set items are added and removed; what one side did to an item that the other left alone
stands. In a grow-only set (G-set) removals do not count. A two-phase set (2P-set) is an object of
two lists, `added` and `removed`, each of which only grows: what was removed once never comes back.
Source: Shapiro, Preguiça, Baquero, Zawirski, "A comprehensive study of CRDTs" (INRIA, 2011).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from pyvcs.merge.json_compare import Keys, canonical
from pyvcs.merge.json_value import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json, Place, Side


def merge_set(base: Place, ours: Json, theirs: Json) -> Side:
    """The items of base that neither side removed, in their order, then the new ones, sorted.

    >>> merge_set(["a", "b"], ["a", "b", "d"], ["b", "c"])
    ['b', 'c', 'd']
    """
    if not isinstance(ours, list) or not isinstance(theirs, list):
        return ABSENT
    keys = Keys()
    old = _by_key(base if isinstance(base, list) else [], keys)
    one, other = _by_key(ours, keys), _by_key(theirs, keys)
    kept = [item for key, item in old.items() if key in one and key in other]
    new = {key: item for key, item in (*one.items(), *other.items()) if key not in old}
    return [*kept, *sorted(new.values(), key=canonical)]


def merge_grow_only_set(base: Place, ours: Json, theirs: Json) -> Side:
    """Every item that any version has: those of base in their order, then the others, sorted."""
    if not isinstance(ours, list) or not isinstance(theirs, list):
        return ABSENT
    keys = Keys()
    old = _by_key(base if isinstance(base, list) else [], keys)
    new = {key: item for key, item in _by_key([*ours, *theirs], keys).items() if key not in old}
    return [*old.values(), *sorted(new.values(), key=canonical)]


def merge_two_phase_set(base: Place, ours: Json, theirs: Json) -> Side:
    """`added` and `removed` of both sides; an item stands in one of the two."""
    sides = ours, theirs
    if not all(isinstance(side, dict) and set(side) <= {"added", "removed"} for side in sides):
        return ABSENT
    versions = [version for version in (base, *sides) if isinstance(version, dict)]
    lists = [version.get(part, []) for version in versions for part in ("added", "removed")]
    if not all(isinstance(items, list) for items in lists):
        return ABSENT
    keys = Keys()
    removed = _by_key(_items(versions, "removed"), keys)
    added = _by_key(_items(versions, "added"), keys)
    return {
        "added": _sorted(item for key, item in added.items() if key not in removed),
        "removed": _sorted(removed.values()),
    }


def _items(versions: Iterable[dict[str, Json]], part: str) -> list[Json]:
    found: list[Json] = []
    for version in versions:
        items = version.get(part)
        found += items if isinstance(items, list) else []
    return found


def _by_key(items: Iterable[Json], keys: Keys) -> dict[Hashable, Json]:
    """The items by their value; of two spellings of one value the same one whoever is ours."""
    found: dict[Hashable, Json] = {}
    for item in sorted(items, key=repr):
        found.setdefault(keys.of(item), item)
    return {keys.of(item): found[keys.of(item)] for item in items}


def _sorted(items: Iterable[Json]) -> list[Json]:
    return sorted(items, key=canonical)
