"""Members that belong together: where each side changed another one, a person has to look.

A record may say in one member what holds for another one: of a shape, what it is the shape of. Each
side's record was right by itself; whether the merged one is, no merge can tell. The databases that
geographers edit together ask in that case, too, whichever attributes were edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyvcs.merge.json_compare import same
from pyvcs.merge.json_number import Json


def is_torn(
    together: Sequence[str],
    base: Mapping[str, Json],
    ours: Mapping[str, Json],
    theirs: Mapping[str, Json],
) -> bool:
    """Whether the sides changed different ones of the members that belong together.

    What both changed alike counts for neither.

    >>> is_torn(["a", "b"], {"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2})
    True
    >>> is_torn(["a", "b"], {"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 2, "b": 1})
    False
    """
    changed: tuple[set[str], set[str]] = (set(), set())
    for key in together:
        if not _alike(key, ours, theirs):
            for found, side in zip(changed, (ours, theirs), strict=True):
                if not _alike(key, base, side):
                    found.add(key)
    return all(changed) and len(changed[0] | changed[1]) > 1


def _alike(key: str, one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    if key in one and key in other:
        return same(one[key], other[key])
    return key not in one and key not in other
