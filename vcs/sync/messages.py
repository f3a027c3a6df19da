"""The messages of a sync as values, and their bytes. The document: docs/formats/wire.md.

A message is a frame: one byte for its kind, four for the length of its body, the body. No length
is believed: each is compared with a limit, or with what is there, before room is made for it.
"""

from __future__ import annotations

from enum import IntEnum

from pyvcs.objects.clock import ReplicaId
from pyvcs.objects.errors import RemoteProtocolError
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.values import dataclass
from pyvcs.sync.blocks import SHORT_OID_BYTES, ShortOid
from pyvcs.sync.frame_fields import FieldReader, FieldWriter
from pyvcs.sync.known_peers import KnownPeers, read_known_peers, write_known_peers
from pyvcs.sync.ref_digest import BUCKET_DIGEST_BYTES, MAX_BUCKETS, ROOT_BYTES, NamedRef, RefDigest
from pyvcs.sync.ref_states import read_ref_states, write_ref_states

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

VERSION = 1
"""The newest version of the protocol that this program speaks."""

OLDEST = 1
"""The oldest one that it still speaks."""

MAGIC = b"pyvcsSY\x01"
"""Begins every Hello, and will in every version: an end that is too old can say so."""

MAX_HAVES = 1024
"""A sample of a history of a billion commits takes about 200."""

MAX_HELD = 120_000
"""Objects kept aside from a sync that was cut: a message of one megabyte. The rest comes again."""

MAX_FEATURES = 64
MAX_MOVED = 10_000
"""A report names so many branches; more moved ones are only counted."""


class Status(IntEnum):
    """What an answer says of the commits that both ends have."""

    READY = 0
    MORE = 1
    """None of the haves is here, and they were not all: ask again with a full sample."""
    UNRELATED = 2


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message of a turn: versions, features, who speaks."""

    newest: int
    oldest: int
    replica: ReplicaId
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What the caller wants, and the digest of its refs."""

    digest: RefDigest
    pull: bool
    push: bool
    allow_unrelated: bool = False


