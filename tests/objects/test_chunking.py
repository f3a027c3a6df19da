"""Large blobs: cut by content, streamed, and never whole in memory."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import pack_bytes, put_all
from peak_memory import PEAK_KIB, need_peak_memory

from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.chunking import AVERAGE_CHUNK, CHUNKED_FROM, MAX_CHUNK, MIN_CHUNK, chunks
from pyvcs.objects.codec import encode, oid_of
from pyvcs.objects.errors import ChangedWhileRead
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import BLOCK, encode_recipe
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.store_writer import StoreWriter

MIB = 1 << 20


class Stuttering(io.BytesIO):
    """A stream that gives at most `step` bytes at a time, whatever it is asked for."""

    def __init__(self, content: bytes, step: int) -> None:
        super().__init__(content)
        self._step = step

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._step if size is None or size < 0 else min(size, self._step))


class Endless:
    """A stream that never ends; it counts what it gave."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int, /) -> bytes:
        self.given += size
        return bytes(size)


def put_stream(store: ObjectStore, content: bytes, step: int) -> Oid:
    """Put a blob from a stuttering stream into a pack of its own."""
    with StoreWriter(store) as writer:
        oid = writer.put_stream(Stuttering(content, step), len(content))
        writer.publish()
    return oid


def lengths(content: bytes, step: int = MIB) -> list[int]:
    """Where a content is cut."""
    return [len(chunk) for chunk in chunks(Stuttering(content, step))]


def test_chunks_have_the_sizes_they_should_and_add_up() -> None:
    content = random.Random(1).randbytes(16 * MIB)
    pieces = list(chunks(io.BytesIO(content)))
    assert b"".join(pieces) == content
    assert all(MIN_CHUNK <= len(piece) <= MAX_CHUNK for piece in pieces[:-1])
    assert AVERAGE_CHUNK / 2 < len(content) / len(pieces) < AVERAGE_CHUNK * 2


def test_what_has_no_content_to_cut_at_is_cut_at_the_largest_size() -> None:
    assert set(lengths(bytes(4 * MIB))) == {MAX_CHUNK}
    assert lengths(b"") == []


@settings(deadline=None, max_examples=15)
@given(st.integers(1000, 3 * MIB), st.integers(0, 3 * MIB))
def test_the_cuts_do_not_depend_on_how_a_stream_is_read(step: int, size: int) -> None:
    content = random.Random(size).randbytes(size)
    assert lengths(content, step) == lengths(content)


def test_an_insertion_moves_few_cuts() -> None:
    content = random.Random(2).randbytes(16 * MIB)
    middle = 8 * MIB
    changed = content[:middle] + b"!" + content[middle:]
    before, after = (set(chunks(io.BytesIO(whole))) for whole in (content, changed))
    assert len(after - before) <= 3


@pytest.mark.parametrize("size", [0, 1, CHUNKED_FROM - 1, CHUNKED_FROM, CHUNKED_FROM + 1])
@pytest.mark.parametrize("step", [999, 70_000, MIB])
def test_a_stream_that_gives_little_at_a_time_gives_the_same_blob(size: int, step: int) -> None:
    content = random.Random(size).randbytes(size)
    store = ObjectStore(MemoryBackend())
    oid = put_stream(store, content, step)
    assert oid == oid_of(encode(content))
    assert store.blob(oid) == content
    assert bool(store.chunks_of(oid)) == (size >= CHUNKED_FROM)
    store.verify(oid)


def test_a_blob_has_one_oid_however_it_is_cut() -> None:
    """Another version may cut elsewhere: both stores give the same blob, and take each other's."""
    content = random.Random(3).randbytes(MIB)
    ours, theirs = ObjectStore(MemoryBackend()), ObjectStore(MemoryBackend())
    (oid,) = put_all(ours, [content])
    with StoreWriter(theirs) as writer:
        parts = [content[at : at + 300_000] for at in range(0, MIB, 300_000)]
        recipe = [(len(part), writer.put_canonical(Kind.BLOB, encode(part))) for part in parts]
        writer.put_recipe(oid, MIB, recipe)
        writer.publish()
    theirs.verify(oid)
    assert theirs.blob(oid) == content
    assert theirs.chunks_of(oid) != ours.chunks_of(oid)
    assert b"".join(theirs.blob_stream(oid)) == content
    assert len(encode_recipe(oid, MIB, recipe)) == 40 * (len(parts) + 1)


