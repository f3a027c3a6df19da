"""The refs of a replica as bytes. The format stands in docs/formats/refs.md."""

from __future__ import annotations

from pyvcs.objects.clock import Clock, ReplicaId, Stamp
from pyvcs.objects.errors import Corrupt, UnsupportedFormat
from pyvcs.objects.oid import Oid
from pyvcs.plain_json import MISREAD, indented, read_json
from pyvcs.refs import Position, Ref, Refs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FORMAT = 1


def encode_refs(refs: Refs) -> bytes:
    """Refs as JSON in one fixed spelling, with a final newline."""
    return indented(refs_document(refs)).encode() + b"\n"


def refs_document(refs: Refs) -> dict[str, Any]:
    """Refs as what JSON can hold."""
    return {
        "format": FORMAT,
        "operation": refs.operation,
        "log_bytes": refs.log_bytes,
        "clock": str(refs.clock),
        "head": {
            "branch": refs.position.branch,
            "commit": _hex(refs.position.commit),
            "resolved": [str(oid) for oid in refs.position.resolved],
        },
        "branches": {name: encode_ref(ref) for name, ref in refs.branches.items()},
        "tags": {name: encode_ref(ref) for name, ref in refs.tags.items()},
        "tips": {name: str(oid) for name, oid in refs.tips.items()},
    }


def decode_refs(content: bytes) -> Refs:
    """The refs from their bytes. Corrupt when they cannot be read, UnsupportedFormat if newer."""
    try:
        document = read_json(content)
        if document["format"] != FORMAT:
            raise UnsupportedFormat(
                f"the refs have format {document['format']}, and this pyvcs knows {FORMAT}",
                hint="use a newer pyvcs",
            )
        return Refs(
            position=decode_position(document["head"]),
            branches=_refs(document["branches"]),
            tags=_refs(document["tags"]),
            tips={name: Oid.from_hex(oid) for name, oid in document["tips"].items()},
            clock=Clock.parse(document["clock"]),
            operation=decode_count(document["operation"]),
            log_bytes=decode_count(document["log_bytes"]),
        )
    except MISREAD as error:
        raise Corrupt(
            f"the refs of this repository cannot be read: {error}",
            hint="the file `operations` beside them has every state that they were in",
        ) from None


def decode_position(head: Mapping[str, Any]) -> Position:
    """Where a working tree stands, from what JSON gave. Raises one of MISREAD."""
    branch = head["branch"]
    if not isinstance(branch, str | None):
        raise TypeError(f"{branch!r} is no name of a branch")
    resolved = tuple(Oid.from_hex(oid) for oid in head["resolved"])
    return Position(branch, _oid(head["commit"]), resolved)


def decode_count(number: Any) -> int:
    """A number from 0 on. Raises one of MISREAD."""
    if not isinstance(number, int) or number < 0:
        raise ValueError(f"{number!r} is no count")
    return number


def encode_ref(ref: Ref) -> dict[str, dict[str, Any]]:
    """One ref, ready for JSON."""
    return {
        "heads": {str(oid): sorted(map(str, stamps)) for oid, stamps in ref.heads.items()},
        "seen": {str(replica): str(clock) for replica, clock in ref.seen.items()},
    }


def decode_ref(document: Mapping[str, Mapping[str, Any]]) -> Ref:
    """One ref from what JSON gave. Raises one of MISREAD."""
    return Ref(
        {
            Oid.from_hex(oid): frozenset(map(Stamp.parse, stamps))
            for oid, stamps in document["heads"].items()
        },
        {ReplicaId(replica): Clock.parse(clock) for replica, clock in document["seen"].items()},
    )


def _refs(document: Mapping[str, Any]) -> dict[str, Ref]:
    return {name: decode_ref(ref) for name, ref in document.items()}


def _hex(oid: Oid | None) -> str | None:
    return None if oid is None else str(oid)


def _oid(text: str | None) -> Oid | None:
    return None if text is None else Oid.from_hex(text)
