"""Python values that are meant to be JSON, checked level by level at the speed of C.

A level is all values that stand in equally many containers. One look at the types of a level says
what has to be looked at in it; only where a value is no JSON are they gone through one by one, to
name it. Many values are checked part by part, each with all that is in it: what was looked at once
is then still near the processor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, compress, repeat
from math import isfinite
from operator import is_

from pyvcs.merge.json_number import Json, Number
from pyvcs.merge.json_value import MAX_BITS, MAX_DEPTH, UNKNOWN
from pyvcs.objects.typed import TypeVar, cast

Container = TypeVar("Container")

AT_ONCE = 2_000
"""How many values of a level are looked into together. Only the first level of more is parted:
values that several parts share are looked at once in each part, and not in each part of a part."""

_PLAIN = {dict, list, str, int, float, bool, Number, type(None)}
_AT_A_GLANCE = {str, bool, type(None)}
_VALUES = (dict, list, str, int, float, Number, type(None))


def check_json(value: object, *, unknown: bool = False) -> Json:
    """The value itself, when it is made of plain Python values (and Number); else a ValueError.

    With `unknown`, UNKNOWN may stand in it. Containers that contain themselves are too deep.
    """
    if type(value) in _AT_A_GLANCE:
        return cast("Json", value)
    level: Sequence[object] = [value]
    for depth in range(MAX_DEPTH + 1):
        if len(level) > AT_ONCE:
            for start in range(0, len(level), AT_ONCE):
                part = level[start : start + AT_ONCE]
                _check_levels(part, MAX_DEPTH + 1 - depth, unknown=unknown)
            return cast("Json", value)
        level = _members(level, unknown=unknown)
        if not level:
            return cast("Json", value)
    raise ValueError(f"nested deeper than {MAX_DEPTH}")


def _check_levels(level: Sequence[object], levels: int, *, unknown: bool) -> None:
    for _ in range(levels):
        level = _members(level, unknown=unknown)
        if not level:
            return
    raise ValueError(f"nested deeper than {MAX_DEPTH}")


def _members(level: Sequence[object], *, unknown: bool) -> Sequence[object]:
    """Checks the values of a level, and gives the next one."""
    types = list(map(type, level))
    kinds = set(types)
    if not kinds <= _PLAIN:
        _check_one_by_one(level, unknown=unknown)
        types = [_plain_type(item) for item in level]
        kinds = set(types)
    if not _are_numbers(level, types, kinds):
        _check_one_by_one(level, unknown=unknown)
    objects: Sequence[dict[object, object]] = _of_type(dict, level, types, kinds)
    lists: Sequence[list[object]] = _of_type(list, level, types, kinds)
    if not set(map(type, chain.from_iterable(objects))) <= {str}:
        _check_keys(objects)
    return [*chain.from_iterable(map(dict.values, objects)), *chain.from_iterable(lists)]


def _plain_type(item: object) -> type:
    """Of the plain types the one that a value is of, if only by descent; else its own."""
    return next((kind for kind in (dict, list) if isinstance(item, kind)), type(item))


def _of_type(
    kind: type[Container], level: Sequence[object], types: list[type], kinds: set[type]
) -> Sequence[Container]:
    """The values of a level that are of a kind, each once: a list may hold itself twice."""
    if kind not in kinds:
        return ()
    every = level if len(kinds) == 1 else list(compress(level, map(is_, types, repeat(kind))))
    found = cast("Sequence[Container]", every)
    if len(set(map(id, found))) == len(found):
        return found
    return list(dict(zip(map(id, found), found, strict=True)).values())


def _are_numbers(level: Sequence[object], types: list[type], kinds: set[type]) -> bool:
    """Whether the numbers of a level are within the limits; may say no without need."""
    floats = compress(level, map(is_, types, repeat(float))) if float in kinds else ()
    if not isfinite(sum(cast("Iterable[float]", floats))):  # only when each of them is
        return False
    integers = compress(level, map(is_, types, repeat(int))) if int in kinds else ()
    return max(map(int.bit_length, cast("Iterable[int]", integers)), default=0) <= MAX_BITS


def _check_one_by_one(items: Sequence[object], *, unknown: bool) -> None:
    for item in items:
        if isinstance(item, float) and not isfinite(item):
            raise ValueError(f"{item!r} is no JSON value")
        if isinstance(item, int) and item.bit_length() > MAX_BITS:
            raise ValueError(f"an integer has at most {MAX_BITS:,} bits")
        if not isinstance(item, _VALUES) and not (unknown and item is UNKNOWN):
            raise ValueError(f"a {type(item).__name__} is no JSON value")


def _check_keys(objects: Iterable[dict[object, object]]) -> None:
    if not all(isinstance(key, str) for each in objects for key in each):
        raise ValueError("the keys of an object are strings")
