"""The index at the end of a pack: which objects it holds and where.

Sorted oids of 32 bytes, then for each a place of 20 bytes; both are read where they lie, through
the backend's view, so that opening a pack costs nothing that grows with it.
The bytes stand in docs/formats/pack.md.
"""

from __future__ import annotations

import struct
from _operator import ge
from itertools import islice

from blake3 import blake3

from pyvcs.objects.errors import Corrupt
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

FOOTER = struct.Struct("<8sQQ32s")
"""Magic, number of objects, offset of the index, BLAKE3 of the index."""

MAGIC = b"pyvcsIX\x01"
_PLACE = struct.Struct("<QIII")
_FANOUT = struct.Struct("<256I")
_KINDS = tuple(Kind)
_CHUNKED = 0x80
_FEW = 512
_ROW = 8192
PlaceFields: TypeAlias = tuple[int, int, int, int]
"""Block, start, length, and the code of the kind."""

CODES = {kind: code for code, kind in enumerate(_KINDS)}
PLAIN_BLOB, RECIPE = CODES[Kind.BLOB], CODES[Kind.BLOB] | _CHUNKED
"""The codes of blobs that lie there as they are, and in chunks."""


class Place(NamedTuple):
    """Where an object lies: the offset of its block, start and length inside it in bytes.

    A chunked blob lies there as a recipe: the list of its chunks.
    """

    block: int
    start: int
    length: int
    kind: Kind
    chunked: bool = False

    @classmethod
    def of(cls, fields: PlaceFields) -> Place:
        """The place from its fields in an index. Corrupt when they name no kind."""
        block, start, length, code = fields
        kind = code & ~_CHUNKED
        if kind >= len(_KINDS):
            raise Corrupt(f"the index of a pack names an unknown kind of object: {kind}")
        return cls(block, start, length, _KINDS[kind], code >= _CHUNKED)


def encode_index(places: Mapping[Oid, Place], offset: int) -> bytes:
    """Index and footer of a pack whose blocks end at `offset`."""
    oids = sorted(places)
    fanout = [0] * 256
    for oid in oids:
        fanout[oid[0]] += 1
    total = 0
    for first, count in enumerate(fanout):
        fanout[first] = total = total + count
    pack = _PLACE.pack
    rows = [
        pack(block, start, length, CODES[kind] | (_CHUNKED if chunked else 0))
        for block, start, length, kind, chunked in map(places.__getitem__, oids)
    ]
    index = b"".join([_FANOUT.pack(*fanout), *oids, *rows])
    return index + FOOTER.pack(MAGIC, len(oids), offset, blake3(index).digest())


def oids_of(index: bytes, count: int) -> memoryview:
    """The oids of an index that has so many, one after the other in their order."""
    return memoryview(index)[_FANOUT.size : _FANOUT.size + count * OID_BYTES]


class PackIndex:
    """The index of one pack, over a view of the pack's bytes."""

    def __init__(self, view: memoryview, name: str) -> None:
        """Checks the footer against the length; `verify` checks the rest. Corrupt if it is off."""
        self._view = view
        if len(view) < FOOTER.size:
            raise Corrupt(f"the pack {name} is cut off: it has {len(view)} bytes")
        magic, count, offset, self._digest = FOOTER.unpack(view[-FOOTER.size :])
        self._count: int = count
        self.offset: int = offset
        self._oids = self.offset + _FANOUT.size
        self._places = self._oids + self._count * OID_BYTES
        end = self._places + self._count * _PLACE.size
        if magic != MAGIC or end != len(view) - FOOTER.size:
            raise Corrupt(f"the pack {name} has no index at its end")
        self._fanout = _FANOUT.unpack(view[self.offset : self._oids])
        # A look-up trusts these numbers: out of order they would lead it out of the index.
        if self._fanout[255] != self._count or list(self._fanout) != sorted(self._fanout):
            raise Corrupt(f"the index of the pack {name} does not add up")

    def verify(self, name: str) -> None:
        """Raise Corrupt unless the index is what was written, and its oids can all be found."""
        index = self._view[self.offset : len(self._view) - FOOTER.size]
        if blake3(index).digest() != self._digest:
            raise Corrupt(f"the index of the pack {name} is damaged")
        from bisect import bisect_left

        oids = [oid for row, _ in self.table() for oid in row]
        begins = [bisect_left(oids, bytes([first])) for first in range(1, 256)]
        if any(map(ge, oids, islice(oids, 1, None))) or begins != list(self._fanout[:-1]):
            raise Corrupt(f"the index of the pack {name} is not in order")

    def tail(self) -> bytes:
        """Index and footer as they lie at the end of the pack."""
        return self._view[self.offset :].tobytes()

    def __len__(self) -> int:
        return self._count

    def find(self, oid: Oid) -> Place | None:
        """Where `oid` lies, or None."""
        low, high = self._near(oid)
        few = self._oids_between(low, high)
        at = few.find(oid)  # quicker than halving on: one call for all of them
        while at >= 0 and at % OID_BYTES:  # the end of one oid and the beginning of the next
            at = few.find(oid, at + 1)
        return None if at < 0 else self._place(low + at // OID_BYTES)

    def with_prefix(self, low: Oid, high: Oid) -> Iterator[Oid]:
        """All oids from `low` to `high`, both included, in order."""
        from bisect import bisect_left

        first: bytes = low
        position = bisect_left(range(self._count), first, *self._near(low), key=self._oid_bytes)
        while position < self._count and (found := self._oid_bytes(position)) <= high:
            yield Oid(found)
            position += 1

    def items(self) -> Iterator[tuple[Oid, Place]]:
        """All objects of the pack, in the order of their oids."""
        for position in range(self._count):
            yield Oid(self._oid_bytes(position)), self._place(position)

    def by_place(self) -> list[tuple[Oid, Place]]:
        """All oids and places in the order in which the objects lie: who follows it reads each
        block once.
        """
        return sorted(self.items(), key=lambda item: item[1][:2])

    def table(self) -> Iterator[tuple[list[bytes], Iterator[PlaceFields]]]:
        """All oids and the fields of their places as they lie, in rows of some thousands."""
        for first in range(0, self._count, _ROW):
            last = min(first + _ROW, self._count)
            row = self._view[self._oids + first * OID_BYTES : self._oids + last * OID_BYTES]
            oids = row.tobytes()
            begin, end = (self._places + each * _PLACE.size for each in (first, last))
            names = [oids[at : at + OID_BYTES] for at in range(0, len(oids), OID_BYTES)]
            yield names, _PLACE.iter_unpack(self._view[begin:end])

    def _near(self, oid: bytes) -> tuple[int, int]:
        """Two positions between which an oid stands if it is here, _FEW or less apart."""
        low, high = self._begins(oid[0]), self._fanout[oid[0]]
        while high - low > _FEW:
            middle = (low + high) // 2
            if self._oid_bytes(middle) <= oid:
                low = middle
            else:
                high = middle
        return low, high

    def _oids_between(self, low: int, high: int) -> bytes:
        start = self._oids + low * OID_BYTES
        return self._view[start : start + (high - low) * OID_BYTES].tobytes()

    def _begins(self, first: int) -> int:
        """The position of the first oid that begins with this byte or a larger one."""
        return self._fanout[first - 1] if first else 0

    def _oid_bytes(self, position: int) -> bytes:
        start = self._oids + position * OID_BYTES
        return self._view[start : start + OID_BYTES].tobytes()

    def _place(self, position: int) -> Place:
        start = self._places + position * _PLACE.size
        return Place.of(_PLACE.unpack_from(self._view, start))
