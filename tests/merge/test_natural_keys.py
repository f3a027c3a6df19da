"""Records that a member of their own naming tells apart."""

from __future__ import annotations

from typing import Any

import pytest
from counted_work import at_most_steps
from mirrored import merged_both_ways

from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.natural_keys import LONGEST, natural_key
from pyvcs.merge.result import ConflictKind


def countries(*codes: str, **more: Any) -> list[Any]:
    """Records as data files have them: much is alike, and one member tells them apart."""
    return [
        {"kind": "country", "names": {"en": code.title()}, "code": code} | more for code in codes
    ]


MANY = [f"c{n:03}" for n in range(120)]
"""More than are compared with one another."""


def test_records_that_both_sides_edited_throughout_merge_by_their_key() -> None:
    merged = merged_both_ways(
        base=countries(*MANY),
        ours=countries(*MANY, area=1),
        theirs=countries(*MANY[:50], "new", *MANY[50:], people=2),
    )
    assert merged.is_clean
    found: Any = merged.value
    assert [each["code"] for each in found] == [*MANY[:50], "new", *MANY[50:]]
    assert all(each.get("area") == (None if each["code"] == "new" else 1) for each in found)
    assert all(each["people"] == 2 for each in found)


@pytest.mark.parametrize("member", ["/", "/code", "a~1b", ""])
def test_a_member_may_have_any_name(member: str) -> None:
    """Also one that elsewhere would be a pointer into the records."""
    base = [{member: each, "kind": "country"} for each in MANY]
    merged = merged_both_ways(
        base=base,
        ours=[{**each, "area": 1} for each in base],
        theirs=[{**each, "people": 2} for each in base],
    )
    assert merged.is_clean
    assert merged.value == [{**each, "area": 1, "people": 2} for each in base]


def test_the_key_of_a_list_is_looked_for_once() -> None:
    base: list[Any] = [{"code": f"c{n}", "x": 0, "y": 0, "z": 0} for n in range(1_200)]
    ours, theirs = (
        [{**each, "x": m, "y": m, "z": m} if n % 3 else each for n, each in enumerate(base)]
        for m in (1, 2)
    )
    with at_most_steps(1_500 * len(base)):  # twice what there are
        merged = merge_json(base=base, ours=ours, theirs=theirs)
    assert len(merged.conflicts) == 2_400


def test_what_both_changed_in_one_record_is_in_conflict_there() -> None:
    merged = merged_both_ways(
        base=countries(*MANY, area=0),
        ours=countries(*MANY, area=1),
        theirs=countries(*MANY, area=2),
    )
    assert [each.pointer for each in merged.conflicts] == [f"/{n}/area" for n in range(len(MANY))]


def test_a_record_that_one_side_deleted_and_the_other_edited_is_in_conflict() -> None:
    merged = merged_both_ways(
        base=countries(*MANY),
        ours=countries(*MANY[1:], area=1),
        theirs=countries(*MANY, people=2),
    )
    assert [(each.kind, each.pointer) for each in merged.conflicts] == [
        (ConflictKind.VALUE_DELETE, "/0")
    ]


def test_the_steadiest_member_is_the_key() -> None:
    base: list[Any] = [{"title": f"t{n}", "slug": f"s{n}"} for n in range(4)]
    ours: list[Any] = [
        {**each, "title": each["title"] + "!"} if n else each for n, each in enumerate(base)
    ]
    assert natural_key(base, base, base) == "title"
    assert natural_key(base, ours, base) == "slug"


def test_an_insertion_stays_where_it_was_though_others_moved_up() -> None:
    """Theirs has two records in the place of two, but one of them is the other one of before."""
    base = countries("at", "ch", "de", "fr")
    merged = merged_both_ways(
        base=base,
        ours=[*base[:1], *countries("be"), *base[1:]],
        theirs=[*countries("ad"), *countries("at", area=1), *base[2:]],
    )
    assert merged.is_clean
    found: Any = merged.value
    assert [each["code"] for each in found] == ["ad", "at", "be", "de", "fr"]


def test_an_edit_does_not_go_over_to_a_record_that_took_the_place_of_the_edited_one() -> None:
    base = [{"code": code, "people": n, "area": -n} for n, code in enumerate(MANY)]
    new = {"code": "new", "people": 500, "area": 5}
    theirs = [*base[:9], {**base[9], "seat": "x"}, *base[10:]]
    merged = merged_both_ways(base=base, ours=[*base[:9], new, *base[10:]], theirs=theirs)
    assert [each.kind for each in merged.conflicts] == [ConflictKind.VALUE_DELETE]
    found: Any = merged.value
    assert new in found
    assert theirs[9] in found


def test_a_record_that_got_another_key_takes_the_edit_of_the_other_side() -> None:
    base = [{"code": code, "people": n, "area": -n} for n, code in enumerate(MANY)]
    renamed, edited = {**base[9], "code": "new"}, {**base[9], "people": 500}
    sides = ([*base[:9], each, *base[10:]] for each in (base[9], renamed, edited))
    merged = merged_both_ways(*sides)
    assert merged.is_clean
    assert merged.value == [*base[:9], {**renamed, "people": 500}, *base[10:]]


def test_of_two_members_the_one_that_nobody_edited_is_the_key() -> None:
    """Though a record that a side removed takes as many keys from either."""
    base: list[Any] = [{"title": f"t{n}", "slug": f"s{n}"} for n in range(4)]
    theirs = [{**base[0], "title": "new"}, *base[1:]]
    assert natural_key(base, base[1:], theirs) == "slug"
    assert natural_key(base, theirs, base[1:]) == "slug"


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([{"code": "a"}, {"code": "b"}], id="too few"),
        pytest.param([{"code": "a"}, {"code": "b"}, {"code": "a"}], id="one twice"),
        pytest.param([{"code": "a"}, {"code": "b"}, {}], id="one without"),
        pytest.param([{"code": "a"}, {"code": "b"}, "c"], id="one that is no record"),
        pytest.param([{"rank": 1}, {"rank": 2}, {"rank": 3}], id="numbers"),
        pytest.param([{"code": "a"}, {"code": "b"}, {"code": ""}], id="empty"),
        pytest.param([{"code": c * LONGEST + c} for c in "abc"], id="prose"),
    ],
)
def test_all_else_is_no_key(records: list[Any]) -> None:
    assert natural_key(records, records, records) is None


def test_a_member_that_a_side_rewrote_is_no_key() -> None:
    base: list[Any] = [{"code": f"c{n}"} for n in range(4)]
    assert natural_key(base, [{"code": f"d{n}"} for n in range(4)], base) is None
