"""Numbers: counters, and the larger or smaller of two.

A counter's legal operations are additions and subtractions: both sides' are done. A maximum may
only be raised, a minimum only lowered.
"""

from __future__ import annotations

from decimal import Context, Decimal

from pyvcs.merge.json_number import MAX_NUMBER_LENGTH, Number, decimal
from pyvcs.merge.json_value import ABSENT, Missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json, Place, Side

_EXACT = Context(prec=2 * MAX_NUMBER_LENGTH)
_LARGEST_POWER = MAX_NUMBER_LENGTH


def merge_counter(base: Place, ours: Json, theirs: Json) -> Side:
    """Base with what both sides added to it; a counter that both made began at 0.

    >>> merge_counter(10, 12, 9)
    11
    """
    start: Place = 0 if isinstance(base, Missing) else base
    exact = [_exact(each) for each in (start, ours, theirs)]
    if None in exact:
        return ABSENT
    old, one, other = (each for each in exact if each is not None)
    return _json(_EXACT.subtract(_EXACT.add(one, other), old))


def merge_max(_base: Place, ours: Json, theirs: Json) -> Side:
    """The larger of two numbers, or of two texts by code point.

    >>> merge_max(1, 5, 3)
    5
    """
    return _extreme(ours, theirs, larger=True)


def merge_run_count(base: Place, ours: Json, theirs: Json) -> Side:
    """The larger of two counts of runs; a run before none, as its output stays before none.

    >>> merge_run_count(3, None, 7)
    7
    """
    one, other = theirs if ours is None else ours, ours if theirs is None else theirs
    return merge_max(base, one, other)


def merge_min(_base: Place, ours: Json, theirs: Json) -> Side:
    """The smaller of two numbers, or of two texts by code point."""
    return _extreme(ours, theirs, larger=False)


def _extreme(ours: Json, theirs: Json, *, larger: bool) -> Side:
    if isinstance(ours, str) and isinstance(theirs, str):
        return max(ours, theirs) if larger else min(ours, theirs)
    one, other = _exact(ours), _exact(theirs)
    if one is None or other is None:
        return ABSENT
    if one == other:  # two spellings of one number
        return max(ours, theirs, key=repr)
    return ours if (one > other) is larger else theirs


def _exact(value: object) -> Decimal | None:
    """A JSON number as it is, or None; one with a huge exponent is none that can be added."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Number)):
        return None
    negative, digits, power = decimal(value)
    if abs(power) > _LARGEST_POWER or len(digits) > MAX_NUMBER_LENGTH:
        return None
    return Decimal((int(negative), tuple(map(int, digits or "0")), power))


def _json(number: Decimal) -> Json:
    if number == number.to_integral_value(context=_EXACT):
        return int(number)
    spelling = format(number.normalize(_EXACT), "f")
    return float(spelling) if repr(float(spelling)) == spelling else Number(spelling)
