"""Introducing: which peers a replica knows, and what two that sync tell each other of them."""

from __future__ import annotations

from pyvcs.objects.errors import NotFound
from pyvcs.objects.values import replace
from pyvcs.replica import Replica
from pyvcs.sync.acquaintance import Acquaintance, recall
from pyvcs.sync.joining import commits_here
from pyvcs.sync.known_peers import KnownPeers
from pyvcs.sync.peer_store import PeerStore
from pyvcs.sync.peers import Peer, Peers, check_address, check_peers
from pyvcs.sync.ref_digest import named_refs
from pyvcs.sync.speaking import heads_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def add_peer(replica: Replica, address: str, name: str = "") -> None:
    """Put a peer into the list, unless it is there under that name, or no other is given.

    It counts as named by a person here.
    """
    check_address(address)
    store = PeerStore(replica.backend)
    known = {peer.address: peer for peer in store.read().live()}.get(address)
    if known is None or name not in ("", known.name):
        store.update(
            lambda peers: peers.with_peer(
                address, name, peers.stamp(replica.id, now_ms=replica.now_ms())
            )
        )
    store.note(address, lambda record: replace(record, is_named=True))


def remove_peer(replica: Replica, address: str) -> None:
    """Take a peer out of the list, for everybody. NotFound when it is not in it."""
    store = PeerStore(replica.backend)
    if address not in {peer.address for peer in store.read().live()}:
        raise NotFound(f"there is no peer {address!r}", hint="`pyvcs peers` lists them")
    store.update(
        lambda peers: peers.without(address, peers.stamp(replica.id, now_ms=replica.now_ms()))
    )


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


def take_in_peers(replica: Replica, told: Mapping[str, Peer]) -> None:
    """Join what the other end told with our list. InvalidObject when it may not be joined."""
    if told:
        news = Peers(told)
        check_peers(news, now_ms=replica.now_ms())
        PeerStore(replica.backend).update(lambda known: known.join(news))


def commits_behind(replica: Replica, address: str) -> int | None:
    """How many commits of ours the peer lacks, as far as we know; None if we never met it."""
    peer = recall(replica.backend, address)
    if peer is None:
        return None
    ours = commits_here(replica.store, heads_in(named_refs(replica.refs)))
    theirs = [oid for oid in peer.heads if replica.store.has(oid)]
    return len(replica.history.missing(wants=ours, haves=theirs))
