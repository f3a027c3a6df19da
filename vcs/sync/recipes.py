"""Recipes that came from elsewhere: checked against the very chunks that they name."""

from __future__ import annotations

from pyvcs.objects import codec
from pyvcs.objects.chunking import MAX_CHUNK
from pyvcs.objects.errors import Corrupt, InvalidObject
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import decode_recipe
from pyvcs.objects.pack_index import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

Read: TypeAlias = "Callable[[Oid], tuple[Place, bytes]]"
"""Gives an object of the giver as it lies there: canonical bytes, or a recipe."""


def checked_chunks(oid: Oid, recipe: bytes, read: Read) -> list[Oid]:
    """The chunks that a recipe names, when they are what their oids say and together are `oid`.

    Then any other copy of them makes the same blob. Else Corrupt or InvalidObject.
    """
    named, length, parts = decode_recipe(recipe)
    check_oid(oid, named)
    digest = codec.BlobHash(length)
    for size, chunk in parts:
        digest.update(checked_chunk(oid, size, chunk, read)[1])
    check_oid(oid, digest.oid())
    return [chunk for _, chunk in parts]


def whole_if_small(recipe: bytes, content: Iterable[bytes]) -> bytes:
    """What stands for a blob in chunks where others are compressed after it, at either end.

    Its recipe, unless it is so small that a receiver keeps it whole: then its canonical bytes.
    """
    if decode_recipe(recipe)[1] > MAX_CHUNK:
        return recipe
    return codec.encode(b"".join(content))


def checked_chunk(oid: Oid, size: int, chunk: Oid, read: Read) -> tuple[bytes, bytes]:
    """A chunk of the blob `oid`: canonical bytes and content."""
    place, record = read(chunk)
    kind, content = (Kind.TREE, b"") if place.chunked else codec.split(record)
    if kind is not Kind.BLOB or len(content) != size:
        raise InvalidObject(f"the recipe of the blob {oid} names no chunk with {chunk}")
    check_oid(chunk, codec.oid_of(record))
    return record, content


def check_oid(expected: Oid, found: Oid) -> None:
    """Corrupt unless bytes that came have the hash that they should have."""
    if expected != found:
        raise Corrupt(
            f"the other side sent bytes with the hash {found} for the object {expected}",
            hint="run `pyvcs fsck` there; nothing of this sync was kept",
        )
