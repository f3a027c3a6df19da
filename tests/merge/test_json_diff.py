"""Differences of JSON values: small, right when applied by us and by others, bounded."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import jsonpatch
import pytest
from counted_work import at_most_steps
from drawn_json import drawn_document, drawn_merge
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge import json_diff, shortest
from pyvcs.merge.json_compare import same
from pyvcs.merge.json_diff import diff_json
from pyvcs.merge.json_patch import Operation, patch_json
from pyvcs.merge.json_value import ABSENT, Json, Number, parse_json

law = settings(deadline=None, max_examples=400)
seeds = st.integers(0, 2**64)
scalars = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, "", "a/~b"])
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(st.sampled_from(["a", "b", "", "~1", "/", "0"]), inner, max_size=4)
    ),
    max_leaves=25,
)

SMALL: dict[str, tuple[Json, Json, list[Any]]] = {
    "equal": ({"a": 1}, {"a": Number("1.0")}, []),
    "order of keys": ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    "true is not 1": ([1, 0], [True, 0], [("replace", "/0", True)]),
    "root": (1, [1], [("replace", "", [1])]),
    "added": ({}, {"a/b": {"~": 1}}, [("add", "/a~1b", {"~": 1})]),
    "emptied": ({"a": 1}, {}, [("remove", "/a")]),
    "renamed": ({"a": [1, 2]}, {"b": [1, 2]}, [("move", "/a", "/b")]),
    "another object": ({"a": 1}, {"b": 2}, [("replace", "", {"b": 2})]),
    "inserted": ([1, 2], [1, 9, 2], [("add", "/1", 9)]),
    "changed": ([1, 2, 3], [1, 9, 3], [("replace", "/1", 9)]),
    "moved": (["a", "b", "c", "d"], ["d", "a", "b", "c"], [("move", "/3", "/0")]),
    "moved and edited": (
        [{"id": 1, "v": 1}, {"id": 2, "v": 2}, {"id": 3, "v": 3}],
        [{"id": 2, "v": 2}, {"id": 3, "v": 3}, {"id": 1, "v": 9}],
        [("move", "/0", "/2"), ("replace", "/2/v", 9)],
    ),
    "alike": (
        [{"x": 1, "y": 2, "z": 3}, [1]],
        [[1], {"x": 1, "y": 2, "z": 4}],
        [("move", "/1", "/0"), ("replace", "/1/z", 4)],
    ),
    "another item": ([0, {"x": 1}], [0, {"y": 2}], [("remove", "/1"), ("add", "/1", {"y": 2})]),
}


def short(operation: Operation) -> tuple[Any, ...]:
    """An operation with what it has, sources first."""
    parts = (operation.op, operation.source, operation.path, operation.value)
    return tuple(part for part in parts if part is not None and part is not ABSENT)


def check(before: Json, after: Json) -> None:
    """The difference, done by us, by jsonpatch, and after a trip through text, makes `after`."""
    written = json.dumps(before)
    operations = diff_json(before, after)
    assert same(patch_json(before, operations), after)
    assert json.dumps(before) == written, "the value that was patched has changed"
    patch = [operation.as_json() for operation in operations]
    assert same(jsonpatch.apply_patch(before, patch), after)
    assert tuple(map(Operation.from_json, json.loads(json.dumps(patch)))) == operations


@pytest.mark.parametrize("name", SMALL)
def test_a_difference_is_small(name: str) -> None:
    before, after, operations = SMALL[name]
    assert [short(operation) for operation in diff_json(before, after)] == operations


@law
@given(seeds)
def test_a_difference_makes_an_edited_document(seed: int) -> None:
    for document in drawn_merge(Random(seed))[1:]:
        check(drawn_merge(Random(seed))[0], document)
    check(drawn_document(Random(seed)), drawn_document(Random(seed + 1)))


@law
@given(values, values)
def test_a_difference_makes_any_other_value(before: Json, after: Json) -> None:
    check(before, after)


def test_numbers_keep_their_spelling() -> None:
    before = parse_json(b'{"a": 1.00, "b": [1e400]}').value
    after = parse_json(b'{"a": 1.0, "b": [1e400, 2e400]}').value
    assert [short(each) for each in diff_json(before, after)] == [("add", "/b/1", Number("2e400"))]


@pytest.mark.parametrize("bad", [{1: 2}, [float("nan")], {"a": {1}}, ABSENT])
def test_what_is_no_json_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|strings"):
        diff_json(bad, {})
    with pytest.raises(ValueError, match=r"JSON|strings"):
        diff_json({}, bad)
    with pytest.raises(ValueError, match=r"JSON|strings"):
        patch_json(bad, [])


N = 2_000
HOSTILE: dict[str, tuple[Any, Any]] = {
    "reversed": (list(range(N)), list(range(N))[::-1]),
    "few different": ([n % 3 for n in range(N)], [n % 2 for n in range(N)]),
    "no two equal": ([[n] for n in range(N)], [[-n] for n in range(N)]),
    "a long object": ({str(n): [0] for n in range(N)}, {str(-n - 1): [0] for n in range(N)}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_take_bounded_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the bounds of long lists for short: without one, it takes 2,000 steps an item."""
    monkeypatch.setattr(json_diff, "MOST_MOVES", json_diff.MOST_MOVES // 20)
    monkeypatch.setattr(shortest, "MOST_STEPS", shortest.MOST_STEPS // 200)
    before, after = HOSTILE[name]
    with at_most_steps(1_000 * N):
        operations = diff_json(before, after)
        patched = patch_json(before, operations)
    assert same(patched, after)
    if isinstance(before, list):
        assert sum(operation.op == "move" for operation in operations) <= json_diff.MOST_MOVES
