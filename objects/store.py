"""The object store: packs in a backend, read as if they were one set of objects."""

from __future__ import annotations

from pyvcs.objects import codec
from pyvcs.objects.commit import Commit
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.errors import Ambiguous, Corrupt, InvalidObject, ObjectMissing
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.pack import decode_recipe
from pyvcs.objects.pack_index import Place
from pyvcs.objects.pack_reader import BlockCache, PackReader
from pyvcs.objects.tag import Tag
from pyvcs.objects.tree import Tree
from pyvcs.objects.typed import Protocol, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyvcs.objects.backends.base import Backend

PACK_PREFIX, PACK_SUFFIX = "objects/", ".pack"
MANY_PACKS = 48
"""With more packs than this, those of a like size are merged after a command that wrote one."""

MIN_PREFIX_DIGITS = 4
"""A shorter prefix of an oid names nothing."""

MAX_TAGS = 16
"""A tag object may name another one, and so on; so many are followed."""

_VALUE_CACHE_BYTES = 16 * 1024 * 1024
_VALUE_BYTES = 512
# The cache of decoded values is bounded by what they took as bytes, and so much more for each: a
# tree of 10,000 entries takes a thousand times what a commit takes.

_Value = TypeVar("_Value", Tree, Commit, Tag, Conflict)


class ObjectReader(Protocol):
    """What gives objects by oid: a store, or new objects on top of one (`Draft`).

    Each method raises ObjectMissing for an oid that is not there, and InvalidObject for one of
    another kind.
    """

    def has(self, oid: Oid) -> bool:
        """Whether the object is there."""

    def blob(self, oid: Oid) -> bytes:
        """The content of a blob, whole."""

    def blob_size(self, oid: Oid) -> int:
        """The length of a blob in bytes."""

    def tree(self, oid: Oid) -> Tree:
        """A tree."""

    def commit(self, oid: Oid) -> Commit:
        """A commit."""

    def conflict(self, oid: Oid) -> Conflict:
        """A conflict."""


def pack_key(name: str) -> str:
    """The backend's key of a pack."""
    return f"{PACK_PREFIX}{name}{PACK_SUFFIX}"


