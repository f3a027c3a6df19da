"""All objects of a store at once, for who reads most of them: a dictionary, and no searches."""

from __future__ import annotations

from itertools import repeat

from pyvcs.objects.contexts import Uncollected
from pyvcs.objects.errors import ObjectMissing
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack_index import CODES, PLAIN_BLOB, RECIPE, Place, PlaceFields
from pyvcs.objects.pack_reader import PackReader
from pyvcs.objects.store import ObjectStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

MOST_OBJECTS = 1_000_000
"""A store of more takes too much memory this way: about 300 bytes an object."""

_MOST_BLOCKS = 48
_Where: TypeAlias = tuple[PackReader, PlaceFields]


class WholeStore:
    """The objects in the packs that a store lists now; others are read as the store reads them."""

    def __init__(self, store: ObjectStore, kind: Kind | None = None) -> None:
        """With a `kind` only objects of that kind are known; others are searched for."""
        self._store = store
        self._places: dict[bytes, _Where] = {}
        with Uncollected():
            for pack in store.packs.values():
                for oids, places in pack.index.table():
                    found: Iterable[tuple[bytes, _Where]]
                    found = zip(oids, zip(repeat(pack), places), strict=False)
                    if kind is not None:
                        code = CODES[kind]
                        found = (each for each in found if each[1][1][3] == code)
                    self._places.update(found)
        self._blocks: dict[tuple[str, int], bytes] = {}

    @staticmethod
    def suits(store: ObjectStore) -> bool:
        """Whether a store has few enough objects to be read this way."""
        return sum(len(pack.index) for pack in store.packs.values()) <= MOST_OBJECTS

    def record(self, oid: bytes) -> tuple[Place, bytes]:
        """An object as it lies in its pack, and where: canonical bytes, or a recipe."""
        found = self._find(oid)
        if found is None or found[0][3] == RECIPE:  # of which there may be a whole copy as well
            return self._store.record(Oid(oid))
        fields, block = found
        start = fields[1]
        return Place.of(fields), block[start : start + fields[2]]

    def canonical(self, oid: bytes) -> bytes:
        """The canonical bytes of an object that is not stored in chunks."""
        found = self._find(oid)
        if found is None:
            return self._store.canonical(Oid(oid))
        (_, start, length, _), block = found
        return block[start : start + length]

    def blob(self, oid: bytes) -> Iterable[bytes]:
        """The content of a blob in pieces of at most a few hundred KiB."""
        found = self._find(oid)
        if found is None or found[0][3] != PLAIN_BLOB:
            return self._store.blob_stream(Oid(oid))
        (_, start, length, _), block = found
        return (block[block.index(b"\0", start) + 1 : start + length],)

    def _find(self, oid: bytes) -> tuple[PlaceFields, bytes] | None:
        """The place of an object and the block that it is in; None if it is no more where it was.

        It came in since the packs were listed, a gc has put its pack into a larger one, or it is
        missing.
        """
        where = self._places.get(oid)
        if where is None:
            return None
        pack, fields = where
        key = pack.key, fields[0]
        block = self._blocks.get(key)
        if block is None:
            if len(self._blocks) >= _MOST_BLOCKS:
                self._blocks.clear()
            try:
                block = pack.read_block(fields[0])
            except ObjectMissing:
                return None
            self._blocks[key] = block
        return fields, block
