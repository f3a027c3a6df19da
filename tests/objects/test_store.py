"""The store: many packs read as one set of objects, while others write and merge them."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from object_strategies import objects
from packs import backend_called, forged, put_all

from pyvcs.objects.backends.base import Backend
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import Clock
from pyvcs.objects.codec import Object, encode, kind_of, oid_of
from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.errors import Ambiguous, Corrupt, InvalidObject, ObjectMissing
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack_index import Place
from pyvcs.objects.repack import merge_packs
from pyvcs.objects.store import MIN_PREFIX_DIGITS, ObjectStore, pack_key
from pyvcs.objects.store_writer import MAX_OBJECT_BYTES, StoreWriter
from pyvcs.objects.tag import Tag
from pyvcs.objects.tree import Tree, TreeEntry

ADA = Identity("Ada", "ada@example.org")
TIME = Timestamp(1_700_000_000, 60)
BLOB = oid_of(encode(b"hello"))
SIDE = ConflictSide("side", Mode.FILE, BLOB)
SAMPLES: dict[Kind, Object] = {
    Kind.BLOB: b"hello",
    Kind.TREE: Tree.of([TreeEntry(b"a", Mode.FILE, BLOB)]),
    Kind.COMMIT: Commit(
        tree=BLOB,
        parents=(),
        message="m\n",
        authored=TIME,
        committed=TIME,
        clock=Clock(1),
        author=ADA,
        committer=ADA,
    ),
    Kind.TAG: Tag(
        target=BLOB, target_kind=Kind.BLOB, name="t", tagger=ADA, tagged=TIME, message=""
    ),
    Kind.CONFLICT: Conflict(kind="content", path=b"a", pointer=None, base=SIDE, sides=(SIDE, SIDE)),
}


@pytest.fixture(params=["memory", "directory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    """Each of the backends, new."""
    return backend_called(request.param, tmp_path / "store")


@pytest.fixture
def store(backend: Backend) -> ObjectStore:
    """A new store."""
    return ObjectStore(backend)


def test_an_empty_store_has_nothing(store: ObjectStore) -> None:
    assert not store.has(BLOB)
    assert list(store.oids()) == []
    assert store.by_prefix("0000") == []
    for ask in (store.kind, store.blob, store.value, store.verify, store.blob_size):
        with pytest.raises(ObjectMissing, match=str(BLOB)) as caught:
            ask(BLOB)
        assert caught.value.hint


@settings(deadline=None, max_examples=60)
@given(st.lists(objects, max_size=6))
def test_what_was_put_is_read_by_another_store(values: list[Object]) -> None:
    store = ObjectStore(MemoryBackend())
    oids = put_all(store, values)
    for reader in (store, ObjectStore(store.backend)):
        for oid, value in zip(oids, values, strict=True):
            reader.verify(oid)
            assert reader.kind(oid) is kind_of(value)
            assert reader.canonical(oid) == encode(value)
            assert (reader.blob(oid) if isinstance(value, bytes) else reader.value(oid)) == value
    assert dict(store.oids()) == {oid_of(encode(value)): kind_of(value) for value in values}


def test_nothing_is_seen_before_it_is_published(store: ObjectStore) -> None:
    with StoreWriter(store) as writer:
        oid = writer.put(b"hello")
        assert writer.has(oid)
        assert not store.has(oid)
        assert not ObjectStore(store.backend).has(oid)
        writer.publish()
        assert store.blob(oid) == b"hello"
    with StoreWriter(store) as writer:
        other = writer.put(b"other")
    assert not store.has(other)
    with suppress(KeyboardInterrupt), StoreWriter(store) as writer:
        writer.put(b"third")
        raise KeyboardInterrupt
    assert len(list(store.backend.keys())) == 1


def test_the_same_object_is_stored_once(store: ObjectStore) -> None:
    put_all(store, [b"hello"])
    with StoreWriter(store) as writer:
        assert writer.put(b"hello") == writer.put(b"hello") == BLOB
        assert writer.count == 0
        writer.put(b"new")
        writer.put(b"new")
        assert writer.count == 1
        writer.publish()
    assert len(list(store.oids())) == 2


def test_publishing_nothing_writes_nothing(store: ObjectStore) -> None:
    put_all(store, [])
    assert list(store.backend.keys()) == []


def test_nothing_is_added_to_a_pack_that_is_published(store: ObjectStore) -> None:
    """The stream may still be the published file: a byte more would damage it."""
    with StoreWriter(store) as writer:
        oid = writer.put(b"hello")
        writer.publish()
        for act in (lambda: writer.put(b"more"), writer.publish):
            with pytest.raises(ValueError, match="finished"):
                act()
        assert writer.put(b"hello") == oid
    ObjectStore(store.backend).verify(oid)
    assert ObjectStore(store.backend).blob(oid) == b"hello"


def test_equal_packs_of_two_writers_are_one(store: ObjectStore) -> None:
    second = ObjectStore(store.backend)
    with StoreWriter(store) as one, StoreWriter(second) as two:
        for writer in (one, two):
            writer.put(b"hello")
            writer.publish()
    assert len(store.packs) == 1
    assert second.blob(BLOB) == b"hello"


@pytest.mark.parametrize("kind", list(Kind))
def test_an_object_of_another_kind_is_named_so(kind: Kind) -> None:
    store = ObjectStore(MemoryBackend())
    (oid,) = put_all(store, [SAMPLES[kind]])
    asks = {
        Kind.BLOB: store.blob,
        Kind.TREE: store.tree,
        Kind.COMMIT: store.commit,
        Kind.TAG: store.tag,
        Kind.CONFLICT: store.conflict,
    }
    for wanted, ask in asks.items():
        if wanted is kind:
            assert ask(oid) == SAMPLES[kind]
        else:
            with pytest.raises(InvalidObject, match=kind.value):
                ask(oid)


def test_asking_for_the_value_of_a_large_blob_does_not_read_it() -> None:
    """A tree may name a blob as a folder: that is told from the index, before any byte is read."""
    store = ObjectStore(MemoryBackend())
    (oid,) = put_all(store, [bytes(3_000_000)])
    for pack in store.packs.values():
        store.backend.swap(pack.key, expected=store.backend.read(pack.key), new=b"gone")
    with pytest.raises(InvalidObject, match="is a blob"):
        store.tree(oid)


def test_a_blob_that_the_index_calls_a_tree_is_corrupt() -> None:
    canonical = encode(b"hello")
    store = forged(canonical, {BLOB: Place(8, 0, len(canonical), Kind.TREE)}, encoding=0)
    with pytest.raises(Corrupt):
        store.tree(BLOB)


def test_an_object_that_is_read_whole_has_a_largest_size() -> None:
    store = ObjectStore(MemoryBackend())
    with StoreWriter(store) as writer, pytest.raises(InvalidObject, match="64 MiB"):
        writer.put_canonical(Kind.TREE, bytes(MAX_OBJECT_BYTES + 1))


# -- prefixes --------------------------------------------------------------------------------------


def test_prefixes_lead_to_all_oids_that_begin_so(store: ObjectStore) -> None:
    values: list[Object] = [b"%d" % number for number in range(3000)]
    oids = [*put_all(store, values[:1500]), *put_all(store, values[1500:])]
    for oid in oids[::100]:
        digits = str(oid)
        for length in (4, 5, 7, 12, 63, 64):
            expected = sorted({other for other in oids if str(other).startswith(digits[:length])})
            assert store.by_prefix(digits[:length]) == expected
            assert store.by_prefix(digits[:length].upper()) == expected
        assert store.one_by_prefix(digits) == oid


def test_an_ambiguous_prefix_names_what_it_may_mean(store: ObjectStore) -> None:
    values: list[Object] = [b"%d" % number for number in range(1500)]
    by_prefix: dict[str, list[Oid]] = {}
    for oid in put_all(store, values):
        by_prefix.setdefault(str(oid)[:4], []).append(oid)
    prefix, found = next((prefix, oids) for prefix, oids in by_prefix.items() if len(oids) > 1)
    with pytest.raises(Ambiguous) as caught:
        store.one_by_prefix(prefix)
    assert all(oid.short() in caught.value.message for oid in found)
    assert "(blob)" in caught.value.message


@pytest.mark.parametrize(
    "prefix", ["", "abc", "abcg", "zzzz", "0x12", "\uff11\uff12\uff13\uff14", "a" * 65, "ab cd"]
)
def test_what_is_no_prefix_leads_nowhere(prefix: str) -> None:
    store = ObjectStore(MemoryBackend())
    put_all(store, [b"hello"])
    assert store.by_prefix(prefix) == []
    assert store.one_by_prefix(prefix) is None


def test_a_prefix_of_the_least_length_is_enough(store: ObjectStore) -> None:
    put_all(store, [b"hello"])
    assert store.one_by_prefix(str(BLOB)[:MIN_PREFIX_DIGITS]) == BLOB
    assert store.one_by_prefix(str(BLOB)[: MIN_PREFIX_DIGITS - 1]) is None


# -- others at work --------------------------------------------------------------------------------


def test_what_another_store_wrote_is_seen(backend: Backend) -> None:
    reader = ObjectStore(backend)
    assert not reader.has(BLOB)
    put_all(ObjectStore(backend), [b"hello"])
    assert reader.one_by_prefix(str(BLOB)[:8]) == BLOB
    put_all(ObjectStore(backend), [b"other"])
    assert reader.blob(oid_of(encode(b"other"))) == b"other"


def test_objects_are_read_while_another_store_merges_their_packs(backend: Backend) -> None:
    """All that a reader asks for works on packs that it has opened and that are gone."""
    kept = put_all(ObjectStore(backend), [b"zero", random.Random(1).randbytes(700_000)])
    for number in range(8):
        kept += put_all(ObjectStore(backend), [b"file %d" % number])
    for ask in ("body", "blob", "blob_size", "chunks_of", "verify", "kind"):
        reader = ObjectStore(backend)
        before = set(reader.packs)
        writer = ObjectStore(backend)
        put_all(writer, [b"new for " + ask.encode()])
        merge_packs(writer, list(writer.packs))
        assert before.isdisjoint(writer.packs)
        for oid in kept:
            getattr(reader, ask)(oid)


class ListsBetween(MemoryBackend):
    """A backend whose listing is made while another process merges the packs.

    That process publishes behind the place that the listing has come to, and deletes before it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.missed = 0

    def keys(self, prefix: str = "") -> Iterator[str]:
        if self.missed:
            self.missed -= 1
            return iter(())
        return super().keys(prefix)


