"""zstd: the standard library's from Python 3.14 on, its backport before.

Of that library the compiled part is loaded alone: `ZstdCompressor` and the others are made there,
and handed on as they are. The part in Python makes enumerations and file objects that nobody here
needs; with `enum`, it takes as long to load as twenty of our modules, a tenth of a small fetch.
Where the compiled part lies is the library's own affair: if it is not found, the whole is loaded.
"""

from __future__ import annotations

import sys

from pyvcs.objects.errors import Corrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backports.zstd import ZstdCompressor, ZstdDecompressor, ZstdDict, ZstdError

_COMPILED = "backports.zstd._zstd"


def _library() -> Any:
    """A module that has the classes."""
    try:
        return _standard() if sys.version_info >= (3, 14) else _backport()
    except (ImportError, AttributeError):
        return _whole()


def _standard() -> Any:
    return __import__("_zstd")


def _backport() -> Any:
    """The compiled module of the backport. Who loads the whole of it later finds it there."""
    if _COMPILED not in sys.modules:
        import backports

        folders = [f"{folder}/zstd" for folder in backports.__path__]
        found = (finder.find_spec(_COMPILED, folders) for finder in sys.meta_path)
        spec: Any = next(filter(None, found), None)
        module = spec.loader.create_module(spec)
        spec.loader.exec_module(module)
        sys.modules[_COMPILED] = module
    return sys.modules[_COMPILED]


def _whole() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


if not TYPE_CHECKING:
    _found = _library()
    ZstdCompressor, ZstdDecompressor = _found.ZstdCompressor, _found.ZstdDecompressor
    ZstdDict, ZstdError = _found.ZstdDict, _found.ZstdError

_LEVEL, _WINDOW, _CHECKSUM = 100, 101, 201
# The numbers of zstd's parameters: compression_level, window_log, checksum_flag.

_LEVEL_AFTER_LITTLE, _LEVEL_AFTER_MUCH = 6, 12
_MUCH = 1024 * 1024
_WINDOW_LOG = 24
# A low level finds what lies up to about a megabyte back, and nothing beyond.

_LEAST_PREFIX = 8  # zstd takes no shorter one

_OPTIONS: Mapping[int, int] = {_LEVEL: 1, _CHECKSUM: 1}


def compressed(data: bytes | bytearray) -> bytes:
    """`data` as one zstd frame with a checksum. Level 1: the disk is seldom slower than that."""
    return _frame(ZstdCompressor(options=_OPTIONS), data)


def compressed_after(data: bytes | bytearray, before: bytes) -> bytes:
    """`data` as one zstd frame that reads on from `before`, which the reader must have.

    Slower and much smaller than `compressed` where the two are alike: for the wire.
    """
    level = _LEVEL_AFTER_MUCH if len(before) > _MUCH else _LEVEL_AFTER_LITTLE
    options = {**_OPTIONS, _LEVEL: level, _WINDOW: _WINDOW_LOG}
    return _frame(ZstdCompressor(options=options, zstd_dict=_prefix(before)), data)


def _frame(compressor: ZstdCompressor, data: bytes | bytearray) -> bytes:
    return compressor.compress(data, ZstdCompressor.FLUSH_FRAME)


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
