"""Resolutions that are remembered, so that the same conflict is not settled twice.

A value under `resolutions/KEY` says how a commit made here settled a conflict; the key is that of
the conflict: its kind, base and sides, and inside a document its place. It belongs to this replica
and does not travel: what others settle arrives as commits (docs/formats/resolutions.md).
"""

from __future__ import annotations

import hashlib

from pyvcs.merge.result import TEXT_KINDS, ConflictKind
from pyvcs.objects.backends.base import overwrite
from pyvcs.objects.commit import Commit
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import File, entry_at
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass
from pyvcs.plain_json import MISREAD, Value, one_line, read_json
from pyvcs.replica import Replica
from pyvcs.unresolved import has_markers, same_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PREFIX = "resolutions/"
_WHOLE = (
    *TEXT_KINDS,
    *(ConflictKind.BINARY, ConflictKind.MODIFY_DELETE, ConflictKind.MODE, ConflictKind.TYPE),
)
_INSIDE = (ConflictKind.VALUE, ConflictKind.VALUE_DELETE)
REMEMBERED = (*_WHOLE, *_INSIDE)
"""The kinds that are settled by what stands at the place; of others one cannot tell by that."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a conflict was settled, and by which commit.

    Of a whole file: `file` stands at the path, or nothing. Inside a document: `value` is JSON
    text at the pointer, or nothing is there.
    """

    commit: Oid
    file: File | None = None
    value: bytes | None = None


def key_of(conflict: Conflict) -> str:
    """The key of a conflict: the same wherever base and sides are, in whatever order."""
    sides = sorted(map(_words, conflict.sides))
    pointer = conflict.pointer
    place: Value = [] if pointer is None else [_path_text(conflict.path), pointer]
    words: Value = [str(conflict.kind), _words(conflict.base), *sides, place]
    return PREFIX + hashlib.sha256(one_line(words).encode()).hexdigest()


def _words(side: ConflictSide) -> str:
    return "" if side.mode is None else f"{side.mode.word} {side.oid}"


def _path_text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def recall(replica: Replica, conflict: Conflict) -> Resolution | None:
    """How the same conflict was settled before, if that is known and its objects are here."""
    content = replica.backend.read(key_of(conflict))
    if content is None or conflict.kind not in REMEMBERED:
        return None
    try:
        found = _decoded(read_json(content))
    except MISREAD:
        return None  # a cache: what cannot be read is asked for again
    needed = (found.commit, *(() if found.file is None else (found.file[1],)))
    return found if all(map(replica.store.has, needed)) else None


def remember(replica: Replica, before: Commit, oid: Oid, resolved: Iterable[Oid]) -> None:
    """Remember how commit `oid`, made on `before`, settled these conflicts of it."""
    for conflict in map(replica.store.conflict, resolved):
        resolution = _resolution(replica, before, oid, conflict)
        if resolution is not None:
            document = one_line(_encoded(resolution)).encode()
            overwrite(replica.backend, key_of(conflict), document)


def forget(replica: Replica, conflict: Conflict) -> bool:
    """Forget how a conflict was settled; whether that was known."""
    key = key_of(conflict)
    known = replica.backend.read(key) is not None
    replica.backend.delete(key)
    return known


def remembered(replica: Replica) -> Iterator[str]:
    """The keys of all that is remembered."""
    return replica.backend.keys(PREFIX)


def _resolution(
    replica: Replica, before: Commit, oid: Oid, conflict: Conflict
) -> Resolution | None:
    """What a commit has at the place of a conflict; None when that does not tell."""
    store, after = replica.store, replica.store.commit(oid)
    if conflict.kind in _INSIDE and conflict.pointer is not None:
        return _value_in(replica, before, oid, conflict)
    if conflict.kind not in _WHOLE or conflict.pointer is not None:
        return None
    entry = entry_at(store, after.tree, conflict.path)
    if entry is None:
        return Resolution(oid)
    if not entry.mode.is_file and entry.mode is not Mode.SYMLINK:
        return None
    if conflict.kind in TEXT_KINDS and has_markers(conflict, store.blob(entry.oid)):
        return None
    return Resolution(oid, file=(entry.mode, entry.oid))


def _value_in(replica: Replica, before: Commit, oid: Oid, conflict: Conflict) -> Resolution | None:
    from pyvcs.merge.json_document import read_document
    from pyvcs.merge.json_style import dump_json
    from pyvcs.merge.json_value import Missing, NotJson
    from pyvcs.merge.pointer import look

    store, pointer = replica.store, conflict.pointer or ""
    entries = [
        entry_at(store, tree, conflict.path) for tree in (before.tree, store.commit(oid).tree)
    ]
    try:
        shown, settled = (
            read_document(conflict.path, b"" if entry is None else store.blob(entry.oid))
            for entry in entries
        )
    except NotJson:
        return None
    if not same_place(shown, settled, pointer):
        return None
    value = look(settled, pointer)
    return Resolution(oid, value=None if isinstance(value, Missing) else dump_json(value))


def _encoded(resolution: Resolution) -> Value:
    file, value = resolution.file, resolution.value
    return {
        "commit": str(resolution.commit),
        "file": None if file is None else [file[0].word, str(file[1])],
        "value": None if value is None else value.decode(),
    }


def _decoded(found: dict[str, str]) -> Resolution:
    file, value = found["file"], found["value"]
    return Resolution(
        Oid.from_hex(found["commit"]),
        None if file is None else (Mode[file[0].upper()], Oid.from_hex(file[1])),
        None if value is None else value.encode(),
    )
