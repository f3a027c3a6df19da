"""Three-way merge of sequences: the paper's example, drawn cases, all small inputs."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.result import Chunk, ChunkKind, Merged

STABLE, OURS, THEIRS, BOTH, CONFLICT = ChunkKind


def drawn(merged: Merged[str]) -> str:
    """Chunks as text: stable ones as they are, changes in brackets as base>ours|theirs."""
    return "".join(
        "".join(chunk.base)
        if chunk.kind is STABLE
        else f"[{''.join(chunk.base)}>{''.join(chunk.ours)}|{''.join(chunk.theirs)}]"
        for chunk in merged.chunks
    )


def test_the_example_of_the_paper() -> None:
    merged = diff3(base=[1, 2, 3, 4, 5, 6], ours=[1, 4, 5, 2, 3, 6], theirs=[1, 2, 4, 5, 3, 6])
    assert merged.chunks == (
        Chunk(STABLE, (1,), (1,), (1,)),
        Chunk(OURS, (), (4, 5), ()),
        Chunk(STABLE, (2,), (2,), (2,)),
        Chunk(CONFLICT, (3, 4, 5), (3,), (4, 5, 3)),
        Chunk(STABLE, (6,), (6,), (6,)),
    )


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("abc", "abc", "abc", "abc"),
        ("", "", "", ""),
        ("abcde", "aBcde", "abcdE", "a[b>B|b]cd[e>e|E]"),
        ("abc", "aXc", "aXc", "a[b>X|X]c"),
        ("abc", "aXc", "aYc", "a[b>X|Y]c"),
        ("abc", "ac", "aYc", "a[b>|Y]c"),
        ("ac", "aXc", "aYc", "a[>X|Y]c"),
        ("abcd", "aBcd", "abCd", "a[bc>Bc|bC]d"),  # neighbours: nothing stable between them
        ("abcd", "bcd", "abc", "[a>|a]bc[d>d|]"),
        ("", "x", "y", "[>x|y]"),
    ],
)
def test_drawn_merges(base: str, ours: str, theirs: str, expected: str) -> None:
    assert drawn(diff3(base=base, ours=ours, theirs=theirs)) == expected


def test_a_merge_with_a_conflict_has_no_result() -> None:
    merged = diff3(base="abc", ours="aXc", theirs="aYc")
    assert not merged.is_clean
    assert merged.conflicts == (Chunk(CONFLICT, ("b",), ("X",), ("Y",)),)
    with pytest.raises(ValueError, match="no result"):
        merged.result  # noqa: B018


def test_a_stable_chunk_is_as_long_on_every_side() -> None:
    with pytest.raises(ValueError, match="as long"):
        Chunk(STABLE, ("a",), (), ("a",))


def test_all_small_inputs_hold_the_laws() -> None:
    """Every merge of three words of at most three letters out of two: 3,375 merges."""
    words = ["".join(letters) for size in range(4) for letters in product("ab", repeat=size)]
    for base, ours, theirs in product(words, repeat=3):
        merged = diff3(base=base, ours=ours, theirs=theirs)
        mirrored = diff3(base=base, ours=theirs, theirs=ours)
        case = (base, ours, theirs)
        assert "".join("".join(chunk.base) for chunk in merged.chunks) == base, case
        assert "".join("".join(chunk.ours) for chunk in merged.chunks) == ours, case
        assert "".join("".join(chunk.theirs) for chunk in merged.chunks) == theirs, case
        assert [(c.base, c.theirs, c.ours) for c in mirrored.chunks] == [
            (c.base, c.ours, c.theirs) for c in merged.chunks
        ], case
        stable = [chunk.kind is STABLE for chunk in merged.chunks]
        assert all(x != y for x, y in pairwise(stable)), f"stable chunks are maximal: {case}"
        if ours == theirs or base == theirs:
            assert "".join(merged.result) == ours, case
        elif base == ours:
            assert "".join(merged.result) == theirs, case
