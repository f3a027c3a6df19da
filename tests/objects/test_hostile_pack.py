"""Packs that lie: lengths, places, kinds and recipes are checked before they are used."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
from packs import forged, index_with, read_everything, recipe_store, store_of
from peak_memory import PEAK_KIB, need_peak_memory

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.codec import encode, oid_of
from pyvcs.objects.compression import compressed, decompressed
from pyvcs.objects.errors import Corrupt, InvalidObject, ObjectMissing
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import (
    BLOCK,
    BLOCK_TAG,
    MAGIC,
    MAX_BLOCK_BYTES,
    PackWriter,
    decode_recipe,
    encode_recipe,
)
from pyvcs.objects.pack_index import Place, encode_index
from pyvcs.objects.tree import Tree

HELLO = oid_of(encode(b"hello"))
LOW, HIGH = b"\x01" * 32, b"\xfe" * 32
TWO_FAN = [0] + [1] * 253 + [2, 2]


@pytest.mark.parametrize(
    ("fanout", "oids"),
    [
        ([2] * 256, [LOW, HIGH]),
        ([0] * 255 + [2], [LOW, HIGH]),
        ([5, *TWO_FAN[1:]], [LOW, HIGH]),
        ([*TWO_FAN[:-1], 3], [LOW, HIGH]),
        ([0, 2**32 - 1, *TWO_FAN[2:]], [LOW, HIGH]),
        (TWO_FAN, [HIGH, LOW]),
        ([0] + [2] * 255, [LOW, LOW]),
    ],
)
def test_an_index_that_is_not_in_order_is_refused(fanout: list[int], oids: list[bytes]) -> None:
    content = index_with(fanout, oids, [(8, 0, 1, 0)] * len(oids))
    with pytest.raises(Corrupt):
        read_everything(store_of(content))
    with suppress(Corrupt):  # a look-up may miss, and fails in no other way
        for oid in (LOW, HIGH, bytes(32), b"\xff" * 32):
            store_of(content).has(Oid(oid))


@pytest.mark.parametrize(
    "place",
    [
        (2**64 - 1, 0, 5, 0),
        (2**63, 0, 5, 0),
        (0, 0, 5, 0),
        (9, 0, 5, 0),
        (len(MAGIC), 0, 5, 0),
        (len(MAGIC), 2**32 - 1, 2**32 - 1, 0),
        (10**6, 0, 5, 0),
        (8, 0, 5, 5),
        (8, 0, 5, 0x100),
        (8, 0, 5, 0x80),
    ],
)
def test_a_place_outside_the_blocks_is_refused(place: tuple[int, ...]) -> None:
    store = store_of(index_with([0] + [1] * 255, [LOW], [place]))
    with pytest.raises(Corrupt):
        store.verify(Oid(LOW))
    with pytest.raises(Corrupt):
        store.blob(Oid(LOW))


@pytest.mark.parametrize(("start", "length"), [(0, 13), (1, 12), (12, 1), (2**32 - 1, 1)])
def test_a_place_that_leaves_its_block_is_refused(start: int, length: int) -> None:
    store = forged(encode(b"hello"), {HELLO: Place(8, start, length, Kind.BLOB)}, encoding=0)
    with pytest.raises(Corrupt):
        store.blob(HELLO)


@pytest.mark.parametrize("kind", [Kind.TREE, Kind.COMMIT, Kind.TAG, Kind.CONFLICT])
def test_a_kind_that_the_index_lies_about_is_refused(kind: Kind) -> None:
    store = forged(encode(b"hello"), {HELLO: Place(8, 0, 12, kind)}, encoding=0)
    with pytest.raises(Corrupt):
        store.verify(HELLO)


def test_an_object_under_the_oid_of_another_is_refused() -> None:
    other = oid_of(encode(b"other"))
    store = forged(encode(b"hello"), {other: Place(8, 0, 12, Kind.BLOB)}, encoding=0)
    with pytest.raises(Corrupt, match="damaged"):
        store.verify(other)


def test_a_spelling_of_its_own_is_refused_by_verify_though_its_hash_is_right() -> None:
    odd = b"blob 05\0hello"
    store = forged(odd, {oid_of(odd): Place(8, 0, len(odd), Kind.BLOB)}, encoding=0)
    with pytest.raises(InvalidObject):
        store.verify(oid_of(odd))


# -- lengths that lie ------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 11, 13, 1000, MAX_BLOCK_BYTES])
@pytest.mark.parametrize("encoding", [0, 1])
def test_a_block_of_another_length_than_it_says_is_refused(length: int, encoding: int) -> None:
    canonical = encode(b"hello")
    block = compressed(canonical) if encoding else canonical
    place = Place(8, 0, 12, Kind.BLOB)
    with pytest.raises(Corrupt):
        forged(block, {HELLO: place}, length=length, encoding=encoding).blob(HELLO)


@pytest.mark.parametrize(
    "head",
    [
        (BLOCK_TAG, 1, 21, MAX_BLOCK_BYTES + 1),
        (BLOCK_TAG, 1, 21, 2**32 - 1),
        (BLOCK_TAG, 0, 2**32 - 1, 2**32 - 1),
        (BLOCK_TAG, 1, MAX_BLOCK_BYTES + 1, 12),
        (BLOCK_TAG, 1, 10**7, 12),
        (BLOCK_TAG, 2, 21, 12),
        (BLOCK_TAG, 0x100, 21, 12),
        (b"BLCX", 1, 21, 12),
    ],
)
def test_a_head_with_a_length_that_cannot_be_is_refused(head: tuple[bytes, int, int, int]) -> None:
    body = MAGIC + BLOCK.pack(*head) + compressed(encode(b"hello"))
    store = store_of(body + encode_index({HELLO: Place(8, 0, 12, Kind.BLOB)}, len(body)))
    with pytest.raises(Corrupt):
        store.blob(HELLO)


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: b"",
        lambda frame: frame[:-1],
        lambda frame: frame + b"\0",
        lambda frame: frame + frame,
        lambda frame: frame[:4] + b"\xff" * (len(frame) - 4),
        lambda frame: b"\x50\x2a\x4d\x18\x04\0\0\0skip" + frame,
    ],
)
def test_a_frame_that_is_not_just_one_is_refused(change: Callable[[bytes], bytes]) -> None:
    content = b"some text " * 100
    assert decompressed(compressed(content), len(content)) == content
    with pytest.raises(Corrupt):
        decompressed(change(compressed(content)), len(content))


@pytest.mark.parametrize("length", [0, 1, 999, 1001])
def test_a_frame_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Corrupt):
        decompressed(compressed(b"a" * 1000), length)


BOMB = """
import sys
from pyvcs.objects.compression import compressed, decompressed
from pyvcs.objects.errors import Corrupt
bomb = sys.stdin.buffer.read()
before = peak_kib()
for claimed in (0, 1, 1000, 1 << 20):
    try:
        decompressed(bomb, claimed)
        sys.exit("the bomb was taken for %d bytes" % claimed)
    except Corrupt:
        pass
