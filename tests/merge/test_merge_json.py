"""JSON merged place by place: drawn cases. Every one is run with the sides swapped, too."""

from __future__ import annotations

from typing import Any

import pytest
from mirrored import merged_both_ways

from pyvcs.merge.json_tree import JsonConflict, merge_json, pointer_of
from pyvcs.merge.json_value import ABSENT, MAX_DEPTH, UNKNOWN, Json, Number
from pyvcs.merge.result import ConflictKind


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 2}),
        ({"a": 1}, {"a": 1, "x": 1}, {"a": 1, "y": 2}, {"a": 1, "x": 1, "y": 2}),
        ({"a": 1, "b": 2}, {"a": 1}, {"b": 2}, {}),
        ({"a": 1, "b": 2}, {"a": 1}, {"a": 3, "b": 2}, {"a": 3}),
        ({"a": 1}, {"a": 2, "n": [1]}, {"a": 2, "n": [1]}, {"a": 2, "n": [1]}),
        ({"o": {"a": 1}}, {"o": {"a": 2}}, {"o": {"a": 1, "b": 1}}, {"o": {"a": 2, "b": 1}}),
        ({}, {"n": {"a": 1}}, {"n": {"b": 1}}, {"n": {"a": 1, "b": 1}}),
        (1, 1.0, 2, 2),
        ([1], {"a": 1}, [1], {"a": 1}),
        ({"t": "a\nb\nc\n"}, {"t": "A\nb\nc\n"}, {"t": "a\nb\nC\n"}, {"t": "A\nb\nC\n"}),
        ({"t": "a\nb\nc"}, {"t": "a\nb\nc\nd"}, {"t": "A\nb\nc"}, {"t": "A\nb\nc\nd"}),
        ({"a": True}, {"a": 1}, {"a": True}, {"a": 1}),
        ({"#*=": 1, "__proto__": 1}, {"#*=": 2, "__proto__": 1}, {"#*=": 1}, {"#*=": 2}),
    ],
)
def test_clean_merges(base: Json, ours: Json, theirs: Json, expected: Json) -> None:
    merged = merged_both_ways(base, ours, theirs)
    assert merged.is_clean
    assert repr(merged.value) == repr(expected)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "shown", "kind", "pointer"),
    [
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 3}, "value", "/a"),
        (
            {"a": {"b/~": 1}},
            {"a": {"b/~": 2}},
            {"a": {"b/~": 3}},
            {"a": {"b/~": 3}},
            "value",
            "/a/b~1~0",
        ),
        ({"a": 1, "b": 1}, {"b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 1}, "value/delete", "/a"),
        (
            {"a": {"x": 1}},
            {},
            {"a": {"x": 1, "y": 1}},
            {"a": {"x": 1, "y": 1}},
            "value/delete",
            "/a",
        ),
        ({}, {"a": [1]}, {"a": [2]}, {"a": [2]}, "value", "/a"),
        ({"a": 1}, {"a": {"x": 1}}, {"a": [1]}, {"a": {"x": 1}}, "value", "/a"),
        (1, 2, 3, 3, "value", ""),
        (True, 1, 0, 1, "value", ""),
        ({"t": "a\nb\n"}, {"t": "a\nX\n"}, {"t": "a\nY\n"}, {"t": "a\nY\n"}, "value", "/t"),
    ],
)
def test_conflicts_show_one_side_by_a_fixed_rule(
    base: Json, ours: Json, theirs: Json, shown: Json, kind: str, pointer: str
) -> None:
    merged = merged_both_ways(base, ours, theirs)
    assert merged.value == shown
    assert [(c.kind.value, c.pointer) for c in merged.conflicts] == [(kind, pointer)]


def test_a_conflict_holds_all_three_values() -> None:
    merged = merge_json(base={"a": 1, "b": 2}, ours={"a": 1}, theirs={"a": 1, "b": 3})
    assert merged.conflicts == (JsonConflict(ConflictKind.VALUE_DELETE, "/b", 2, ABSENT, 3),)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "keys"),
    [
        ("abc", "aXbc", "abYc", "aXbYc"),
        ("abc", "abcX", "abcY", "abcXY"),
        ("abc", "cab", "abcX", "cabX"),  # c moved away, so X follows b
        ("abc", "cab", "abXc", "cabX"),
        ("abcd", "dabc", "bcda", "dbca"),
        ("abc", "cba", "cba", "cba"),
        ("abc", "bc", "abcX", "bcX"),
        ("abc", "abc", "cab", "cab"),
        ("ab", "abXY", "abX", "abXY"),
    ],
)
def test_keys_keep_the_order_that_the_sides_gave_them(
    base: str, ours: str, theirs: str, keys: str
) -> None:
    sides = [dict.fromkeys(side, 1) for side in (base, ours, theirs)]
    merged = merged_both_ways(*sides)
    assert merged.is_clean
    assert isinstance(merged.value, dict)
    assert "".join(merged.value) == keys


