"""Where a large blob is cut: content-defined chunking, so that an edit changes few chunks.

Cut points depend on the bytes around them and not on their offset (FastCDC, Xia et al., USENIX ATC
2016, in the form of 2020), so one byte inserted in the middle moves no other cut. They are a matter
of storage alone: a blob's oid is the hash of its whole content, however it was cut, and two
replicas may cut differently.

The cutting is pyfastcdc's: compiled, with wheels for Linux (x86 and ARM), macOS and Windows, and
the same cuts from its pure-Python fallback. fastcdc 1.7 is as quick and has no wheel for ARM Linux.
"""

from __future__ import annotations

from pyvcs.objects.typed import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNKED_FROM = 512 * 1024
"""Blobs of this many bytes and more are stored in chunks."""

MIN_CHUNK, AVERAGE_CHUNK, MAX_CHUNK = 64 * 1024, 128 * 1024, 512 * 1024
"""Sizes of chunks in bytes."""


class Readable(Protocol):
    """What gives bytes in order, as a file does."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


def chunks(stream: Readable) -> Iterator[bytes]:
    """The content of `stream`, cut. Memory: a few times MAX_CHUNK, whatever the length."""
    from pyfastcdc import FastCDC

    cutter = FastCDC(AVERAGE_CHUNK, min_size=MIN_CHUNK, max_size=MAX_CHUNK)
    for chunk in cutter.cut_stream(stream):
        yield bytes(chunk.data)
