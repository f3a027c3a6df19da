"""The check that a merge by lines has to pass."""

from __future__ import annotations

from random import Random

import pytest
from drawn_json import drawn_merge

from pyvcs.merge.json_text import merge_json_text
from pyvcs.merge.json_value import Json
from pyvcs.merge.kept_edits import keeps_edits


@pytest.mark.parametrize(
    ("ours", "theirs", "result", "kept"),
    [
        pytest.param({"a": 2, "b": 1}, {"a": 1}, {"a": 2}, True, id="an edit and a deletion"),
        pytest.param({"a": 2, "b": 1}, {"a": 1}, {"a": 1}, False, id="a lost edit"),
        pytest.param({"a": 2, "b": 1}, {"a": 1}, {"a": 2, "b": 1}, False, id="a lost deletion"),
        pytest.param({"a": 2, "b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 1}, True, id="the same"),
        pytest.param({"a": 1, "b": True}, {"a": 1, "b": 1}, {"a": 1, "b": 1}, False, id="true"),
        pytest.param({"a": 1, "b": 1, "c": [5]}, {"a": 1, "b": 1, "c": [5]}, None, True, id="once"),
        pytest.param(
            {"a": 1, "b": 1, "c": [5]}, {"a": 1, "b": 1, "c": [5]}, [5, 5], True, id="or twice"
        ),
        pytest.param(
            {"a": 1, "b": 1, "c": [5]}, {"a": 1, "b": 1, "c": [5]}, [5, 5, 5], False, id="thrice"
        ),
    ],
)
def test_edits_are_kept_or_not(ours: Json, theirs: Json, result: Json, kept: bool) -> None:
    if result is None:
        result = ours
    elif isinstance(result, list):
        result = {"a": 1, "b": 1, "c": result}
    base: Json = {"a": 1, "b": 1}
    assert keeps_edits(base=base, ours=ours, theirs=theirs, result=result) is kept
    assert keeps_edits(base=base, ours=theirs, theirs=ours, result=result) is kept


@pytest.mark.parametrize("seed", range(50))
def test_one_side_alone_is_kept(seed: int) -> None:
    base, ours, theirs = drawn_merge(Random(seed))
    assert keeps_edits(base=base, ours=ours, theirs=base, result=ours)
    assert keeps_edits(base=base, ours=ours, theirs=ours, result=ours)
    assert keeps_edits(base=base, ours=base, theirs=theirs, result=theirs)


def test_lines_decide_the_order_of_items_that_the_values_leave_open() -> None:
    base = b'[\n  1,\n  2,\n  3,\n  {"a": 0}\n]\n'
    ours = b'[\n  2,\n  1,\n  3,\n  {"a": 0}\n]\n'
    theirs = b'[\n  1,\n  2,\n  3,\n  {"a": 0},\n  4\n]\n'
    merged = merge_json_text(base=base, ours=ours, theirs=theirs)
    assert merged.is_clean
    assert merged.content == b'[\n  2,\n  1,\n  3,\n  {"a": 0},\n  4\n]\n'


def test_a_clean_merge_by_lines_that_repeats_a_key_is_not_taken() -> None:
    base = b'{\n  "a": 1,\n  "b": 1,\n  "c": 1,\n  "d": 1\n}\n'
    ours = b'{\n  "new": 1,\n  "a": 1,\n  "b": 1,\n  "c": 1,\n  "d": 1\n}\n'
    theirs = b'{\n  "a": 1,\n  "b": 1,\n  "c": 1,\n  "new": 2,\n  "d": 1\n}\n'
    merged = merge_json_text(base=base, ours=ours, theirs=theirs)
    assert [conflict.pointer for conflict in merged.conflicts] == ["/new"]
