"""Values as `--json` shows them. The fields are stable and stand in docs/json.md."""

from __future__ import annotations

from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.listing import File
from pyvcs.objects.oid import Oid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, TypeAlias

    from pyvcs.changes import Change
    from pyvcs.merging import MergeOutcome
    from pyvcs.ref_store import Operation
    from pyvcs.tagging import TagEntry

Shape: TypeAlias = "dict[str, Any]"


def path_shape(path: bytes) -> str:
    """A path; bytes that are no UTF-8 come as lone surrogates (Python's surrogateescape)."""
    return path.decode("utf-8", "surrogateescape")


def oid_shape(oid: Oid | None) -> str | None:
    """An oid as 64 hex digits."""
    return None if oid is None else str(oid)


def time_shape(time: Timestamp) -> str:
    """A time as ISO 8601 with its offset; one out of the calendar's range as its seconds."""
    from datetime import datetime, timedelta, timezone

    try:
        zone = timezone(timedelta(minutes=time.offset))
        return datetime.fromtimestamp(time.seconds, zone).isoformat()
    except (OverflowError, ValueError, OSError):
        return f"@{time.seconds} {time.zone}"


def identity_shape(identity: Identity | None) -> Shape | None:
    """A person, or None for a canonical merge."""
    return None if identity is None else {"name": identity.name, "email": identity.email}


def commit_shape(
    oid: Oid, commit: Commit, branches: Collection[str] = (), tags: Collection[TagEntry] = ()
) -> Shape:
    """One commit."""
    return {
        "id": str(oid),
        "parents": [str(parent) for parent in commit.parents],
        "author": identity_shape(commit.author),
        "time": time_shape(commit.committed),
        "authored": time_shape(commit.authored),
        "message": commit.message,
        "kind": "canonical" if commit.is_canonical else "authored",
        "conflicts": len(commit.conflicts),
        "branches": list(branches),
        "tags": [tag.name for tag in tags],
    }


def file_shape(file: File | None) -> Shape | None:
    """A file of a tree."""
    return None if file is None else {"mode": file[0].word, "oid": str(file[1])}


def change_shape(change: Change) -> Shape:
    """One path of the working tree that differs from the commit."""
    return {"path": path_shape(change.path), "change": change.kind.word}


def conflict_shape(conflict: Conflict) -> Shape:
    """One conflict with base and sides."""
    return {
        "path": path_shape(conflict.path),
        "pointer": conflict.pointer,
        "kind": conflict.kind,
        "base": _side_shape(conflict, conflict.base),
        "sides": [_side_shape(conflict, side) for side in conflict.sides],
    }


def _side_shape(conflict: Conflict, side: ConflictSide) -> Shape:
    mode = None if side.mode is None else side.mode.word
    path = None if mode is None else path_shape(conflict.path_of(side))
    return {"label": side.label, "mode": mode, "oid": oid_shape(side.oid), "path": path}


def operation_shape(operation: Operation) -> Shape:
    """One line of the operation log."""
    return {
        "number": operation.number,
        "time": time_shape(Timestamp(operation.milliseconds // 1000, 0)),
        "command": operation.command,
        "before": operation.before,
        "after": operation.after,
    }


def merge_shape(outcome: MergeOutcome) -> Shape:
    """How a merge came out."""
    return {
        "kind": outcome.kind.value,
        "before": oid_shape(outcome.before),
        "tip": str(outcome.tip),
        "conflicts": [conflict_shape(conflict) for conflict in outcome.conflicts],
    }
