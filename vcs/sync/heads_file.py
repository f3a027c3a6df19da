"""A heads file: what one replica says of its branches and tags, in a folder or at the head of a
bundle. The bytes stand in docs/formats/folder.md."""

from __future__ import annotations

import json
import re

from pyvcs.objects.clock import ReplicaId
from pyvcs.objects.codec import encode, oid_of
from pyvcs.objects.errors import Corrupt, InvalidObject, UnsupportedFormat
from pyvcs.objects.values import dataclass, field
from pyvcs.ref_codec import decode_ref, encode_ref
from pyvcs.refs import Position, Ref, Refs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FORMAT = 1
_PACK = re.compile(r"[0-9a-f]{32}", re.ASCII)
MAX_BYTES = 16 * 1024 * 1024
"""A larger file is not read: no length in what comes from outside makes memory grow."""


@dataclass(frozen=True, slots=True)
class HeadsFile:
    """Branches and tags of one replica, stamps and all, and the packs that it wrote.

    `packs` gives the length in bytes of each pack in the folder that is this replica's own.
    """

    replica: ReplicaId
    branches: Mapping[str, Ref]
    tags: Mapping[str, Ref]
    packs: Mapping[str, int] = field(default_factory=dict)

    @property
    def refs(self) -> Refs:
        """Its branches and tags as refs that can be joined; no working tree, no tips."""
        return Refs(Position(None), branches=self.branches, tags=self.tags)


def encode_heads(heads: HeadsFile) -> bytes:
    """A heads file as JSON in one fixed spelling, with a final newline."""
    document = {
        "format": FORMAT,
        "replica": str(heads.replica),
        "branches": {name: encode_ref(ref) for name, ref in heads.branches.items()},
        "tags": {name: encode_ref(ref) for name, ref in heads.tags.items()},
        "packs": dict(heads.packs),
    }
    return document_with_check(document)


def decode_heads(content: bytes, name: str) -> HeadsFile:
    """A heads file from its bytes; `name` is what errors call it.

    Corrupt when it is cut off or damaged, InvalidObject when it says what cannot be,
    UnsupportedFormat if it is newer.
    """
    document = checked_document(content, name, FORMAT)
    try:
        return HeadsFile(
            ReplicaId(document["replica"]),
            {str(ref): decode_ref(found) for ref, found in document["branches"].items()},
            {str(ref): decode_ref(found) for ref, found in document["tags"].items()},
            {_pack_name(pack): int(size) for pack, size in document["packs"].items()},
        )
    except InvalidObject:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise InvalidObject(f"{name} is no heads file: {error!r}") from None


def _pack_name(text: str) -> str:
    """A name of a pack, checked: it becomes part of a path."""
    if not _PACK.fullmatch(text):
        raise InvalidObject(f"{text!r} cannot name a pack: that is 32 lower-case hex digits")
    return text


def document_with_check(document: Mapping[str, Any]) -> bytes:
    """A document in one fixed spelling, with a field that tells whether it has arrived whole.

    `check` is the oid that the same document without `check` would have as a blob.
    """
    return _spelled({**document, "check": _check_of(document)})


def checked_document(content: bytes, name: str, known: int) -> dict[str, Any]:
    """The document that was written with a check, without it. Corrupt, or UnsupportedFormat."""
    try:
        document: dict[str, Any] = json.loads(content)
        if document.get("format", known) != known:
            raise UnsupportedFormat(
                f"{name} has format {document['format']!r}, and this pyvcs knows {known}",
                hint="use a newer pyvcs",
            )
        check = document.pop("check")
        if check != _check_of(document):
            raise ValueError("its check does not fit")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Corrupt(f"{name} is cut off or damaged: {error}") from None
    return document


def _check_of(document: Mapping[str, Any]) -> str:
    return str(oid_of(encode(_spelled(document))))


def _spelled(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, indent=1).encode() + b"\n"
