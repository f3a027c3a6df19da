"""Frozen values do what those of the standard library do, without loading it."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.objects import values
from pyvcs.objects.clock import Clock
from pyvcs.objects.values import replace


def defined(module: Any, **options: bool) -> Any:
    """One class by the decorator of a module: that of pyvcs, or that of the standard library."""

    @module.dataclass(frozen=True, slots=True, **options)
    class Point:
        x: int
        y: int = 3
        seen: list[int] = module.field(default_factory=list)

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError(f"{self.x} is negative")

    return Point


OURS, THEIRS = defined(values, order=True), defined(dataclasses, order=True)
small = st.integers(0, 2)
points = st.tuples(small, small, st.lists(small, max_size=2))


def outcome(act: Callable[[], object]) -> object:
    try:
        return act()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error).__mro__[-3]


@given(one=points, other=points)
def test_compare_print_and_change_as_those_of_the_standard_library(
    one: tuple[Any, ...], other: tuple[Any, ...]
) -> None:
    (a, b), (c, d) = ((cls(*one), cls(*other)) for cls in (OURS, THEIRS))
    assert (a == b, a != b, a < b, a <= b, a > b, a >= b) == (
        *(c == d, c != d, c < d, c <= d, c > d, c >= d),
    )
    assert repr(a) == repr(c)
    assert repr(replace(a, y=7)) == repr(dataclasses.replace(c, y=7))
    assert dataclasses.replace(a, y=7) == replace(a, y=7)
    assert outcome(lambda: hash(a)) is outcome(lambda: hash(c)) is TypeError.__mro__[-3]
    assert a != c
    assert a.__match_args__ == c.__match_args__


@pytest.mark.parametrize("options", [{}, {"kw_only": True}])
def test_a_value_may_have_no_field(options: dict[str, bool]) -> None:
    def empty(module: Any) -> Any:
        @module.dataclass(frozen=True, slots=True, **options)
        class Nothing:
            pass

        return Nothing

    ours, theirs = empty(values), empty(dataclasses)
    for _ in range(2):
        assert ours() == ours()
        assert repr(ours()).split(".")[-1] == repr(theirs()).split(".")[-1]
    assert len({ours(), ours()}) == 1
    assert outcome(lambda: ours(1)) is outcome(lambda: theirs(1))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((), {}), ((1,), {}), ((1, 2), {"y": 3}), ((-1,), {}), ((1, 2, [], 4), {}), ((), {"x": 1})],
)
def test_take_the_arguments_that_those_take(
    arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    our_class, their_class = defined(values), defined(dataclasses)
    for _ in range(
        30
    ):  # the first values are not made by the method that the later ones are made by
        ours, theirs = (
            outcome(partial(cls, *arguments, **named)) for cls in (our_class, their_class)
        )
        assert repr(ours) == repr(theirs)
    assert outcome(lambda: defined(values, kw_only=True)(1)) is TypeError.__mro__[-3]


def test_cannot_be_changed_and_have_no_other_fields() -> None:
    point = OURS(1)
    for change in (partial(setattr, point, "x", 2), partial(delattr, point, "x")):
        with pytest.raises(AttributeError, match="cannot be changed"):
            change()
    with pytest.raises(AttributeError):
        point.z = 1
    assert OURS(1).seen is not OURS(1).seen


def test_are_hashed_copied_and_pickled_by_their_fields() -> None:
    clock = Clock(5, 1)
    assert hash(clock) == hash(Clock(5, 1))
    assert copy.copy(clock) == copy.deepcopy(clock) == pickle.loads(pickle.dumps(clock)) == clock


def test_load_nothing_that_takes_time() -> None:
    code = (
        "import sys, pyvcs.objects.clock\nassert not {'dataclasses', 'inspect'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
