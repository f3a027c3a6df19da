"""JSON lists merged: by the identity of their items, else by diff3 over equal items.

Objects that carry a field such as `id`, present and unique in all three versions, are told apart
by it, and so are items by what a rule names; `named_items` merges each with its own former self.
Other lists go through diff3, in `list_chunks`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from pyvcs.merge.list_chunks import merge_by_equality
from pyvcs.merge.named_items import merge_by_names
from pyvcs.merge.recognized import recognized
from pyvcs.merge.similar import IDENTITY_FIELDS, identities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pyvcs.merge.json_compare import Keys
    from pyvcs.merge.json_value import Json
    from pyvcs.merge.named_items import At, Walker
    from pyvcs.merge.rules import Identity

    Names: TypeAlias = Sequence[Hashable]


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
        merge_by_names(walk, at, names, sides, merged, rule)
    elif rule.is_unordered or rule.sorted_by is not None:
        values = [_by_value(side, walk.keys) for side in sides]
        merge_by_names(walk, at, values, sides, merged, rule)
    else:
        merge_by_equality(walk, at, sides, merged, rule)
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