print(peak_kib() - before)
"""


def test_a_block_that_swells_is_refused_in_bounded_memory() -> None:
    """A frame of a few KiB that holds 512 MiB, where the head says at most 1 MiB."""
    need_peak_memory()
    bomb = compressed(bytes(512 << 20))
    assert len(bomb) < 100_000
    done = subprocess.run(
        [sys.executable, "-c", PEAK_KIB + BOMB],
        input=bomb,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert int(done.stdout) < 32 * 1024  # KiB; about 3 MiB where this was written


# -- recipes ---------------------------------------------------------------------------------------


def test_a_recipe_is_read_back() -> None:
    chunks = [(5, HELLO), (7, Oid(LOW))]
    record = encode_recipe(Oid(HIGH), 12, chunks)
    assert decode_recipe(record) == (Oid(HIGH), 12, chunks)


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"x" * 39,
        b"x" * 41,
        encode_recipe(Oid(HIGH), 0, []),
        encode_recipe(Oid(HIGH), 5, []),
        encode_recipe(Oid(HIGH), 6, [(5, HELLO)]),
        encode_recipe(Oid(HIGH), 2**64 - 1, [(5, HELLO)]),
    ],
)
def test_a_recipe_that_does_not_add_up_is_refused(record: bytes) -> None:
    with pytest.raises(Corrupt):
        decode_recipe(record)
    store = recipe_store({Oid(HIGH): record or b"\0"}, (b"hello",))
    for act in (store.blob, store.blob_size, store.chunks_of, store.verify):
        with pytest.raises(Corrupt):
            act(Oid(HIGH))


def test_a_recipe_that_names_itself_is_refused() -> None:
    oid = Oid(HIGH)
    store = recipe_store({oid: encode_recipe(oid, 5, [(5, oid)])})
    for act in (store.blob, store.chunks_of, store.verify, lambda o: list(store.blob_stream(o))):
        with pytest.raises(Corrupt, match="in chunks itself"):
            act(oid)


def test_recipes_that_name_each_other_are_refused() -> None:
    one, two = Oid(LOW), Oid(HIGH)
    store = recipe_store(
        {one: encode_recipe(one, 5, [(5, two)]), two: encode_recipe(two, 5, [(5, one)])}
    )
    for oid in (one, two):
        with pytest.raises(Corrupt):
            store.blob(oid)


def test_a_recipe_of_wrong_chunks_is_refused() -> None:
    whole = oid_of(encode(b"hellohello"))
    right = recipe_store({whole: encode_recipe(whole, 10, [(5, HELLO)] * 2)}, (b"hello",))
    right.verify(whole)
    assert right.blob(whole) == b"hellohello"
    for record in (
        encode_recipe(whole, 5, [(5, HELLO)]),
        encode_recipe(whole, 10, [(4, HELLO), (6, HELLO)]),
        encode_recipe(HELLO, 10, [(5, HELLO)] * 2),
    ):
        with pytest.raises(Corrupt):
            recipe_store({whole: record}, (b"hello",)).verify(whole)


def test_a_missing_chunk_is_named() -> None:
    whole = oid_of(encode(b"hellohello"))
    store = recipe_store({whole: encode_recipe(whole, 10, [(10, HELLO)])})
    with pytest.raises(ObjectMissing, match=str(HELLO)):
        store.verify(whole)


def test_a_tree_is_no_chunk() -> None:
    tree = encode(Tree())
    oid, whole = oid_of(tree), Oid(HIGH)
    record = encode_recipe(whole, 0, [(0, oid)])
    places = {
        oid: Place(8, 0, len(tree), Kind.TREE),
        whole: Place(8, len(tree), len(record), Kind.BLOB, True),
    }
    with pytest.raises(Corrupt, match="is a tree"):
        forged(tree + record, places, encoding=0).blob(whole)


def test_a_record_that_no_reader_would_take_is_not_written() -> None:
    backend = MemoryBackend()
    with backend.writer() as out:
        writer = PackWriter(out)
        with pytest.raises(InvalidObject, match="takes"):
            writer.add(HELLO, Kind.BLOB, bytes(MAX_BLOCK_BYTES + 1), chunked=True)
        assert writer.is_empty
