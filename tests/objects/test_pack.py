"""Packs: what goes in comes out, and nothing that is damaged or hostile is believed."""

from __future__ import annotations

import random
from functools import partial

import object_strategies as drawn
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import pack_of, read_everything, store_of

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.codec import Object, encode, kind_of, oid_of
from pyvcs.objects.errors import Corrupt, InvalidObject
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import (
    BLOCK_BYTES,
    MAGIC,
    PackWriter,
)
from pyvcs.objects.pack_index import PackIndex, Place, encode_index
from pyvcs.objects.pack_reader import CACHE_BYTES, BlockCache, PackReader
from pyvcs.objects.tree import Tree, TreeEntry

HELLO = oid_of(encode(b"hello"))


def is_refused_or_right(content: bytes, expected: dict[Oid, Object]) -> bool:
    """Whether a changed pack is refused; one that is not must give what was written."""
    try:
        found = read_everything(store_of(content))
    except (Corrupt, InvalidObject):
        return True
    assert dict(found) == expected
    return False


@settings(deadline=None, max_examples=40)
@given(st.lists(drawn.objects, min_size=1, max_size=12, unique_by=encode), st.data())
def test_objects_come_out_and_their_order_does_not_name_the_pack(
    values: list[Object], data: st.DataObject
) -> None:
    name, content = pack_of(values)
    assert dict(read_everything(store_of(content))) == {oid_of(encode(v)): v for v in values}
    assert pack_of(data.draw(st.permutations(values)))[0] == name


def test_many_objects_fill_many_blocks() -> None:
    generator = random.Random(1)
    values: list[Object] = [generator.randbytes(3000) + b"%d" % n for n in range(1000)]
    values += [
        Tree.of([TreeEntry(b"%04d" % n, Mode.FILE, oid_of(encode(value)))])
        for n, value in enumerate(values)
    ]
    store = store_of(pack_of(values)[1])
    (pack,) = store.packs.values()
    places = [place for _, place in pack.index.items()]
    blocks = {place.block: len(pack.read_block(place.block)) for place in places}
    assert len(blocks) > 5
    assert max(blocks.values()) <= BLOCK_BYTES
    with_trees = {place.block for place in places if place.kind is Kind.TREE}
    assert len(with_trees) == 1  # a walk over the trees decompresses no more than that
    assert dict(read_everything(store)) == {oid_of(encode(value)): value for value in values}


def test_a_small_pack_has_one_block_for_all() -> None:
    (pack,) = store_of(pack_of([b"hello", Tree()])[1]).packs.values()
    assert {place.block for _, place in pack.index.items()} == {len(MAGIC)}


def test_what_cannot_be_compressed_is_stored_as_it_is() -> None:
    noise = random.Random(2).randbytes(100_000)
    name, content = pack_of([noise])
    assert len(name) == 32
    assert noise in content
    assert dict(read_everything(store_of(content))) == {oid_of(encode(noise)): noise}


SMALL: list[Object] = [b"hello", b"x" * 400, Tree.of([TreeEntry(b"a", Mode.FILE, HELLO)])]
NOISE: list[Object] = [random.Random(3).randbytes(300)]


@pytest.mark.parametrize("values", [SMALL, NOISE], ids=["compressed", "as it is"])
def test_every_changed_byte_is_refused(values: list[Object]) -> None:
    """Of the whole pack, head and index and footer among it, with one bit and with all bits."""
    _, content = pack_of(values)
    expected = {oid_of(encode(value)): value for value in values}
    assert not is_refused_or_right(content, expected)
    let_through = [
        (at, flip)
        for at in range(len(content))
        for flip in (0x01, 0xFF)
        if not is_refused_or_right(
            content[:at] + bytes([content[at] ^ flip]) + content[at + 1 :], expected
        )
    ]
    assert let_through == []


@pytest.mark.parametrize("values", [SMALL, NOISE], ids=["compressed", "as it is"])
def test_a_pack_cut_off_anywhere_is_refused(values: list[Object]) -> None:
    _, content = pack_of(values)
    for end in range(len(content)):
        with pytest.raises(Corrupt):
            read_everything(store_of(content[:end]))


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.data())
def test_pieces_put_in_cut_out_or_changed_are_refused(junk: bytes, data: st.DataObject) -> None:
    _, content = pack_of(SMALL)
    begin = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(begin, len(content)))
    changed = content[:begin] + junk + content[end:]
    if changed != content:
        assert is_refused_or_right(changed, {oid_of(encode(value)): value for value in SMALL})


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=2000))
def test_random_bytes_are_no_pack(junk: bytes) -> None:
    for content in (junk, MAGIC + junk):
        with pytest.raises(Corrupt):
            read_everything(store_of(content))


def test_an_oid_is_found_where_it_stands_and_not_across_two_others() -> None:
    """Some are the end of one oid and the beginning of the next, as they lie in the index."""
    first, second = b"\7" + bytes(15) + b"\7" * 16, b"\7" * 31 + b"\x09"
    across = [(first + second)[at : at + 32] for at in range(1, 32)]
    rng = random.Random(5)
    far = [bytes([rng.randrange(3) * 127]) + rng.randbytes(31) for _ in range(5000)]
    here = sorted({first, second, *across[16:20], *far})
    places = {Oid(oid): Place(8, at, 1, Kind.BLOB) for at, oid in enumerate(here)}
    index = PackIndex(memoryview(encode_index(places, 0)), "drawn")
    for oid in here:
        assert index.find(Oid(oid)) == places[Oid(oid)]
    for oid in (*across, *(rng.randbytes(32) for _ in range(500)), *(o[::-1] for o in far)):
        assert index.find(Oid(oid)) == places.get(Oid(oid))
    for low in (*here[::50], *across, bytes(32), b"\xff" * 32):
        assert next(index.with_prefix(Oid(low), Oid(b"\xff" * 32)), None) == next(
            (oid for oid in here if oid >= low), None
        )


# -- reading ---------------------------------------------------------------------------------------


def test_the_cache_lets_go_of_what_was_unused_for_longest() -> None:
    cache = BlockCache()
    piece = bytes(CACHE_BYTES // 4)
    for offset in range(4):
        cache.put("p", offset, piece)
    assert cache.get("p", 0) is not None
    cache.put("p", 4, piece)
    assert cache.get("p", 0) is not None
    assert cache.get("p", 1) is None
    for _ in range(10):  # putting the same block again takes no more room
        cache.put("p", 4, piece)
    assert cache.get("p", 2) is not None


def test_opening_a_pack_that_is_gone_gives_none() -> None:
    assert PackReader.open(MemoryBackend(), "objects/x.pack") is None


def test_the_writer_knows_what_it_holds() -> None:
    with MemoryBackend().writer() as out:
        writer = PackWriter(out)
        assert writer.is_empty
        add = partial(writer.add, HELLO, kind_of(b"hello"), encode(b"hello"))
        assert not writer.has(HELLO)
        add()
        assert writer.has(HELLO)
        assert not writer.is_empty
        writer.finish()
        assert writer.has(HELLO)
