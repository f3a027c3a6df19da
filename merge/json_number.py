"""JSON numbers whose spelling matters: 1.0, 1e0 and 1 are one value, told apart only in print."""

from __future__ import annotations

import re

from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

MAX_NUMBER_LENGTH = 1_000
"""Characters of the longest number that is read; a longer one is not JSON to us."""

Decimal: TypeAlias = tuple[bool, str, int]

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | Number | None"
"""A JSON value as Python holds it."""

_GRAMMAR = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")


class NumberTooLong(ValueError):
    """A number of more than MAX_NUMBER_LENGTH characters."""


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number by its spelling in JSON; equal to every number of the same value.

    Python's own int and float stand for numbers whose spelling they give back by themselves.
    A huge exponent costs nothing: the value is never computed.
    """

    spelling: str

    def __post_init__(self) -> None:
        if len(self.spelling) > MAX_NUMBER_LENGTH:
            raise NumberTooLong(f"a number has at most {MAX_NUMBER_LENGTH:,} characters")
        if not _GRAMMAR.fullmatch(self.spelling):
            raise ValueError(f"{self.spelling!r} is no JSON number")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Number):
            return self.spelling == other.spelling or decimal(self) == decimal(other)
        if isinstance(other, (int, float)) and not isinstance(other, bool):
            return decimal(self) == decimal(other)
        return NotImplemented

    def __hash__(self) -> int:
        negative, digits, exponent = decimal(self)
        if exponent >= 0 and len(digits) + exponent <= MAX_NUMBER_LENGTH:
            return hash(int(f"{'-' * negative}{digits or '0'}{'0' * exponent}"))
        return hash(float(self.spelling))


def decimal(number: float | Number) -> Decimal:
    """Sign, digits and power of ten: the same for every spelling of a value.

    >>> decimal(Number("-12.50")), decimal(Number("0e5"))
    ((True, '125', -1), (False, '', 0))
    """
    spelling = number.spelling if isinstance(number, Number) else repr(number)
    found = _GRAMMAR.fullmatch(spelling)
    if not found:
        raise ValueError(f"{spelling} is no JSON number")
    sign, whole, fraction, power = found.groups(default="")
    digits = (whole + fraction).lstrip("0")
    short = digits.rstrip("0")
    if not short:
        return False, "", 0
    return bool(sign), short, int(power or "0") - len(fraction) + len(digits) - len(short)


def read_int(spelling: str) -> int | Number:
    """The number of a JSON integer."""
    return int(spelling) if len(spelling) < 16 and spelling != "-0" else Number(spelling)


def read_float(spelling: str) -> float | Number:
    """The number of a JSON number with a fraction or an exponent."""
    if len(spelling) < 24 and "e" not in spelling and "E" not in spelling and spelling != "-0.0":
        value = float(spelling)
        if repr(value) == spelling:
            return value
    return Number(spelling)
