"""JSON lists merged: by identity, by equality, by similarity. Every case with sides swapped too."""

from __future__ import annotations

from typing import Any

import pytest
from mirrored import merged_both_ways

from pyvcs.merge.json_tree import JsonConflict
from pyvcs.merge.json_value import ABSENT, Json
from pyvcs.merge.lists import identity_field
from pyvcs.merge.result import ConflictKind


def records(text: str) -> list[Json]:
    """Records by their id, a value behind it when it is not 0: `a b=1` is two records."""
    pairs = (word.partition("=") for word in text.split())
    return [{"id": name, "v": int(value or "0")} for name, _, value in pairs]


def spelled(value: Json) -> str:
    assert isinstance(value, list)
    words = []
    for item in value:
        assert isinstance(item, dict)
        words.append(f"{item['id']}={item['v']}" if item["v"] else str(item["id"]))
    return " ".join(words)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a b", "a=1 b", "a b=1", "a=1 b=1"),  # two records edited, one by each side
        ("a b", "a=9 b", "a b", "a=9 b"),
        ("a b c", "c a b", "a b c=1", "c=1 a b"),  # moved by one, edited by the other
        ("a b c d", "d a b c", "b c d a", "d b c a"),  # different ones moved
        ("a b c", "c b a", "c b a", "c b a"),  # moved alike
        ("a b c", "c b a x", "c b a", "c b a x"),
        ("a b c", "a x b c", "a b y c", "a x b y c"),
        ("a b c", "b c", "a b c x", "b c x"),
        ("a b c", "b c", "a b", "b"),
        ("a b c", "a x c", "a b c=1", "a x c=1"),  # one record gave way to another
        ("a b c", "b a c", "a b", "b a"),
        ("a b", "a b x", "a b x", "a b x"),
        ("a b c", "", "a b c", ""),
        ("a b c", "c a b", "a b x c", "c a b x"),
        ("a", "a x", "y a", "y a x"),
    ],
)
def test_records_merge_by_identity(base: str, ours: str, theirs: str, expected: str) -> None:
    merged = merged_both_ways(records(base), records(ours), records(theirs))
    assert merged.conflicts == ()
    assert spelled(merged.value) == expected


def test_a_record_edited_and_deleted_is_kept_and_reported() -> None:
    merged = merged_both_ways(records("a b c"), records("a c"), records("a b=1 c"))
    assert spelled(merged.value) == "a b=1 c"
    (old,), (new,) = records("b"), records("b=1")
    assert merged.conflicts == (JsonConflict(ConflictKind.VALUE_DELETE, "/1", old, ABSENT, new),)


def test_a_record_edited_and_moved_by_one_side_and_deleted_by_the_other_is_kept() -> None:
    merged = merged_both_ways(records("a b c"), records("a b"), records("c=1 a b"))
    assert spelled(merged.value) == "c=1 a b"
    assert [(c.kind, c.pointer) for c in merged.conflicts] == [(ConflictKind.VALUE_DELETE, "/0")]


def test_insertions_of_both_sides_at_one_place_are_a_conflict_that_shows_one() -> None:
    merged = merged_both_ways(records("a b"), records("a x b"), records("a y b"))
    assert spelled(merged.value) == "a y b"
    assert merged.conflicts == (
        JsonConflict(ConflictKind.ORDER, "", [], records("x"), records("y")),
    )


def test_a_moved_record_is_never_hidden_by_an_insertion() -> None:
    merged = merged_both_ways(records("a b c"), records("b c a"), records("a b c x"))
    assert sorted(spelled(merged.value).split()) in (["a", "b", "c"], ["a", "b", "c", "x"])
    assert [c.kind for c in merged.conflicts] == [ConflictKind.ORDER]


def test_a_record_moved_to_two_places_is_a_conflict_and_stands_once() -> None:
    merged = merged_both_ways(records("a b c d"), records("d a b c"), records("a d b c"))
    assert sorted(spelled(merged.value).split()) == ["a", "b", "c", "d"]
    assert merged.conflicts == (
        JsonConflict(ConflictKind.ORDER, "", records("d"), records("d"), records("d")),
    )


