"""Taking: objects from another machine are checked aside, and appear all at once or not at all.

Idea.        Blocks come in the order law: what an object names is in its block, or came before. So
             each record is hashed, decoded in the one form it may have, and its links looked up
             with the block that it is in; what passes is written to a pack that nobody sees.
Invariant.   What was accepted is whole: all that it reaches is here, or accepted, and of the right
             kind. So a cut loses nothing: what was accepted is kept aside as a partial pack, and
             the next try goes on from it.
Cost.        One hash and one decoding of each object. Memory: oids, and one block.
Result.      `publish` makes one pack of it, and what was kept aside from earlier tries goes in
             front of it.
Not handled. A process that is killed, or interrupted half-way through a block of its pack, keeps
             nothing aside of the try that it was in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import ExitStack, suppress
from types import TracebackType

from pyvcs.objects import codec
from pyvcs.objects.chunking import MAX_CHUNK
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit_graph import Facts
from pyvcs.objects.errors import (
    ConnectionLost,
    Corrupt,
    InvalidObject,
    PyvcsError,
    RemoteProtocolError,
)
from pyvcs.objects.foreign import read_foreign
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import MAX_BLOCK_BYTES, PackWriter, Record, decode_recipe, encode_block
from pyvcs.objects.partial import PartialPacks
from pyvcs.objects.store import ObjectStore, pack_key
from pyvcs.objects.store_writer import MAX_OBJECT_BYTES
from pyvcs.sync.blocks import (
    MAX_BASES_BYTES,
    MAX_NUMBERED,
    Bases,
    is_thin,
    open_wire_block,
    records,
)
from pyvcs.sync.recipes import whole_if_small

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self, TypeAlias

CheckClock = Callable[[Clock], None]
Progress = Callable[[str, int], None]

_Names: TypeAlias = tuple[Oid, Kind, Collection[bytes]]
"""What an object names, of one kind."""

_NOTHING_KEPT = "run `pyvcs fsck` there; nothing of this sync was kept"


class Intake:
    """A context that accepts blocks of objects for a store; see the module for the rules."""

    def __init__(self, store: ObjectStore, *, check: CheckClock, progress: Progress) -> None:
        self._store = store
        self._check = check
        self._progress = progress
        self._stream = ExitStack()
        self._pack: PackWriter | None = None
        self.partial = PartialPacks(store.backend)
        self.commits: dict[Oid, Facts] = {}
        """The commits that are new here, parents before children, with what the graph keeps."""
        self.count = 0
        """How many objects were accepted."""
        self._known: dict[Kind, set[bytes]] = {kind: set() for kind in Kind}
        self._unnamed: set[bytes] = set()
        self._numbered: list[Oid] = []
        self._relied: set[Oid] = set()  # not in the stream, so a gc might remove it meanwhile

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        is_lie = isinstance(error, PyvcsError) and not isinstance(error, ConnectionLost)
        with self._stream, suppress(OSError):  # no room: then the next try begins anew
            pack = self._pack
            if error is not None and not is_lie and pack is not None and pack.is_open:
                self.partial.keep(pack.out, pack.finish())

    def add(self, block: bytes) -> None:
        """Accept a block of objects. After an error nothing more may be added or published."""
        content = open_wire_block(block, self._bases)
        length = len(content)
        found: dict[Oid, Record] = {}
        named: list[_Names] = []
        for start, end, kind, is_recipe in records(content):
            record = content[start:end]
            if is_recipe:
                oid, whole = self._recipe(record, content, found, named)
                if whole:
                    start, end, is_recipe = len(content), len(content) + len(whole), False
                    content += whole
                    if end > MAX_BLOCK_BYTES:
                        raise InvalidObject("the other side sent too many small blobs in chunks")
            elif end - start > MAX_OBJECT_BYTES:
                raise InvalidObject(f"a {kind.value} of {end - start} bytes; at most 64 MiB")
            else:
                oid = codec.oid_of(record)
                if kind is not Kind.BLOB:
                    self._read_links(oid, kind, record, named)
            known = self._known[kind]
            if oid in known and (oid in found or oid in self._writer().places):
                raise RemoteProtocolError(f"the other side sent the object {oid} twice")
            known.add(oid)
            found[oid] = start, end - start, kind, is_recipe
        for oid, kind, oids in named:
            if not self._known[kind].issuperset(oids):
                self._check_links(oid, kind, oids)
        self._unnamed.update(found)
        self._unnamed.difference_update(*[oids for _, _, oids in named])
        if len(self._numbered) < MAX_NUMBERED:
            self._numbered += found
        if is_thin(block) or len(content) > length:
            block = encode_block(content)
        self._writer().add_block(block, found)
        self.count += len(found)
        self._progress("receiving objects", self.count)

    def _read_links(self, oid: Oid, kind: Kind, record: bytes, named: list[_Names]) -> None:
        """Check the form of an object that may name others; they go to `named`."""
        links, facts = read_foreign(kind, record)
        named += [(oid, wanted, oids) for wanted, oids in links]
        if facts is not None:
            self._check(facts.clock)
            if not self._store.has(oid):
                self.commits[oid] = (facts.parents, facts.seconds, int(facts.is_canonical))

    def _writer(self) -> PackWriter:
        """The pack, begun when there is something for it."""
        if self._pack is None:
            out = self._stream.enter_context(self._store.backend.writer())
            self._pack = PackWriter(out)
        return self._pack

    def _bases(self, bases: Bases) -> bytes:
        """The bytes of what a thin block is compressed after."""
        found = [self._by_short(name) for name in bases.common]
        found += [self._numbered[n] if n < len(self._numbered) else None for n in bases.numbers]
        parts: list[bytes] = []
        size = 0
        for oid in found:
            if oid is None:
                raise ObjectsLacking("the other side builds on objects that are not here")
            record, is_recipe = self._read(oid)
            if is_recipe and self._store.has(oid):
                record = whole_if_small(record, self._store.blob_stream(oid))
            parts.append(record)
            size += len(parts[-1])
            if size > MAX_BASES_BYTES:
                raise RemoteProtocolError("the other side builds one block on too much at once")
        return b"".join(parts)

    def _by_short(self, name: bytes) -> Oid | None:
        """Something that is here or kept aside: the giver may build on either."""
        return self._store.one_by_short(name) or self.partial.one_by_short(name)

    def _recipe(
        self,
        recipe: bytes,
        content: bytes,
        found: dict[Oid, Record],
        named: list[_Names],
    ) -> tuple[Oid, bytes]:
        """The blob that a recipe stands for: its chunks are read again and hashed together.

        With its canonical bytes if it is so small that it may be a chunk: no chunk is stored in
        chunks itself, so it is kept whole.
        """
        oid, length, chunks = decode_recipe(recipe)
        whole = bytearray()
        digest = codec.BlobHash(length)
        for size, chunk in chunks:
            if chunk in found:
                start, count, _, nested = found[chunk]
                canonical = content[start : start + count]
            else:
                canonical, nested = self._read(chunk)
            kind, part = codec.split(canonical) if not nested else (Kind.TREE, b"")
            if kind is not Kind.BLOB or len(part) != size:
                raise InvalidObject(f"the recipe of the blob {oid} names no chunk with {chunk}")
            digest.update(part)
            if length <= MAX_CHUNK:
                whole += part
        named.append((oid, Kind.BLOB, [chunk for _, chunk in chunks]))
        if digest.oid() != oid:
            raise Corrupt(
                f"the other side sent chunks with the hash {digest.oid()} for the blob {oid}",
                hint=_NOTHING_KEPT,
            )
        return oid, codec.encode(bytes(whole)) if length <= MAX_CHUNK else b""

    def _read(self, oid: Oid) -> tuple[bytes, bool]:
        """The bytes of something accepted before or stored here, and whether it is a recipe."""
        pack = self._pack
        if pack is not None and (place := pack.places.get(oid)) is not None:
            return pack.read_back(place), place.chunked
        kept = self.partial.record(oid)
        if kept is not None:
            self._relied.add(oid)
            return kept
        if not self._store.has(oid):
            raise missing(oid)
        self._relied.add(oid)
        place, record = self._store.record(oid)
        return record, place.chunked

    def _check_links(self, oid: Oid, wanted: Kind, links: Collection[bytes]) -> None:
        """Look up what has not come in this stream, and remember it: the store or what is aside."""
        known = self._known[wanted]
        for link in map(Oid, set(links) - known):
            kind = self._kind_of(link)
            if kind is None:
                raise missing(link, oid)
            if kind is not wanted:
                raise InvalidObject(
                    f"the other side names {link} as a {wanted.value}, and it is a {kind.value}",
                    hint=_NOTHING_KEPT,
                )
            known.add(link)
            self._relied.add(link)

    def _kind_of(self, oid: Oid) -> Kind | None:
        for kind, known in self._known.items():
            if oid in known:
                return kind
        return self._store.kind(oid) if self._store.has(oid) else self.partial.kind(oid)

    def check_whole(self, wants: Collection[Oid], *, commits: Collection[Oid]) -> None:
        """Raise unless the stream held what `wants` need, and nothing else.

        Those of them that are `commits` must be that. What was here when the stream came must be
        here still: what another sync kept aside, and published meanwhile, is in the store. The
        caller holds the lock, and has refreshed the store.
        """
        self.partial.forget_removed()
        for oid in self._relied:
            if not self._store.has(oid) and self.partial.kind(oid) is None:
                raise missing(oid)
        for oid in wants:
            kind = self._kind_of(oid)
            if kind is None:
                raise missing(oid)
            if oid in commits and kind is not Kind.COMMIT:
                raise InvalidObject(f"the other side has a branch whose head is a {kind.value}")
        extra = self._unnamed.difference(wants)
        if extra:
            raise RemoteProtocolError(
                f"the other side sent {len(extra)} objects that nothing names,"
                f" as {Oid(min(extra))}",
                hint=_NOTHING_KEPT,
            )

    def publish(self) -> list[Oid]:
        """Let all of it appear, in one pack; the new commits. The caller holds the lock."""
        commits = [*self._with_kept(), *self.commits]
        if self._pack is not None:
            self._pack.out.publish(pack_key(self._pack.finish()))
            self._store.refresh()
        self.partial.remove()
        return commits

    def _with_kept(self) -> list[Oid]:
        """Put what earlier tries left into the pack; the commits in it that are new here."""
        commits: list[Oid] = []
        for block, found in self.partial.blocks():
            writer = self._writer()
            fresh = {oid: place for oid, place in found.items() if not writer.has(oid)}
            writer.add_block(block, fresh)
            commits += [oid for oid, place in fresh.items() if place[2] is Kind.COMMIT]
        return [oid for oid in commits if not self._store.has(oid)]


class ObjectsLacking(InvalidObject):
    """What was sent needs objects that are neither here nor were sent."""


def missing(oid: Oid, by: Oid | None = None) -> ObjectsLacking:
    """The error for an object that should have come."""
    where = "" if by is None else f", which {by} names"
    return ObjectsLacking(
        f"the other side did not send the object {oid}{where}",
        hint="run `pyvcs fsck` on both sides; nothing of this sync was kept",
    )
