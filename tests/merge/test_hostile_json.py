"""Shapes of JSON that are made to hurt: the work is counted, and grows as the documents do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import Random

import pytest

from pyvcs.merge.json_check import AT_ONCE, check_json
from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.json_value import MAX_BYTES, MAX_DEPTH, Json, NotJson, parse_json

Sides = tuple[Json, Json, Json]


def similar(n: int, changed: str = "") -> list[Json]:
    """Records without an identity that differ in little; those of a side in one member more."""
    return [{"kind": "x", "n": i % 7, "at": [i % 3, 0], "by": changed} for i in range(n)]


def wide(n: int) -> Sides:
    """Every member changes, on one side or the other, and each side adds as many."""
    base = {f"k{i}": i for i in range(n)}
    ours = {key: -i if i % 2 else i for key, i in base.items()} | {f"o{i}": 1 for i in range(n)}
    theirs = {key: i if i % 2 else -i for key, i in base.items()} | {f"t{i}": 1 for i in range(n)}
    return dict(base), dict(ours), dict(theirs)


def renamed(n: int) -> Sides:
    """Every member goes, and one with the same value comes."""
    return ({f"{name}{i}": i % 5 for i in range(n)} for name in "abc")  # type: ignore[return-value]


def reversed_records(n: int) -> Sides:
    base: list[Json] = [{"id": i, "v": 0} for i in range(n)]
    return base, base[::-1], [{"id": i, "v": 1} for i in range(n)]


def reversed_scalars(n: int) -> Sides:
    base: list[Json] = [*range(n)]
    return base, base[::-1], [*base[::2], *base[1::2]]


def shuffled_alike(n: int) -> Sides:
    """Few values, each very often, in any order."""
    rng = Random(n)
    return tuple([rng.randrange(4) for _ in range(n)] for _ in range(3))  # type: ignore[return-value]


SHAPES: dict[str, Callable[[int], Sides]] = {
    "a wide object": wide,
    "an object with other names": renamed,
    "similar records that both sides changed": lambda n: (
        similar(n),
        similar(n, "ours"),
        similar(n, "theirs"),
    ),
    "similar records that both sides added": lambda n: ([], similar(n, "ours"), similar(n, "t")),
    "records in reverse, and edited": reversed_records,
    "scalars in reverse": reversed_scalars,
    "the same again and again": lambda n: ([0] * n, [0] * (n - 9), [1, *[0] * (n + 9)]),
    "few values in any order": shuffled_alike,
    "texts of many lines": lambda n: ("a\n" * n, "a\nb\n" * n, "a\n" * (n // 2)),
    "a very long key": lambda n: ({"k" * n: 1}, {"k" * n: 2, "k" * (n + 1): 1}, {"k" * n: 3}),
    "members in a series": lambda n: (
        {f"{i}": i for i in range(n)},
        {f"{i}": i for i in range(n + 9)},
        {f"{i}": i + 1 for i in range(n)},
    ),
}


def calls_of(sides: Sides) -> int:
    """How many functions a merge calls, ours and those of Python itself."""
    base, ours, theirs = sides
    calls = 0

    def count(_frame: object, event: str, _what: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        merge_json(base=base, ours=ours, theirs=theirs)
    finally:
        sys.setprofile(None)
    return calls


SMALL, LARGE = 500, 2_000
"""Both are beyond what is searched for a good match, so that the work is linear from here on."""


@pytest.mark.parametrize("name", SHAPES)
def test_four_times_the_size_is_some_four_times_the_work(name: str) -> None:
    small, large = (calls_of(SHAPES[name](n)) for n in (SMALL, LARGE))
    assert large < 7 * small + 5_000


def test_the_deepest_documents_merge_and_deeper_ones_are_refused() -> None:
    def nested(depth: int, leaf: Json) -> Json:
        value = leaf
        for level in range(depth):
            value = [value] if level % 2 else {"k": value}
        return value

    base, ours, theirs = (nested(MAX_DEPTH, leaf) for leaf in (0, 1, 0))
    assert merge_json(base=base, ours=ours, theirs=theirs).value == ours
    deeper = nested(MAX_DEPTH + 1, 1)
    with pytest.raises(ValueError, match="nested deeper than 100"):
        merge_json(base=base, ours=ours, theirs=deeper)


def test_a_document_of_too_many_bytes_is_not_even_read() -> None:
    with pytest.raises(NotJson, match=r"67,108,865 bytes, more than 67,108,864"):
        parse_json(b"[" * (MAX_BYTES + 1))


def test_containers_that_hold_the_next_one_twice_are_looked_at_once() -> None:
    value: list[object] = [1]
    for _ in range(MAX_DEPTH - 1):
        value = [value, value]
    assert check_json(value) is value


def test_many_values_that_share_another_are_checked_to_the_same_depth() -> None:
    def shared(depth: int) -> list[object]:
        inner: list[object] = [1]
        for _ in range(depth - 2):
            inner = [inner, inner]
        return [[inner] for _ in range(3 * AT_ONCE)]

    assert check_json(shared(MAX_DEPTH - 1))
    with pytest.raises(ValueError, match="nested deeper than 100"):
        check_json(shared(MAX_DEPTH))