def test_a_record_edited_by_both_sides_conflicts_in_its_field_alone() -> None:
    merged = merged_both_ways(records("a b"), records("b=1 a"), records("a b=2"))
    assert spelled(merged.value) == "b=2 a"
    assert merged.conflicts == (JsonConflict(ConflictKind.VALUE, "/0/v", 0, 1, 2),)


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([{"id": 1}, {"id": 2}], "id"),
        ([{"id": 1, "name": "x"}, {"id": 1, "name": "y"}], "name"),
        ([{"@id": "a", "uuid": 1}], "@id"),
        ([{"id": True}, {"id": 1}], None),
        ([{"id": 1}, {"id": 1.0}], None),
        ([{"id": 1}, {"id": "1"}], "id"),
        ([{"id": None}], None),
        ([{"id": {"a": 1}}], None),
        ([{"id": 1}, 5], None),
        ([5, {"id": 1}], None),
        ([], None),
    ],
)
def test_the_identity_is_a_scalar_field_unique_in_every_version(
    items: list[Json], field: str | None
) -> None:
    assert identity_field(items, items, []) == field
    assert identity_field(items, [{"other": 1}], []) is None


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ([1, 2, 3], [0, 1, 2, 3], [1, 2, 3, 4], [0, 1, 2, 3, 4]),
        ([1, 2, 3], [2, 3], [1, 2], [2]),
        ([1, 2], [9, 2], [1, 8], [9, 8]),  # neighbours, each changed by one side
        ([1, 2], [1, 2, 3], [1, 2, 3], [1, 2, 3]),
        (["a"], ["a", "b"], ["a"], ["a", "b"]),
        ([[1, 2], [3]], [[1, 2], [3, 4]], [[0, 1, 2], [3]], [[0, 1, 2], [3, 4]]),
        ([{"a": 1, "b": 1}], [{"a": 2, "b": 1}], [{"a": 1, "b": 2}], [{"a": 2, "b": 2}]),
        ([True, 5], [True, 5, 1], [True, 5], [True, 5, 1]),
    ],
)
def test_items_without_identity_merge_by_equality(
    base: Json, ours: Json, theirs: Json, expected: Json
) -> None:
    merged = merged_both_ways(base, ours, theirs)
    assert merged.conflicts == ()
    assert repr(merged.value) == repr(expected)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "shown", "conflicts"),
    [
        ([], [1], [2], [2], [("order", "", [], [1], [2])]),
        ([1], [1, 2], [1, 3], [1, 3], [("order", "", [], [2], [3])]),
        ([1], [2], [3], [3], [("value", "/0", 1, 2, 3)]),
        ([1], [], [2], [2], [("order", "", [1], [], [2])]),
        ([1, 2], [3], [4, 5, 6], [4, 5, 6], [("order", "", [1, 2], [3], [4, 5, 6])]),
        ([1, 2], [2, 3], [8, 9], [8, 9], [("order", "", [1, 2], [2, 3], [8, 9])]),
    ],
)
def test_what_cannot_be_paired_is_a_conflict_of_whole_runs(
    base: Json, ours: Json, theirs: Json, shown: Json, conflicts: list[Any]
) -> None:
    merged = merged_both_ways(base, ours, theirs)
    assert merged.value == shown
    assert [(c.kind, c.pointer, c.base, c.ours, c.theirs) for c in merged.conflicts] == conflicts


def test_similar_objects_are_taken_for_one_another() -> None:
    one = {"kind": "x", "text": "one", "n": 1}
    two = {"kind": "y", "text": "two", "m": 2}
    new = {"something": "else", "altogether": True}
    merged = merged_both_ways(
        [one, two], [{**one, "n": 5}, {**two, "m": 7}], [{**one, "kind": "z"}, new, two]
    )
    assert merged.conflicts == ()
    assert merged.value == [{**one, "n": 5, "kind": "z"}, new, {**two, "m": 7}]


def test_an_edit_never_lands_in_the_neighbour_of_a_deleted_item() -> None:
    first, second = {"k": 1, "t": "x"}, {"k": 2, "t": "x"}
    merged = merged_both_ways(
        [first, second], [{"k": 2, "t": "y"}, {"k": 3, "t": "x"}], [{**first, "z": 1}, second]
    )
    assert not merged.is_clean


@pytest.mark.parametrize("field", ["id", "name", "uuid"])
def test_objects_that_a_field_tells_apart_are_never_taken_for_one_another(field: str) -> None:
    one, two = {field: 1, "v": 1, "w": 1}, {field: 2, "v": 1, "w": 1}
    merged = merged_both_ways([one, 0], [{**one, "v": 2}, 0], [two, 0])
    assert merged.value in ([two, 0], [{**one, "v": 2}, 0])
    assert [c.kind for c in merged.conflicts] == [ConflictKind.ORDER]


def test_each_of_several_conflicts_has_its_place_in_the_result() -> None:
    merged = merged_both_ways(
        {"l": [1, "same", 2, {"a": 1}]},
        {"l": ["new", 1, "same", 3, {"a": 2}]},
        {"l": [1, "same", 4, {"a": 3}]},
    )
    assert merged.value == {"l": ["new", 1, "same", 4, {"a": 3}]}
    assert [(c.pointer, c.ours, c.theirs) for c in merged.conflicts] == [
        ("/l", [3, {"a": 2}], [4, {"a": 3}]),
    ]
