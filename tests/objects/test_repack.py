"""Merging packs: which ones, nothing is lost, and a crash leaves all readable."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import backend_called, pack_of, put_all, store_of

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.codec import Object, encode, oid_of
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.repack import merge_packs, packs_to_merge
from pyvcs.objects.store import MANY_PACKS, ObjectStore
from pyvcs.objects.tree import Tree, TreeEntry

sizes = st.dictionaries(st.text("abcdef", min_size=1, max_size=6), st.integers(1, 10**9))


@settings(deadline=None, max_examples=200)
@given(sizes, st.integers(0, 8))
def test_what_is_left_doubles_from_pack_to_pack(found: Mapping[str, int], most: int) -> None:
    chosen = packs_to_merge(found, most=most)
    if len(found) <= most:
        assert chosen == []
        return
    assert len(chosen) != 1
    left = [found[key] for key in found if key not in chosen]
    merged = [sum(found[key] for key in chosen)] if chosen else []
    assert max((found[key] for key in chosen), default=0) <= min(left, default=10**9)
    total = 0
    for size in [*merged, *sorted(left)]:
        assert size >= 2 * total
        total += size


def test_few_packs_are_left_alone() -> None:
    assert packs_to_merge({str(n): 1 for n in range(MANY_PACKS)}) == []
    assert len(packs_to_merge({str(n): 1 for n in range(MANY_PACKS + 1)})) == MANY_PACKS + 1


def test_a_large_pack_is_moved_seldom() -> None:
    """1,000 commits of a like size beside a large pack: an object is moved a few times only."""
    packs = {"first": 1_000_000}
    moved = 0
    for number in range(1000):
        packs[f"{number:04}"] = 1000
        chosen = packs_to_merge(packs)
        if chosen:
            size = sum(packs.pop(key) for key in chosen)
            packs[f"m{number:04}"] = size
            moved += size
        assert len(packs) <= MANY_PACKS
    assert moved < 5 * 2_000_000


def values_in_packs(backend: str, folder: Path) -> tuple[ObjectStore, dict[Oid, Object]]:
    """A store with nine packs, one large blob in chunks and some objects twice among them."""
    store = ObjectStore(backend_called(backend, folder))
    large = random.Random(5).randbytes(700_000)
    kept: dict[Oid, Object] = {}
    for number in range(9):
        content = b"file %d" % number
        tree = Tree.of([TreeEntry(b"f", Mode.FILE, oid_of(encode(content)))])
        values: list[Object] = [content, tree, *([large] if number == 4 else [])]
        kept.update(zip(put_all(store, values), values, strict=True))
    return store, kept


def check_all(store: ObjectStore, kept: Mapping[Oid, Object]) -> None:
    """Every object is there, sound, and what it was."""
    for oid, value in kept.items():
        store.verify(oid)
        assert (store.blob(oid) if isinstance(value, bytes) else store.value(oid)) == value


@pytest.mark.parametrize("backend", ["memory", "directory"])
def test_nothing_is_lost_when_packs_are_merged(backend: str, tmp_path: Path) -> None:
    store, kept = values_in_packs(backend, tmp_path)
    before = set(store.oids())
    assert len(store.packs) == 9
    assert merge_packs(store, list(store.packs)[:5]) == 0
    assert len(store.packs) == 5
    check_all(store, kept)
    assert merge_packs(store, list(store.packs)) == 0
    assert len(store.packs) == 1
    assert set(store.oids()) == before
    check_all(ObjectStore(store.backend), kept)


def test_merging_one_pack_changes_nothing() -> None:
    store, kept = values_in_packs("memory", Path())
    merge_packs(store, list(store.packs))
    (key,) = store.packs
    assert merge_packs(store, [key]) == 0
    assert list(store.packs) == [key]
    check_all(store, kept)


def test_what_is_not_kept_goes_and_is_counted() -> None:
    store = ObjectStore(MemoryBackend())
    one, two, three = put_all(store, [b"one", b"two", b"three"])
    put_all(store, [b"four"])
    assert merge_packs(store, list(store.packs), keep=lambda oid: oid == two) == 3
    assert [oid for oid, _ in store.oids()] == [two]
    assert not store.has(one)
    assert merge_packs(store, list(store.packs), keep=lambda oid: False) == 1
    assert store.packs == {}
    assert not store.has(three)


def test_a_pack_that_equals_the_merged_one_stays() -> None:
    """All objects of the other packs are in one of them: the merged pack has its name."""
    store = store_of(pack_of([b"one"])[1])
    name, content = pack_of([b"one", b"two"])
    store.backend.swap(f"objects/{name}.pack", expected=None, new=content)
    store.refresh()
    merge_packs(store, list(store.packs))
    assert list(store.packs) == [f"objects/{name}.pack"]
    check_all(store, {oid_of(encode(value)): value for value in (b"one", b"two")})


class StopsAtDelete(MemoryBackend):
    """A backend of a process that is killed when it comes to delete for the nth time."""

    def __init__(self, deletes: int) -> None:
        super().__init__()
        self.left = deletes

    def delete(self, key: str) -> None:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        super().delete(key)


@pytest.mark.parametrize("deletes", range(4))
def test_a_crash_between_publishing_and_deleting_leaves_all_readable(deletes: int) -> None:
    backend = StopsAtDelete(deletes)
    store = ObjectStore(backend)
    kept: dict[Oid, Object] = {}
    for number in range(4):
        values: list[Object] = [b"file %d" % number, b"in every pack"]
        kept.update(zip(put_all(store, values), values, strict=True))
    with pytest.raises(KeyboardInterrupt):
        merge_packs(store, list(store.packs))
    after = ObjectStore(backend)
    assert len(after.packs) == 5 - deletes
    check_all(after, kept)
    backend.left = 99
    merge_packs(after, list(after.packs))
    assert len(after.packs) == 1
    check_all(after, kept)


def damaged(content: bytes, at: int) -> bytes:
    """The bytes with one of them changed."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_a_damaged_pack_is_neither_passed_on_nor_removed() -> None:
    """Of two copies of an object the sound one survives, whichever stands first."""
    noise: list[Object] = [random.Random(7).randbytes(300)]
    (oid,) = (oid_of(encode(value)) for value in noise)
    _, sound = pack_of([*noise, b"more"])
    _, broken = pack_of(noise)
    store = store_of(damaged(broken, 100), sound, pack_of([b"other"])[1])
    first, *rest = store.packs
    merge_packs(store, list(store.packs))
    assert first in store.packs
    assert len(store.packs) == 2
    assert set(rest).isdisjoint(store.packs)
    store.backend.delete(first)
    after = ObjectStore(store.backend)
    after.verify(oid)
    assert after.blob(oid) == noise[0]
    assert {*after.oids()} == {*store.oids()}


def test_a_store_of_damaged_packs_alone_stays_as_it_is() -> None:
    _, broken = pack_of([random.Random(8).randbytes(300)])
    store = store_of(damaged(broken, 100))
    keys = list(store.packs)
    assert merge_packs(store, keys) == 0
    assert list(store.packs) == keys