@dataclass(frozen=True, slots=True)
class Haves:
    """A sample of the commits that the caller has, newest first.

    `complete` when it goes down to every root: if none of them is known the histories are
    unrelated.
    """

    commits: tuple[ShortOid, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Objects that are kept aside, with all that they name, from a sync that was cut."""

    objects: tuple[ShortOid, ...]


@dataclass(frozen=True, slots=True)
class RefStates:
    """Some branches and tags, whole."""

    refs: tuple[NamedRef, ...]


@dataclass(frozen=True, slots=True)
class Objects:
    """A piece of a block of objects; the block is whole with its last piece."""

    piece: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the answering end found: where the refs differ, and which haves it knows, by number.

    `branch` is the one that it stands on itself, "" for none: a clone begins there.
    """

    status: Status
    root: bytes
    differing: tuple[int, ...]
    known: tuple[int, ...]
    branch: str = ""


@dataclass(frozen=True, slots=True)
class BranchMoved:
    """A branch that moved at the answering end, as its report tells it."""

    branch: str
    before: Oid | None
    after: Oid | None
    heads: tuple[Oid, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What the answering end did with what it was given; `taken` False: it lacked something."""

    taken: bool
    root: bytes
    commits: int
    moved: tuple[BranchMoved, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """The end of the talk: an error of the sending end, by the name of its kind."""

    kind: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Over:
    """The end of a turn: now the other end speaks."""


Message: TypeAlias = (
    Hello | KnownPeers | Ask | Haves | Held | RefStates | Objects | Answer | Report | Failure | Over
)


# -- bodies ------------------------------------------------------------------------------------


def _write_hello(hello: Hello, out: FieldWriter) -> None:
    out.raw(MAGIC)
    out.u16(hello.newest)
    out.u16(hello.oldest)
    out.raw(bytes.fromhex(hello.replica))
    out.u16(len(hello.features))
    for feature in hello.features:
        out.text(feature)


def _read_hello(body: FieldReader) -> Hello:
    if body.raw(len(MAGIC)) != MAGIC:
        raise RemoteProtocolError("what answers there is no pyvcs")
    newest, oldest = body.u16(), body.u16()
    replica = ReplicaId(body.raw(16).hex())
    features = tuple(body.text() for _ in range(body.count(MAX_FEATURES, 2)))
    body.skip_rest()  # a later version may say more
    return Hello(newest, oldest, replica, features)


def _write_ask(ask: Ask, out: FieldWriter) -> None:
    out.u8(ask.pull | ask.push << 1 | ask.allow_unrelated << 2)
    out.raw(ask.digest.root)
    out.u16(len(ask.digest.buckets))
    out.raw(b"".join(ask.digest.buckets))


def _read_ask(body: FieldReader) -> Ask:
    flags = body.u8()
    root = body.raw(ROOT_BYTES)
    count = body.count(MAX_BUCKETS, BUCKET_DIGEST_BYTES)
    if not count or count & (count - 1):
        raise RemoteProtocolError(f"{count} buckets of refs; their number is a power of two")
    buckets = tuple(body.raw(BUCKET_DIGEST_BYTES) for _ in range(count))
    return Ask(RefDigest(root, buckets), bool(flags & 1), bool(flags & 2), bool(flags & 4))


def _write_haves(haves: Haves, out: FieldWriter) -> None:
    out.u8(haves.complete)
    out.u16(len(haves.commits))
    out.raw(b"".join(haves.commits))


def _read_haves(body: FieldReader) -> Haves:
    complete = bool(body.u8())
    count = body.count(MAX_HAVES, SHORT_OID_BYTES)
    return Haves(tuple(body.raw(SHORT_OID_BYTES) for _ in range(count)), complete)


def _write_held(held: Held, out: FieldWriter) -> None:
    out.u32(len(held.objects))
    out.raw(b"".join(held.objects))


def _read_held(body: FieldReader) -> Held:
    count = body.large_count(MAX_HELD, SHORT_OID_BYTES)
    return Held(tuple(body.raw(SHORT_OID_BYTES) for _ in range(count)))


def _write_refs(states: RefStates, out: FieldWriter) -> None:
    write_ref_states(states.refs, out)


def _read_refs(body: FieldReader) -> RefStates:
    return RefStates(read_ref_states(body))


def _write_objects(objects: Objects, out: FieldWriter) -> None:
    out.u8(objects.last)
    out.raw(objects.piece)


def _read_objects(body: FieldReader) -> Objects:
    last = bool(body.u8())
    return Objects(body.rest(), last)


def _write_answer(answer: Answer, out: FieldWriter) -> None:
    out.u8(answer.status)
    out.raw(answer.root)
    for numbers in (answer.differing, answer.known):
        out.u16(len(numbers))
        for number in numbers:
            out.u16(number)
    out.text(answer.branch)


def _read_answer(body: FieldReader) -> Answer:
    status = body.u8()
    if status not in {known.value for known in Status}:
        raise RemoteProtocolError(f"an answer has the unknown status {status}")
    root = body.raw(ROOT_BYTES)
    differing = tuple(body.u16() for _ in range(body.count(MAX_BUCKETS, 2)))
    known = tuple(body.u16() for _ in range(body.count(MAX_HAVES, 2)))
    return Answer(Status(status), root, differing, known, body.text())


def _write_report(report: Report, out: FieldWriter) -> None:
    out.u8(report.taken)
    out.raw(report.root)
    out.u32(report.commits)
    out.u16(len(report.moved))
    for move in report.moved:
        out.text(move.branch)
        for oid in (move.before, move.after):
            out.raw(oid or bytes(OID_BYTES))
        out.u16(len(move.heads))
        out.raw(b"".join(move.heads))


def _read_report(body: FieldReader) -> Report:
    taken, root, commits = bool(body.u8()), body.raw(ROOT_BYTES), body.u32()
    moved = tuple(_read_move(body) for _ in range(body.count(MAX_MOVED, 68)))
    return Report(taken, root, commits, moved)


def _read_move(body: FieldReader) -> BranchMoved:
    branch = body.text()
    before, after = (Oid(raw) if any(raw) else None for raw in (body.raw(32), body.raw(32)))
    heads = tuple(Oid(body.raw(OID_BYTES)) for _ in range(body.count(0xFFFF, OID_BYTES)))
    return BranchMoved(branch, before, after, heads)


def _write_failure(failure: Failure, out: FieldWriter) -> None:
    for text in (failure.kind, failure.message, failure.hint):
        out.text(text)


def _read_failure(body: FieldReader) -> Failure:
    return Failure(body.text(), body.text(), body.text())


def _write_over(_over: Over, _out: FieldWriter) -> None:
    pass


def _read_over(_body: FieldReader) -> Over:
    return Over()


_CODES: Mapping[type, tuple[int, Callable[..., None]]] = {
    Hello: (1, _write_hello),
    Ask: (2, _write_ask),
    Haves: (3, _write_haves),
    Held: (4, _write_held),
    RefStates: (5, _write_refs),
    Objects: (6, _write_objects),
    Answer: (7, _write_answer),
    Report: (8, _write_report),
    Failure: (9, _write_failure),
    Over: (10, _write_over),
    KnownPeers: (11, write_known_peers),
}

_READERS: Mapping[int, Callable[[FieldReader], Message]] = {
    1: _read_hello,
    2: _read_ask,
    3: _read_haves,
    4: _read_held,
    5: _read_refs,
    6: _read_objects,
    7: _read_answer,
    8: _read_report,
    9: _read_failure,
    10: _read_over,
    11: read_known_peers,
}


def encode_message(message: Message) -> tuple[int, bytes]:
    """The code of a message's kind, and its body."""
    code, write = _CODES[type(message)]
    out = FieldWriter()
    write(message, out)
    return code, out.bytes()


def decode_message(code: int, body: bytes) -> Message:
    """The message of a frame. RemoteProtocolError, or InvalidObject, when it breaks the format."""
    read = _READERS.get(code)
    if read is None:
        raise RemoteProtocolError(f"the other side sent a message of the unknown kind {code}")
    fields = FieldReader(body)
    message = read(fields)
    fields.end()
    return message
