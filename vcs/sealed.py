"""Sealed values: what `marshal` makes of a value, behind a magic number and the hash of it.

For caches that are read in every command: nothing is quicker to read. `marshal` trusts its input,
so the hash comes first; a value that is damaged, of another version, or of a Python that does not
read it, is none.

The stat cache is the largest of them, and those who only look at files do not load what changes it:
so its bytes are known here.
"""

from __future__ import annotations

import marshal
from itertools import accumulate, pairwise

from blake3 import blake3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeAlias

Packed: TypeAlias = "bytes | memoryview"
"""The files of a folder, as `looking.pack` makes them, or where they lie in what was read."""

KnownFiles: TypeAlias = "tuple[bytes, bytes, Mapping[bytes, Packed]]"
"""A stat cache: oids of a commit and of one at peace, or no bytes; by folder its files."""

STAT_CACHE_KEY = "stat-cache"
STAT_CACHE_MAGIC = b"pyvcsSC\x04"

_HASH_BYTES = 32

_last: list[tuple[bytes, KnownFiles | None]] = [(b"", None)]
"""The stat cache read last. A commit reads it to look ahead, and again when it has the lock."""


def seal(magic: bytes, value: Any) -> bytes:
    """The bytes of a value that `marshal` knows."""
    body = marshal.dumps(value)
    return magic + blake3(body).digest() + body


def unseal(magic: bytes, content: bytes | None) -> Any:
    """The value, or None. What stands behind it is not looked at."""
    if content is None or content[: len(magic)] != magic:
        return None
    begin = len(magic) + _HASH_BYTES
    hashed, body = content[len(magic) : begin], memoryview(content)[begin:]  # no copy of much
    if hashed != blake3(body).digest():
        return None
    try:
        return marshal.loads(body)
    except (ValueError, EOFError, TypeError):
        return None  # another Python's marshal


def seal_files(commit: bytes, at_peace: bytes, folders: Mapping[bytes, Packed]) -> bytes:
    """The bytes of a stat cache."""
    lengths = list(map(len, folders.values()))
    head = marshal.dumps((commit, at_peace, list(folders), lengths))
    digest = blake3(head)
    for rows in folders.values():
        digest.update(rows)
    return b"".join([STAT_CACHE_MAGIC, digest.digest(), head, *folders.values()])


def unseal_files(content: bytes | None) -> KnownFiles | None:
    """What `seal_files` was given, or None."""
    known, value = _last[0]
    if content == known:
        return value
    head = unseal(STAT_CACHE_MAGIC, content)
    if content is None or head is None:
        return None
    commit, at_peace, names, lengths = head
    ends = accumulate(lengths, initial=len(content) - sum(lengths))
    rows = [memoryview(content)[begin:end] for begin, end in pairwise(ends)]
    value = commit, at_peace, dict(zip(names, rows, strict=True))
    _last[0] = content, value
    return value
