"""A pack: many objects in one file, on disk and on the wire alike. Bytes: docs/formats/pack.md.

Objects stand one after the other in *blocks* of about BLOCK_BYTES; each block is compressed as a
whole, which is smaller and quicker than object by object. The index at the end says where each
object lies. A blob of CHUNKED_FROM bytes or more is stored as the blobs that are its chunks, and
a *recipe* that lists them.
"""

from __future__ import annotations

import struct

from blake3 import blake3

from pyvcs.objects.compression import compressed, decompressed
from pyvcs.objects.errors import Corrupt, InvalidObject
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.pack_index import Place, encode_index, oids_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyvcs.objects.ahead import Ahead, Later
    from pyvcs.objects.backends.base import BackendWriter

MAGIC = b"pyvcsPK\x01"
"""First bytes of a pack; the last of them is the version of the format."""

BLOCK_BYTES = 512 * 1024
"""A block is closed when it holds this much; one object may make it larger."""

MAX_BLOCK_BYTES = 72 * 1024 * 1024
"""No block is larger, so no length in a damaged or hostile pack makes memory grow beyond this."""

_MOST_FULL = 8
"""So many full blocks may be on their way to the file."""

BLOCK = struct.Struct("<4sIII")
"""Tag, encoding (0 as it is, 1 zstd), stored length, length of the content."""

BLOCK_TAG = b"BLCK"
RECIPE = struct.Struct(f"<Q{OID_BYTES}s")
"""Head of a recipe: length of the blob in bytes, its oid; then length and oid of each chunk."""

_AS_IT_IS, _ZSTD = 0, 1

Record = tuple[int, int, Kind, bool]
"""Where an object lies in the content of a block: start, length; its kind; if it is a recipe."""


class PackWriter:
    """Writes one pack. Objects come as canonical bytes, recipes as `encode_recipe` makes them.

    Full blocks are compressed ahead and written in the order in which they were filled: the pack
    has the same bytes, however many processors there are.
    """

    def __init__(self, out: BackendWriter) -> None:
        self.out = out
        self._offset = out.write(MAGIC)
        self._content = _Block()
        self._structure = _Block()
        self._full: list[tuple[Later[bytes], dict[Oid, Record]]] = []
        self._ahead: Ahead | None = None  # small packs have no full block
        self.places: dict[Oid, Place] = {}
        """All that was added, but for blocks that are not written yet."""
        self._is_open = True
        self._block = -1, b""  # the one read back last, and its offset

    def add(self, oid: Oid, kind: Kind, record: bytes, *, chunked: bool = False) -> None:
        """Add an object that the pack does not hold yet.

        Content and structure go to blocks of their own: a walk over the trees then never
        decompresses files.
        """
        self._check_open()
        if len(record) > MAX_BLOCK_BYTES:
            raise InvalidObject(
                f"the {kind.value} {oid} takes {len(record)} bytes in a pack, more than"
                f" the {MAX_BLOCK_BYTES} that are allowed"
            )
        block = self._content if kind is Kind.BLOB else self._structure
        if block.buffer and len(block.buffer) + len(record) > BLOCK_BYTES:
            self._close(block)
        block.add(oid, kind, record, chunked)

    def add_block(self, block: bytes, objects: Mapping[Oid, Record]) -> None:
        """Add a block as it is, head included, and what it holds: none of it is in the pack yet.

        The caller vouches for both: they are written unseen.
        """
        self._check_open()
        self._write_full(but=0)
        self._write(block, objects)

    def _write(self, block: bytes, objects: Mapping[Oid, Record]) -> None:
        self._is_open = False  # an interrupt from here on leaves half a block, or half its places
        offset = self._offset
        self._offset += self.out.write(block)
        places, new = self.places, tuple.__new__  # this is a loop over all objects of a clone
        for oid, (start, length, kind, chunked) in objects.items():
            places[oid] = new(Place, (offset, start, length, kind, chunked))
        self._is_open = True

    def has(self, oid: Oid) -> bool:
        """Whether the pack holds `oid`."""
        if oid in self.places or oid in self._content.oids or oid in self._structure.oids:
            return True
        for _, objects in self._full:  # noqa: SIM110 - a generator for each object takes longer
            if oid in objects:
                return True
        return False

    def read_back(self, place: Place) -> bytes:
        """The record at a place of a block that was written."""
        if place.block != self._block[0]:
            is_open, self._is_open = self._is_open, False  # until what comes goes to the end again
            encoding, stored, length = block_lengths(
                self.out.read_back(place.block, BLOCK.size), "being written"
            )
            payload = self.out.read_back(place.block + BLOCK.size, stored)
            self._block = place.block, open_block(encoding, payload, length, "being written")
            self._is_open = is_open
        return self._block[1][place.start : place.start + place.length]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been added."""
        return not (self.places or self._full or self._content.oids or self._structure.oids)

    @property
    def is_open(self) -> bool:
        """Whether more may be added: it is not finished, and no act on it broke off half-way."""
        return self._is_open

    def finish(self) -> str:
        """Write what is left and the index; the name of the pack, made from its oids.

        Nothing can be added then: the pack may be published, and more bytes would damage it.
        """
        self._check_open()
        if len(self._content.buffer) + len(self._structure.buffer) <= BLOCK_BYTES:
            self._content.take(self._structure)
        last = [
            (encode_block(block.buffer), block.oids)
            for block in (self._content, self._structure)
            if block.buffer
        ]
        self._write_full(but=0)
        for encoded, objects in last:
            self._write(encoded, objects)
        self._is_open = False
        index = encode_index(self.places, self._offset)
        self.out.write(index)
        return blake3(oids_of(index, len(self.places))).hexdigest()[:32]

    def _check_open(self) -> None:
        if not self._is_open:
            raise ValueError("this pack is finished, or broke off: begin another one")

    def _close(self, block: _Block) -> None:
        """Have a full block compressed, and write those before it that are."""
        self._is_open = False  # an interrupt from here on loses the block
        buffer, objects = block.buffer, block.oids
        block.clear()
        if self._ahead is None:
            from pyvcs.objects.ahead import Ahead

            self._ahead = Ahead()
        self._full.append((self._ahead.give(lambda: encode_block(buffer)), objects))
        self._write_full(but=_MOST_FULL)
        self._is_open = True

    def _write_full(self, *, but: int) -> None:
        """Write the full blocks that are compressed, in their order; wait for all but the last."""
        while self._full and (len(self._full) > but or self._full[0][0].is_done):
            self._is_open = False
            later, objects = self._full.pop(0)
            self._write(later.result(), objects)


class _Block:
    """Objects on their way into one block."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.buffer = bytearray()
        self.oids: dict[Oid, Record] = {}

    def add(self, oid: Oid, kind: Kind, record: bytes, chunked: bool) -> None:
        start = len(self.buffer)
        self.buffer += record  # first: an interrupt may come between the two
        self.oids[oid] = (start, len(record), kind, chunked)

    def take(self, other: _Block) -> None:
        """Move all of `other` to the end of this block."""
        shift = len(self.buffer)
        for oid, (start, length, kind, chunked) in other.oids.items():
            self.oids[oid] = (start + shift, length, kind, chunked)
        self.buffer += other.buffer
        other.clear()


