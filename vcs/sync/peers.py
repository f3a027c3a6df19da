"""The peers that a set of replicas knows: a last-writer-wins list that joins by itself.

Idea.        For each address the event with the largest stamp decides: it was added, under a name,
             or removed. A removal is an entry like any other, its tombstone, and is kept.
Invariant.   Joining is idempotent, commutative and associative, whatever is joined: equal stamps,
             which only a liar makes, are decided by what they say.
Cost.        One entry for each address that ever was in the list; at most MAX_PEERS.
Source.      The LWW element set of Shapiro, Preguiça, Baquero, Zawirski, "A comprehensive study of
             convergent and commutative replicated data types" (2011), 3.3.3.

>>> ada, bob = ReplicaId("0a" * 16), ReplicaId("0b" * 16)
>>> start = Peers().with_peer("https://a.example", "ada", Stamp(Clock(1), ada))
>>> removed = start.without("https://a.example", Stamp(Clock(2), bob))
>>> removed.join(start).live()
[]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyvcs.objects.clock import ZERO, Clock, ReplicaId, Stamp, check_drift, tick
from pyvcs.objects.errors import InvalidObject, Refused, Usage
from pyvcs.objects.values import dataclass, field

MAX_PEERS = 10_000
"""How many addresses a list may have, removed ones too."""
MAX_ADDRESS, MAX_NAME = 1024, 255
"""The longest address and name, in characters."""

Digest = Mapping[ReplicaId, Clock]
"""For each replica the newest clock of its events in a list."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What the last event at an address said: this name, or that it is removed."""

    address: str
    name: str
    stamp: Stamp
    is_removed: bool = False

    @property
    def _rank(self) -> tuple[Stamp, bool, str]:
        return self.stamp, self.is_removed, self.name

    def later(self, other: Peer) -> Peer:
        """The one of two entries of one address that counts."""
        return max(self, other, key=lambda peer: peer._rank)


@dataclass(frozen=True, slots=True)
class Peers:
    """The entries of all addresses, removed ones too."""

    entries: Mapping[str, Peer] = field(default_factory=dict)

    def live(self) -> list[Peer]:
        """The peers that are not removed, sorted by name, then address."""
        found = (peer for peer in self.entries.values() if not peer.is_removed)
        return sorted(found, key=lambda peer: (peer.name, peer.address))

    def with_peer(self, address: str, name: str, stamp: Stamp) -> Peers:
        """The list with a peer added, or with another name for it."""
        return self.join(Peers({address: Peer(address, name, stamp)}))

    def without(self, address: str, stamp: Stamp) -> Peers:
        """The list with a peer removed; it comes back when it is added after that."""
        known = self.entries.get(address)
        name = "" if known is None else known.name
        return self.join(Peers({address: Peer(address, name, stamp, is_removed=True)}))

    def join(self, other: Peers) -> Peers:
        """All that either list knows."""
        joined = dict(self.entries)
        for address, peer in other.entries.items():
            known = joined.get(address)
            joined[address] = peer if known is None else known.later(peer)
        return Peers(joined)

    def stamp(self, replica: ReplicaId, *, after: Clock = ZERO, now_ms: int) -> Stamp:
        """The stamp of an event of a replica that knows this list: larger than all in it."""
        last = max([after, *(peer.stamp.clock for peer in self.entries.values())])
        return Stamp(tick(last, now_ms=now_ms), replica)

    def digest(self) -> dict[ReplicaId, Clock]:
        """What to send to a peer, so that it answers with `newer_than` just that."""
        newest: dict[ReplicaId, Clock] = {}
        for peer in self.entries.values():
            replica = peer.stamp.replica
            newest[replica] = max(peer.stamp.clock, newest.get(replica, ZERO))
        return newest

    def newer_than(self, digest: Digest) -> Peers:
        """The entries that a list with this digest lacks.

        For lists that grew by events of their own and by what `newer_than` or a whole list gave:
        who has an event of a replica then has all earlier ones of it, or what came in their place.
        """
        return Peers(
            {
                address: peer
                for address, peer in self.entries.items()
                if peer.stamp.clock > digest.get(peer.stamp.replica, Clock(0))
                or peer.stamp.replica not in digest
            }
        )


def check_address(address: str) -> str:
    """`address` if a list of peers may have it, else Usage: printable, without spaces."""
    if not 0 < len(address) <= MAX_ADDRESS or not _is_plain(address) or address.startswith("-"):
        raise Usage(
            f"{address[:80]!r} cannot be the address of a peer",
            hint=f"it has no spaces, begins with no '-', and has at most {MAX_ADDRESS} characters",
        )
    return address


def check_peers(peers: Peers, *, now_ms: int) -> None:
    """Raise InvalidObject unless a list that came from outside may be joined with ours."""
    if len(peers.entries) > MAX_PEERS:
        raise InvalidObject(f"a list of {len(peers.entries):,} peers; at most {MAX_PEERS:,}")
    for problem in _problems(peers):
        raise InvalidObject(f"the other side's list of peers is wrong: {problem}")
    for peer in peers.entries.values():
        check_drift(peer.stamp.clock, now_ms=now_ms)


def check_room(peers: Peers) -> Peers:
    """`peers` if there are not too many, else Refused: a list that is joined may outgrow it."""
    if len(peers.entries) > MAX_PEERS:
        raise Refused(f"there would be more than {MAX_PEERS:,} peers, removed ones counted")
    return peers


def _problems(peers: Peers) -> Iterator[str]:
    for address, peer in peers.entries.items():
        try:
            check_address(address)
        except Usage as error:
            yield error.message
        if peer.address != address:
            yield f"the entry of {address!r} is for {peer.address!r}"
        if len(peer.name) > MAX_NAME or not peer.name.isprintable():
            yield f"the name of {address!r} is not one line of at most {MAX_NAME} characters"


def _is_plain(text: str) -> bool:
    return text.isprintable() and " " not in text
