"""The laws of diff and diff3 on drawn sequences (laws.md 5)."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.diff import Hunk, diff, matching, patch
from pyvcs.merge.diff3 import diff3
from pyvcs.merge.result import ChunkKind
from pyvcs.merge.shortest import rough_root

few = st.lists(st.integers(0, 5), max_size=30)
law = settings(deadline=None, max_examples=150)


@law
@given(few, few)
def test_a_diff_takes_base_to_other_and_back(base: list[int], other: list[int]) -> None:
    assert patch(base, diff(base, other)) == tuple(other)
    assert patch(other, diff(other, base)) == tuple(base)


@law
@given(few, few)
def test_matches_are_equal_in_order_and_maximal(base: list[int], other: list[int]) -> None:
    i = j = 0
    for n, match in enumerate(matching(base, other)):
        assert match.base >= i
        assert match.other >= j
        assert n == 0 or (match.base, match.other) != (i, j), "two runs touch on both sides"
        i, j = match.base + match.length, match.other + match.length
        assert base[match.base : i] == other[match.other : j]


@law
@given(few, few)
def test_nothing_rare_that_could_be_kept_lies_between_two_matches(
    base: list[int], other: list[int]
) -> None:
    """What one side has very often may be set aside amid changes, as git and GNU diff do."""
    for hunk in diff(base, other):
        for element in set(hunk.removed) & set(hunk.added):
            assert base.count(element) >= rough_root(len(other)) or (
                other.count(element) >= rough_root(len(base))
            )


def test_a_line_that_the_other_side_has_often_is_set_aside_amid_changes() -> None:
    """`git diff` shows this very hunk; GNU diff keeps the one."""
    base, other = "1111", "00000010"
    assert diff(base, other) == (Hunk(0, 0, tuple(base), tuple(other)),)


@law
@given(few, few)
def test_a_change_of_one_side_is_the_result(base: list[int], side: list[int]) -> None:
    assert diff3(base=base, ours=base, theirs=side).result == tuple(side)
    assert diff3(base=base, ours=side, theirs=base).result == tuple(side)
    assert diff3(base=base, ours=side, theirs=side).result == tuple(side)


@law
@given(few, few, few)
def test_swapping_the_sides_mirrors_the_merge(
    base: list[int], ours: list[int], theirs: list[int]
) -> None:
    merged = diff3(base=base, ours=ours, theirs=theirs)
    mirrored = diff3(base=base, ours=theirs, theirs=ours)
    assert [(c.base, c.ours, c.theirs) for c in merged.chunks] == [
        (c.base, c.theirs, c.ours) for c in mirrored.chunks
    ]
    if merged.is_clean:
        assert merged.result == mirrored.result


@law
@given(few, few, few)
def test_the_chunks_side_by_side_are_the_inputs(
    base: list[int], ours: list[int], theirs: list[int]
) -> None:
    chunks = diff3(base=base, ours=ours, theirs=theirs).chunks
    assert [x for chunk in chunks for x in chunk.base] == base
    assert [x for chunk in chunks for x in chunk.ours] == ours
    assert [x for chunk in chunks for x in chunk.theirs] == theirs


@law
@given(few, few, few)
def test_stable_chunks_are_equal_and_maximal(
    base: list[int], ours: list[int], theirs: list[int]
) -> None:
    chunks = diff3(base=base, ours=ours, theirs=theirs).chunks
    stable = [chunk.kind is ChunkKind.STABLE for chunk in chunks]
    assert all(x != y for x, y in pairwise(stable)), "they alternate"
    for chunk in chunks:
        if chunk.kind is ChunkKind.STABLE:
            assert chunk.base == chunk.ours == chunk.theirs != ()


@st.composite
def tiled_edits(draw: st.DrawFn) -> tuple[list[str], list[str], list[str], list[str]]:
    """Base, ours, theirs and the merge; the sides edit stretches by turns.

    Between two stretches stands an element that occurs nowhere else. A stretch has letters of its
    own, so that no other stretch holds anything that its elements could be taken for.
    """
    base: list[str] = []
    ours: list[str] = []
    theirs: list[str] = []
    merged: list[str] = []
    for n in range(draw(st.integers(2, 5))):
        letters = st.lists(st.sampled_from([f"{n}{x}" for x in "abc"]), max_size=5)
        old, new = draw(letters), draw(letters)
        unique = [f"unique {n}"]
        base += old + unique
        ours += (new if n % 2 else old) + unique
        theirs += (old if n % 2 else new) + unique
        merged += new + unique
    return base, ours, theirs, merged


@law
@given(tiled_edits())
def test_edits_separated_by_what_is_unique_never_conflict(
    case: tuple[list[str], list[str], list[str], list[str]],
) -> None:
    base, ours, theirs, merged = case
    assert diff3(base=base, ours=ours, theirs=theirs).result == tuple(merged)


@law
@given(few, few, few, few)
def test_any_two_edits_separated_by_a_unique_run_never_conflict(
    first: list[int], new_first: list[int], second: list[int], new_second: list[int]
) -> None:
    between = [100, 101]
    merged = diff3(
        base=first + between + second,
        ours=new_first + between + second,
        theirs=first + between + new_second,
    )
    assert merged.result == tuple(new_first + between + new_second)
