"""Items of lists that changed but are still recognisably the same.

Idea.        Two objects are as similar as the share of members that they have in common, two lists
             by their items; objects that an identity field tells apart are not alike at all. An
             item of base and one of a side belong together when each is the other's best match,
             and clearly so.
Invariant.   No item belongs to two others.
Cost.        The product of the lengths, at most MOST_PAIRS comparisons a side.
Result.      An identity for every item of the three runs, or None when there is no clear way.
Source.      Law 6.
Not handled. Scalars, and runs over MOST_PAIRS or MOST_MEMBERS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from pyvcs.merge.json_compare import Keys
from pyvcs.merge.json_number import Number
from pyvcs.merge.pointer import tokens
from pyvcs.objects.typed import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json
    from pyvcs.merge.rules import Identity

MOST_PAIRS = 10_000
"""How many pairs of items are compared for one side of one chunk."""

MOST_MEMBERS = 1_000_000
"""How many members are looked at for that; one takes about 50 ns."""

CLEARLY = 0.5
"""The share of members that two items must have in common to belong together."""

IDENTITY_FIELDS = ("id", "key", "name", "@id", "uuid")
"""Fields that may tell the items of a list apart; the first that does is used."""


_IDENTITIES = {str, int, float, Number}


def identities(items: Sequence[Json], field: Identity) -> list[Hashable]:
    """What a field of all items holds; none when one has no string or number there.

    The field may be a pointer that leads into the items, or several fields that tell them together.
    """
    if isinstance(field, tuple):
        columns = [identities(items, each) for each in field]
        return list(zip(*columns, strict=True)) if all(columns) else []
    if field.startswith("/"):
        *steps, field = tokens(field)
        for step in steps:
            items = [item.get(step) if isinstance(item, dict) else None for item in items]
    try:
        found = [item[field] for item in cast("Sequence[dict[str, Hashable]]", items)]
    except (KeyError, TypeError):  # an item without the field, or one that is no object
        return []
    return found if set(map(type, found)) <= _IDENTITIES else []


def identity_of(item: Json, field: str) -> Hashable:
    """The value of an item's field when it is a string or a number, else None."""
    value = item.get(field) if isinstance(item, dict) else None
    return cast("Hashable", value) if type(value) in _IDENTITIES else None


def are_alike(
    old: Json, new: Json, keys: Keys, member: Callable[[], str | None] = lambda: None
) -> bool:
    """Whether new can be old after an edit; of what are not both objects, that is always so.

    Here a key counts even where its values differ, for there is nothing else to choose from;
    unless the `member` that tells the records of the list apart holds another value.
    """
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return True
    if _differ_in_identity(old, new):
        return False
    parts, others = _parts(old, keys), _parts(new, keys)
    if _similarity(parts, others) >= CLEARLY:
        return True
    name = member()
    if name is not None and old.get(name) != new.get(name):
        return False
    return _similarity(parts | {*old}, others | {*new}) >= CLEARLY


def _differ_in_identity(old: Json, new: Json) -> bool:
    """Whether a field tells the two apart."""
    names = ((identity_of(old, field), identity_of(new, field)) for field in IDENTITY_FIELDS)
    return any(one != other for one, other in names if one is not None and other is not None)


def shared_identities(
    base: Sequence[Json], ours: Sequence[Json], theirs: Sequence[Json], keys: Keys
) -> tuple[list[Hashable], list[Hashable], list[Hashable]] | None:
    """Identities of the items of three runs: equal where items belong together.

    None when there is a scalar among the items, when too much would have to be compared, or when
    an item of base has no counterpart on a side that did not just delete.
    """
    if not base:
        return None
    if not all(isinstance(item, (dict, list)) for side in (base, ours, theirs) for item in side):
        return None
    names: list[Hashable] = [("base", n) for n in range(len(base))]
    our_names, their_names = _names(base, ours, keys), _names(base, theirs, keys)
    if our_names is None or their_names is None:
        return None
    return names, our_names, their_names


def _names(base: Sequence[Json], side: Sequence[Json], keys: Keys) -> list[Hashable] | None:
    """The names of a side's items: those of their counterparts in base, else of their values."""
    matches = best_matches(base, side, keys)
    if matches is None or len(matches) != min(len(base), len(side)):
        return None
    names: list[Hashable] = []
    seen: Counter[Hashable] = Counter()
    for n, item in enumerate(side):
        if n in matches:
            names.append(("base", matches[n]))
        else:
            key = keys.of(item)
            names.append(("new", key, seen[key]))
            seen[key] += 1
    return names


def best_matches(base: Sequence[Json], side: Sequence[Json], keys: Keys) -> dict[int, int] | None:
    """Indices into base by indices into side, where both are clearly each other's best match.

    None when too much would have to be compared.
    """
    return mutual_matches(
        [_parts(item, keys) for item in base],
        [_parts(item, keys) for item in side],
        lambda n, m: _differ_in_identity(base[n], side[m]),
    )


def mutual_matches(
    base: Sequence[frozenset[Hashable]],
    side: Sequence[frozenset[Hashable]],
    differ: Callable[[int, int], bool] | None = None,
) -> dict[int, int] | None:
    """The same for items that are given by what they are made of.

    `differ` says of an index into base and one into side that those can be no match.
    """
    members = len(side) * sum(map(len, base)) + len(base) * sum(map(len, side))
    if len(base) * len(side) > MOST_PAIRS or members > MOST_MEMBERS:
        return None
    alike = [
        [
            0.0 if differ is not None and differ(n, m) else _similarity(old, new)
            for m, new in enumerate(side)
        ]
        for n, old in enumerate(base)
    ]
    matches: dict[int, int] = {}
    for n in range(len(side)) if base else ():
        column = [row[n] for row in alike]
        best = column.index(max(column))
        if column[best] >= CLEARLY and _is_best(column, best) and _is_best(alike[best], n):
            matches[n] = best
    return matches


def _is_best(shares: Sequence[float], n: int) -> bool:
    return all(share < shares[n] for m, share in enumerate(shares) if m != n)


def _parts(item: Json, keys: Keys) -> frozenset[Hashable]:
    """What an item is made of, for comparing: members, or items and which one of the like it is."""
    if isinstance(item, dict):
        return frozenset((name, keys.of(value)) for name, value in item.items())
    if not isinstance(item, list):
        return frozenset()
    seen: Counter[Hashable] = Counter()
    parts: list[Hashable] = []
    for key in map(keys.of, item):
        parts.append((key, seen[key]))
        seen[key] += 1
    return frozenset(parts)


def _similarity(a: frozenset[Hashable], b: frozenset[Hashable]) -> float:
    """The share of parts in common, from 0 to 1."""
    return 2 * len(a & b) / ((len(a) + len(b)) or 1)