def encode_block(content: bytes | bytearray) -> bytes:
    """A block with its head: compressed, unless that makes it no smaller."""
    stored = compressed(content)
    encoding = _ZSTD
    if len(stored) >= len(content):
        stored, encoding = bytes(content), _AS_IT_IS
    return BLOCK.pack(BLOCK_TAG, encoding, len(stored), len(content)) + stored


def block_lengths(head: bytes, name: str) -> tuple[int, int, int]:
    """Encoding, stored length and content length, from the head of a block; else Corrupt."""
    if len(head) != BLOCK.size or not head.startswith(BLOCK_TAG):
        raise Corrupt(f"the pack {name} has no block where its index says so")
    _, encoding, stored, length = BLOCK.unpack(head)
    if encoding not in (_AS_IT_IS, _ZSTD) or max(stored, length) > MAX_BLOCK_BYTES:
        raise Corrupt(f"a block of the pack {name} has encoding {encoding} and {length} bytes")
    return encoding, stored, length


def open_block(encoding: int, payload: bytes, length: int, name: str) -> bytes:
    """The content of a block from what is stored."""
    if encoding == _ZSTD:
        return decompressed(payload, length)
    if len(payload) != length:
        raise Corrupt(f"a block of the pack {name} is cut off")
    return payload


def encode_recipe(oid: Oid, length: int, chunks: list[tuple[int, Oid]]) -> bytes:
    """The record that stands for a chunked blob: its length and oid, then its chunks in order."""
    return RECIPE.pack(length, oid) + b"".join([RECIPE.pack(size, chunk) for size, chunk in chunks])


def decode_recipe(record: bytes) -> tuple[Oid, int, list[tuple[int, Oid]]]:
    """Oid, length and chunks from a recipe; Corrupt when they do not add up."""
    if len(record) % RECIPE.size or not record:
        raise Corrupt(f"a recipe of {len(record)} bytes; they come in steps of {RECIPE.size}")
    (length, oid), *rest = RECIPE.iter_unpack(record)
    if not rest or sum(size for size, _ in rest) != length:
        raise Corrupt(f"the chunks of the blob {Oid(oid)} do not add up to its {length} bytes")
    return Oid(oid), length, [(size, Oid(chunk)) for size, chunk in rest]
