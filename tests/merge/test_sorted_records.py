"""Records that a list keeps sorted: new ones of both sides go where they belong."""

from __future__ import annotations

import pytest
from counted_work import at_most_steps
from mirrored import merged_both_ways

from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.json_value import Json
from pyvcs.merge.result import ConflictKind

PEOPLE = ["Ada", "Eve", "Ida", "Joe", "Mia", "Zoe"]


def records(*names: str, field: str = "label") -> list[Json]:
    """Records of which no field but one tells them apart."""
    return [{"kind": "person", field: name} for name in names]


def merged(base: list[Json], ours: list[Json], theirs: list[Json]) -> Json | None:
    """The merge, or None when it is a conflict."""
    found = merged_both_ways(base=base, ours=ours, theirs=theirs)
    return found.value if found.is_clean else None


@pytest.mark.parametrize("field", ["label", "name"])
def test_new_records_of_both_sides_are_sorted(field: str) -> None:
    """By a field that nobody named, and by one that tells items apart in any case."""
    ours = records("Ada", "Bob", "Dan", *PEOPLE[1:], field=field)
    theirs = records("Ada", "Cy", *PEOPLE[1:], field=field)
    expected = records("Ada", "Bob", "Cy", "Dan", *PEOPLE[1:], field=field)
    assert merged(records(*PEOPLE, field=field), ours, theirs) == expected


def test_case_and_accents_count_last() -> None:
    ours = records(*PEOPLE, "Zürn")
    theirs = records(*PEOPLE, "zorn")
    assert merged(records(*PEOPLE), ours, theirs) == records(*PEOPLE, "zorn", "Zürn")


def test_a_list_that_is_sorted_but_for_one_pair_in_ten_is_sorted() -> None:
    names = [f"n{number:02}" for number in range(20)]
    names[4], names[5] = names[5], names[4]
    ours, theirs = [*names[:9], "n08b", *names[9:]], [*names[:9], "n08a", *names[9:]]
    expected = [*names[:9], "n08a", "n08b", *names[9:]]
    assert merged(records(*names), records(*ours), records(*theirs)) == records(*expected)


@pytest.mark.parametrize("field", ["label", "name"])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (["Bob"], ["Zed"]),  # not between its neighbours
        (["Dan", "Bob"], ["Cy"]),  # not sorted itself
    ],
)
def test_what_does_not_fit_is_a_conflict(ours: list[str], theirs: list[str], field: str) -> None:
    sides = [records("Ada", *new, *PEOPLE[1:], field=field) for new in (ours, theirs)]
    assert merged(records(*PEOPLE, field=field), *sides) is None


MANY = [f"n{number:03}" for number in range(40)]


def edited(names: list[str], member: str) -> list[Json]:
    """Records of which a side edited more than half, so that only their names tell them apart."""
    return [{"label": name, member: 1, member * 2: 2, member * 3: 3} for name in names]


@pytest.mark.parametrize(
    ("ours", "theirs", "is_clean"),
    [
        pytest.param("n001a", "n001b", True, id="fits"),
        pytest.param("n000a", "n001b", False, id="not behind what stands before"),
        pytest.param("n001a", "n002a", False, id="not before what stands behind"),
    ],
)
def test_a_stretch_that_both_sides_edited_is_as_sorted_as_its_list(
    ours: str, theirs: str, is_clean: bool
) -> None:
    """What is new at its edge has to fit between records that nobody edited."""
    base = records(*MANY)
    sides = [
        [*base[:2], *edited([new], member), *edited(MANY[2:9], member), *base[9:]]
        for new, member in ((ours, "o"), (theirs, "t"))
    ]
    found = merged_both_ways(base=base, ours=sides[0], theirs=sides[1])
    assert {each.kind for each in found.conflicts} == (set() if is_clean else {ConflictKind.ORDER})


STEPS = 1_200
"""For each record, twice what there are; one look through the list for each gap takes 3,000."""


@pytest.mark.parametrize("field", ["label", "name"])
def test_a_long_list_with_two_new_records_in_each_gap_takes_linear_time(field: str) -> None:
    names = [f"n{number:06}" for number in range(2_000)]
    ours, theirs = ([each for name in names for each in (name, name + new)] for new in "ab")
    base, *sides = (records(*each, field=field) for each in (names, ours, theirs))
    with at_most_steps(STEPS * len(names)):
        found = merge_json(base=base, ours=sides[0], theirs=sides[1])
    assert found.value == records(*sorted({*ours, *theirs}), field=field)


def test_a_long_list_in_conflict_in_each_gap_takes_linear_time() -> None:
    names = [f"n{number:06}" for number in range(2_000)]
    ours, theirs = ([each for name in names for each in (name, name + new)] for new in "xy")
    base, *sides = (records(*each, field="name") for each in (names, ours[::-1], theirs[::-1]))
    with at_most_steps(STEPS * len(names)):
        found = merge_json(base=base[::-1], ours=sides[0], theirs=sides[1])
    assert [each.base for each in found.conflicts] == [[]] * len(names)


def test_two_records_of_one_name_are_a_conflict() -> None:
    base = records(*PEOPLE)
    ours: list[Json] = [base[0], {"kind": "dog", "label": "Bob"}, *base[1:]]
    theirs: list[Json] = [base[0], {"kind": "cat", "label": "Bob"}, *base[1:]]
    assert merged(base, ours, theirs) is None


@pytest.mark.parametrize(
    "names", [["Ada", "Eve", "Ida", "Joe"], ["Zoe", "Ada", "Mia", "Eve", "Joe", "Ida"]]
)
def test_few_records_or_such_in_no_order_say_nothing(names: list[str]) -> None:
    base, ours, theirs = ([*names[:1], *new, *names[1:]] for new in ([], ["Bob"], ["Cy"]))
    assert merged(records(*base), records(*ours), records(*theirs)) is None
