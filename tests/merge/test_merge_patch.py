"""JSON Merge Patch (RFC 7396) as the witness: what a patch changes, a merge brings over.

A merge of base, base patched and another side gives the other side patched, as long as the two
touch different members: a merge patch is the edit of one side, written down.
"""

from __future__ import annotations

from random import Random

import pytest
from drawn_json import drawn_document
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.json_compare import same
from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.json_value import Json

CASES: list[tuple[Json, Json, Json]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
"""Value, patch and result: the cases of the RFC, appendix A."""


def merge_patched(value: Json, patch: Json) -> Json:
    """The value after a merge patch, as section 2 of the RFC tells it."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for name, new in patch.items():
        if new is None:
            result.pop(name, None)
        else:
            result[name] = merge_patched(result.get(name), new)
    return result


@pytest.mark.parametrize(("value", "patch", "result"), CASES)
def test_a_patched_side_is_the_merge_when_the_other_did_nothing(
    value: Json, patch: Json, result: Json
) -> None:
    assert same(merge_patched(value, patch), result)
    merged = merge_json(base=value, ours=result, theirs=value)
    assert merged.is_clean
    assert same(merged.value, result)


@pytest.mark.parametrize(("value", "patch", "result"), CASES)
def test_a_patched_side_takes_a_member_that_the_other_added(
    value: Json, patch: Json, result: Json
) -> None:
    if isinstance(value, dict) and isinstance(result, dict):
        merged = merge_json(base=value, ours=result, theirs={**value, "z": 1})
        assert merged.is_clean
        assert same(merged.value, {**result, "z": 1})


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**64))
def test_two_patches_of_different_members_are_both_done(seed: int) -> None:
    rng = Random(seed)
    base = {key: drawn_document(rng, 2) for key in "abcdef"}
    patches: list[dict[str, Json]] = [
        {key: rng.choice([drawn_document(rng, 2), None]) for key in keys if rng.random() < 0.5}
        for keys in ("abcxy", "defz")
    ]
    ours, theirs = (merge_patched(base, patch) for patch in patches)
    merged = merge_json(base=base, ours=ours, theirs=theirs)
    assert merged.is_clean
    assert same(merged.value, merge_patched(ours, patches[1]))
    assert same(merged.value, merge_patched(theirs, patches[0]))
