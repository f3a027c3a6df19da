"""A tag object: a name and a message for another object, with the person who gave it."""

from __future__ import annotations

from dataclasses import dataclass

from pyvcs.objects.commit import Identity, Timestamp
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An annotated tag. `target_kind` is the kind of the object that it names."""

    target: Oid
    target_kind: Kind
    name: str
    tagger: Identity
    tagged: Timestamp
    message: str
    extra: tuple[tuple[str, bytes], ...] = ()
    signature: bytes = b""
