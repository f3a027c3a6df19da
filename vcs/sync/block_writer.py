"""Objects on their way into blocks of the wire: thin ones, if the receiver has something alike."""

from __future__ import annotations

from pyvcs.objects.compression import compressed_after
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import BLOCK_BYTES, encode_block
from pyvcs.sync.blocks import (
    MAX_BASES,
    MAX_BASES_BYTES,
    MAX_NUMBERED,
    Bases,
    recipe_head,
    short,
    thin_block,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LARGEST_BASE = 1024 * 1024


class _Block:
    """Records on their way into one block, and what they are alike to."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.oids: dict[Oid, None] = {}
        self.bases: dict[Oid, None] = {}


class BlockWriter:
    """Puts records into blocks; `full` gives those that are ready.

    Files go into blocks of their own, as in a pack. A block of files comes before the block of
    trees and commits that name them, whatever the order in which they fill. `read` gives the bytes
    of a base, as they lie in a store.
    """

    def __init__(self, read: Callable[[Oid], bytes]) -> None:
        self._read = read
        self._files = _Block()
        self._structure = _Block()
        self._numbers: dict[Oid, int] = {}
        self._sent = 0
        self._full: list[bytes] = []

    def add(
        self,
        oid: Oid,
        kind: Kind,
        record: bytes,
        *,
        is_recipe: bool = False,
        base: Oid | None = None,
    ) -> None:
        """Add an object: canonical bytes, or a recipe. `base`, if any, is one that is alike.

        A base was added before, or is an object of a common commit.
        """
        block = self._files if kind is Kind.BLOB else self._structure
        if block.content and len(block.content) + len(record) > BLOCK_BYTES:
            self._close(self._files)
            if block is self._structure:
                self._close(block)
        block.oids[oid] = None
        if base is not None:
            block.bases[base] = None
        if is_recipe:
            block.content += recipe_head(record)
        block.content += record

    def full(self) -> Iterator[bytes]:
        """The blocks that are ready, each once."""
        ready, self._full = self._full, []
        return iter(ready)

    def finish(self) -> Iterator[bytes]:
        """What is left, as one block if it fits."""
        if len(self._files.content) + len(self._structure.content) <= BLOCK_BYTES:
            self._files.content += self._structure.content
            self._files.oids.update(self._structure.oids)
            self._files.bases.update(self._structure.bases)
            self._structure = _Block()
        self._close(self._files)
        self._close(self._structure)
        return self.full()

    def _close(self, block: _Block) -> None:
        if not block.content:
            return
        bases, before = self._chosen(block)
        if before:
            compressed = compressed_after(block.content, before)
            self._full.append(thin_block(len(block.content), bases, compressed))
        else:
            self._full.append(encode_block(block.content))
        for number, oid in enumerate(block.oids, self._sent):
            if number < MAX_NUMBERED:
                self._numbers[oid] = number
        self._sent += len(block.oids)
        block.content.clear()
        block.oids.clear()
        block.bases.clear()

    def _chosen(self, block: _Block) -> tuple[Bases, bytes]:
        """Bases that are not in the block itself, as far as they are allowed, and their bytes."""
        common: dict[Oid, bytes] = {}
        numbered: dict[int, bytes] = {}
        size = 0
        for oid in block.bases:
            if oid in block.oids:
                continue
            record = self._read(oid)
            if len(record) > _LARGEST_BASE or size + len(record) > MAX_BASES_BYTES:
                continue
            size += len(record)
            if (number := self._numbers.get(oid)) is not None:
                numbered[number] = record
            else:
                common[oid] = record
            if max(len(common), len(numbered)) == MAX_BASES:
                break
        bases = Bases(tuple(map(short, common)), tuple(numbered))
        return bases, b"".join([*common.values(), *numbered.values()])
