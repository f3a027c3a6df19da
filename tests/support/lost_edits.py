"""Which edits of either side a JSON merge lost. Written apart from the merge, and simpler.

A document is taken as the bag of its leaves: every scalar or empty container, with the keys that
lead to it (places in lists do not count, for items may move; their `id` does, where they have
one). A side's edit adds leaves and takes leaves away. Every leaf that a side added must be in the
result, or in a conflict; none that a side took away may be left in the result, unless a conflict
holds it. Of what was taken away only values are judged that no version holds twice: a bag does not
tell which of two was meant.

`lost_moves` looks at order: an item that stands once in each version of a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pyvcs.merge.json_tree import JsonConflict
from pyvcs.merge.json_value import Json, Missing

Leaf = tuple[tuple[str, ...], Any]


def _key(value: Json) -> Any:
    """A leaf, so that true is not 1, and hashable."""
    return (type(value).__name__, repr(value)) if isinstance(value, (bool, dict, list)) else value


def leaves(value: Json, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """All leaves of a value."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for item in value:
            step = f"id {item['id']!r}" if isinstance(item, dict) and "id" in item else "*"
            yield from leaves(item, (*path, step))
    else:
        yield path, _key(value)


def lost_edits(
    *, base: Json, ours: Json, theirs: Json, result: Json, conflicts: Iterable[JsonConflict]
) -> list[str]:
    """A sentence for every edit that is neither in the result nor in a conflict."""
    old, found = Counter(leaves(base)), Counter(leaves(result))
    ours_new, theirs_new = Counter(leaves(ours)), Counter(leaves(theirs))
    disputed = {leaf for conflict in conflicts for leaf in _scalars(conflict)}
    known = {path[:n] for path, _ in (*old, *found) for n in range(len(path))}
    unclear = {
        value
        for leaf_bag in (old, ours_new, theirs_new)
        for value, times in Counter(value for _, value in leaf_bag.elements()).items()
        if times > 1
    }
    lost: list[str] = []
    for name, side in (("ours", ours_new), ("theirs", theirs_new)):
        lost.extend(
            f"{name} added {leaf}, and it is gone"
            for leaf in side - old
            if not found[leaf] and leaf[1] not in disputed and not _is_emptied(leaf, known)
        )
        lost.extend(
            f"{name} took away {leaf}, and it is back"
            for leaf in old - side
            if found[leaf] and leaf[1] not in disputed | unclear
        )
    return lost


def _is_emptied(leaf: Leaf, known: set[tuple[str, ...]]) -> bool:
    """Whether a leaf is an empty container where base or the result has a full one."""
    return leaf[0] in known and leaf[1] in (_key([]), _key({}))


def _scalars(conflict: JsonConflict) -> Iterator[Any]:
    for value in (conflict.base, conflict.ours, conflict.theirs):
        if not isinstance(value, Missing):
            yield from (scalar for _, scalar in leaves(value))


def lost_moves(
    *, base: list[Json], ours: list[Json], theirs: list[Json], result: list[Json]
) -> list[str]:
    """A sentence for every pair of items that one side put in another order, in vain.

    Items are told apart by their value, or by their `id`. Only pairs that the other side left in
    the order of base count.
    """
    places = [
        {_name(item): n for n, item in enumerate(side)} for side in (base, ours, theirs, result)
    ]
    shared = [name for name in places[0] if all(name in place for place in places)]
    lost = []
    for n, first in enumerate(shared):
        for second in shared[n + 1 :]:
            old, one, other, new = (place[first] < place[second] for place in places)
            if old != new and old == one == other:
                lost.append(f"nobody moved {first} and {second}, and they changed places")
    return lost


def _name(item: Json) -> Any:
    return ("id", item["id"]) if isinstance(item, dict) and "id" in item else _key(item)
