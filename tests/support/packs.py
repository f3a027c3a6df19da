"""Packs for tests: made in memory, opened, changed byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from blake3 import blake3

from pyvcs.objects.backends.base import Backend
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.codec import Object, encode, kind_of, oid_of
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import BLOCK, BLOCK_TAG, MAGIC, PackWriter
from pyvcs.objects.pack_index import FOOTER, Place, encode_index
from pyvcs.objects.store import ObjectStore, pack_key
from pyvcs.objects.store_writer import StoreWriter


def backend_called(name: str, folder: Path) -> Backend:
    """A new backend: `memory`, or `directory` in a folder."""
    return MemoryBackend() if name == "memory" else DirectoryBackend(folder, durable=False)


def put_all(store: ObjectStore, values: Iterable[Object]) -> list[Oid]:
    """Put values into one pack; their oids."""
    with StoreWriter(store) as writer:
        oids = [writer.put(value) for value in values]
        writer.publish()
    return oids


def pack_of(values: Iterable[Object]) -> tuple[str, bytes]:
    """Name and bytes of a pack that holds just these values."""
    backend = MemoryBackend()
    with backend.writer() as out:
        writer = PackWriter(out)
        for value in values:
            canonical = encode(value)
            writer.add(oid_of(canonical), kind_of(value), canonical)
        name = writer.finish()
        out.publish(pack_key(name))
    content = backend.read(pack_key(name))
    assert content is not None
    return name, content


def store_of(*packs: bytes) -> ObjectStore:
    """A store over packs given as bytes, whatever they are."""
    backend = MemoryBackend()
    for number, content in enumerate(packs):
        backend.swap(pack_key(f"{number:032x}"), expected=None, new=content)
    return ObjectStore(backend)


def pack_bytes(store: ObjectStore) -> int:
    """How many bytes the packs of a store take."""
    store.refresh()
    return sum(pack.size for pack in store.packs.values())


def forged(
    block: bytes, places: dict[Oid, Place], *, length: int | None = None, encoding: int = 1
) -> ObjectStore:
    """A store with one pack: a block as given, and an index that is right in itself."""
    size = len(block) if length is None else length
    body = MAGIC + BLOCK.pack(BLOCK_TAG, encoding, len(block), size) + block
    return store_of(body + encode_index(places, len(body)))


def recipe_store(records: dict[Oid, bytes], blobs: tuple[bytes, ...] = ()) -> ObjectStore:
    """A store with blobs, and recipes under the oids that they are said to be of."""
    content, places = b"", {}
    for oid, record, chunked in [
        *((oid_of(encode(blob)), encode(blob), False) for blob in blobs),
        *((oid, record, True) for oid, record in records.items()),
    ]:
        places[oid] = Place(len(MAGIC), len(content), len(record), Kind.BLOB, chunked)
        content += record
    return forged(content, places, encoding=0)


def read_everything(store: ObjectStore) -> list[tuple[Oid, Object]]:
    """All that `verify` takes: each object with its value, after the index has been verified."""
    for pack in store.packs.values():
        pack.index.verify(pack.key)
    found: list[tuple[Oid, Object]] = []
    for oid, kind in store.oids():
        store.verify(oid)
        found.append((oid, store.blob(oid) if kind is Kind.BLOB else store.value(oid)))
    return found


def index_with(fanout: list[int], oids: list[bytes], places: list[tuple[int, ...]]) -> bytes:
    """A pack without blocks whose index says what is given, with the right hash."""
    index = struct.pack("<256I", *fanout) + b"".join(oids)
    index += b"".join(struct.pack("<QIII", *place) for place in places)
    footer = FOOTER.pack(b"pyvcsIX\x01", len(oids), len(MAGIC), blake3(index).digest())
    return MAGIC + index + footer