def test_a_listing_that_shows_neither_the_old_packs_nor_the_new_one_is_not_believed() -> None:
    backend = ListsBetween()
    put_all(ObjectStore(backend), [b"hello"])
    reader = ObjectStore(backend)
    assert reader.has(BLOB)
    put_all(ObjectStore(backend), [b"other"])
    backend.missed = 1
    assert reader.blob(oid_of(encode(b"other"))) == b"other"
    merge_packs(writer := ObjectStore(backend), list(writer.packs))
    backend.missed = 1
    assert reader.blob(BLOB) == b"hello"


def test_an_object_whose_pack_is_gone_for_good_is_missing(backend: Backend) -> None:
    store = ObjectStore(backend)
    put_all(store, [b"hello"])
    for key in list(store.packs):
        backend.delete(key)
    with pytest.raises(ObjectMissing):
        store.blob(BLOB)


class Hurried(MemoryBackend):
    """A backend in which packs are merged faster than a reader opens them, a few times."""

    def __init__(self, gone: int) -> None:
        super().__init__()
        self.gone = gone

    def keys(self, prefix: str = "") -> Iterator[str]:
        if self.gone and prefix:
            self.gone -= 1
            yield f"objects/{'0' * 63}{self.gone}.pack"
        else:
            yield from super().keys(prefix)


