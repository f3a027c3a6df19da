"""The laws of JSON merges on drawn documents (laws.md 4 and 6)."""

from __future__ import annotations

from random import Random

import pytest
from drawn_json import drawn_merge
from hypothesis import given, settings
from hypothesis import strategies as st
from lost_edits import lost_edits, lost_moves

from pyvcs.merge.json_compare import identical, same
from pyvcs.merge.json_style import JsonStyle, dump_json
from pyvcs.merge.json_text import merge_json_text
from pyvcs.merge.json_tree import JsonConflict, merge_json
from pyvcs.merge.json_value import Json, parse_json
from pyvcs.merge.kept_edits import keeps_edits
from pyvcs.merge.pointer import look
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.text import merge_text

seeds = st.integers(0, 2**64)
law = settings(deadline=None, max_examples=300)
styles = st.builds(
    JsonStyle,
    indent=st.sampled_from([None, "  ", "\t"]),
    item_separator=st.just(","),
    newline=st.sampled_from(["\n", "\r\n"]),
    ending=st.sampled_from(["", "\n"]),
    bom=st.booleans(),
)


@law
@given(seeds)
def test_no_edit_is_lost(seed: int) -> None:
    base, ours, theirs = drawn_merge(Random(seed))
    merged = merge_json(base=base, ours=ours, theirs=theirs)
    lost = lost_edits(
        base=base, ours=ours, theirs=theirs, result=merged.value, conflicts=merged.conflicts
    )
    assert lost == []


@law
@given(seeds)
def test_swapping_the_sides_swaps_them_in_the_conflicts_and_nothing_else(seed: int) -> None:
    base, ours, theirs = drawn_merge(Random(seed))
    merged = merge_json(base=base, ours=ours, theirs=theirs)
    mirrored = merge_json(base=base, ours=theirs, theirs=ours)
    assert identical(merged.value, mirrored.value)
    assert mirrored.conflicts == tuple(
        JsonConflict(c.kind, c.pointer, c.base, c.theirs, c.ours) for c in merged.conflicts
    )


@law
@given(seeds)
def test_a_change_of_one_side_is_the_result(seed: int) -> None:
    base, ours, _ = drawn_merge(Random(seed))
    for one, other in ((base, ours), (ours, base), (ours, ours)):
        merged = merge_json(base=base, ours=one, theirs=other)
        assert merged.is_clean
        assert identical(merged.value, ours)


@law
@given(seeds)
def test_pointers_of_conflicts_lead_to_what_is_shown(seed: int) -> None:
    base, ours, theirs = drawn_merge(Random(seed))
    merged = merge_json(base=base, ours=ours, theirs=theirs)
    for conflict in merged.conflicts:
        shown = look(merged.value, conflict.pointer)
        if conflict.kind is ConflictKind.ORDER:
            assert isinstance(shown, list)
        else:
            assert any(same(shown, side) for side in (conflict.ours, conflict.theirs))  # type: ignore[arg-type]


@law
@given(seeds)
def test_a_reordered_list_of_records_takes_the_edits_of_the_other_side(seed: int) -> None:
    rng = Random(seed)
    base: list[Json] = [{"id": n, "v": 0} for n in rng.sample(range(20), rng.randrange(8))]
    moved = rng.sample(base, len(base))
    changed: list[Json] = [{**item, "v": rng.randrange(3)} for item in base]  # type: ignore[dict-item]
    merged = merge_json(base=base, ours=moved, theirs=changed)
    assert merged.is_clean
    assert merged.value == [changed[base.index(item)] for item in moved]


@law
@given(seeds)
def test_items_that_nobody_moved_stay_in_order(seed: int) -> None:
    rng = Random(seed)
    base: list[Json] = [{"id": n} for n in range(rng.randrange(7))]
    sides: list[list[Json]] = []
    for first_new in (10, 20):
        side = [item for item in base if rng.random() < 0.8]
        for n in range(rng.randrange(3)):
            side.insert(rng.randrange(len(side) + 1), {"id": first_new + n})
        sides.append(side)
    merged = merge_json(base=base, ours=sides[0], theirs=sides[1])
    assert isinstance(merged.value, list)
    assert lost_moves(base=base, ours=sides[0], theirs=sides[1], result=merged.value) == []


@law
@given(seeds, styles, styles, styles)
def test_a_merged_text_is_json_of_the_merged_value_or_a_line_merge_that_keeps_all_edits(
    seed: int, base_style: JsonStyle, our_style: JsonStyle, their_style: JsonStyle
) -> None:
    values = drawn_merge(Random(seed))
    pairs = zip(values, (base_style, our_style, their_style), strict=True)
    base, ours, theirs = (dump_json(value, style) for value, style in pairs)
    merged = merge_json_text(base=base, ours=ours, theirs=theirs)
    mirrored = merge_json_text(base=base, ours=theirs, theirs=ours)
    assert merged.content == mirrored.content
    old, one, other = (parse_json(text).value for text in (base, ours, theirs))
    expected = merge_json(base=old, ours=one, theirs=other)
    result = parse_json(merged.content).value
    if merged.conflicts != expected.conflicts or not same(result, expected.value):
        assert merged.is_clean
        assert merged.content == merge_text(base=base, ours=ours, theirs=theirs).content
        assert keeps_edits(base=old, ours=one, theirs=other, result=result)


@law
@given(seeds, styles)
def test_a_text_changed_by_one_side_is_that_sides_text(seed: int, style: JsonStyle) -> None:
    base, ours, _ = (dump_json(value, style) for value in drawn_merge(Random(seed)))
    assert merge_json_text(base=base, ours=ours, theirs=base).content == ours
    assert merge_json_text(base=base, ours=base, theirs=ours).content == ours
    assert merge_json_text(base=base, ours=ours, theirs=ours).content == ours


@pytest.mark.parametrize(
    ("result", "lost"),
    [
        ({"a": 1, "l": [2, 3]}, ["ours added (('a',), 5), and it is gone"]),
        ({"a": 5, "l": [2, 3, 4]}, ["theirs took away (('l', '*'), 4), and it is back"]),
        ({"a": 5, "l": [2, 3]}, []),
    ],
)
def test_the_checker_finds_what_is_lost(result: Json, lost: list[str]) -> None:
    base: Json = {"a": 1, "l": [2, 3, 4]}
    ours: Json = {"a": 5, "l": [2, 3, 4]}
    theirs: Json = {"a": 1, "l": [2, 3]}
    found = lost_edits(base=base, ours=ours, theirs=theirs, result=result, conflicts=())
    assert [sentence for sentence in found if sentence in lost] == lost
    assert bool(found) == bool(lost)
