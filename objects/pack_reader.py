"""Reading packs: the index through a view, blocks as they are asked for."""

from __future__ import annotations

from pyvcs.objects.errors import Corrupt
from pyvcs.objects.pack import BLOCK, MAGIC, block_lengths, open_block
from pyvcs.objects.pack_index import PackIndex, Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from pyvcs.objects.backends.base import Backend

CACHE_BYTES = 32 * 1024 * 1024
"""How much decompressed content a store keeps for the next question."""


_USUAL = BLOCK.size + 64 * 1024
"""Most blocks are smaller than this, so that one read brings head and payload."""


class BlockCache:
    """The blocks used last, up to CACHE_BYTES."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, int], bytes] = {}
        self._bytes = 0

    def get(self, key: str, offset: int) -> bytes | None:
        """The block at `offset` of the pack `key`, if it is still here."""
        block = self._blocks.pop((key, offset), None)
        if block is not None:
            self._blocks[key, offset] = block  # the last one again
        return block

    def put(self, key: str, offset: int, block: bytes) -> None:
        """Keep a block, and let go of those unused for longest."""
        self._bytes += len(block) - len(self._blocks.pop((key, offset), b""))
        self._blocks[key, offset] = block
        while self._bytes > CACHE_BYTES and len(self._blocks) > 1:
            self._bytes -= len(self._blocks.pop(next(iter(self._blocks))))


class PackReader:
    """One pack of a backend."""

    def __init__(self, backend: Backend, key: str, view: memoryview) -> None:
        self.key = key
        self.size = len(view)
        if view[: len(MAGIC)] != MAGIC:
            raise Corrupt(f"{key} is no pack of a format that this pyvcs knows")
        self.index = PackIndex(view, key)
        self._backend = backend

    @classmethod
    def open(cls, backend: Backend, key: str) -> Self | None:
        """The pack under `key`, or None when it is gone."""
        view = backend.view(key)
        return None if view is None else cls(backend, key, view)

    def record(self, place: Place, cache: BlockCache) -> bytes:
        """Canonical bytes of the object at `place`, or its recipe."""
        block = cache.get(self.key, place.block)
        if block is None:
            block = self.read_block(place.block)
            cache.put(self.key, place.block, block)
        record = block[place.start : place.start + place.length]
        if len(record) != place.length:
            raise Corrupt(f"{self.key} has a block that ends inside an object")
        return record

    def read_block(self, offset: int) -> bytes:
        """The content of the block at `offset`. Corrupt if it does not lie before the index."""
        encoding, stored, length, head = self._block_at(offset)
        payload = head[BLOCK.size : BLOCK.size + stored]
        return open_block(encoding, payload, length, self.key)

    def raw_block(self, offset: int, guess: int = _USUAL) -> tuple[bytes, int]:
        """The block at `offset` as it lies there, head included; and the length of its content.

        It is read at once if it has no more than `guess` bytes, and copied if it has less.
        """
        _, stored, length, raw = self._block_at(offset, guess)
        return raw[: BLOCK.size + stored], length

    def _block_at(self, offset: int, guess: int = _USUAL) -> tuple[int, int, int, bytes]:
        """Encoding, lengths of payload and content, and the bytes from `offset` on."""
        if offset + BLOCK.size > self.index.offset:
            raise Corrupt(f"the index of {self.key} leads to byte {offset}, where no block can be")
        raw = self._backend.read_range(self.key, offset, max(guess, BLOCK.size))
        encoding, stored, length = block_lengths(raw[: BLOCK.size], self.key)
        if offset + BLOCK.size + stored > self.index.offset:
            raise Corrupt(f"a block of {self.key} says that it goes on into the index")
        if len(raw) < BLOCK.size + stored:
            missing = BLOCK.size + stored - len(raw)
            raw += self._backend.read_range(self.key, offset + len(raw), missing)
        return encoding, stored, length, raw
