"""What every type that merges by a rule of its own promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.merge.json_compare import same
from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.json_value import ABSENT, Json
from pyvcs.merge.rules import FileRules, PlaceRule, PointerPattern
from pyvcs.merge.types import MERGERS, Merger
from pyvcs.merge.types.numbers import merge_run_count
from pyvcs.merge.types.register import register_by

numbers = st.one_of(st.integers(-99, 99), st.sampled_from([0.5, 1.25, -2.75]))
items: st.SearchStrategy[Any] = st.lists(st.integers(0, 6), unique=True, max_size=5)
versions = st.builds(
    "{}{}.{}.{}{}".format,
    *(st.sampled_from(["", "^", "~"]), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
    st.sampled_from(["", "-beta.1", "-beta.10", "-rc"]),
)
DRAWN: dict[str, st.SearchStrategy[Any]] = {
    "counter": numbers,
    "either": items,
    "max": numbers,
    "min": numbers,
    "set": items,
    "grow-only-set": items,
    "two-phase-set": st.fixed_dictionaries({"added": items, "removed": items}),
    "higher-version": versions,
    "run-count": st.none() | st.integers(0, 9),
    "register": st.fixed_dictionaries({"v": numbers, "at": st.integers(0, 5)}),
}
ALL: dict[str, Merger] = {
    **MERGERS,
    "register": register_by("at"),
    "run-count": merge_run_count,
}
ALWAYS = sorted(set(ALL) - {"higher-version"})
GROWING = {"grow-only-set", "two-phase-set"}

each_type = pytest.mark.parametrize("name", sorted(ALL))


def merged(name: str, base: Json, ours: Json, theirs: Json) -> Any:
    rule = PlaceRule(merger=ALL[name], name=name)
    rules = FileRules(places=((PointerPattern.parse(""), rule),), is_builtin=False)
    return merge_json(base=base, ours=ours, theirs=theirs, rules=rules)


def test_every_type_is_drawn() -> None:
    assert set(DRAWN) == set(ALL)


@pytest.mark.parametrize("name", ALWAYS)
@given(st.data())
def test_it_never_conflicts(name: str, data: st.DataObject) -> None:
    base, ours, theirs = (data.draw(DRAWN[name]) for _ in range(3))
    assert merged(name, base, ours, theirs).is_clean


@each_type
@given(st.data())
def test_the_order_of_the_sides_does_not_matter(name: str, data: st.DataObject) -> None:
    base, ours, theirs = (data.draw(DRAWN[name]) for _ in range(3))
    one, other = merged(name, base, ours, theirs), merged(name, base, theirs, ours)
    assert repr(one.value) == repr(other.value)


@each_type
@given(st.data())
def test_one_side_alone_stands_and_equal_sides_agree(name: str, data: st.DataObject) -> None:
    base, ours = (data.draw(DRAWN[name]) for _ in range(2))
    assert same(merged(name, base, ours, base).value, ours)
    assert same(merged(name, base, base, ours).value, ours)
    if name != "counter":
        assert same(merged(name, base, ours, ours).value, ours)


@given(st.data())
def test_a_counter_gets_both_additions(data: st.DataObject) -> None:
    base, one, other = (data.draw(st.integers(-99, 99)) for _ in range(3))
    assert MERGERS["counter"](base, base + one, base + other) == base + one + other


@given(items, items, items)
def test_a_grow_only_set_loses_nothing(base: Json, ours: Json, theirs: Json) -> None:
    found: Any = MERGERS["grow-only-set"](base, ours, theirs)
    sides: list[Any] = [base, ours, theirs]
    assert set(found) == set().union(*sides)
    assert len(found) == len(set(found))


@given(items, items, items)
def test_a_set_does_what_each_side_did(base: Any, ours: Any, theirs: Any) -> None:
    found: Any = MERGERS["set"](base, ours, theirs)
    for item in range(7):
        changed = [side for side in (ours, theirs) if (item in side) != (item in base)]
        assert (item in found) == (item in (changed[0] if changed else base))


@given(*[st.fixed_dictionaries({"added": items, "removed": items})] * 3)
def test_what_a_two_phase_set_removed_never_comes_back(base: Any, ours: Any, theirs: Any) -> None:
    found: Any = MERGERS["two-phase-set"](base, ours, theirs)
    removed = {*base["removed"], *ours["removed"], *theirs["removed"]}
    assert set(found["removed"]) == removed
    assert set(found["added"]).isdisjoint(removed)


@pytest.mark.parametrize("merger", [ALL[name] for name in ALL if name != "either"])
@pytest.mark.parametrize("value", [None, True, "text", {"a": 1}, [[1]], 5])
def test_what_is_not_of_the_type_is_left_alone(merger: Callable[..., object], value: Json) -> None:
    for pair in ((value, {"x": 0}), ({"x": 0}, value)):
        found = merger(ABSENT, *pair)
        assert found is ABSENT


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.0.0", "1.0.1"),
        ("1.9.0", "1.10.0"),
        ("1.0.0-alpha", "1.0.0-alpha.1"),
        ("1.0.0-alpha.1", "1.0.0-alpha.beta"),
        ("1.0.0-beta", "1.0.0-beta.2"),
        ("1.0.0-beta.2", "1.0.0-beta.11"),
        ("1.0.0-beta.11", "1.0.0-rc.1"),
        ("1.0.0-rc.1", "1.0.0"),
        ("^1.4", "^1.5.0"),
        ("5.4.*", "5.5.*"),
    ],
)
def test_versions_are_ordered_as_semver_says(lower: str, higher: str) -> None:
    assert MERGERS["higher-version"](ABSENT, lower, higher) == higher
    assert MERGERS["higher-version"](ABSENT, higher, lower) == higher
