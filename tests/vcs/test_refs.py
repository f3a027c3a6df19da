"""Refs as observed-remove sets: the laws of joining, and what a deletion takes along."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import Clock, ReplicaId, Stamp
from pyvcs.objects.errors import Corrupt, StaleRefs, UnsupportedFormat, Usage
from pyvcs.objects.oid import Oid
from pyvcs.ref_codec import decode_refs, encode_refs
from pyvcs.ref_store import RefStore
from pyvcs.refs import Position, Ref, Refs, check_ref_name

NAMES = [ReplicaId(f"{number:032x}") for number in range(3)]
OIDS = [Oid(bytes([number]) * 32) for number in range(5)]


class World:
    """Three replicas of one ref, which move it and hear of each other."""

    def __init__(self) -> None:
        self.refs = [Ref() for _ in NAMES]
        self.time = 0

    def move(self, at: int, oids: list[Oid]) -> None:
        self.time += 1
        stamp = Stamp(Clock(self.time), NAMES[at])
        self.refs[at] = self.refs[at].moved(oids, stamp)

    def hear(self, at: int, of: int) -> None:
        self.refs[at] = self.refs[at].join(self.refs[of])


MOVES = st.tuples(st.integers(0, 2), st.lists(st.sampled_from(OIDS), unique=True, max_size=2))
HEARS = st.tuples(st.integers(0, 2), st.integers(0, 2))


@st.composite
def worlds(draw: st.DrawFn) -> list[Ref]:
    """States that three replicas can really be in: only such states have laws to keep."""
    world = World()
    for step in draw(st.lists(st.one_of(MOVES, HEARS), max_size=12)):
        at, what = step
        if isinstance(what, int):
            world.hear(at, what)
        else:
            world.move(at, what)
    return world.refs


@settings(max_examples=1000, deadline=None)
@given(worlds())
def test_joining_is_idempotent_commutative_and_associative(refs: list[Ref]) -> None:
    a, b, c = refs
    assert a.join(a) == a
    assert a.join(b) == b.join(a)
    assert a.join(b).join(c) == a.join(b.join(c))


@settings(max_examples=1000, deadline=None)
@given(worlds())
def test_joining_again_what_was_joined_changes_nothing(refs: list[Ref]) -> None:
    a, b, _ = refs
    assert a.join(b).join(b) == a.join(b)


def test_a_deletion_reaches_a_replica_that_only_has_what_was_deleted() -> None:
    world = World()
    world.move(0, [OIDS[0]])
    world.hear(1, 0)
    world.move(1, [])
    world.hear(0, 1)
    assert world.refs[0].is_deleted


def test_a_head_added_at_the_same_time_survives_the_deletion() -> None:
    world = World()
    world.move(0, [OIDS[0]])
    world.hear(1, 0)
    world.move(0, [OIDS[1]])
    world.move(1, [])
    world.hear(1, 0)
    assert world.refs[1].oids == (OIDS[1],)


def test_what_was_deleted_can_be_made_again_at_the_same_commit() -> None:
    world = World()
    world.move(0, [OIDS[0]])
    world.hear(1, 0)
    world.move(1, [])
    world.move(1, [OIDS[0]])
    world.hear(0, 1)
    assert world.refs[0].oids == (OIDS[0],)


def test_a_head_that_two_replicas_added_is_gone_only_when_both_additions_were_seen() -> None:
    """Replica 0 saw and removed the addition of 1, and never heard of that of 2."""
    world = World()
    world.move(1, [OIDS[0]])
    world.move(2, [OIDS[0]])
    world.hear(0, 1)
    world.move(0, [])
    one = world.refs[0].join(world.refs[1]).join(world.refs[2])
    other = world.refs[0].join(world.refs[1].join(world.refs[2]))
    assert one == other
    assert one.oids == (OIDS[0],)


def test_an_old_state_brings_nothing_back() -> None:
    """Replica 2 heard of the first head only, and comes back after it was moved and deleted."""
    world = World()
    world.move(0, [OIDS[0]])
    world.hear(2, 0)
    world.move(0, [OIDS[1]])
    world.hear(1, 0)
    world.move(1, [])
    world.hear(1, 2)
    world.hear(2, 1)
    assert world.refs[1].is_deleted
    assert world.refs[2].is_deleted


@pytest.mark.parametrize("name", ["main", "topic/short-name", "v1.0", "ä", "a-b_c", "0"])
def test_takes_names_that_git_takes(name: str) -> None:
    assert check_ref_name(name) == name


REFUSED = """
HEAD @ -x a..b a~1 a^ a:b a? a* a[ a\\b /a a/ a//b .a a/.b a.lock a.lock/b a@{1} a.
"""


@pytest.mark.parametrize("name", [*REFUSED.split(), "", "a b", "a\n", "a\x7f", "x" * 256, "\udc80"])
def test_refuses_names_that_git_refuses(name: str) -> None:
    with pytest.raises(Usage, match="cannot name a branch"):
        check_ref_name(name)


@settings(max_examples=50, deadline=None)
@given(worlds(), st.integers(0, 9))
def test_refs_come_back_from_their_bytes(refs: list[Ref], number: int) -> None:
    position = Position("main", OIDS[0], (OIDS[1],))
    branches = {f"b{index}": ref for index, ref in enumerate(refs)}
    state = Refs(position, branches, {"t": refs[0]}, {"b0": OIDS[2]}, Clock(7, 1), number, 100)
    assert decode_refs(encode_refs(state)) == state


def test_refs_of_a_newer_format_are_named_as_such() -> None:
    content = encode_refs(Refs(Position("main"))).replace(b'"format": 1', b'"format": 2')
    with pytest.raises(UnsupportedFormat, match="format 2"):
        decode_refs(content)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": 1}', b"\xff", b'{"format": []}']
)
def test_refs_that_are_no_refs_are_corrupt(content: bytes) -> None:
    with pytest.raises((Corrupt, UnsupportedFormat)):
        decode_refs(content)


def survives(content: bytes) -> bool:
    """Whether reading gives refs, or an error that is meant for it."""
    with suppress(Corrupt, UnsupportedFormat):
        decode_refs(content)
    return True


def test_every_byte_of_the_refs_that_is_changed_is_noticed_or_harmless() -> None:
    world = World()
    world.move(0, [OIDS[0]])
    content = encode_refs(Refs(Position("main"), {"main": world.refs[0]}, {}, {"main": OIDS[0]}))
    for index in range(len(content)):
        for byte in (b" ", b'"', b"}", b"\xff"):
            assert survives(content[:index] + byte + content[index + 1 :])


def test_refs_that_did_not_move_are_decoded_once_and_moves_by_others_are_seen() -> None:
    backend = MemoryBackend()
    ours, theirs = RefStore(backend), RefStore(backend)
    ours.create(Refs(Position("main")))
    first = ours.read()
    assert ours.read() is first
    moved = theirs.swap(theirs.read(), Refs(Position("topic")), command="switch", now_ms=1)
    assert ours.read() == moved != first
    with pytest.raises(StaleRefs):
        ours.swap(first, Refs(Position("mine")), command="switch", now_ms=2)