def test_a_listing_that_is_out_of_date_at_once_is_made_again() -> None:
    backend = Hurried(0)
    [oid] = put_all(ObjectStore(backend), [b"hello"])
    backend.gone = 4
    assert ObjectStore(backend).blob(oid) == b"hello"


MERGER = """
import sys
from pathlib import Path
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.repack import merge_packs
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.store_writer import StoreWriter
store = ObjectStore(DirectoryBackend(Path(sys.argv[1]), durable=False))
for number in range(60):
    for part in range(3):
        with StoreWriter(store) as writer:
            writer.put(b"written %d %d by the other process" % (number, part))
            writer.publish()
    merge_packs(store, list(store.packs))
print(len(store.packs))
"""


def test_objects_are_read_while_another_process_merges_their_packs(tmp_path: Path) -> None:
    backend = DirectoryBackend(tmp_path, durable=False)
    values: list[Object] = [b"file %d" % number for number in range(40)]
    kept = {oid: v for v in values for oid in put_all(ObjectStore(backend), [v])}
    with subprocess.Popen(
        [sys.executable, "-c", MERGER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as merger:
        long_lived, rounds = ObjectStore(backend), 0
        while merger.poll() is None or rounds == 0:
            rounds += 1
            for reader in (long_lived, ObjectStore(backend)):
                for oid, value in kept.items():
                    assert reader.blob(oid) == value
        assert merger.stdout is not None
        assert merger.stdout.read() == "1\n"
    assert merger.returncode == 0
    for number in range(60):
        for part in range(3):
            content = b"written %d %d by the other process" % (number, part)
            assert long_lived.blob(oid_of(encode(content))) == content


def test_a_file_that_is_no_pack_is_named(store: ObjectStore) -> None:
    put_all(store, [b"hello"])
    key = pack_key("0" * 32)
    store.backend.swap(key, expected=None, new=b"no pack")
    with pytest.raises(Corrupt, match=key):
        ObjectStore(store.backend).blob(BLOB)


# -- size ------------------------------------------------------------------------------------------


def test_large_trees_are_read_and_do_not_fill_the_memory() -> None:
    """Versions of a tree of 10,000 entries, of which the cache keeps only some."""
    store = ObjectStore(MemoryBackend())
    entries = [TreeEntry(b"document-%05d" % n, Mode.FILE, BLOB) for n in range(10_000)]
    trees: list[Object] = []
    for number in range(36):
        entries[number] = TreeEntry(entries[number].name, Mode.EXECUTABLE, BLOB)
        trees.append(Tree(tuple(entries)))
    oids = put_all(store, trees)
    reader = ObjectStore(store.backend)
    assert [reader.tree(oid) for oid in oids] == trees
    assert reader.tree(oids[-1]) is reader.tree(oids[-1])
    assert 0 < len(reader._values) < 36


def test_the_size_of_a_blob_is_known_without_its_content(store: ObjectStore) -> None:
    values: list[Object] = [b"", b"x", bytes(9), bytes(10), bytes(99_999), bytes(1_000_000)]
    for oid, value in zip(put_all(store, values), values, strict=True):
        assert isinstance(value, bytes)
        assert store.blob_size(oid) == len(value)
        assert b"".join(store.blob_stream(oid)) == value
    (tree,) = put_all(store, [Tree()])
    for ask in (store.blob_size, lambda oid: list(store.blob_stream(oid))):
        with pytest.raises(InvalidObject, match="tree"):
            ask(tree)
