"""What is remembered of a peer: a cache, so that the next talk takes one round trip.

After a sync both ways the peer knows at least what we knew: our heads of that day are commits that
it has, and refs that have not changed since need not be told. Lost or wrong, it costs a round trip
and nothing else.
"""

from __future__ import annotations

from blake3 import blake3

from pyvcs.objects.backends.base import Backend, overwrite
from pyvcs.objects.clock import Clock, ReplicaId
from pyvcs.objects.commit_graph import CommitGraph
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass, field
from pyvcs.plain_json import MISREAD, one_line, read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from pyvcs.sync.peers import Digest

PREFIX = "acquaintances/"
PEERS_KEY = "peers"
MAX_HEADS = 64
"""Of the heads that are remembered: the newest. The others are found out again."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A peer as it was left: commits that it has, and the digests of what it knows of refs and
    of peers."""

    replica: ReplicaId
    heads: tuple[Oid, ...]
    buckets: tuple[bytes, ...]
    peers: Digest = field(default_factory=dict)


def newest(commits: Collection[Oid], graph: CommitGraph) -> tuple[Oid, ...]:
    """Those of the commits that a peer has which are remembered."""
    return tuple(sorted(commits, key=graph.order, reverse=True)[:MAX_HEADS])


def recall(backend: Backend, address: str) -> Acquaintance | None:
    """What is remembered of the peer at an address, or None."""
    from pyvcs.sync.ref_digest import BUCKET_DIGEST_BYTES

    content = backend.read(_key(address))
    if content is None:
        return None
    try:
        found = read_json(content)
        buckets = tuple(bytes.fromhex(digest) for digest in found["buckets"])
        if any(len(digest) != BUCKET_DIGEST_BYTES for digest in buckets):
            return None
        heads = tuple(Oid.from_hex(oid) for oid in found["heads"])
        peers = {ReplicaId(r): Clock.parse(clock) for r, clock in found["peers"].items()}
        return Acquaintance(ReplicaId(found["replica"]), heads, buckets, peers)
    except MISREAD:
        return None


def remember(backend: Backend, address: str, peer: Acquaintance) -> None:
    """Remember how a peer was left."""
    document: dict[str, Any] = {
        "replica": peer.replica,
        "heads": [str(oid) for oid in peer.heads],
        "buckets": [digest.hex() for digest in peer.buckets],
        "peers": {replica: str(clock) for replica, clock in sorted(peer.peers.items())},
    }
    overwrite(backend, _key(address), one_line(document).encode())


def _key(address: str) -> str:
    return PREFIX + blake3(address.encode("utf-8", "surrogateescape")).hexdigest()[:32]
