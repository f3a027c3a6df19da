"""When are two JSON values the same: as values, or down to the spelling.

Python's `==` runs at the speed of C and is right but for one thing: it takes true for 1 and false
for 0. So it goes first, and what it calls equal is looked at again. Two values that `marshal`
writes alike are alike in every type, key and digit, and that too runs at the speed of C; it may
write equal values differently (a string that Python interned), so only what it tells apart is
walked, a container at a time.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Hashable, Sequence
from itertools import compress, count
from operator import and_, eq, is_

from pyvcs.merge.json_number import Json, Number, decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_written: Callable[[Any, int], bytes] = marshal.dumps
_PLAIN = 2
"""The version of marshal's format; in later ones the same value is written in several ways."""


def same(a: Json, b: Json) -> bool:
    """Whether a and b are one value: order of keys and spelling of numbers aside."""
    return a is b or (a == b and (_written_alike(a, b) or _agree(a, b, exactly=False)))


def identical(a: Json, b: Json) -> bool:
    """Whether a and b are one value with its keys in the same order, its numbers spelled alike."""
    return a is b or (a == b and (_written_alike(a, b) or _agree(a, b, exactly=True)))


def _written_alike(a: Json, b: Json) -> bool:
    """Whether marshal writes both, which are equal, alike; False where it cannot tell."""
    if type(a) is str:
        return True
    try:
        return _written(a, _PLAIN) == _written(b, _PLAIN)
    except ValueError:  # a Number, or deeper than it goes
        return False


AT_ONCE = 100
"""How many values of a list are written together to be compared."""


def identical_places(
    base: Sequence[Json], ours: Sequence[Json], theirs: Sequence[Json]
) -> bytearray:
    """A byte for each place of three sequences of one length: whether their values are identical.

    Tells them apart in bulk: what is written together is alike together.
    """
    alike = bytearray(map(and_, map(eq, base, ours), map(eq, base, theirs)))
    for start in range(0, len(base), AT_ONCE):
        here = slice(start, start + AT_ONCE)
        old, *others = (list(compress(side[here], alike[here])) for side in (base, ours, theirs))
        if not all(_written_alike(old, other) for other in others):
            places = compress(count(start), alike[here])
            for place, one, *two in zip(places, old, *others, strict=False):
                alike[place] = all(identical(one, other) for other in two)
    return alike


def _agree(a: Json, b: Json, *, exactly: bool) -> bool:
    """Whether equal values agree in booleans too, and with `exactly` in order and spelling."""
    pairs: list[tuple[Json, Json]] = [(a, b)]
    while pairs:
        a, b = pairs.pop()
        if isinstance(a, dict) and isinstance(b, dict):
            if list(a) == list(b):
                left, right = list(a.values()), list(b.values())
            elif exactly:
                return False
            else:
                left, right = list(a.values()), [b[key] for key in a]
        elif isinstance(a, list) and isinstance(b, list):
            left, right = a, b
        else:
            left, right = [a], [b]
        if not _scalars_agree(left, right, exactly=exactly):
            return False
        kinds = set(map(type, left))
        if dict in kinds or list in kinds:
            both = zip(left, right, strict=True)
            pairs.extend((x, y) for x, y in both if isinstance(x, (dict, list)))
    return True


def _scalars_agree(left: list[Json], right: list[Json], *, exactly: bool) -> bool:
    """Whether equal scalars, pairwise, are of one type; numbers may differ in spelling alone."""
    kinds = list(map(type, left))
    alike = all(map(is_, kinds, map(type, right)))
    if alike and not (exactly and (Number in kinds or float in kinds)):
        return True
    for x, y in zip(left, right, strict=True):
        if isinstance(x, bool) != isinstance(y, bool):
            return False
        if exactly and not isinstance(x, (dict, list)) and spelled(x) != spelled(y):
            return False
    return True


def spelled(scalar: object) -> object:
    """A scalar so that different spellings are different: numbers become text of another kind."""
    if isinstance(scalar, Number):
        return ("number", scalar.spelling)
    if isinstance(scalar, (int, float)):
        return ("number", repr(scalar))
    return scalar


class Keys:
    """Hashable keys of values, small even for large values: equal for values that are the same.

    Keys of two instances have nothing to do with each other. A container is walked once, however
    often its key is asked for, and must not change in between; one that `marshal` writes as one
    that was walked before is not walked at all, as are most records of three versions of a list.
    """

    __slots__ = ("_known", "_numbers", "_seen")

    def __init__(self) -> None:
        self._known: dict[int, tuple[Json, Hashable]] = {}  # holds the value, so its id stays its
        self._numbers: dict[Hashable, int] = {}
        self._seen: dict[bytes, Hashable] = {}  # by what was written

    def of(self, value: Json) -> Hashable:
        """The key of a value."""
        if isinstance(value, (dict, list)):
            known = self._known.get(id(value))
            if known is None:
                known = self._known[id(value)] = value, self._as_written(value)
            return known[1]
        return ("bool", value) if isinstance(value, bool) else value

    def _as_written(self, value: dict[str, Json] | list[Json]) -> Hashable:
        try:
            written = _written(value, _PLAIN)
        except ValueError:  # a Number, or deeper than it goes
            return self._walked(value)
        key = self._seen.get(written)
        if key is None:
            key = self._seen[written] = self._walked(value)
        return key

    def _walked(self, value: Json) -> Hashable:
        parts: Hashable
        if isinstance(value, dict):
            walked = self._walked
            kind, parts = "object", frozenset([(key, walked(of)) for key, of in value.items()])
        elif isinstance(value, list):
            kind, parts = "list", tuple(map(self._walked, value))
        else:
            return ("bool", value) if isinstance(value, bool) else value
        return kind, self._numbers.setdefault(parts, len(self._numbers))


def is_container_key(key: Hashable) -> bool:
    """Whether a key is that of an object or a list."""
    return isinstance(key, tuple) and key[0] != "bool"


def canonical(value: Json) -> str:
    """A text that is equal exactly for values that are the same; total order for fixed choices.

    Not JSON itself: numbers stand as sign, digits and power of ten, keys are sorted.
    """
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float, Number)) and not isinstance(value, bool):
        negative, digits, power = decimal(value)
        return f"{'-' * negative}{digits or '0'}e{power}"
    return repr(value)
