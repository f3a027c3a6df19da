"""Insertions into JSON lists that lie close to the other side's changes."""

from __future__ import annotations

import pytest
from mirrored import merged_both_ways

from pyvcs.merge.json_value import Json
from pyvcs.merge.result import ConflictKind


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        pytest.param(["b"], ["a", "b"], ["B"], ["a", "B"], id="before an edited item"),
        pytest.param(["a", "b"], ["a", "x", "b"], ["A", "B"], ["A", "x", "B"], id="between two"),
        pytest.param([1, 2, 3], [1, 9, 2, 3], [1, 3], [1, 9, 3], id="beside a deleted item"),
        pytest.param([1, 2], [1, 2, 3], [], [3], id="behind a list that was emptied"),
        pytest.param(
            ["a", "d", "k"],
            ["a", "b", "d", "k"],
            ["a", "c", "d", "k"],
            ["a", "b", "c", "d", "k"],
            id="two into a sorted list",
        ),
        pytest.param(
            ["a", "D", "k"],
            ["a", "c", "D", "k"],
            ["a", "B", "D", "k"],
            ["a", "B", "c", "D", "k"],
            id="sorted but for case",
        ),
    ],
)
def test_these_are_plain(base: Json, ours: Json, theirs: Json, result: Json) -> None:
    merged = merged_both_ways(base=base, ours=ours, theirs=theirs)
    assert merged.is_clean
    assert merged.value == result


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        pytest.param([1, 2], [1, 9, 2], [], id="between two that were deleted"),
        pytest.param([1], [1, 3], [1, 4], id="two at one place, unsorted"),
        pytest.param(["c", "a", "b"], ["c", "a", "b", "x"], ["c", "a", "b", "y"], id="no order"),
        pytest.param([1], [1, 1], [2], id="which of two equal items was inserted"),
        pytest.param([1, 2], [0, 1, 2], [2, 1], id="beside what moved"),
    ],
)
def test_these_are_conflicts(base: Json, ours: Json, theirs: Json) -> None:
    merged = merged_both_ways(base=base, ours=ours, theirs=theirs)
    assert {conflict.kind for conflict in merged.conflicts} == {ConflictKind.ORDER}
