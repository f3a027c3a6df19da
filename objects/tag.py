"""A tag object: a name and a message for another object, with the person who gave it."""

from __future__ import annotations

from pyvcs.objects.commit import Identity, Timestamp
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.fields import check_extra, check_text
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass

_OWN_FIELDS = frozenset(("object", "kind", "tag", "tagger", "signature"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An annotated tag. `target_kind` is the kind of the object that it names.

    `extra` and `signature` are as in a commit. The name has no line break and no NUL.
    """

    target: Oid
    target_kind: Kind
    name: str
    tagger: Identity
    tagged: Timestamp
    message: str
    extra: tuple[tuple[str, bytes], ...] = ()
    signature: bytes = b""

    def __post_init__(self) -> None:
        if not self.name or "\n" in self.name or "\0" in self.name:
            raise InvalidObject(f"{self.name!r} cannot name a tag")
        check_text(self.name, "the name of a tag")
        check_text(self.message, "the message of a tag")
        check_extra(self.extra, _OWN_FIELDS)
