"""What a sync that was cut had brought: packs under `partial/`, for the next try to go on from.

All that lies in them was checked, and is whole together with the store: an object was accepted
only after all that it names. `gc` removes them; nothing but the next try misses them.
"""

from __future__ import annotations

from itertools import groupby

from pyvcs.objects import codec
from pyvcs.objects.backends.base import Backend, BackendWriter
from pyvcs.objects.draft import references
from pyvcs.objects.errors import Corrupt, ObjectMissing
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.pack import BLOCK, Record, block_lengths, decode_recipe
from pyvcs.objects.pack_index import Place
from pyvcs.objects.pack_reader import BlockCache, PackReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX, SUFFIX = "partial/", ".pack"


class PartialPacks:
    """The partial packs of a backend, as they are when this is made."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._cache = BlockCache()
        self._packs = list(_readable(backend))

    def __bool__(self) -> bool:
        return bool(self._packs)

    def _find(self, oid: Oid) -> tuple[PackReader, Place] | None:
        for pack in self._packs:
            place = pack.index.find(oid)
            if place is not None:
                return pack, place
        return None

    def kind(self, oid: Oid) -> Kind | None:
        """The kind of an object that is kept aside, or None."""
        found = self._find(oid)
        return None if found is None else found[1].kind

    def one_by_short(self, prefix: bytes) -> Oid | None:
        """The one oid kept aside that begins with these bytes."""
        low, high = (Oid(prefix.ljust(OID_BYTES, fill)) for fill in (b"\0", b"\xff"))
        found = {oid for pack in self._packs for oid in pack.index.with_prefix(low, high)}
        return found.pop() if len(found) == 1 else None

    def record(self, oid: Oid) -> tuple[bytes, bool] | None:
        """An object that is kept aside, and whether it is a recipe; or None."""
        found = self._find(oid)
        return None if found is None else (found[0].record(found[1], self._cache), found[1].chunked)

    def forget_removed(self) -> None:
        """Drop the packs that somebody removed in the meantime: another sync that published what
        they held, or a gc. What they held is in the store then, or nowhere."""
        self._packs = [pack for pack in self._packs if self._backend.size(pack.key) is not None]

    def tops(self) -> list[Oid]:
        """Those objects that no other one kept aside names: they stand for all of them."""
        tops: dict[Oid, None] = {}
        named: set[Oid] = set()
        for pack in self._packs:
            for oid, place in pack.index.items():
                tops[oid] = None
                record = pack.record(place, self._cache)
                if place.chunked:
                    named.update(chunk for _, chunk in decode_recipe(record)[2])
                elif place.kind is not Kind.BLOB:
                    named.update(references(codec.decode(record)))
        return [oid for oid in tops if oid not in named]

    def blocks(self) -> Iterator[tuple[bytes, dict[Oid, Record]]]:
        """All blocks as they are, and what lies in each."""
        for pack in self._packs:
            view = self._backend.view(pack.key)
            if view is None:
                raise ObjectMissing(
                    "what an earlier sync had brought was removed in the meantime",
                    hint="sync again",
                )
            places = sorted(pack.index.items(), key=lambda item: item[1][:2])
            for offset, inside in groupby(places, key=lambda item: item[1].block):
                head = bytes(view[offset : offset + BLOCK.size])
                end = offset + BLOCK.size + block_lengths(head, pack.key)[1]
                found = {oid: (p.start, p.length, p.kind, p.chunked) for oid, p in inside}
                yield bytes(view[offset:end]), found

    def keep(self, out: BackendWriter, name: str) -> None:
        """Publish a finished pack among the partial ones."""
        out.publish(f"{PREFIX}{name}{SUFFIX}")

    def remove(self) -> None:
        """Remove these packs: what they held is in the store."""
        for pack in self._packs:
            self._backend.delete(pack.key)


def remove_partial(backend: Backend) -> int:
    """Remove all that syncs that were cut have left; how many packs there were."""
    keys = list(backend.keys(PREFIX))
    for key in keys:
        backend.delete(key)
    return len(keys)


def _readable(backend: Backend) -> Iterator[PackReader]:
    for key in backend.keys(PREFIX):
        try:
            pack = PackReader.open(backend, key)
        except Corrupt:
            backend.delete(key)
            continue
        if pack is not None:
            yield pack
