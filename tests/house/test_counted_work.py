"""Bounds that count work: one that saw nothing would let every fault pass."""

from __future__ import annotations

import sys

import pytest
from counted_work import Copied, at_most_steps

from pyvcs.merge.matching import longest_increasing
from pyvcs.merge.similar import identities

FALLING = range(1_000, 0, -1)


def test_each_round_of_a_loop_is_a_step_for_each_of_its_lines() -> None:
    with at_most_steps(6_000):
        longest_increasing(FALLING)
    with pytest.raises(AssertionError, match="more than 4000 steps"), at_most_steps(4_000):
        longest_increasing(FALLING)


def test_each_round_of_a_comprehension_is_a_step() -> None:
    with at_most_steps(1_100):
        identities([{"id": 1}] * 1_000, "id")
    with pytest.raises(AssertionError, match="more than 900 steps"), at_most_steps(900):
        identities([{"id": 1}] * 1_000, "id")


def test_steps_of_the_tests_themselves_are_none() -> None:
    with at_most_steps(0):
        assert [n for n in FALLING if n < 0] == sorted({n for n in FALLING if n < 0})


@pytest.mark.parametrize("most", [0, 6_000])
def test_who_traced_before_does_so_again(most: int) -> None:
    before = sys.gettrace()
    try:
        with at_most_steps(most):
            longest_increasing(FALLING)
    except AssertionError:
        pass
    assert sys.gettrace() is before


def test_bytes_in_slices_and_sums_are_counted_and_so_are_those_of_copies() -> None:
    copied = [0]
    content = Copied.from_bytes(b"0123456789", copied)
    assert (content[2:6], copied) == (b"2345", [4])
    assert (content[:5][1:3], copied) == (b"12", [11])
    assert (content[:1] + b"ab" + content[:1], copied) == (b"0ab0", [20])
    assert (content[3], copied) == (ord("3"), [20])
