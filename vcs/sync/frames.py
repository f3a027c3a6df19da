"""Frames: how one message ends and the next begins in a stream of bytes."""

from __future__ import annotations

from struct import Struct

from pyvcs.objects.compression import compressed, decompressed
from pyvcs.objects.errors import Corrupt, RemoteProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = Struct("<BI")
"""Kind of the message, length of its body in bytes."""

PACKED = 0x80
"""Added to the kind of a message whose body is compressed: its length, then one zstd frame."""

PACKED_FROM = 1024
"""A shorter body is not worth it."""

_LENGTH = Struct("<I")
MAX_BODY = 1024 * 1024
"""Of one message. Objects come in pieces of PIECE_BYTES, refs in several messages."""

PIECE_BYTES = 64 * 1024
"""How much of a block of objects one message carries."""


def frame(code: int, body: bytes, *, pack: bool = False) -> bytes:
    """One frame; with `pack` compressed, if that makes it smaller.

    ValueError when the body is too long to be read again.
    """
    if len(body) > MAX_BODY:
        raise ValueError(f"a message of {len(body)} bytes; at most {MAX_BODY} can travel")
    if pack and len(body) >= PACKED_FROM:
        packed = _LENGTH.pack(len(body)) + compressed(body)
        if len(packed) < len(body):
            return HEAD.pack(code | PACKED, len(packed)) + packed
    return HEAD.pack(code, len(body)) + body


def _unpacked(body: bytes) -> bytes:
    """The body of a compressed frame, which says its length before room is made for it."""
    length = _LENGTH.unpack_from(body)[0] if len(body) > _LENGTH.size else MAX_BODY + 1
    if length > MAX_BODY:
        raise RemoteProtocolError("the other side sent a compressed message of no fair length")
    try:
        return decompressed(body[_LENGTH.size :], length)
    except Corrupt as error:
        raise RemoteProtocolError(f"the other side sent a damaged message: {error}") from None


class FrameReader:
    """Cuts a stream into frames, in whatever pieces it comes; keeps one unfinished frame."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The frames that end in `data`: kind and body. RemoteProtocolError for a false length."""
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= HEAD.size:
            code, length = HEAD.unpack_from(self._buffer, at)
            if length > MAX_BODY:
                raise RemoteProtocolError(
                    f"the other side announces a message of {length} bytes;"
                    f" at most {MAX_BODY} are allowed",
                    hint="is there really a pyvcs at the other end?",
                )
            end = at + HEAD.size + length
            if len(self._buffer) < end:
                break
            body = bytes(self._buffer[at + HEAD.size : end])
            at = end
            if code & PACKED:
                code, body = code & ~PACKED, _unpacked(body)
            yield code, body
        del self._buffer[:at]

    @property
    def is_between(self) -> bool:
        """Whether no frame is unfinished."""
        return not self._buffer
