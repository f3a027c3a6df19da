"""Values that one side carried on to a new member while the other side changed them."""

from __future__ import annotations

import pytest
from mirrored import merged_both_ways

from pyvcs.merge.json_tree import JsonConflict
from pyvcs.merge.json_value import Json
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.series import counts_on


def test_what_was_carried_on_from_a_corrected_value_is_in_conflict() -> None:
    merged = merged_both_ways(
        base={"stats": {"13": "no", "14": "no"}},
        ours={"stats": {"13": "no", "14": "yes"}},
        theirs={"stats": {"13": "no", "14": "no", "15": "no", "16": "no"}},
    )
    assert merged.value == {"stats": {"13": "no", "14": "yes", "15": "no", "16": "no"}}
    assert merged.conflicts == (
        JsonConflict(ConflictKind.SERIES, "/stats/15", "no", "yes", "no"),
        JsonConflict(ConflictKind.SERIES, "/stats/16", "no", "yes", "no"),
    )


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        pytest.param({"a": 1}, {"a": 2}, {"a": 1, "b": 1}, id="keys that do not count"),
        pytest.param({"1": "x"}, {"1": "y"}, {"1": "x", "2": "z"}, id="a value of its own"),
        pytest.param({"2": "x"}, {"2": "y"}, {"2": "x", "1": "x"}, id="counted back"),
        pytest.param(
            {"1": "x", "2": "x"},
            {"1": "y", "2": "x"},
            {"1": "x", "2": "x", "3": "x"},
            id="another member changed",
        ),
        pytest.param({"1": "x"}, {"1": "y"}, {"1": "x", "2": "z", "3": "x"}, id="not the next one"),
        pytest.param({"1": "x"}, {"1": "x", "2": "x"}, {"1": "x", "3": "x"}, id="nothing changed"),
    ],
)
def test_all_else_is_no_series(base: Json, ours: Json, theirs: Json) -> None:
    assert merged_both_ways(base=base, ours=ours, theirs=theirs).is_clean


@pytest.mark.parametrize(
    ("key", "after", "counts"),
    [
        ("9", "10", True),
        ("10", "9", False),
        ("14.0", "14.1", True),
        ("v1.9", "v1.10", True),
        ("2024-09-30", "2024-10-01", True),
        ("TP", "12", False),
        ("a1", "a2", False),
        ("", "1", False),
    ],
)
def test_what_counts(key: str, after: str, *, counts: bool) -> None:
    assert counts_on(key, after) is counts
