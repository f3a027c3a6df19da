"""The message in which two replicas tell each other of peers: a digest, and what the other lacks.

The caller sends what is newer than the digest it remembers of the other end, the answering end
what is newer than the digest that it was sent: one round trip, and only news travels.
"""

from __future__ import annotations

from pyvcs.objects.clock import Clock, ReplicaId, Stamp
from pyvcs.objects.errors import InvalidObject, RemoteProtocolError
from pyvcs.objects.values import dataclass, field
from pyvcs.sync.frame_fields import FieldReader, FieldWriter
from pyvcs.sync.frames import MAX_BODY
from pyvcs.sync.peers import MAX_PEERS, Digest, Peer, Peers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOM = MAX_BODY // 2
"""Bytes of entries in one message; the others go with the next sync."""

_CLOCK_BYTES = 10
_STAMP_BYTES = 16 + _CLOCK_BYTES


@dataclass(frozen=True, slots=True)
class KnownPeers:
    """The digest of a list of peers, and those entries of it that the other end lacks."""

    digest: Digest
    entries: Mapping[str, Peer] = field(default_factory=dict)

    @classmethod
    def of(cls, peers: Peers, known: Digest) -> KnownPeers:
        """What to tell an end that has this digest: the oldest news first, as much as has room.

        In the order of the stamps, so that who has an entry of a replica has its earlier ones.
        """
        entries: dict[str, Peer] = {}
        room = _ROOM
        news = peers.newer_than(known).entries.values()
        for peer in sorted(news, key=lambda peer: peer.stamp):
            room -= len(peer.address.encode()) + len(peer.name.encode()) + _STAMP_BYTES + 5
            if room < 0:
                break
            entries[peer.address] = peer
        return cls(peers.digest(), entries)


def write_known_peers(known: KnownPeers, out: FieldWriter) -> None:
    """The body of the message; see docs/formats/wire.md."""
    out.u16(len(known.digest))
    for replica, clock in sorted(known.digest.items()):
        _write_stamp(Stamp(clock, replica), out)
    out.u16(len(known.entries))
    for address, peer in known.entries.items():
        out.u8(peer.is_removed)
        out.text(address)
        out.text(peer.name)
        _write_stamp(peer.stamp, out)


def read_known_peers(body: FieldReader) -> KnownPeers:
    """The message from its body. RemoteProtocolError when it breaks the format."""
    try:
        stamps = [_read_stamp(body) for _ in range(body.count(MAX_PEERS, _STAMP_BYTES))]
        digest = {stamp.replica: stamp.clock for stamp in stamps}
        entries = [_read_entry(body) for _ in range(body.count(MAX_PEERS, _STAMP_BYTES + 5))]
    except InvalidObject as error:
        raise RemoteProtocolError(f"a peer that the other side tells of: {error}") from None
    if len({peer.address for peer in entries}) < len(entries) or len(digest) < len(stamps):
        raise RemoteProtocolError("the other side tells of one peer twice in a message")
    return KnownPeers(digest, {peer.address: peer for peer in entries})


def _read_entry(body: FieldReader) -> Peer:
    removed = bool(body.u8())
    address, name = body.text(), body.text()
    return Peer(address, name, _read_stamp(body), removed)


def _write_stamp(stamp: Stamp, out: FieldWriter) -> None:
    out.raw(bytes.fromhex(stamp.replica))
    out.raw(stamp.clock.milliseconds.to_bytes(6, "little"))
    out.u32(stamp.clock.counter)


def _read_stamp(body: FieldReader) -> Stamp:
    replica = ReplicaId(body.raw(16).hex())
    milliseconds = int.from_bytes(body.raw(6), "little")
    return Stamp(Clock(milliseconds, body.u32()), replica)
