"""What is told of many values at once is what is told of each: slow oracles."""

from __future__ import annotations

from enum import IntEnum
from random import Random

import pytest
from drawn_json import drawn_document, drawn_scalar, edited
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.json_check import check_json
from pyvcs.merge.json_compare import AT_ONCE, identical, identical_places
from pyvcs.merge.json_number import Number
from pyvcs.merge.json_value import MAX_BITS, Json

seeds = st.integers(0, 2**64)
law = settings(deadline=None, max_examples=100)
ALIKE: list[Json] = [0, False, 0.0, Number("0.0"), -0.0, 1, True, Number("1e0"), "1"]


@law
@given(seeds, st.sampled_from([0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 7]))
def test_the_places_where_three_lists_are_identical(seed: int, size: int) -> None:
    rng = Random(seed)

    def changed(item: Json) -> Json:
        """Mostly the same, now and then edited, or another one that Python calls equal."""
        if rng.random() < 0.9:
            return item
        others: list[Json] = [{"a": 1, "b": 2}, {"b": 2, "a": 1}, edited(rng, item)]
        return rng.choice([*ALIKE, *others])

    base = [rng.choice([*ALIKE, drawn_document(rng, 1)]) for _ in range(size)]
    ours, theirs = [*map(changed, base)], [*map(changed, base)]
    assert list(identical_places(base, ours, theirs)) == [
        identical(old, one) and identical(old, other)
        for old, one, other in zip(base, ours, theirs, strict=True)
    ]


class Colour(IntEnum):
    """An int by descent."""

    RED = 1


WRONG = [float("nan"), float("inf"), 2**MAX_BITS, -(2**MAX_BITS), b"", (), object(), {1: 2}]


@law
@given(seeds, st.sampled_from([*range(len(WRONG)), None]))
def test_one_wrong_value_among_many_is_found_wherever_it_is(seed: int, wrong: int | None) -> None:
    rng = Random(seed)
    many: list[object] = [drawn_document(rng) for _ in range(rng.randrange(1, 30))]
    many += [1e308] * rng.randrange(3)  # whose sum is no number, and each is one
    many += [2**MAX_BITS - 1, Colour.RED, drawn_scalar(rng)]
    if wrong is None:
        assert check_json(many) is many
        return
    place: object = WRONG[wrong]
    for _ in range(rng.randrange(4)):
        place = rng.choice([[place], {"k": place}, [1.5, place, 1.5]])
    many.insert(rng.randrange(len(many) + 1), place)
    with pytest.raises(ValueError, match=r"no JSON value|bits|keys of an object"):
        check_json(many)
