"""zstd: the standard library's from Python 3.14 on, its backport before."""

from __future__ import annotations

import sys
from collections.abc import Mapping

if sys.version_info >= (3, 14):
    from compression.zstd import (
        CompressionParameter,
        ZstdDecompressor,
        ZstdDict,
        ZstdError,
        compress,
    )
else:
    from backports.zstd import CompressionParameter, ZstdDecompressor, ZstdDict, ZstdError, compress

from pyvcs.objects.errors import Corrupt

_LEVEL_AFTER_LITTLE, _LEVEL_AFTER_MUCH = 6, 12
_MUCH = 1024 * 1024
_WINDOW_LOG = 24
# A low level finds what lies up to about a megabyte back, and nothing beyond.

_LEAST_PREFIX = 8  # zstd takes no shorter one

_OPTIONS: Mapping[int, int] = {
    CompressionParameter.compression_level: 1,
    CompressionParameter.checksum_flag: 1,
}


def compressed(data: bytes | bytearray) -> bytes:
    """`data` as one zstd frame with a checksum. Level 1: the disk is seldom slower than that."""
    return compress(data, options=_OPTIONS)


def compressed_after(data: bytes | bytearray, before: bytes) -> bytes:
    """`data` as one zstd frame that reads on from `before`, which the reader must have.

    Slower and much smaller than `compressed` where the two are alike: for the wire.
    """
    level = _LEVEL_AFTER_MUCH if len(before) > _MUCH else _LEVEL_AFTER_LITTLE
    options = {**_OPTIONS, CompressionParameter.compression_level: level}
    options[CompressionParameter.window_log] = _WINDOW_LOG
    return compress(data, options=options, zstd_dict=_prefix(before))


def decompressed(frame: bytes, length: int, before: bytes = b"") -> bytes:
    """The `length` bytes that `frame` holds; Corrupt if it holds fewer, more or none.

    `before` is what it was compressed after. Never makes more than `length` + 1 bytes, whatever
    the frame claims.
    """
    decompressor = ZstdDecompressor(zstd_dict=_prefix(before))
    try:
        data = decompressor.decompress(frame, length + 1)
        if len(data) == length and not decompressor.eof and not decompressor.needs_input:
            data += decompressor.decompress(b"", 1)
    except ZstdError as error:
        raise Corrupt(f"a block of a pack cannot be decompressed: {error}") from None
    if len(data) != length or not decompressor.eof or decompressor.unused_data:
        raise Corrupt(f"a block of a pack does not hold the {length} bytes that it should")
    return data


def _prefix(before: bytes) -> tuple[ZstdDict, int] | None:
    return ZstdDict(before, is_raw=True).as_prefix if len(before) >= _LEAST_PREFIX else None
