"""A peer that is damaged, or lies: each lie is refused in a sentence, and nothing of it is kept."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from packs import put_all
from peak_memory import PEAK_KIB, need_peak_memory
from replicas import START_MS, Team

from pyvcs.collecting import collect
from pyvcs.objects import codec
from pyvcs.objects.clock import Clock, ReplicaId, Stamp
from pyvcs.objects.commit import Commit
from pyvcs.objects.compression import compressed
from pyvcs.objects.errors import PyvcsError
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import BLOCK, BLOCK_TAG, RECIPE, encode_block, encode_recipe
from pyvcs.objects.tree import Tree, TreeEntry
from pyvcs.refs import Ref
from pyvcs.repository import Repository
from pyvcs.sync.answering import Answerer
from pyvcs.sync.blocks import Bases, thin_block
from pyvcs.sync.frames import MAX_BODY, frame
from pyvcs.sync.messages import (
    Ask,
    Failure,
    Haves,
    Hello,
    Message,
    Over,
    RefStates,
    Report,
    encode_message,
)
from pyvcs.sync.ref_digest import BRANCH, NamedRef, digest_of
from pyvcs.sync.rights import READ_ONLY
from pyvcs.sync.session import Role, Session
from pyvcs.sync.speaking import pieces

LIAR = ReplicaId("0f" * 16)
HELLO = Hello(1, 1, LIAR)
NO_TREE = Oid(b"\1" * 32)


def good_commit() -> tuple[Commit, bytes]:
    team = Team(1)
    oid = team.commit(0, {"a": b"1"})
    store = team.replicas[0].store
    commit = store.commit(oid)
    tree = store.tree(commit.tree)
    return commit, b"".join([codec.encode(b"1"), codec.encode(tree), codec.encode(commit)])


def named(*heads: Oid, name: str = "main") -> RefStates:
    stamp = Stamp(Clock(START_MS), LIAR)
    ref = Ref(dict.fromkeys(heads, frozenset({stamp})), {LIAR: stamp.clock})
    return RefStates((NamedRef(BRANCH, name, ref),))


def block_of(*values: codec.Object) -> bytes:
    return encode_block(b"".join(map(codec.encode, values)))


def raw_tree(*names: bytes) -> bytes:
    body = b"".join(b"f %s\0%s" % (name, codec.oid_of(codec.encode(b"1"))) for name in names)
    return b"tree %d\0" % len(body) + body


def gift(commit: Oid, *blocks: bytes) -> list[Message]:
    return [HELLO, named(commit), *(piece for block in blocks for piece in pieces(block)), Over()]


def answer_to(turn: Iterable[bytes]) -> tuple[Repository, list[object]]:
    """What a replica answers to a turn, and the replica, which must be as it was."""
    receiver = Repository.in_memory(now_ms=lambda: START_MS)
    before = receiver.refs
    answer = Answerer(receiver).answer(turn)
    caller = Session(Role.CALLER)
    caller.state = type(caller.state).HEARD
    events: list[object] = [event for data in answer for event in caller.receive(data)]
    if not any(isinstance(event, Report) for event in events):
        assert receiver.refs == before
        assert list(receiver.store.oids()) == []
        assert not list(receiver.backend.keys("partial/"))
    return receiver, events


def said(turn: Iterable[Message]) -> Iterable[bytes]:
    return (frame(*encode_message(message)) for message in turn)


def test_an_honest_gift_is_taken() -> None:
    commit, content = good_commit()
    oid = codec.oid_of(codec.encode(commit))
    receiver, events = answer_to(said(gift(oid, encode_block(content))))
    assert receiver.tip() == oid
    assert [type(event) for event in events] == [Hello, Report, Over]


def lies() -> dict[str, Callable[[], list[Message]]]:
    commit, content = good_commit()
    oid = codec.oid_of(codec.encode(commit))
    tree = codec.encode(Tree((TreeEntry(b"a", Mode.FILE, codec.oid_of(codec.encode(b"1"))),)))
    blob = codec.encode(b"1")

    def commit_of(tree_bytes: bytes) -> list[Message]:
        changed = codec.encode(replace(commit, tree=codec.oid_of(tree_bytes)))
        return gift(codec.oid_of(changed), encode_block(blob + tree_bytes + changed))

    def block(payload: bytes, *, encoding: int, length: int) -> bytes:
        return BLOCK.pack(BLOCK_TAG, encoding, len(payload), length) + payload

    bomb = compressed(bytes(70_000_000))
    part = codec.encode(b"part")
    wrong = encode_recipe(oid, 4, [(4, codec.oid_of(part))])
    recipe = b"recipe %d\0" % len(wrong) + wrong
    nested = RECIPE.pack(4, codec.oid_of(codec.encode(b"part")))
    return {
        "other content": lambda: gift(oid, encode_block(content.replace(b"edit", b"edjt"))),
        "a missing tree": lambda: gift(oid, encode_block(codec.encode(commit))),
        "a missing blob": lambda: gift(oid, encode_block(tree + codec.encode(commit))),
        "a missing parent": lambda: gift(
            oid, encode_block(blob + tree + codec.encode(replace(commit, parents=(NO_TREE,))))
        ),
        "a cycle": lambda: gift(  # a commit that names itself has another oid than it names
            oid, encode_block(blob + tree + codec.encode(replace(commit, parents=(oid,))))
        ),
        "no objects at all": lambda: gift(oid),
        "a child before its parent": lambda: gift(
            oid, encode_block(codec.encode(commit)), encode_block(tree + blob)
        ),
        "a tree that is a blob": lambda: commit_of(blob),
        "a tree that leads out": lambda: commit_of(raw_tree(b"..")),
        "a tree with a path": lambda: commit_of(raw_tree(b"../x")),
        "a tree with our folder": lambda: commit_of(raw_tree(b".pyvcs")),
        "a tree out of order": lambda: commit_of(raw_tree(b"b", b"a")),
        "an object twice": lambda: gift(oid, encode_block(blob + blob + content)),
        "what nothing names": lambda: gift(oid, encode_block(content + codec.encode(b"extra"))),
        "a length too large": lambda: gift(oid, encode_block(b"blob 999999999\0")),
        "no header": lambda: gift(oid, encode_block(b"nonsense")),
        "a block that says more": lambda: gift(oid, block(b"x" * 10, encoding=0, length=11)),
        "a block that says less": lambda: gift(oid, block(b"x" * 10, encoding=0, length=9)),
        "an unknown encoding": lambda: gift(oid, block(b"x" * 10, encoding=7, length=10)),
        "a bomb": lambda: gift(oid, block(bomb, encoding=1, length=1000)),
        "a huge block": lambda: gift(oid, block(b"x", encoding=1, length=2**32 - 1)),
        "a thin bomb": lambda: gift(oid, thin_block(2**32 - 1, Bases(), bomb)),
        "a thin block on nothing": lambda: gift(oid, thin_block(9, Bases((b"12345678",)), b"x")),
        "a thin block on the future": lambda: gift(oid, thin_block(9, Bases((), (5,)), b"x")),
        "a thin block cut off": lambda: gift(oid, block(b"\xff\xff\xff\xff", encoding=2, length=9)),
        "a wrong recipe": lambda: gift(oid, encode_block(part + recipe)),
        "a recipe that does not add up": lambda: gift(
            oid, encode_block(part + b"recipe %d\0" % (2 * len(nested)) + nested + nested)
        ),
        "a recipe of nothing": lambda: gift(oid, encode_block(b"recipe 0\0")),
        "a bad name": lambda: [HELLO, named(oid, name="../x"), Over()],
        "a ref twice": lambda: [HELLO, RefStates(named(oid).refs * 2), Over()],
        "a head that is a blob": lambda: gift(codec.oid_of(blob), encode_block(blob)),
    }


LIES = lies()


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_refused_in_a_sentence(name: str) -> None:
    _, events = answer_to(said(LIES[name]()))
    (failure,) = [event for event in events if isinstance(event, Failure)]
    assert failure.message
    assert "Error" not in failure.message
    assert failure.kind != ""


@pytest.mark.parametrize(
    "data",
    [
        frame(5, struct.pack("<H", 0) + b"\0\4\0main" + struct.pack("<H", 0xFFFF)),
        frame(5, struct.pack("<H", 0xFFFF)),
        frame(5, struct.pack("<H", 0) + b"\7\1\0a\0\0\0\0"),
        frame(5, struct.pack("<H", 0) + b"\0\4\0main" + struct.pack("<HH", 0, 1) + bytes(12)),
        struct.pack("<BI", 5, MAX_BODY + 1),
        frame(2, b"\3" + bytes(32) + struct.pack("<H", 3) + bytes(24)),
        frame(99, b""),
        frame(10, b"x"),
    ],
)
def test_a_message_that_breaks_the_format_is_refused(data: bytes) -> None:
    _, events = answer_to([frame(*encode_message(HELLO)), data])
    assert [type(event) for event in events] == [Failure]


def test_a_commit_from_the_future_is_refused() -> None:
    commit, _ = good_commit()
    late = replace(commit, clock=Clock(START_MS + 10**10))
    tree = Tree((TreeEntry(b"a", Mode.FILE, codec.oid_of(codec.encode(b"1"))),))
    content = codec.encode(b"1") + codec.encode(tree) + codec.encode(late)
    _, events = answer_to(said(gift(codec.oid_of(codec.encode(late)), encode_block(content))))
    (failure,) = [event for event in events if isinstance(event, Failure)]
    assert "ahead of this machine" in failure.message


def test_who_may_only_read_cannot_give() -> None:
    commit, content = good_commit()
    replica = Repository.in_memory()
    turn = gift(codec.oid_of(codec.encode(commit)), encode_block(content))
    answer = b"".join(Answerer(replica, rights=READ_ONLY).answer(said(turn)))
    assert b"may be read here, not written" in answer
    assert replica.tip() is None


def test_an_answer_to_nobody_is_nothing() -> None:
    assert list(Answerer(Repository.in_memory()).answer([])) == []


def test_a_question_of_a_full_sample_is_answered_within_limits() -> None:
    """Haves that nobody knows, all of them: the answer says that they were not enough."""
    team = Team(1)
    team.commit(0, {"a": b"1"})
    haves = Haves(tuple(number.to_bytes(8, "big") for number in range(1024)), complete=False)
    ask = Ask(digest_of([], 4096), pull=True, push=True)
    answer = list(Answerer(team.replicas[0]).answer(said([HELLO, ask, haves, Over()])))
    assert sum(map(len, answer)) < 10_000


FLOOD = """
import sys
from pyvcs.objects import codec
from pyvcs.objects.clock import ReplicaId
from pyvcs.objects.pack import BLOCK, BLOCK_TAG, MAX_BLOCK_BYTES, encode_block
from pyvcs.refs import Ref
from pyvcs.repository import Repository
from pyvcs.sync.answering import Answerer
from pyvcs.sync.frames import frame
from pyvcs.sync.ref_digest import BRANCH, NamedRef
from pyvcs.sync.messages import Hello, Over, RefStates, encode_message
from pyvcs.sync.speaking import pieces