class ObjectStore:
    """All objects of one backend. Reading needs no lock: packs are write-once.

    What another process added is seen when something is not found and the packs are listed again.
    Bytes are taken as they were written; `verify` checks a hash, and a receiver calls it (or
    hashes by itself) for all that came from outside.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._packs: dict[str, PackReader] | None = None
        self._recent: PackReader | None = None  # where the last object was found
        self._cache = BlockCache()
        self._values: dict[Oid, Tree | Commit | Tag | Conflict] = {}
        self._value_bytes = 0

    # -- packs ---------------------------------------------------------------------------------

    @property
    def packs(self) -> dict[str, PackReader]:
        """The packs by key, newest listing first found wins."""
        if self._packs is None:
            self._packs = {}
            self.refresh()
        return self._packs

    def refresh(self) -> bool:
        """List the packs again: some may have been added, others merged into one.

        Whether the listing is another than before, or was out of date before it could be read.
        """
        known = self._packs or {}
        keys = [key for key in self.backend.keys(PACK_PREFIX) if key.endswith(PACK_SUFFIX)]
        found = ((key, known.get(key) or PackReader.open(self.backend, key)) for key in keys)
        self._packs = {key: pack for key, pack in found if pack is not None}
        self._recent = None
        return self._packs.keys() != known.keys() or len(self._packs) < len(keys)

    def _find(self, oid: Oid) -> tuple[PackReader, Place] | None:
        pack = self._recent
        if pack is None or (place := pack.index.find(oid)) is None:
            for pack in self.packs.values():
                if pack is not self._recent and (place := pack.index.find(oid)) is not None:
                    self._recent = pack
                    break
            else:
                return None
        return (pack, place) if not place.chunked else self._whole(oid) or (pack, place)

    def _whole(self, oid: Oid) -> tuple[PackReader, Place] | None:
        """The copy of a blob that is not in chunks: one in chunks cannot be a chunk of another."""
        for pack in self.packs.values():
            if (place := pack.index.find(oid)) is not None and not place.chunked:
                return pack, place
        return None

    def _locate(self, oid: Oid) -> tuple[PackReader, Place]:
        found = self._find(oid)
        # A listing made while packs are merged may show neither the old ones nor the new one: an
        # object is missing only when two listings in a row are the same.
        while found is None and self.refresh():
            found = self._find(oid)
        if found is None:
            raise ObjectMissing(
                f"the object {oid} is not in this repository",
                hint="run `pyvcs fsck`; a sync with a replica that has it brings it back",
            )
        return found

    def record(self, oid: Oid) -> tuple[Place, bytes]:
        """An object as it lies in its pack, and where: canonical bytes, or a recipe."""
        while True:
            pack, place = self._locate(oid)
            try:
                return place, pack.record(place, self._cache)
            except ObjectMissing:  # another process has just merged this pack into a larger one
                if not self.refresh():
                    raise

    # -- questions -----------------------------------------------------------------------------

    def has(self, oid: Oid) -> bool:
        """Whether the object is in a pack that this store has listed."""
        return self._find(oid) is not None

    def is_chunked(self, oid: Oid) -> bool:
        """Whether a blob is stored in chunks here, and nowhere whole."""
        found = self._find(oid)
        return found is not None and found[1].chunked

    def kind_here(self, oid: Oid) -> Kind | None:
        """The kind of an object in a pack that this store has listed; None when there is none."""
        found = self._find(oid)
        return None if found is None else found[1].kind

    def kind(self, oid: Oid) -> Kind:
        """The kind of an object, without reading it."""
        return self._locate(oid)[1].kind

    def oids(self) -> Iterator[tuple[Oid, Kind]]:
        """All objects, those in several packs several times."""
        for pack in list(self.packs.values()):
            for oid, place in pack.index.items():
                yield oid, place.kind

    def by_prefix(self, prefix: str) -> list[Oid]:
        """All oids that begin with these hex digits (four or more, of either case), sorted."""
        digits = prefix.lower()
        width = 2 * OID_BYTES
        if not MIN_PREFIX_DIGITS <= len(digits) <= width or set(digits) - set("0123456789abcdef"):
            return []
        low, high = (Oid.from_hex(digits.ljust(width, fill)) for fill in "0f")
        found = self._between(low, high)
        if not found and self.refresh():
            found = self._between(low, high)
        return sorted(found)

    def one_by_short(self, prefix: bytes) -> Oid | None:
        """The one oid that begins with these bytes, in the packs as they were last listed."""
        low = Oid(prefix.ljust(OID_BYTES, b"\0"))
        high = Oid(prefix.ljust(OID_BYTES, b"\xff"))
        found = self._between(low, high)
        return found.pop() if len(found) == 1 else None

    def _between(self, low: Oid, high: Oid) -> set[Oid]:
        return {oid for pack in self.packs.values() for oid in pack.index.with_prefix(low, high)}

    def one_by_prefix(self, prefix: str) -> Oid | None:
        """The one oid that begins with these digits, None when there is none; else Ambiguous."""
        found = self.by_prefix(prefix)
        if len(found) > 1:
            names = ", ".join(f"{oid.short()} ({self.kind(oid).value})" for oid in found[:10])
            raise Ambiguous(f"{prefix} is the beginning of {len(found)} oids: {names}")
        return found[0] if found else None

    # -- objects -------------------------------------------------------------------------------

    def body(self, oid: Oid) -> tuple[Kind, bytes]:
        """Kind and body of any object, whole."""
        place, record = self.record(oid)
        if place.chunked:
            return Kind.BLOB, b"".join(self._chunks(record))
        return codec.split(record)

    def canonical(self, oid: Oid) -> bytes:
        """The canonical bytes of an object that is not stored in chunks, as they were written."""
        place, record = self.record(oid)
        if place.chunked:
            raise ValueError(f"{oid} is stored in chunks: see chunks_of")
        return record

    def blob(self, oid: Oid) -> bytes:
        """The content of a blob, whole."""
        place, record = self.record(oid)
        return b"".join(self._chunks(record)) if place.chunked else _blob_in(oid, record)

    def blob_stream(self, oid: Oid) -> Iterator[bytes]:
        """The content of a blob in pieces of at most a few hundred KiB."""
        place, record = self.record(oid)
        if place.chunked:
            yield from self._chunks(record)
        else:
            yield _blob_in(oid, record)

    def blob_size(self, oid: Oid) -> int:
        """The length of a blob in bytes, without reading a large one."""
        place, record = self.record(oid)
        return decode_recipe(record)[1] if place.chunked else len(_blob_in(oid, record))

    def chunks_of(self, oid: Oid) -> list[Oid]:
        """The chunks of a blob that is stored in chunks, in order; none for another."""
        if not self._locate(oid)[1].chunked:
            return []
        chunks = [chunk for _, chunk in decode_recipe(self.record(oid)[1])[2]]
        for chunk in set(chunks):
            if self.is_chunked(chunk):
                raise _nested(oid, chunk)
        return chunks

    def _chunks(self, recipe: bytes) -> Iterator[bytes]:
        oid, _, chunks = decode_recipe(recipe)
        for size, chunk in chunks:
            place, record = self.record(chunk)
            if place.chunked:
                raise _nested(oid, chunk)
            kind, content = codec.split(record)
            if kind is not Kind.BLOB or len(content) != size:
                raise Corrupt(
                    f"a chunk of the blob {oid} is a {kind.value} of {len(content)} bytes,"
                    f" not a blob of {size}"
                )
            yield content

    def value(self, oid: Oid) -> Tree | Commit | Tag | Conflict:
        """A tree, commit, tag or conflict, decoded."""
        value = self._values.get(oid)
        if value is None:
            if self.kind(oid) is Kind.BLOB:
                raise InvalidObject(f"{oid} is a blob, not a tree, commit, tag or conflict")
            kind, body = self.body(oid)
            decoded = codec.decode_body(kind, body)
            if isinstance(decoded, bytes):
                raise Corrupt(
                    f"{oid} is a blob, and the index of its pack has it as something else"
                )
            self._value_bytes += len(body) + _VALUE_BYTES
            if self._value_bytes > _VALUE_CACHE_BYTES:
                self._values.clear()
                self._value_bytes = len(body) + _VALUE_BYTES
            self._values[oid] = value = decoded
        return value

    def tree(self, oid: Oid) -> Tree:
        """A tree."""
        return self._typed(oid, Tree)

    def commit(self, oid: Oid) -> Commit:
        """A commit."""
        return self._typed(oid, Commit)

    def tag(self, oid: Oid) -> Tag:
        """A tag object."""
        return self._typed(oid, Tag)

    def peeled(self, oid: Oid) -> Oid:
        """What an object leads to when at most MAX_TAGS tag objects are followed: mostly itself."""
        for _ in range(MAX_TAGS):
            if self.kind(oid) is not Kind.TAG:
                break
            oid = self.tag(oid).target
        return oid

    def conflict(self, oid: Oid) -> Conflict:
        """A conflict."""
        return self._typed(oid, Conflict)

    def _typed(self, oid: Oid, wanted: type[_Value]) -> _Value:
        value = self.value(oid)
        if not isinstance(value, wanted):
            raise InvalidObject(
                f"{oid} is a {codec.kind_of(value).value}, not a {wanted.__name__.lower()}"
            )
        return value

    def verify(self, oid: Oid) -> codec.Object | None:
        """The object, None for a blob that is stored in chunks, when it is what its oid says.

        Corrupt or InvalidObject unless it is, in due form.
        """
        return self._verified(oid, *self.record(oid))

    def verify_copy(self, pack: PackReader, oid: Oid, place: Place) -> codec.Object | None:
        """The same of the copy at a place in a pack, or of any copy when the pack is gone."""
        try:
            record = pack.record(place, self._cache)
        except ObjectMissing:  # another process has just merged this pack into a larger one
            return self.verify(oid)
        return self._verified(oid, place, record)

    def _verified(self, oid: Oid, place: Place, record: bytes) -> codec.Object | None:
        value: codec.Object | None = None
        if place.chunked:
            named, length, _ = decode_recipe(record)
            digest = codec.BlobHash(length)
            for chunk in self._chunks(record):
                digest.update(chunk)
            found, kind = digest.oid(), Kind.BLOB
            if named != oid:
                raise Corrupt(f"the recipe of the blob {oid} says that it is one of {named}")
        else:
            found = codec.oid_of(record)
            value = codec.decode_foreign(record)
            kind = codec.kind_of(value)
        if found != oid:
            raise Corrupt(f"the object {oid} is damaged: its bytes have the hash {found}")
        if kind is not place.kind:
            raise Corrupt(f"{oid} is a {kind.value}; the index of its pack says {place.kind.value}")
        return value


def _nested(oid: Oid, chunk: Oid) -> Corrupt:
    return Corrupt(f"the chunk {chunk} of the blob {oid} is stored in chunks itself")


def _blob_in(oid: Oid, record: bytes) -> bytes:
    """The content of a blob from its canonical bytes."""
    kind, body = codec.split(record)
    if kind is not Kind.BLOB:
        raise InvalidObject(f"{oid} is a {kind.value}, not a blob")
    return body
