"""Introducing: two replicas that sync tell each other which peers they know."""

from __future__ import annotations

from pyvcs.replica import Replica
from pyvcs.sync.acquaintance import Acquaintance
from pyvcs.sync.known_peers import KnownPeers
from pyvcs.sync.peer_store import PeerStore
from pyvcs.sync.peers import Peers, check_peers


def introduction_to(replica: Replica, peer: Acquaintance | None) -> KnownPeers:
    """What a caller tells a peer: what is news to it, as it was left."""
    known = PeerStore(replica.backend).read()
    return KnownPeers.of(known, {} if peer is None else peer.peers)


def introduction(replica: Replica, asked: KnownPeers, *, is_trusted: bool) -> KnownPeers:
    """What an answering end tells: what the caller lacks; nothing to one that may only read."""
    if not is_trusted:
        return KnownPeers({})
    # What came from the caller is in our list by now: it need not go back.
    told = Peers(asked.entries).digest()
    clocks = {r: max(c, told.get(r, c)) for r, c in {**told, **asked.digest}.items()}
    return KnownPeers.of(PeerStore(replica.backend).read(), clocks)


def take_in_peers(replica: Replica, told: KnownPeers) -> None:
    """Join what the other end told with our list. InvalidObject when it may not be joined."""
    if told.entries:
        news = Peers(told.entries)
        check_peers(news, now_ms=replica.now_ms())
        PeerStore(replica.backend).update(lambda known: known.join(news))
