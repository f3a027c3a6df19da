"""Resolving conflicts: taking a side, giving a value, or saying that the file is right as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from pyvcs.changes import changes
from pyvcs.committing import keep_in_store
from pyvcs.merge.entries import marker_label
from pyvcs.merge.markers import Labels, Marked, parse
from pyvcs.moving import swap
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.errors import NotFound, Refused, Usage
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import display
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.unresolved import TEXT_KINDS, still_unresolved
from pyvcs.worktree import Worktree

SideName = Literal["base", "ours", "theirs"]


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict to be resolved. `ours` is the side with a commit of this replica, if just one is.

    Otherwise the first side is ours: which of two strangers comes first is the same everywhere.
    """

    oid: Oid
    conflict: Conflict
    ours: ConflictSide
    theirs: ConflictSide

    def side(self, name: SideName) -> ConflictSide:
        """The side that goes by this name."""
        return {"base": self.conflict.base, "ours": self.ours, "theirs": self.theirs}[name]


def open_conflicts(replica: Replica) -> list[OpenConflict]:
    """The unresolved conflicts of the working tree (without one: of the tip), sorted by place."""
    refs = replica.refs
    position = refs.position
    if replica.has_worktree:
        cache = StatCache.load(replica.backend, replica.store, position.commit)
        oids = still_unresolved(replica, position, changes(replica.worktree, cache))
    else:
        tip = refs.tips.get(position.branch or "")
        oids = () if tip is None else replica.store.commit(tip).conflicts
    found = [_opened(replica, oid) for oid in oids]
    return sorted(found, key=lambda item: (item.conflict.path, item.conflict.pointer or ""))


def _opened(replica: Replica, oid: Oid) -> OpenConflict:
    conflict = replica.store.conflict(oid)
    first, second = conflict.sides[:2]
    if _is_mine(replica, second) and not _is_mine(replica, first):
        first, second = second, first
    return OpenConflict(oid, conflict, first, second)


def _is_mine(replica: Replica, side: ConflictSide) -> bool:
    oids = [Oid.from_hex(part) for part in side.label.split("+") if len(part) == 64]
    there = (oid for oid in oids if replica.store.has(oid))
    return any(replica.store.commit(oid).replica == replica.id for oid in there)


def resolve(
    replica: Replica,
    path: bytes,
    *,
    pointer: str | None = None,
    take: SideName | None = None,
    value: bytes | None = None,
) -> list[OpenConflict]:
    """Resolve the conflicts at a path (inside a document at `pointer` only); those resolved.

    `take` puts one side in place, in a text only where the markers are; `value` puts JSON text
    at the pointer; with neither the file counts as resolved as it stands. The next commit records
    it. What stood in the file is kept in the store. NotFound when there is no such conflict.
    """
    if value is not None and (pointer is None or take is not None):
        raise Usage("a value goes with a pointer and without a side")
    with replica.locked("resolve"):
        found = [
            item
            for item in open_conflicts(replica)
            if item.conflict.path == path and pointer in (None, item.conflict.pointer)
        ]
        if not found:
            at = "" if pointer is None else f" at {pointer}"
            raise NotFound(
                f"there is no conflict in {display(path)}{at}",
                hint="`pyvcs conflicts` lists those that there are",
            )
        if take is not None or value is not None:
            for item in sorted(found, key=lambda item: item.conflict.pointer or "", reverse=True):
                _put_in_place(replica, item, take, value)
        refs = replica.refs
        resolved = (*refs.position.resolved, *(item.oid for item in found))
        position = replace(refs.position, resolved=tuple(sorted(set(resolved))))
        swap(replica, refs, replace(refs, position=position), f"resolve {display(path)}")
    return found


def _put_in_place(
    replica: Replica, item: OpenConflict, take: SideName | None, value: bytes | None
) -> None:
    worktree = replica.worktree
    conflict = item.conflict
    if conflict.pointer is None:
        assert take is not None
        side = item.side(take)
        if conflict.kind not in TEXT_KINDS or not _take_lines(replica, worktree, conflict, side):
            _take_file(replica, worktree, conflict.path, side)
        return
    if take is not None:
        side = item.side(take)
        value = None if side.oid is None else replica.store.blob(side.oid)
    content = worktree.read(conflict.path)
    if content is None:
        raise Refused(f"{display(conflict.path)} is not in the working tree")
    _write(replica, worktree, conflict.path, _with_value(conflict, content, value))


def _take_lines(
    replica: Replica, worktree: Worktree, conflict: Conflict, side: ConflictSide
) -> bool:
    """Take one side between the markers; False when the file has none."""
    content = worktree.read(conflict.path)
    if content is None:
        return False
    sides = (conflict.base, *conflict.sides[:2])
    pieces = parse(content, labels=Labels(*(marker_label(each.label) for each in sides)))
    if not any(isinstance(piece, Marked) for piece in pieces):
        return False
    which = sides.index(side)
    taken = [
        (piece.base or b"", piece.ours, piece.theirs)[which]
        if isinstance(piece, Marked)
        else piece.content
        for piece in pieces
    ]
    _write(replica, worktree, conflict.path, b"".join(taken))
    return True


def _take_file(replica: Replica, worktree: Worktree, path: bytes, side: ConflictSide) -> None:
    """Put a whole file in place, or remove it; a folder is what the tree shows already."""
    if side.mode is Mode.TREE:
        return
    inside = list(worktree.scan(lambda _: True, path + b"/")) if worktree.is_folder(path) else []
    for found in inside:
        _keep(replica, worktree, found.path)
        worktree.remove(found.path)
    _keep(replica, worktree, path)
    if side.oid is None or side.mode is None:
        worktree.remove(path)
    else:
        worktree.write(path, side.mode, replica.store.blob_stream(side.oid))


def _with_value(conflict: Conflict, content: bytes, value: bytes | None) -> bytes:
    """A JSON document with another value (None: without one) at the conflict's pointer."""
    from pyvcs.merge.json_value import ABSENT, NotJson, dump_json, parse_json
    from pyvcs.merge.pointer import put

    assert conflict.pointer is not None
    try:
        document = parse_json(content)
        new = ABSENT if value is None else parse_json(value).value
        return dump_json(put(document.value, conflict.pointer, new), document.style)
    except (NotJson, KeyError) as error:
        raise Refused(
            f"{display(conflict.path)} cannot be changed at {conflict.pointer}: {error.args[0]}",
            hint="edit the file, then `pyvcs resolve` it without a side",
        ) from None


def _write(replica: Replica, worktree: Worktree, path: bytes, content: bytes) -> None:
    found = worktree.look(path)
    mode = Mode.FILE if found is None else found.mode
    _keep(replica, worktree, path)
    worktree.write(path, mode, [content])


def _keep(replica: Replica, worktree: Worktree, path: bytes) -> None:
    found = worktree.look(path)
    if found is not None:
        keep_in_store(replica, worktree, found)
