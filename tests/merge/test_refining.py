"""Conflicts drawn tighter or wider: drawn cases, laws, and git as the witness."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from drawn_texts import drawn
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.markers import Style
from pyvcs.merge.refining import joined, shrunk
from pyvcs.merge.result import Chunk, ChunkKind
from pyvcs.merge.sequences import merge_lines, merge_sequence
from pyvcs.merge.text import Labels, merge_text, split_lines

few = st.lists(st.integers(0, 3), max_size=12)
law = settings(deadline=None, max_examples=150)


def sides(chunks: tuple[Chunk[int], ...]) -> list[list[int]]:
    """Base, ours and theirs, put together from the chunks."""
    return [
        [x for chunk in chunks for x in getattr(chunk, side)] for side in ("base", "ours", "theirs")
    ]


@law
@given(few, few, few)
def test_refined_chunks_are_still_the_inputs(
    base: list[int], ours: list[int], theirs: list[int]
) -> None:
    chunks = diff3(base=base, ours=ours, theirs=theirs).chunks
    for refined in (shrunk(chunks), joined(chunks), joined(shrunk(chunks), within=1)):
        assert sides(refined) == [base, ours, theirs]
        assert any(c.is_conflict for c in refined) == any(c.is_conflict for c in chunks)


@law
@given(few, few, few)
def test_a_shrunk_conflict_has_nothing_that_both_sides_begin_or_end_with(
    base: list[int], ours: list[int], theirs: list[int]
) -> None:
    for chunk in merge_sequence(base=base, ours=ours, theirs=theirs, shrink=True).conflicts:
        assert chunk.ours[:1] != chunk.theirs[:1]
        assert chunk.ours[-1:] != chunk.theirs[-1:]


@law
@given(few, few, few)
def test_refining_mirrors_too(base: list[int], ours: list[int], theirs: list[int]) -> None:
    one = merge_sequence(base=base, ours=ours, theirs=theirs, join=2, agree=False)
    other = merge_sequence(base=base, ours=theirs, theirs=ours, join=2, agree=False)
    assert [(c.ours, c.theirs) for c in one.chunks] == [(c.theirs, c.ours) for c in other.chunks]


def test_the_same_change_is_no_conflict_unless_asked_for() -> None:
    assert merge_sequence(base="abc", ours="aXc", theirs="aXc").result == ("a", "X", "c")
    doubted = merge_sequence(base="abc", ours="aXc", theirs="aXc", agree=False)
    assert doubted.conflicts == (Chunk(ChunkKind.CONFLICT, ("b",), ("X",), ("X",)),)


def test_the_same_edit_of_a_text_is_no_conflict_unless_asked_for() -> None:
    base, ours, theirs = b"a\nb\nc\n", b"A\nb\nc\n", b"A\nb\nC\n"
    assert merge_text(base=base, ours=ours, theirs=theirs).content == theirs
    doubted = merge_text(base=base, ours=ours, theirs=theirs, agree=False)
    assert doubted.content == (
        b"<<<<<<< ours\nA\n||||||| base\na\n=======\nA\n>>>>>>> theirs\nb\nC\n"
    )
    assert merge_text(base=base, ours=ours, theirs=base, agree=False).content == ours


@law
@given(st.integers(0, 2**64), st.booleans())
def test_without_agreement_a_text_has_the_conflicts_of_its_lines(
    seed: int, repeating: bool
) -> None:
    base, ours, theirs = drawn(seed, repeating)
    text = merge_text(base=base, ours=ours, theirs=theirs, agree=False)
    lines = merge_lines(
        base=split_lines(base), ours=split_lines(ours), theirs=split_lines(theirs), agree=False
    )
    assert [(c.base, c.ours, c.theirs) for c in text.conflicts] == [
        (c.base, c.ours, c.theirs) for c in lines.conflicts
    ]


def test_an_insertion_beside_a_deletion_is_a_conflict_as_in_the_paper() -> None:
    beside = merge_sequence(base="abc", ours="ac", theirs="abXc")
    assert beside.conflicts == (Chunk(ChunkKind.CONFLICT, ("b",), (), ("b", "X")),)
    apart = merge_sequence(base="abcd", ours="acd", theirs="abcXd")
    assert apart.result == ("a", "c", "X", "d")


def test_conflicts_join_over_few_elements_that_nobody_changed() -> None:
    def chunks(join: int) -> tuple[Chunk[str], ...]:
        return merge_sequence(base="abcd", ours="AbcD", theirs="1bc2", join=join).chunks

    assert len(chunks(-1)) == len(chunks(1)) == 3
    assert chunks(2) == (Chunk(ChunkKind.CONFLICT, tuple("abcd"), tuple("AbcD"), tuple("1bc2")),)


def test_a_change_of_one_side_between_keeps_conflicts_apart() -> None:
    merged = merge_sequence(base="abcde", ours="AbXdE", theirs="1bcd2", join=9)
    assert len(merged.conflicts) == 2


def test_lines_are_matched_as_git_matches_them() -> None:
    merged = merge_lines(base=["a\n", "b\n"], ours=["a\n", "B\n"], theirs=["0\n", "a\n", "b\n"])
    assert merged.result == ("0\n", "a\n", "B\n")
    swapped = merge_lines(base=[*"12abc"], ours=[*"abc12"], theirs=[*"12abc"])
    assert swapped.result == tuple("abc12")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed on this machine")
@pytest.mark.parametrize("repeating", [False, True])
def test_shrunk_and_joined_a_conflict_is_shown_as_git_shows_it(
    tmp_path: Path, repeating: bool
) -> None:
    conflicts = 0
    for seed in range(100):
        base, ours, theirs = drawn(seed, repeating)
        merged = merge_text(
            base=base,
            ours=ours,
            theirs=theirs,
            labels=Labels(),
            style="merge",
            shrink=True,
            join=True,
        )
        conflicts += not merged.is_clean
        assert merged.content == shown_by_git(tmp_path, (base, ours, theirs), "merge"), seed
    assert conflicts > 25


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed on this machine")
@pytest.mark.parametrize("style", ["diff3", "zdiff3"])
def test_styles_with_the_base_are_those_of_git(tmp_path: Path, style: Style) -> None:
    for seed in range(100):
        base, ours, theirs = drawn(seed, repeating=bool(seed % 2))
        merged = merge_text(base=base, ours=ours, theirs=theirs, labels=Labels(), style=style)
        assert merged.content == shown_by_git(tmp_path, (base, ours, theirs), style), seed


def shown_by_git(folder: Path, versions: tuple[bytes, bytes, bytes], style: str) -> bytes:
    """What git merge-file prints in a style."""
    for name, content in zip(("base", "ours", "theirs"), versions, strict=True):
        (folder / name).write_bytes(content)
    labels = [word for name in ("ours", "base", "theirs") for word in ("-L", name)]
    options = [] if style == "merge" else [f"--{style}"]
    command = ["git", "merge-file", "-p", "-q", *options, *labels, "ours", "base", "theirs"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout
