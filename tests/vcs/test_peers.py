"""Where peers are kept: the list that replicas share, and what each saw by itself."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from pyvcs.objects.backends.base import Backend
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import Clock, ReplicaId, Stamp
from pyvcs.objects.errors import Corrupt, InvalidObject, Refused, UnsupportedFormat, Usage
from pyvcs.sync.acquaintance import PEERS_KEY
from pyvcs.sync.peer_store import (
    RECORDS_KEY,
    PeerRecord,
    PeerStore,
    decode_peers,
    encode_peers,
)
from pyvcs.sync.peers import MAX_PEERS, Peer, Peers, check_address, check_peers

FORMATS = Path(__file__).parents[2] / "docs" / "formats"
ADA = ReplicaId("0a" * 16)
HERE, THERE = "https://a.example/notes", "ssh://b.example/notes"


def added(address: str, clock: int = 1) -> Peers:
    return Peers().with_peer(address, "", Stamp(Clock(clock), ADA))


@pytest.fixture(params=["memory", "directory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    return MemoryBackend() if request.param == "memory" else DirectoryBackend(tmp_path)


def test_a_list_is_kept_and_changed(backend: Backend) -> None:
    store = PeerStore(backend)
    assert store.read() == Peers()
    store.update(lambda peers: peers.join(added(HERE)))
    store.update(lambda peers: peers.join(added(THERE)))
    assert [peer.address for peer in PeerStore(backend).read().live()] == [HERE, THERE]
    before = backend.read(PEERS_KEY)
    store.update(lambda peers: peers)
    assert backend.read(PEERS_KEY) == before


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    stores = [PeerStore(DirectoryBackend(tmp_path, durable=False)) for _ in range(4)]

    def add(store: PeerStore, number: int) -> None:
        for each in range(10):
            address = f"https://{number}.{each}.example"
            store.update(added(address).join)
            store.note(address, lambda record: record.met(1, behind=0, ahead=0))

    threads = [
        threading.Thread(target=add, args=pair) for pair in zip(stores, range(4), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores[0].read().live()) == len(stores[0].records()) == 40


def test_records_tell_when_a_peer_was_seen_and_what_failed(backend: Backend) -> None:
    store = PeerStore(backend)
    store.update(lambda peers: peers.join(added(HERE)).join(added(THERE)))
    store.note(HERE, lambda record: record.met(1000, behind=3, ahead=0))
    store.note(THERE, lambda record: record.failed(1500, "no route\nto host " + "x" * 1000))
    store.note(HERE, lambda record: record.failed(2000, "refused"))
    found = store.note(HERE, lambda record: record.failed(3000, "refused"))
    assert found == PeerRecord(1000, 3000, behind=3, error="refused", failures=2)
    assert store.records()[HERE] == found
    assert "\n" not in store.records()[THERE].error
    assert len(store.records()[THERE].error) < 300
    again = store.note(HERE, lambda record: record.met(4000, behind=0, ahead=0))
    assert again == PeerRecord(4000, 4000)


def test_records_of_removed_peers_are_dropped(backend: Backend) -> None:
    store = PeerStore(backend)
    store.update(lambda peers: peers.join(added(HERE)).join(added(THERE)))
    for address in (HERE, THERE):
        store.note(address, lambda record: record.met(1, behind=0, ahead=0))
    store.update(lambda peers: peers.without(HERE, Stamp(Clock(2), ADA)))
    store.note(THERE, lambda record: record.met(2, behind=0, ahead=0))
    assert list(store.records()) == [THERE]
    assert store.read().entries[HERE].is_removed


ENDLESS = b"""{"format": 1, "records": {"x": {"seen": 1e999, "tried": null, "behind": 0, "ahead": 0,
 "error": "", "failures": 0}}}"""


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": 9}', b'{"format": 1}', b"1", ENDLESS]
)
def test_damaged_records_are_no_records(backend: Backend, content: bytes) -> None:
    backend.swap(RECORDS_KEY, expected=None, new=content)
    store = PeerStore(backend)
    assert store.records() == {}
    store.note(HERE, lambda record: record.met(1, behind=0, ahead=0))
    assert HERE in store.records()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", Corrupt),
        (b"[]", Corrupt),
        (b"[" * 100_000, Corrupt),
        (b'{"format": 2}', UnsupportedFormat),
        (b'{"format": 1, "peers": {"x": {}}}', Corrupt),
        (b'{"format": 1, "peers": {"x": {"name": 1, "removed": false, "stamp": "x"}}}', Corrupt),
        (b'{"format": 1, "peers": {"x": {"name": "", "removed": 0, "stamp": "1.0@"}}}', Corrupt),
    ],
)
def test_a_damaged_list_is_named(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        decode_peers(content)


def test_a_list_from_outside_is_checked() -> None:
    check_peers(added(HERE), now_ms=0)
    far = Clock(10**12)
    for wrong in [
        Peers({HERE: Peer(THERE, "", Stamp(Clock(1), ADA))}),
        Peers({"a b": Peer("a b", "", Stamp(Clock(1), ADA))}),
        Peers({HERE: Peer(HERE, "x\n", Stamp(Clock(1), ADA))}),
        Peers({HERE: Peer(HERE, "x" * 256, Stamp(Clock(1), ADA))}),
        Peers({HERE: Peer(HERE, "", Stamp(far, ADA))}),
        Peers({f"{n}": Peer(f"{n}", "", Stamp(Clock(1), ADA)) for n in range(MAX_PEERS + 1)}),
    ]:
        with pytest.raises(InvalidObject):
            check_peers(wrong, now_ms=0)
    for address in ("", "-oProxyCommand=x", "a b", "a\x1b", "x" * 1025):
        with pytest.raises(Usage):
            check_address(address)
    store = PeerStore(MemoryBackend())
    with pytest.raises(Refused):
        store.update(lambda _: wrong)
    assert store.read() == Peers()


def test_the_examples_on_the_page_are_read_and_written() -> None:
    page = (FORMATS / "peers.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(\w+-example)\n(.*?\n)```$", page, re.MULTILINE | re.DOTALL))
    peers = decode_peers(blocks["peers-example"].encode())
    assert encode_peers(peers).decode() == blocks["peers-example"]
    assert [peer.name for peer in peers.live()] == ["harbour"]
    assert len(peers.entries) == 2
    backend = MemoryBackend()
    store = PeerStore(backend)
    store.update(lambda _: peers)
    backend.swap(RECORDS_KEY, expected=None, new=blocks["records-example"].encode())
    ((address, record),) = store.records().items()
    store.note(address, lambda _: record)
    assert backend.read(RECORDS_KEY) == blocks["records-example"].encode()
    assert record.failures == 2
