"""The list of peers joins in any order, any number of times, and only news travels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyvcs.objects.clock import Clock, ReplicaId, Stamp
from pyvcs.sync.peer_store import decode_peers, encode_peers
from pyvcs.sync.peers import Peer, Peers

REPLICAS = [ReplicaId(f"{number:032x}") for number in range(3)]
ADDRESSES = ["https://a.example", "ssh://b.example/x", "/media/stick"]
STAMPS = st.builds(Stamp, st.builds(Clock, st.integers(0, 3)), st.sampled_from(REPLICAS))


def lists() -> st.SearchStrategy[Peers]:
    """Any lists, those of liars too: one stamp may say different things."""
    entries = st.builds(
        Peer, st.sampled_from(ADDRESSES), st.sampled_from(["", "ada", "bob"]), STAMPS, st.booleans()
    )
    return st.lists(entries, max_size=5).map(
        lambda found: Peers({peer.address: peer for peer in found})
    )


@given(lists(), lists(), lists())
def test_joining_is_idempotent_commutative_and_associative(a: Peers, b: Peers, c: Peers) -> None:
    assert a.join(a) == a
    assert a.join(b) == b.join(a)
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(b).join(b) == a.join(b)


@given(lists())
def test_a_list_is_what_was_written(peers: Peers) -> None:
    assert decode_peers(encode_peers(peers)) == peers
    assert encode_peers(decode_peers(encode_peers(peers))) == encode_peers(peers)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["add", "remove", "whole", "news"]), st.integers(0, 2)
    ),
    max_size=25,
)


@given(STEPS)
def test_sending_only_news_is_as_good_as_sending_all(steps: list[tuple[int, str, int]]) -> None:
    """Replicas add, remove and send; at every send the news alone do what the whole list does."""
    known = [Peers(), Peers(), Peers()]
    for now, (at, step, which) in enumerate(steps, 1):
        mine = known[at]
        stamp = mine.stamp(REPLICAS[at], now_ms=now // 3)
        if step == "add":
            known[at] = mine.with_peer(ADDRESSES[which], f"name {now}", stamp)
        elif step == "remove":
            known[at] = mine.without(ADDRESSES[which], stamp)
        else:
            whole = known[which].join(mine)
            news = mine.newer_than(known[which].digest())
            assert known[which].join(news) == whole
            assert whole.newer_than(whole.digest()).entries == {}
            known[which] = whole
        if step in ("add", "remove"):
            assert known[at].entries[ADDRESSES[which]].stamp == stamp  # an event is never in vain


@given(lists(), st.sampled_from(ADDRESSES), st.sampled_from(REPLICAS))
def test_the_last_event_counts(peers: Peers, address: str, replica: ReplicaId) -> None:
    added = peers.with_peer(address, "new", peers.stamp(replica, now_ms=0))
    assert address in {peer.address for peer in added.live()}
    removed = added.without(address, added.stamp(replica, now_ms=0))
    assert address not in {peer.address for peer in removed.live()}
    assert removed.join(added).join(peers) == removed
    back = removed.with_peer(address, "again", removed.stamp(replica, now_ms=0))
    assert {peer.name for peer in back.live() if peer.address == address} == {"again"}
