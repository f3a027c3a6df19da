"""A pack of git, for `git index-pack`: whole objects, each compressed by itself.

Source. gitformat-pack(5): a head with the number of objects, for each its kind and size in 7-bit
groups and a zlib stream, and the SHA-1 of all that.
"""

from __future__ import annotations

import zlib
from hashlib import sha1
from pathlib import Path
from struct import pack
from typing import IO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_KINDS = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
_PIECE = 1 << 20


class PackStream:
    """Gathers objects in a file aside; `finish` writes the pack."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "objects"
        self._out: IO[bytes] = self._path.open("wb")
        self.count = 0

    def add(self, kind: str, size: int, content: Iterable[bytes]) -> None:
        """Add an object of `size` bytes."""
        self._out.write(_head(_KINDS[kind], size))
        packer = zlib.compressobj(1)
        for piece in content:
            self._out.write(packer.compress(piece))
        self._out.write(packer.flush())
        self.count += 1

    def finish(self, path: Path) -> None:
        """Write the pack to a path."""
        self._out.close()
        head = b"PACK" + pack(">II", 2, self.count)
        digest = sha1(head, usedforsecurity=False)
        with self._path.open("rb") as objects, path.open("wb") as out:
            out.write(head)
            while piece := objects.read(_PIECE):
                digest.update(piece)
                out.write(piece)
            out.write(digest.digest())
        self._path.unlink()


def _head(kind: int, size: int) -> bytes:
    first, size = kind << 4 | size & 15, size >> 4
    groups = [first]
    while size:
        groups[-1] |= 0x80
        groups.append(size & 0x7F)
        size >>= 7
    return bytes(groups)