def test_an_untouched_number_keeps_its_spelling() -> None:
    base = {"a": Number("1.50"), "b": 1}
    merged = merged_both_ways(base, {"a": 1.5, "b": 1}, {"a": Number("1.50"), "b": 2})
    assert repr(merged.value) == repr({"a": 1.5, "b": 2})
    merged = merged_both_ways(base, {"a": 1.5, "b": 1}, {"a": 2, "b": 1})
    assert repr(merged.value) == repr({"a": 2, "b": 1})


def test_of_two_new_spellings_one_is_taken_whichever_side_it_is() -> None:
    merged = merged_both_ways([1, "\ud800"], [Number("1.0"), "\ud800"], [Number("1e0"), "\ud800"])
    assert repr(merged.value) == repr([Number("1e0"), "\ud800"])


def test_a_deletion_wins_over_a_new_spelling() -> None:
    assert merged_both_ways({"a": Number("1.0")}, {}, {"a": 1}).value == {}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "clean"),
    [
        (UNKNOWN, {"a": 1}, {"a": 1}, True),
        (UNKNOWN, {"a": 1}, {"a": 2}, False),
        ({"a": UNKNOWN, "b": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 1}, True),
        ({"a": UNKNOWN}, {"a": 1}, {}, False),
        ({"a": UNKNOWN}, {}, {}, True),
        ({"a": [1, UNKNOWN]}, {"a": [1, 2]}, {"a": [1, 2]}, True),
        ({"a": [1, UNKNOWN]}, {"a": [1, 2]}, {"a": [1, 3]}, False),
        ([{"id": 1, "v": UNKNOWN}], [{"id": 1, "v": 1}], [{"id": 1, "v": 2}], False),
        ([{"id": 1, "v": UNKNOWN}], [{"id": 1, "v": 1}], [], False),
    ],
)
def test_an_unknown_base_equals_nothing(base: Any, ours: Json, theirs: Json, clean: bool) -> None:
    assert merged_both_ways(base, ours, theirs).is_clean is clean


def test_a_document_added_on_both_sides_merges_key_by_key() -> None:
    assert merged_both_ways(ABSENT, {"a": 1}, {"b": 2}).value == {"a": 1, "b": 2}
    assert not merged_both_ways(ABSENT, {"a": 1}, {"a": 2}).is_clean
    assert not merged_both_ways(ABSENT, [1], [2]).is_clean
    assert merged_both_ways(ABSENT, [1], [1]).is_clean


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: {"k": v}, lambda v: [{"id": 1, "k": v}]])
def test_the_deepest_values_merge_without_running_out_of_stack(wrap: Any) -> None:
    depth = MAX_DEPTH // (2 if wrap(0) != [0] and isinstance(wrap(0), list) else 1)
    values: list[Any] = ["base", "ours", "theirs"]
    for _ in range(depth):
        values = [wrap(value) for value in values]
    merged = merged_both_ways(*values)
    assert [c.kind.value for c in merged.conflicts] == ["value"]


def test_pointers_escape_what_rfc_6901_says() -> None:
    assert pointer_of(()) == ""
    assert pointer_of(("", "a/b", "m~n", 3)) == "//a~1b/m~0n/3"


@pytest.mark.parametrize("wrong", [(1, 2), {1: 2}, {2, 3}, float("nan"), 1 << 4_000, object()])
@pytest.mark.parametrize("side", ["base", "ours", "theirs"])
def test_what_is_no_json_never_gets_into_a_result_or_a_conflict(side: str, wrong: object) -> None:
    sides: dict[str, Any] = {"base": {"a": 1}, "ours": {"a": 2}, "theirs": {"a": 3}}
    with pytest.raises(ValueError, match=r"no JSON|keys of an object|at most"):
        merge_json(**{**sides, side: {"a": wrong}})


def test_lists_of_what_is_no_json_are_refused() -> None:
    with pytest.raises(ValueError, match="no JSON"):
        merge_json(base=[1, 2], ours=[1, 2, 3], theirs=[{4}, 1, 2])


def test_containers_that_contain_themselves_are_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    other: list[object] = [1]
    other.append(other)
    with pytest.raises(ValueError, match="nested deeper"):
        merge_json(base=[], ours=[1], theirs=loop)
    with pytest.raises(ValueError, match="nested deeper"):
        merge_json(base=other, ours=[1], theirs=loop)
