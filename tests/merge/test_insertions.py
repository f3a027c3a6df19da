"""Insertions that lie close to the other side's changes: in JSON lists and in texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirrored import merged_both_ways

from pyvcs.merge.json_value import Json
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.text import MergedText, merge_text


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


def text(words: str) -> bytes:
    return "".join(f"{letter}\n" for letter in words).encode()


def merged_texts(base: str, ours: str, theirs: str) -> MergedText:
    """The merge of lines of one letter, which must not depend on the order of the sides."""
    first, second = text(ours), text(theirs)
    merged = merge_text(base=text(base), ours=first, theirs=second, longer=True)
    mirrored = merge_text(base=text(base), ours=second, theirs=first, longer=True)
    assert merged.is_clean == mirrored.is_clean
    if merged.is_clean:
        assert merged.content == mirrored.content
    return merged


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        pytest.param("axd", "axyd", "axyd", id="one goes on behind"),
        pytest.param("axd", "ayxd", "ayxd", id="one has more before"),
        pytest.param("axd", "axyxd", "axyxd", id="both"),
        pytest.param("xad", "xyaD", "xyaD", id="beside an edit elsewhere"),
        pytest.param("axd", "axyd" + "ef", "axydef", id="at one of two places"),
    ],
)
def test_the_longer_of_two_insertions_stands(ours: str, theirs: str, result: str) -> None:
    assert merged_texts("ad", ours, theirs) == MergedText(text(result), ())


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        pytest.param("ad", "axd", "ayd", id="nothing in common"),
        pytest.param("ad", "axd", "ayxzd", id="in the middle"),
        pytest.param("ad", "axyd", "ayxd", id="in another order"),
        pytest.param("abd", "axd", "axyd", id="where something stood before"),
    ],
)
def test_two_insertions_of_which_none_begins_or_ends_with_the_other_conflict(
    base: str, ours: str, theirs: str
) -> None:
    assert len(merged_texts(base, ours, theirs).conflicts) == 1


def test_what_is_settled_stands_beside_a_conflict_that_is_not() -> None:
    merged = merged_texts("adk", "axdm", "axydn")
    assert [(each.ours, each.theirs) for each in merged.conflicts] == [((b"m\n",), (b"n\n",))]
    assert merged.content.startswith(text("axyd"))


WORDS = st.text("abcd", max_size=8)


@given(WORDS, WORDS, WORDS)
def test_a_clean_merge_of_lines_stays_as_it_is_and_no_insertion_is_lost(
    base: str, ours: str, theirs: str
) -> None:
    plain = merge_text(base=text(base), ours=text(ours), theirs=text(theirs))
    merged = merged_texts(base, ours, theirs)
    if plain.is_clean:
        assert merged == plain
    for side in (ours, theirs):
        if merged.is_clean and not base:
            assert side in merged.content.decode().replace("\n", "")
