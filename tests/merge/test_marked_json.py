"""Conflicts written into a JSON value, and read back; the document that describes them."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

import pytest
from drawn_json import drawn_merge
from house import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.json_check import check_json
from pyvcs.merge.json_compare import identical
from pyvcs.merge.json_tree import JsonConflict, MergedJson, merge_json
from pyvcs.merge.json_value import ABSENT, UNKNOWN, Json
from pyvcs.merge.marked_json import read_conflicts, with_conflicts
from pyvcs.merge.result import ConflictKind

DOCUMENT = (ROOT / "docs" / "formats" / "conflicts.md").read_text(encoding="utf-8")


def by_place(conflicts: tuple[JsonConflict, ...]) -> list[str]:
    return sorted(map(repr, conflicts))


def check_round_trip(merged: MergedJson) -> None:
    marked = check_json(with_conflicts(merged))
    found = read_conflicts(json.loads(json.dumps(marked)))
    assert identical(found.value, merged.value)
    assert by_place(found.conflicts) == by_place(merged.conflicts)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 2**64))
def test_conflicts_are_written_and_read_back(seed: int) -> None:
    base, ours, theirs = drawn_merge(Random(seed))
    check_round_trip(merge_json(base=base, ours=ours, theirs=theirs))


QUOTING: list[Json] = [
    {"$conflict": {"shown": 1, "sides": []}},
    {"$$conflict": 1, "$conflict": 2, "conflict": 3, "$conflicts": 4},
    [{"$conflict": "unknown"}],
]


@pytest.mark.parametrize("value", QUOTING)
def test_a_document_that_holds_such_marks_is_quoted(value: Json) -> None:
    check_round_trip(MergedJson(value, ()))
    check_round_trip(merge_json(base={"v": 0}, ours={"v": value}, theirs={"v": 1}))


def test_a_base_that_nobody_can_tell_is_marked() -> None:
    base: Any = {"v": UNKNOWN, "w": [UNKNOWN, 1]}
    merged = merge_json(base=base, ours={"v": 1, "w": 1}, theirs={"v": 2, "w": 2})
    assert {conflict.pointer for conflict in merged.conflicts} == {"/v", "/w"}
    check_round_trip(merged)


def test_a_place_that_shows_nothing_is_read_back() -> None:
    conflict = JsonConflict(ConflictKind.VALUE_DELETE, "/a", 1, ABSENT, 2)
    check_round_trip(MergedJson({"b": 1}, (conflict,)))


BROKEN: list[Json] = [
    {"$conflict": 1},
    {"$conflict": {"shown": 1}},
    {"$conflict": {"shown": 1, "sides": []}, "more": 1},
    {"$conflict": {"shown": 1, "sides": [1]}},
    {"$conflict": {"shown": 1, "sides": [{"kind": "nonsense"}]}},
    {"$conflict": {"sides": []}},
    {"$conflict": "unknown"},
]


@pytest.mark.parametrize("value", BROKEN)
def test_a_broken_mark_is_a_value_error(value: Json) -> None:
    with pytest.raises(ValueError, match=r"mark|sides|nonsense|shows"):
        read_conflicts(value)


def test_the_document_names_every_kind_and_no_other() -> None:
    table = DOCUMENT.partition("## Kinds")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([a-z/]+)` \|", table, re.MULTILINE)
    assert sorted(named) == sorted(str(kind) for kind in ConflictKind)


def test_the_example_of_the_document_is_what_a_merge_gives() -> None:
    base, ours, theirs, marked = (
        json.loads(text) for text in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    )
    merged = merge_json(base=base, ours=ours, theirs=theirs)
    assert identical(with_conflicts(merged), marked)
    assert identical(read_conflicts(marked).value, merged.value)