@pytest.mark.parametrize("size", [10, CHUNKED_FROM, 3 * MIB])
@pytest.mark.parametrize("change", [-1, 1, 100])
def test_a_file_that_changes_while_it_is_read_is_refused(size: int, change: int) -> None:
    store = ObjectStore(MemoryBackend())
    with StoreWriter(store) as writer:
        with pytest.raises(ChangedWhileRead, match=str(size)) as caught:
            writer.put_stream(io.BytesIO(bytes(size + change)), size)
        assert caught.value.hint
        kept = writer.put(b"what comes after it is kept")
        writer.publish()
    assert store.blob(kept)


@pytest.mark.parametrize("size", [10, 3 * MIB])
def test_a_stream_that_never_ends_is_not_read_for_ever(size: int) -> None:
    stream = Endless()
    with StoreWriter(ObjectStore(MemoryBackend())) as writer, pytest.raises(ChangedWhileRead):
        writer.put_stream(stream, size)
    assert stream.given < size + 8 * MAX_CHUNK


def test_one_byte_in_the_middle_of_a_large_file_adds_little(tmp_path: Path) -> None:
    """100 MiB that cannot be compressed, in real packs: under 1 MiB more, and equal blobs none."""
    store = ObjectStore(DirectoryBackend(tmp_path, durable=False))
    half = random.Random(4).randbytes(50 * MIB)
    other = half[::-1]
    (first,) = put_all(store, [half + other])
    before = pack_bytes(store)
    assert before < 101 * MIB
    (second,) = put_all(store, [half + b"!" + other])
    added = pack_bytes(store) - before
    assert BLOCK.size < added < MIB
    assert (store.blob_size(first), store.blob_size(second)) == (100 * MIB, 100 * MIB + 1)
    store.verify(second)
    put_all(store, [half + other])
    assert pack_bytes(store) - before == added


LARGE = """
import sys
from pathlib import Path
from random import Random
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.codec import BlobHash
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.store_writer import StoreWriter

class Made:
    \"\"\"Bytes made on the fly: 256 MiB that cannot be compressed, again and again.\"\"\"
    def __init__(self, size):
        self.left, self.number, self.rest = size, 0, b""
        self.pieces = [Random(seed).randbytes(1 << 20) for seed in range(8)]
    def read(self, size):
        if not self.rest:
            shift = self.number // len(self.pieces) % 32
            table = bytes((byte + shift) % 256 for byte in range(256))
            piece = self.pieces[self.number % len(self.pieces)]
            self.rest = memoryview(piece.translate(table)[: self.left])
            self.number, self.left = self.number + 1, self.left - len(self.rest)
        found, self.rest = bytes(self.rest[:size]), self.rest[size:]
        return found

size = int(sys.argv[2])
store = ObjectStore(DirectoryBackend(Path(sys.argv[1]), durable=False))
with StoreWriter(store) as writer:
    oid = writer.put_stream(Made(size), size)
    writer.publish()
digest = BlobHash(size)
largest = 0
for piece in ObjectStore(store.backend).blob_stream(oid):
    digest.update(piece)
    largest = max(largest, len(piece))
assert digest.oid() == oid
print(largest, peak_kib())
"""


def test_a_file_of_2_gib_takes_under_200_mib_of_memory(tmp_path: Path) -> None:
    """Put and read back; the store then has 256 MiB, so that the test needs no more of a disk."""
    need_peak_memory()
    done = subprocess.run(
        [sys.executable, "-c", PEAK_KIB + LARGE, str(tmp_path), str(2 << 30)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    largest, peak = map(int, done.stdout.split())
    assert largest <= MAX_CHUNK
    assert peak < 200 * 1024  # KiB; about 70 MiB where this was written