def say(message):
    return frame(*encode_message(message))

def turn():
    yield say(Hello(1, 1, ReplicaId("0f" * 16)))
    yield say(RefStates(()))
    if sys.argv[1] == "empty":
        for _ in range(20):
            yield from map(say, pieces(encode_block(b"blob 0\\0" * 50_000)))
    elif sys.argv[1] == "bomb":  # 10 GiB of zeros: blocks that are each one byte, repeated
        rows = 10 * 1024**3 // 131_072
        row = (2 | 131_072 << 3).to_bytes(3, "little") + bytes(1)
        bomb = bytes.fromhex("28b52ffd0058") + row * rows
        head = BLOCK.pack(BLOCK_TAG, 1, len(bomb), MAX_BLOCK_BYTES)
        yield from map(say, pieces(head + bomb))
    elif sys.argv[1] == "refs":
        for number in range(1_000):
            names = (f"b{1000 * number + each:07}" for each in range(1_000))
            yield say(RefStates(tuple(NamedRef(BRANCH, name, Ref()) for name in names)))
    elif sys.argv[1] == "endless":
        for _ in range(4_000):
            yield frame(6, b"\\0" + bytes(60_000))
    else:
        for number in range(300):
            content = number.to_bytes(8, "big") * 60_000
            yield from map(say, pieces(encode_block(codec.encode(content))))
    yield say(Over())

