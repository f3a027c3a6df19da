"""Blocks on the wire: rows of objects, compressed together, in the form that packs keep them in.

A block of a pack says in the index of the pack what it holds. On the wire the records tell it by
themselves: canonical bytes begin with kind and length, and a recipe gets such a head as well. So a
block that came can be written into a pack as it is.

A *thin* block is compressed after objects that the receiver has, its *bases*: the earlier versions
of the same files and folders. It is then little more than what changed.

The order law: what an object names is in the same block, came before, or is known to the receiver.
"""

from __future__ import annotations

import re
import struct

from pyvcs.objects.compression import decompressed
from pyvcs.objects.errors import RemoteProtocolError
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import BLOCK, BLOCK_TAG, MAX_BLOCK_BYTES, block_lengths, open_block
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

SHORT_OID_BYTES = 8
"""As much of an oid as a question carries: a wrong guess costs a refused sync, no wrong object."""

ShortOid: TypeAlias = bytes

MAX_BASES = 4096
"""Of one block, of either sort."""

MAX_BASES_BYTES = 8 * 1024 * 1024
"""What the bases of a block take together: both ends hold them in memory."""

MAX_NUMBERED = 65_536
"""So many of the first objects of a turn can be bases by their number."""

THIN = 2
BASES = struct.Struct("<HH")
"""How many bases by short oid, and by number, stand before the frame of a thin block."""

MAX_BLOCK = BLOCK.size + MAX_BLOCK_BYTES
"""The most bytes of a block with its head; no more is gathered before a block is looked at."""

_NUMBER_BYTES = 4
_HEAD = re.compile(rb"(blob|tree|commit|tag|conflict|recipe) (0|[1-9][0-9]{0,18})\0")
_WHERE = "stream"
_KINDS = {kind.value.encode(): kind for kind in Kind} | {b"recipe": Kind.BLOB}


@dataclass(frozen=True, slots=True)
class Bases:
    """What a thin block is compressed after: objects of a common commit by their short oids, then
    objects that came earlier in the turn by their numbers, counted from 0."""

    common: tuple[ShortOid, ...] = ()
    numbers: tuple[int, ...] = ()


WireRecord: TypeAlias = tuple[int, int, Kind, bool]
"""One record of a block: where its bytes begin and end there, without a recipe's head; its kind;
if it is a recipe."""


def short(oid: Oid) -> ShortOid:
    """The part of an oid that a question carries."""
    return oid[:SHORT_OID_BYTES]


def thin_block(length: int, bases: Bases, compressed: bytes) -> bytes:
    """A thin block, from the length of its content and the content compressed after its bases."""
    numbers = struct.pack(f"<{len(bases.numbers)}I", *bases.numbers)
    counts = BASES.pack(len(bases.common), len(bases.numbers))
    payload = b"".join([counts, *bases.common, numbers, compressed])
    return BLOCK.pack(BLOCK_TAG, THIN, len(payload), length) + payload


def head_at(content: bytes, start: int) -> tuple[Kind | None, int]:
    """The kind of the object that begins at `start`, and where it says that it ends."""
    match = _HEAD.match(content, start)
    return (None, 0) if match is None else (_KINDS[match[1]], match.end() + int(match[2]))


def recipe_head(recipe: bytes) -> bytes:
    """What stands before a recipe on the wire."""
    return b"recipe %d\0" % len(recipe)


def is_thin(block: bytes) -> bool:
    """Whether a block is thin, and cannot be kept as it is."""
    return len(block) >= BLOCK.size and BLOCK.unpack_from(block)[1] == THIN


def open_wire_block(block: bytes, read: Callable[[Bases], bytes]) -> bytes:
    """The content of a block that came; `read` gives the bytes of the bases of a thin one.

    RemoteProtocolError or Corrupt when its lengths lie, before room is made for them.
    """
    if is_thin(block):
        _, _, stored, length = BLOCK.unpack_from(block)
        _check_length(block, stored)
        if length > MAX_BLOCK_BYTES:
            raise RemoteProtocolError(f"the other side sent a block that says {length} bytes")
        bases, begin = _bases_of(block)
        return decompressed(block[begin:], length, read(bases))
    encoding, stored, length = block_lengths(block[: BLOCK.size], _WHERE)
    _check_length(block, stored)
    return open_block(encoding, block[BLOCK.size :], length, _WHERE)


def _check_length(block: bytes, stored: int) -> None:
    if len(block) != BLOCK.size + stored:
        raise RemoteProtocolError(
            f"the other side sent a block of {len(block) - BLOCK.size} bytes that says {stored}"
        )


def _bases_of(block: bytes) -> tuple[Bases, int]:
    """The bases of a thin block, and where its frame begins."""
    at = BLOCK.size + BASES.size
    if len(block) < at:
        raise RemoteProtocolError("the other side sent a thin block that is cut off")
    named, numbered = BASES.unpack_from(block, BLOCK.size)
    end = at + named * SHORT_OID_BYTES
    if max(named, numbered) > MAX_BASES or end + numbered * _NUMBER_BYTES > len(block):
        raise RemoteProtocolError(f"the other side names {named} and {numbered} bases of a block")
    common = tuple(block[start : start + SHORT_OID_BYTES] for start in range(at, end, 8))
    numbers = struct.unpack_from(f"<{numbered}I", block, end)
    return Bases(common, numbers), end + numbered * _NUMBER_BYTES


def records(content: bytes) -> Iterator[WireRecord]:
    """The records of a block's content, in their order. RemoteProtocolError where there is none."""
    match_head, kinds = _HEAD.match, _KINDS
    at, size = 0, len(content)
    while at < size:
        match = match_head(content, at)
        start = at if match is None else match.end()
        end = -1 if match is None else start + int(match[2])
        if match is None or end > size:
            raise RemoteProtocolError(
                f"byte {at} of a block that the other side sent begins no object that fits in it"
            )
        word = match[1]
        is_recipe = word == b"recipe"
        yield start if is_recipe else at, end, kinds[word], is_recipe
        at = end
