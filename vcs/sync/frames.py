"""Frames: how one message ends and the next begins in a stream of bytes."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pyvcs.objects.errors import RemoteProtocolError

HEAD = Struct("<BI")
"""Kind of the message, length of its body in bytes."""

MAX_BODY = 1024 * 1024
"""Of one message. Objects come in pieces of PIECE_BYTES, refs in several messages."""

PIECE_BYTES = 64 * 1024
"""How much of a block of objects one message carries."""


def frame(code: int, body: bytes) -> bytes:
    """One frame. ValueError when the body is too long to be read again."""
    if len(body) > MAX_BODY:
        raise ValueError(f"a message of {len(body)} bytes; at most {MAX_BODY} can travel")
    return HEAD.pack(code, len(body)) + body


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
            yield code, body
        del self._buffer[:at]

    @property
    def is_between(self) -> bool:
        """Whether no frame is unfinished."""
        return not self._buffer
