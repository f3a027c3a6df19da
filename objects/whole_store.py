"""All objects of a store at once, for who reads most of them: a dictionary, and no searches."""

from __future__ import annotations

from itertools import repeat
from typing import TypeAlias

from pyvcs.objects.errors import ObjectMissing
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack_index import Place, PlaceFields
from pyvcs.objects.pack_reader import PackReader
from pyvcs.objects.store import ObjectStore

MOST_OBJECTS = 1_000_000
"""A store of more takes too much memory this way: about 300 bytes an object."""

_MOST_BLOCKS = 48
_Where: TypeAlias = tuple[PackReader, PlaceFields]


class WholeStore:
    """The objects in the packs that a store lists now; others are read as the store reads them."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._places: dict[bytes, _Where] = {}
        for pack in store.packs.values():
            for oids, places in pack.index.table():
                self._places.update(zip(oids, zip(repeat(pack), places), strict=False))
        self._blocks: dict[tuple[str, int], bytes] = {}

    @staticmethod
    def suits(store: ObjectStore) -> bool:
        """Whether a store has few enough objects to be read this way."""
        return sum(len(pack.index) for pack in store.packs.values()) <= MOST_OBJECTS

    def record(self, oid: bytes) -> tuple[Place, bytes]:
        """An object as it lies in its pack, and where: canonical bytes, or a recipe."""
        where = self._places.get(oid)
        if where is None:  # it has come in since, or is missing
            return self._store.record(Oid(oid))
        pack, fields = where
        start = fields[1]
        block = self._blocks.get((pack.key, fields[0]))
        if block is None:
            if len(self._blocks) >= _MOST_BLOCKS:
                self._blocks.clear()
            try:
                block = pack.read_block(fields[0])
            except ObjectMissing:  # a gc has just put the pack into a larger one
                return self._store.record(Oid(oid))
            self._blocks[pack.key, fields[0]] = block
        return Place.of(fields), block[start : start + fields[2]]
