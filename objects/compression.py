"""zstd: the standard library's from Python 3.14 on, its backport before."""

from __future__ import annotations

import sys
from collections.abc import Mapping

if sys.version_info >= (3, 14):
    from compression.zstd import CompressionParameter, ZstdDecompressor, ZstdError, compress
else:
    from backports.zstd import CompressionParameter, ZstdDecompressor, ZstdError, compress

from pyvcs.objects.errors import Corrupt

_OPTIONS: Mapping[int, int] = {
    CompressionParameter.compression_level: 1,
    CompressionParameter.checksum_flag: 1,
}


def compressed(data: bytes | bytearray) -> bytes:
    """`data` as one zstd frame with a checksum. Level 1: the disk is seldom slower than that."""
    return compress(data, options=_OPTIONS)


def decompressed(frame: bytes, length: int) -> bytes:
    """The `length` bytes that `frame` holds; Corrupt if it holds fewer, more or none.

    Never makes more than `length` + 1 bytes, whatever the frame claims.
    """
    decompressor = ZstdDecompressor()
    try:
        data = decompressor.decompress(frame, length + 1)
        if len(data) == length and not decompressor.eof and not decompressor.needs_input:
            data += decompressor.decompress(b"", 1)
    except ZstdError as error:
        raise Corrupt(f"a block of a pack cannot be decompressed: {error}") from None
    if len(data) != length or not decompressor.eof or decompressor.unused_data:
        raise Corrupt(f"a block of a pack does not hold the {length} bytes that it should")
    return data