before = peak_kib()
answer = b"".join(Answerer(Repository.in_memory()).answer(turn()))
print(peak_kib() - before, b"the other side" in answer or b"a block of a pack" in answer)
"""


@pytest.mark.parametrize(
    ("flood", "most_mib"),
    [("empty", 30), ("endless", 240), ("unnamed", 60), ("bomb", 240), ("refs", 300)],
)
def test_a_flood_is_refused_in_bounded_memory(flood: str, most_mib: int) -> None:
    """A million empty objects, a block without an end, 150 MB that nothing names, 10 GiB in 300 KB,
    a million refs."""
    need_peak_memory()
    done = subprocess.run(
        [sys.executable, "-c", PEAK_KIB + FLOOD, flood],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    kib, refused = done.stdout.split()
    assert refused == "True"
    assert int(kib) < most_mib * 1024


def test_what_a_gc_removed_while_objects_came_is_missed() -> None:
    commit, content = good_commit()
    oid = codec.oid_of(codec.encode(commit))
    receiver = Repository.in_memory(now_ms=lambda: START_MS)
    put_all(receiver.store, [b"1"])
    without_blob = encode_block(content.removeprefix(codec.encode(b"1")))

    def turn() -> Iterable[bytes]:
        yield from said(gift(oid, without_blob)[:-1])
        collect(receiver, prune=True)
        yield from said([Over()])

    answer = b"".join(Answerer(receiver).answer(turn()))
    assert b"did not send the object" in answer
    assert receiver.tip() is None


def test_errors_of_ours_are_told_and_do_not_break_the_answer() -> None:
    class Full(Repository):
        @property
        def refs(self) -> object:  # type: ignore[override]
            raise OSError(28, "No space left on device")

    replica = Repository.in_memory()
    replica.__class__ = Full
    ask = Ask(digest_of([], 1), pull=True, push=True)
    turn: list[Message] = [HELLO, ask, Haves((), complete=True), Over()]
    answer = b"".join(Answerer(replica).answer(said(turn)))
    assert b"No space left on device" in answer


def test_the_kinds_of_errors_come_back_as_what_they_were() -> None:
    from pyvcs.objects import errors
    from pyvcs.sync.failures import error_of, failure_of

    for kind in (errors.Refused, errors.Locked, errors.InvalidObject, errors.RemoteProtocolError):
        error = error_of(failure_of(kind("no", hint="yes")))
        assert type(error) is kind
        assert (error.message, error.hint) == ("the other side says: no", "yes")
    assert isinstance(error_of(failure_of(OSError(28, "full"))), PyvcsError)
