"""Blocks on the wire: rows of objects, compressed together, in the form that packs keep them in.

A block of a pack says in the index of the pack what it holds. On the wire the records tell it by
themselves: canonical bytes begin with kind and length, and a recipe gets such a head as well. So a
block that came can be written into a pack as it is.

The order law: an object comes after all that it names, in the stream or known to the receiver.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyvcs.objects.errors import RemoteProtocolError
from pyvcs.objects.kind import Kind
from pyvcs.objects.pack import (
    BLOCK,
    BLOCK_BYTES,
    MAX_BLOCK_BYTES,
    block_lengths,
    encode_block,
    open_block,
)

MAX_BLOCK = BLOCK.size + MAX_BLOCK_BYTES
"""The most bytes of a block with its head; no more is gathered before a block is looked at."""

_HEAD = re.compile(rb"(blob|tree|commit|tag|conflict|recipe) (0|[1-9][0-9]{0,18})\0")
_WHERE = "stream"


class WireRecord(NamedTuple):
    """One record of a block: its start and length there (no recipe's head), kind, and bytes."""

    start: int
    length: int
    kind: Kind
    is_recipe: bool
    content: bytes


class BlockWriter:
    """Puts records into blocks and hands each full one to `emit`.

    Files go into blocks of their own, as in a pack. A block of files comes before the block of
    trees and commits that name them, whatever the order in which they fill.
    """

    def __init__(self, emit: Callable[[bytes], None]) -> None:
        self._emit = emit
        self._content = bytearray()
        self._structure = bytearray()

    def add(self, kind: Kind, record: bytes, *, is_recipe: bool = False) -> None:
        """Add an object: canonical bytes, or a recipe."""
        buffer = self._content if kind is Kind.BLOB else self._structure
        if buffer and len(buffer) + len(record) > BLOCK_BYTES:
            self._flush(with_structure=kind is not Kind.BLOB)
        if is_recipe:
            buffer += b"recipe %d\0" % len(record)
        buffer += record

    def _flush(self, *, with_structure: bool) -> None:
        for buffer in (self._content, self._structure) if with_structure else (self._content,):
            if buffer:
                self._emit(encode_block(buffer))
                buffer.clear()

    def finish(self) -> None:
        """Emit what is left, as one block if it fits."""
        if len(self._content) + len(self._structure) <= BLOCK_BYTES:
            self._content += self._structure
            self._structure.clear()
        self._flush(with_structure=True)


def open_wire_block(block: bytes) -> bytes:
    """The content of a block that came; Corrupt when its lengths lie, without making room first."""
    head = block[: BLOCK.size]
    encoding, stored, length = block_lengths(head, _WHERE)
    if len(block) != BLOCK.size + stored:
        raise RemoteProtocolError(
            f"the other side sent a block of {len(block) - BLOCK.size} bytes that says {stored}"
        )
    return open_block(encoding, block[BLOCK.size :], length, _WHERE)


def records(content: bytes) -> Iterator[WireRecord]:
    """The records of a block's content, in their order. RemoteProtocolError where there is none."""
    at = 0
    while at < len(content):
        match = _HEAD.match(content, at)
        end = -1 if match is None else match.end() + int(match[2])
        if match is None or end > len(content):
            raise RemoteProtocolError(
                f"byte {at} of a block that the other side sent begins no object that fits in it"
            )
        is_recipe = match[1] == b"recipe"
        start = match.end() if is_recipe else at
        kind = Kind.BLOB if is_recipe else Kind(match[1].decode())
        yield WireRecord(start, end - start, kind, is_recipe, content[start:end])
        at = end
