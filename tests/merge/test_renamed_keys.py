"""A key that one side renamed while the other edited what it holds."""

from __future__ import annotations

import pytest
from mirrored import merged_both_ways

from pyvcs.merge.json_value import Json
from pyvcs.merge.result import ConflictKind

LONG = "a text of some length"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        pytest.param(
            {"old": {"a": 1}},
            {"new": {"a": 1}},
            {"old": {"a": 1, "b": 2}},
            {"new": {"a": 1, "b": 2}},
            id="renamed and added to",
        ),
        pytest.param(
            {"old": {"a": 1, "b": 1, "c": 1}, "z": 0},
            {"new": {"a": 1, "b": 1, "c": 5}, "z": 0},
            {"old": {"a": 7, "b": 1, "c": 1}, "z": 0},
            {"new": {"a": 7, "b": 1, "c": 5}, "z": 0},
            id="renamed with an edit, and edited",
        ),
        pytest.param(
            {"old": LONG + "\nline\n"},
            {"new": LONG + "\nline\n"},
            {"old": LONG + "\nline\nanother\n"},
            {"new": LONG + "\nline\nanother\n"},
            id="a text",
        ),
        pytest.param(
            {"one": {"a": 1}, "two": {"b": 1}},
            {"eins": {"a": 1}, "two": {"b": 1}},
            {"one": {"a": 2}, "zwei": {"b": 1}},
            {"eins": {"a": 2}, "zwei": {"b": 1}},
            id="each side renamed one",
        ),
        pytest.param(
            {"old": {"a": 1, "b": 1, "c": 1}},
            {"new": {"a": 2, "b": 1, "c": 1}},
            {"new": {"a": 1, "b": 1, "c": 2}},
            {"new": {"a": 2, "b": 1, "c": 2}},
            id="both sides renamed it alike, and edited",
        ),
    ],
)
def test_the_edit_follows_the_key(base: Json, ours: Json, theirs: Json, result: Json) -> None:
    merged = merged_both_ways(base=base, ours=ours, theirs=theirs)
    assert merged.is_clean
    assert merged.value == result


@pytest.mark.parametrize(
    ("base", "ours"),
    [
        pytest.param({"old": 1}, {"new": 1}, id="a number says nothing"),
        pytest.param({"old": "short"}, {"new": "short"}, id="nor a short text"),
        pytest.param({"old": [1]}, {"new": [1], "newer": [1]}, id="two new keys fit"),
        pytest.param({"old": [1]}, {"new": [2]}, id="the new value is another"),
        pytest.param({"old": []}, {"new": []}, id="an empty container"),
    ],
)
def test_without_a_telling_value_it_is_no_rename(base: dict[str, Json], ours: Json) -> None:
    merged = merged_both_ways(base=base, ours=ours, theirs={"old": [1, "edited"]})
    assert [conflict.kind for conflict in merged.conflicts] == [ConflictKind.VALUE_DELETE]
    assert [conflict.pointer for conflict in merged.conflicts] == ["/old"]
