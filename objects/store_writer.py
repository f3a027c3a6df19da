"""Writing to a store: new objects gather in one pack, which appears whole or not at all."""

from __future__ import annotations

from pyvcs.objects import codec
from pyvcs.objects.chunking import CHUNKED_FROM, Readable, chunks
from pyvcs.objects.errors import ChangedWhileRead, InvalidObject
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import PackWriter, encode_recipe
from pyvcs.objects.store import ObjectStore, pack_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

MAX_OBJECT_BYTES = 64 * 1024 * 1024
"""Trees, commits, tags and conflicts are read whole, so none may be larger. Blobs may."""


class StoreWriter:
    """A context in which objects are put; `publish` makes them all visible at once.

    >>> from pyvcs.objects.backends.memory import MemoryBackend
    >>> store = ObjectStore(MemoryBackend())
    >>> with StoreWriter(store) as writer:
    ...     oid = writer.put(b"hello")
    ...     writer.publish()
    >>> store.blob(oid)
    b'hello'
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._stream = store.backend.writer()

    def __enter__(self) -> Self:
        self._out = self._stream.__enter__()
        self._pack = PackWriter(self._out)
        self.count = 0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stream.__exit__(kind, error, traceback)

    def has(self, oid: Oid) -> bool:
        """Whether the object is in the store or has been put."""
        return self._pack.has(oid) or self._store.has(oid)

    def put(self, value: codec.Object) -> Oid:
        """Add an object, unless it is there; its oid. Large blobs are chunked."""
        if isinstance(value, bytes) and len(value) >= CHUNKED_FROM:
            import io

            return self.put_stream(io.BytesIO(value), len(value))
        return self.put_canonical(codec.kind_of(value), codec.encode(value))

    def put_canonical(self, kind: Kind, canonical: bytes) -> Oid:
        """Add an object by its canonical bytes, unless it is there; its oid."""
        oid = codec.oid_of(canonical)
        self.put_hashed(oid, kind, canonical)
        return oid

    def put_hashed(self, oid: Oid, kind: Kind, canonical: bytes) -> None:
        """The same for an object whose oid the caller knows."""
        if len(canonical) > MAX_OBJECT_BYTES:
            raise InvalidObject(f"a {kind.value} of {len(canonical)} bytes; at most 64 MiB")
        if not (self._pack.has(oid) or self._store.has(oid)):
            self._pack.add(oid, kind, canonical)
            self.count += 1

    def put_stream(self, stream: Readable, size: int) -> Oid:
        """Add a blob of `size` bytes from a stream, in bounded memory; its oid.

        ChangedWhileRead when the stream has fewer bytes or more.
        """
        if size < CHUNKED_FROM:
            content = _read(stream, size + 1)
            _check_size(len(content), size)
            return self.put(content)
        digest = codec.BlobHash(size)
        recipe: list[tuple[int, Oid]] = []
        read = 0
        for chunk in chunks(stream):
            digest.update(chunk)
            read += len(chunk)
            if read > size:  # it may never end
                break
            canonical = codec.encode(chunk)
            recipe.append((len(chunk), self.put_chunk(codec.oid_of(canonical), canonical)))
        _check_size(read, size)
        oid = digest.oid()
        if not self.has(oid):
            self._pack.add(oid, Kind.BLOB, encode_recipe(oid, size, recipe), chunked=True)
            self.count += 1
        return oid

    def put_chunk(self, oid: Oid, canonical: bytes) -> Oid:
        """Add a chunk of a blob, unless it is there whole: in chunks it would be of no use."""
        if self._store.is_chunked(oid) and not self._pack.has(oid):
            self._pack.add(oid, Kind.BLOB, canonical)
            self.count += 1
        else:
            self.put_hashed(oid, Kind.BLOB, canonical)
        return oid

    def put_recipe(self, oid: Oid, length: int, parts: list[tuple[int, Oid]]) -> None:
        """Add a chunked blob whose chunks are there, unless it is there. The caller checks oid."""
        if not self.has(oid):
            self._pack.add(oid, Kind.BLOB, encode_recipe(oid, length, parts), chunked=True)
            self.count += 1

    @property
    def is_open(self) -> bool:
        """Whether more may be put: it was not published, and no act on it broke off half-way."""
        return self._pack.is_open

    def next_pack(self) -> None:
        """Publish, and let what is put from now on gather in a pack of its own."""
        self.publish()
        self._stream.__exit__(None, None, None)
        self._stream = self._store.backend.writer()
        self.__enter__()

    def publish(self) -> None:
        """Make all that was put visible. Nothing is written when nothing is new.

        This ends the pack: to put or publish more is a ValueError.
        """
        if self.count:
            self._out.publish(pack_key(self._pack.finish()))
            self._store.refresh()


def _read(stream: Readable, size: int) -> bytes:
    """The next `size` bytes, fewer only at the end: one call may give less than was asked."""
    content = stream.read(size)
    while len(content) < size and (more := stream.read(size - len(content))):
        content += more
    return content


def _check_size(read: int, expected: int) -> None:
    if read != expected:
        raise ChangedWhileRead(
            f"a file of {expected} bytes had {read} when it was read: it changes while we look",
            hint="try again when the program that writes it is done",
        )
