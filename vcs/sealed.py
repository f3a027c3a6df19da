"""Sealed values: what `marshal` makes of a value, behind a magic number and the hash of it.

For caches that are read in every command: nothing is quicker to read. `marshal` trusts its input,
so the hash comes first; a value that is damaged, of another version, or of a Python that does not
read it, is none.
"""

from __future__ import annotations

import marshal

from blake3 import blake3

from pyvcs.objects.contexts import Uncollected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STAT_CACHE_KEY = "stat-cache"
STAT_CACHE_MAGIC = b"pyvcsSC\x03"

_HASH_BYTES = 32


def seal(magic: bytes, value: Any) -> bytes:
    """The bytes of a value that `marshal` knows."""
    body = marshal.dumps(value)
    return magic + blake3(body).digest() + body


def unseal(magic: bytes, content: bytes | None) -> Any:
    """The value, or None."""
    if content is None or content[: len(magic)] != magic:
        return None
    begin = len(magic) + _HASH_BYTES
    hashed, body = content[len(magic) : begin], memoryview(content)[begin:]  # no copy of much
    if hashed != blake3(body).digest():
        return None
    try:
        with Uncollected():
            return marshal.loads(body)
    except (ValueError, EOFError, TypeError):
        return None  # another Python's marshal
