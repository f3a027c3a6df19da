"""What `functools` keeps, without it."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from pyvcs.objects import once

BOTH = [pytest.param(module, id=module.__name__) for module in (once, functools)]


@pytest.mark.parametrize("module", BOTH)
def test_a_function_is_asked_once_for_the_same_words(module: Any) -> None:
    asked: list[tuple[int, ...]] = []

    @module.cache  # type: ignore[untyped-decorator]
    def added(*numbers: int) -> int:
        """The sum."""
        asked.append(numbers)
        return sum(numbers)

    assert [added(1, 2), added(), added(1, 2), added(), added(2, 1)] == [3, 0, 3, 0, 3]
    assert asked == [(1, 2), (), (2, 1)]
    assert (added.__name__, added.__doc__) == ("added", "The sum.")


@pytest.mark.parametrize("module", BOTH)
def test_a_property_is_worked_out_once_for_each_object(module: Any) -> None:
    class Tree:
        """Has leaves."""

        def __init__(self, leaves: int) -> None:
            self.leaves, self.counted = leaves, 0

        @module.cached_property  # type: ignore[untyped-decorator]
        def doubled(self) -> int:
            """Twice the leaves."""
            self.counted += 1
            return 2 * self.leaves

    small, large = Tree(1), Tree(50)
    assert (small.doubled, large.doubled, small.doubled) == (2, 100, 2)
    assert (small.counted, large.counted) == (1, 1)
    assert Tree.doubled.__doc__ == "Twice the leaves."
    del small.doubled
    assert (small.doubled, small.counted) == (2, 2)
