"""The checker of lost edits finds each kind of loss, and cries for none that is told."""

from __future__ import annotations

from typing import Any

import pytest
from lost_edits import lost_edits, lost_lines, lost_moves

from pyvcs.merge.json_tree import JsonConflict
from pyvcs.merge.json_value import Json
from pyvcs.merge.result import ConflictKind

RECORDS: list[Json] = [{"id": n, "v": n * 10} for n in range(1, 4)]
ONE, TWO, THREE = RECORDS

LOST: dict[str, tuple[Any, Any, Any, Any, str]] = {
    "insertion": ({"a": 1}, {"a": 1, "b": 2}, {"a": 1}, {"a": 1}, "ours added"),
    "deletion": (
        {"a": 1, "b": 2},
        {"a": 1, "b": 2},
        {"a": 1},
        {"a": 1, "b": 2},
        "theirs took away",
    ),
    "change": ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 1}, "theirs added"),
    "true for 1": ({"a": 0}, {"a": True}, {"a": 0}, {"a": 1}, "ours added"),
    "move": (RECORDS, [TWO, ONE, THREE], RECORDS, RECORDS, "ours moved"),
    "move below a key": (
        {"l": RECORDS},
        {"l": RECORDS},
        {"l": [THREE, ONE, TWO]},
        {"l": RECORDS},
        "theirs moved",
    ),
    "move of scalars": (["a", "b"], ["b", "a"], ["a", "b"], ["a", "b"], "ours moved"),
    "move that nobody made": (RECORDS, RECORDS, RECORDS, [TWO, ONE, THREE], "nobody moved"),
    "item in a list": ([1, 2], [1, 2, 3], [1, 2], [1, 2], "ours added"),
    "emptied": ({"a": {"b": 1}}, {"a": {}}, {"a": {"b": 1}}, {"a": {"b": 1}}, "ours took away"),
    "one of two like items": (["x"], ["x", "x"], ["x"], ["x"], "ours added"),
    "made up": ({"a": 1}, {"a": 1}, {"a": 1}, {"a": 1, "b": 2}, "ours did not add"),
    "with its key, beside the like": (
        {"old": {"v": 1}, "other": {"v": 7}},
        {"old": {"v": 1}, "other": {"v": 7}},
        {"old": {"v": 7}, "other": {"v": 7}},
        {"other": {"v": 7}},
        "theirs added",
    ),
}

TOLD: dict[str, tuple[Any, Any, Any, Any]] = {
    "both": ({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}),
    "renamed and edited": (
        {"old": {"a": 1, "b": 2}},
        {"new": {"a": 1, "b": 2}},
        {"old": {"a": 1, "b": 3}},
        {"new": {"a": 1, "b": 3}},
    ),
    "moved and edited": (RECORDS, [TWO, ONE, THREE], [{"id": 1, "v": 9}, TWO, THREE],
                         [TWO, {"id": 1, "v": 9}, THREE]),
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_a_loss_is_found(name: str) -> None:
    base, ours, theirs, result, message = LOST[name]
    found = lost_edits(base=base, ours=ours, theirs=theirs, result=result, conflicts=())
    assert any(sentence.startswith(message) for sentence in found), found
    mirrored = lost_edits(base=base, ours=theirs, theirs=ours, result=result, conflicts=())
    assert len(mirrored) == len(found)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_kept_is_not_called_lost(name: str) -> None:
    base, ours, theirs, result = TOLD[name]
    assert lost_edits(base=base, ours=ours, theirs=theirs, result=result, conflicts=()) == []


def test_what_a_conflict_tells_is_not_lost() -> None:
    conflict = JsonConflict(ConflictKind.VALUE, "/a", 1, 2, 3)
    sides: dict[str, Json] = {"base": {"a": 1}, "ours": {"a": 2}, "theirs": {"a": 3}}
    assert lost_edits(**sides, result={"a": 3}, conflicts=[conflict]) == []
    assert lost_edits(**sides, result={"a": 3}, conflicts=[])


def test_a_conflict_tells_of_its_own_place_only() -> None:
    conflict = JsonConflict(ConflictKind.VALUE, "/a", 1, 2, 3)
    sides: dict[str, Json] = {
        "base": {"a": 1, "b": {"c": 1}},
        "ours": {"a": 2, "b": {"c": 2}},
        "theirs": {"a": 3, "b": {"c": 1}},
    }
    assert lost_edits(**sides, result={"a": 3, "b": {"c": 2}}, conflicts=[conflict]) == []
    assert lost_edits(**sides, result={"a": 3, "b": {"c": 1}}, conflicts=[conflict])


def test_moves_in_vain_are_found() -> None:
    assert lost_moves(base=RECORDS, ours=RECORDS, theirs=RECORDS, result=[TWO, ONE, THREE])
    assert not lost_moves(base=RECORDS, ours=[TWO, ONE], theirs=RECORDS, result=[TWO, ONE, THREE])


LINES = {
    "insertion": (b"ab", b"axb", b"ab", b"ab"),
    "deletion": (b"abc", b"ac", b"abc", b"abc"),
    "change": (b"abc", b"abc", b"axc", b"abc"),
    "move": (b"abc", b"bac", b"abc", b"abc"),
    "move that nobody made": (b"abc", b"abc", b"abc", b"cab"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_lost_line_is_found(name: str) -> None:
    base, ours, theirs, result = ([bytes([c]) for c in side] for side in LINES[name])
    found = {"base": base, "ours": ours, "theirs": theirs}
    assert lost_lines(**found, result=result, conflicts=())
    assert not lost_lines(**found, result=result, conflicts=[base, ours, theirs])
    kept = ours if ours != base else theirs
    assert not lost_lines(**found, result=kept, conflicts=()) or name == "move that nobody made"
