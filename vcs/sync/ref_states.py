"""The states of branches and tags as bytes in a message; see docs/formats/wire.md.

Replica ids come once, in a table at the front; a stamp then takes 12 bytes instead of 26.
"""

from __future__ import annotations

from pyvcs.objects.clock import REPLICA_BYTES, Clock, ReplicaId, Stamp
from pyvcs.objects.errors import InvalidObject, RemoteProtocolError, Usage
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.refs import Ref, check_ref_name
from pyvcs.sync.frame_fields import FieldReader, FieldWriter
from pyvcs.sync.ref_digest import BRANCH, TAG, NamedRef

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_HEADS = 4096
"""Of one ref. Nobody has so many siblings: each costs a merge, on every replica."""

MAX_REPLICAS = 0xFFFF
"""In one message, and so the most that ever moved one ref."""

MAX_MESSAGE_BYTES = 1024 * 1024
"""Refs are put into one message up to about a quarter of this; a single one must fit."""

_SORTS = (BRANCH, TAG)
_CLOCK_BYTES = 10


def write_ref_states(refs: Sequence[NamedRef], out: FieldWriter) -> None:
    """The table of replicas, then the refs. Usage when there are more than a message takes."""
    replicas = sorted({replica for named in refs for replica in _replicas_of(named.ref)})
    if len(replicas) > MAX_REPLICAS:
        raise Usage(f"refs that {len(replicas)} replicas moved; at most {MAX_REPLICAS} can travel")
    number = {replica: index for index, replica in enumerate(replicas)}
    out.u16(len(replicas))
    for replica in replicas:
        out.raw(bytes.fromhex(replica))
    for sort, name, ref in refs:
        out.u8(_SORTS.index(sort))
        out.text(name)
        out.u16(len(ref.heads))
        for oid in sorted(ref.heads):
            out.raw(oid)
            out.u16(len(ref.heads[oid]))
            for stamp in sorted(ref.heads[oid]):
                _write_clock(out, number[stamp.replica], stamp.clock)
        out.u16(len(ref.seen))
        for replica in sorted(ref.seen):
            _write_clock(out, number[replica], ref.seen[replica])


def read_ref_states(body: FieldReader) -> tuple[NamedRef, ...]:
    """The refs of a message. InvalidObject for a bad name or clock, else RemoteProtocolError."""
    count = body.count(MAX_REPLICAS, REPLICA_BYTES)
    replicas = [ReplicaId(body.raw(REPLICA_BYTES).hex()) for _ in range(count)]
    refs: list[NamedRef] = []
    while not body.is_at_end:
        refs.append(_read_ref(body, replicas))
    if len({named[:2] for named in refs}) != len(refs):
        raise RemoteProtocolError("a message of the other side names a ref twice")
    return tuple(refs)


def in_messages(refs: Iterable[NamedRef]) -> Iterator[tuple[NamedRef, ...]]:
    """Refs in rows, each of which fits into one message."""
    row: list[NamedRef] = []
    size = 0
    for named in refs:
        weight = 300 + sum(OID_BYTES + 12 * (1 + len(s)) for s in named.ref.heads.values())
        weight += (12 + REPLICA_BYTES) * len(named.ref.seen)
        if row and size + weight > MAX_MESSAGE_BYTES // 4:
            yield tuple(row)
            row, size = [], 0
        row.append(named)
        size += weight
    if row:
        yield tuple(row)


def _replicas_of(ref: Ref) -> set[ReplicaId]:
    return {*ref.seen, *(stamp.replica for stamps in ref.heads.values() for stamp in stamps)}


def _write_clock(out: FieldWriter, replica: int, clock: Clock) -> None:
    out.u16(replica)
    out.raw(clock.milliseconds.to_bytes(6, "little") + clock.counter.to_bytes(4, "little"))


def _read_ref(body: FieldReader, replicas: Sequence[ReplicaId]) -> NamedRef:
    sort = body.u8()
    if sort >= len(_SORTS):
        raise RemoteProtocolError(f"the other side has a ref of the unknown sort {sort}")
    name = _checked_name(body.text())
    heads: dict[Oid, frozenset[Stamp]] = {}
    for _ in range(body.count(MAX_HEADS, OID_BYTES + 2)):
        oid = Oid(body.raw(OID_BYTES))
        stamps = body.count(MAX_REPLICAS, 2 + _CLOCK_BYTES)
        heads[oid] = frozenset(_read_stamp(body, replicas) for _ in range(stamps))
    seen = [_read_stamp(body, replicas) for _ in range(body.count(MAX_REPLICAS, 2 + _CLOCK_BYTES))]
    return NamedRef(_SORTS[sort], name, Ref(heads, {each.replica: each.clock for each in seen}))


def _read_stamp(body: FieldReader, replicas: Sequence[ReplicaId]) -> Stamp:
    number = body.u16()
    if number >= len(replicas):
        raise RemoteProtocolError(f"a stamp of the other side is of no replica: {number}")
    milliseconds = int.from_bytes(body.raw(6), "little")
    return Stamp(Clock(milliseconds, body.u32()), replicas[number])


def _checked_name(name: str) -> str:
    try:
        return check_ref_name(name)
    except Usage as error:
        raise InvalidObject(f"the other side has a ref of a bad name: {error.message}") from None
