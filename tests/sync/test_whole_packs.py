"""A replica that has nothing is given blocks as they lie, if all that they hold is wanted."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packs import pack_of, put_all
from replicas import Team, assert_whole
from wires import talk

from pyvcs.collecting import collect
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import pack_key
from pyvcs.repository import Repository
from pyvcs.sync.ref_digest import named_refs
from pyvcs.sync.speaking import heads_in
from pyvcs.sync.whole_packs import _in_order, whole_packs


def busy(commits: int = 6) -> tuple[Team, Repository]:
    """A history in many packs: folders, a large file in chunks, a tag with a message."""
    team = Team(2)
    there = team.replicas[1]
    rng = random.Random(3)
    big = rng.randbytes(1_500_000)
    for number in range(commits):
        edits = {"big": big + bytes([number]), f"d/{number % 2}/x": rng.randbytes(50)}
        team.commit(1, {**edits, **{f"{n}": rng.randbytes(3000) for n in range(300)}})
    there.tag("v1", message="one")
    return team, there


def wanted(there: Repository) -> list[Oid]:
    return heads_in(named_refs(there.refs))


def as_stored(there: Repository) -> bytes:
    return b"".join([there.backend.read(key) or b"" for key in there.store.packs])


@pytest.mark.parametrize("packed", [False, True])
def test_all_that_a_store_holds_goes_block_by_block(packed: bool) -> None:
    team, there = busy()
    if packed:
        collect(there)
    blocks = whole_packs(there.store, wanted(there))
    if blocks is not None:
        stored = as_stored(there)
        assert sum(block in stored for block in blocks) > 3
    else:
        assert packed, "each pack of a commit can be put in order"
    here = team.replicas[0]
    talk(here, there)
    assert (here.tip(), here.refs.tags) == (there.tip(), there.refs.tags)
    assert_whole([here])


def test_what_nobody_may_see_stays_where_it_is() -> None:
    team, there = busy(2)
    (secret,) = put_all(there.store, [b"in no commit"])
    assert whole_packs(there.store, wanted(there)) is None
    here = team.replicas[0]
    talk(here, there)
    assert here.tip() == there.tip()
    assert not here.store.has(secret)
    assert_whole([here])


def test_a_store_that_lacks_something_or_has_it_twice_is_not_given_whole() -> None:
    _, there = busy(2)
    wants = wanted(there)
    assert whole_packs(there.store, [*wants, Oid(bytes(32))]) is None
    name, pack = pack_of([there.store.value(wants[0])])
    there.backend.swap(pack_key(name), expected=None, new=pack)
    there.store.refresh()
    assert whole_packs(there.store, wants) is None


@given(st.lists(st.sets(st.integers(0, 7)), min_size=8, max_size=8))
def test_parts_come_after_those_that_they_name_or_have_no_order(named: list[set[int]]) -> None:
    order = _in_order(named)
    left = dict(enumerate(named))
    for _ in named:  # the slow way: take away, again and again, what names nothing else
        ready = [number for number, names in left.items() if not (names - {number}) & left.keys()]
        left = {number: names for number, names in left.items() if number not in ready}
    assert (order is None) == bool(left)
    if order is not None:
        assert sorted(order) == list(range(8))
        for at, number in enumerate(order):
            assert named[number] <= set(order[: at + 1])
