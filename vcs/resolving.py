"""Resolving conflicts: taking a side, giving a value, or saying that the file is right as it is."""

from __future__ import annotations

from itertools import groupby

from pyvcs.changes import changes
from pyvcs.committing import keep_in_store
from pyvcs.merge.entries import marker_labels
from pyvcs.merge.markers import Marked, parse
from pyvcs.merge.result import PATH_KINDS, TEXT_KINDS, ConflictKind
from pyvcs.moving import swap
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.errors import NotFound, Refused, Usage
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import File
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import display
from pyvcs.objects.values import dataclass, replace
from pyvcs.open_conflicts import OpenConflict, SideName, open_conflicts
from pyvcs.ref_store import FileChanges
from pyvcs.replica import Replica
from pyvcs.resolutions import Resolution, recall
from pyvcs.stat_cache import StatCache
from pyvcs.taking_sides import take_entry, take_name, take_path
from pyvcs.unresolved import Documents
from pyvcs.worktree import Worktree, is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pyvcs.merge.json_value import Json, Place


def resolve(
    replica: Replica,
    path: bytes,
    *,
    pointer: str | None = None,
    take: SideName | None = None,
    value: bytes | None = None,
) -> list[OpenConflict]:
    """Resolve the conflicts at or below a path (inside a document at `pointer` only); those.

    `take` puts one side in place, in a text only where the markers are; `value` puts JSON text
    at the pointer; with neither the file counts as resolved as it stands. The next commit records
    it. What stood in the file is kept in the store. NotFound when there is no such conflict; one
    that an edit has resolved already is one as long as neither is given.
    """
    if value is not None and (pointer is None or take is not None):
        raise Usage("a value goes with a pointer and without a side")
    with replica.locked("resolve"):
        as_it_stands = take is None and value is None
        found = conflicts_at(replica, path, pointer, resolved_too=as_it_stands)
        files: dict[bytes, tuple[File | None, File | None]] = {}
        if not as_it_stands:
            touched = {path for item in found for path in item.conflict.paths}
            before = _standing_below(replica, touched)
            for at_path, items in groupby(found, key=lambda item: item.conflict.path):
                _put_in_place(replica, at_path, list(items), take, value)
            after = _standing_below(replica, touched)
            files = {at: (before.get(at), after.get(at)) for at in sorted({*before, *after})}
        _mark(replica, f"resolve {display(path)}", found, files)
    return found


def conflicts_at(
    replica: Replica, path: bytes, pointer: str | None = None, *, resolved_too: bool = False
) -> list[OpenConflict]:
    """The open conflicts at or below a path. NotFound when there are none."""
    found = [
        item
        for item in open_conflicts(replica, resolved_too=resolved_too)
        if is_below(item.conflict.path, path) and pointer in (None, item.conflict.pointer)
    ]
    if not found:
        at = "" if pointer is None else f" at {pointer}"
        raise NotFound(
            f"there is no conflict in {display(path)}{at}",
            hint="`pyvcs conflicts` lists those that there are",
        )
    return found


def resolve_with_content(replica: Replica, path: bytes, content: bytes) -> list[OpenConflict]:
    """Resolve the conflicts of one whole file by what it shall hold; those. NotFound as above."""
    with replica.locked("resolve"):
        found = conflicts_at(replica, path)
        before = _standing(replica, path)
        _write(replica, replica.worktree, path, content)
        files = {path: (before, _standing(replica, path))}
        _mark(replica, f"resolve {display(path)}", found, files)
    return found


@dataclass(frozen=True, slots=True)
class ConflictHere:
    """A conflict of the commit that the working tree stands on, and whether it is resolved."""

    oid: Oid
    conflict: Conflict
    is_resolved: bool


def conflicts_here(replica: Replica) -> list[ConflictHere]:
    """Every conflict of the commit that the working tree stands on, resolved or not, by place."""
    position = replica.refs.position
    if position.commit is None:
        return []
    still_open = {item.oid for item in open_conflicts(replica)}
    store = replica.store
    found = [
        ConflictHere(oid, store.conflict(oid), oid not in still_open)
        for oid in store.commit(position.commit).conflicts
    ]
    return sorted(found, key=lambda each: (each.conflict.path, each.conflict.pointer or ""))


def settle_as_before(replica: Replica) -> list[tuple[OpenConflict, Resolution]]:
    """Settle the open conflicts that were settled here before, in the same way; those.

    Only in files that nobody has edited since the merge; the next commit records it. An operation
    of its own, so that `undo` takes back just this. Nothing is done when the setting
    resolve.reuse is false.
    """
    commit = replica.refs.position.commit
    if commit is None or not replica.has_worktree or not replica.store.commit(commit).conflicts:
        return []
    if replica.config.get("resolve.reuse") is False:
        return []
    with replica.locked("resolve"):
        cache = StatCache.load(replica.backend, replica.store, commit)
        edited = {change.path for change in changes(replica.worktree, cache)}
        known = [
            (item, resolution)
            for item in open_conflicts(replica)
            if item.conflict.path not in edited
            and (resolution := recall(replica, item.conflict)) is not None
        ]
        files: dict[bytes, tuple[File | None, File | None]] = {}
        for path, group in groupby(known, key=lambda each: each[0].conflict.path):
            before = _standing(replica, path)
            for item, resolution in sorted(group, key=_later_places_first, reverse=True):
                _put_resolution(replica, item, resolution)
            files[path] = before, _standing(replica, path)
        if known:
            names = " ".join(map(display, files))
            _mark(replica, f"resolve as before {names}", [item for item, _ in known], files)
    return known


def _later_places_first(known: tuple[OpenConflict, Resolution]) -> list[tuple[int, str]]:
    return _place(known[0].conflict)


def _put_resolution(replica: Replica, item: OpenConflict, resolution: Resolution) -> None:
    path, worktree = item.conflict.path, replica.worktree
    if item.conflict.pointer is not None:
        _edit_document(replica, worktree, path, [item], None, resolution.value)
    else:
        mode, oid = resolution.file or (None, None)
        take_entry(replica, worktree, path, ConflictSide("", mode, oid))


def _standing(replica: Replica, path: bytes) -> File | None:
    """The file that stands at a path, kept in the store."""
    worktree = replica.worktree
    found = worktree.look(path)
    return None if found is None else (found.mode, keep_in_store(replica, worktree, found))


def _standing_below(replica: Replica, paths: Collection[bytes]) -> dict[bytes, File | None]:
    """What stands at some paths, and in the folders that are there."""
    worktree = replica.worktree
    folders = [path + b"/" for path in paths if worktree.is_folder(path)]
    inside = [found.path for each in folders for found in worktree.scan(lambda _: True, each)]
    return {path: _standing(replica, path) for path in (*paths, *inside)}


def _mark(
    replica: Replica, command: str, found: Collection[OpenConflict], files: FileChanges
) -> None:
    refs = replica.refs
    resolved = {*refs.position.resolved, *(item.oid for item in found)}
    position = replace(refs.position, resolved=tuple(sorted(resolved)))
    moved = replace(refs, position=position)
    swap(replica, refs, moved, command, files=files)


def _put_in_place(
    replica: Replica,
    path: bytes,
    items: Sequence[OpenConflict],
    take: SideName | None,
    value: bytes | None,
) -> None:
    """Put a side or a value in place for all conflicts of one path."""
    worktree = replica.worktree
    inside = [item for item in items if item.conflict.pointer is not None]
    if inside:
        _edit_document(replica, worktree, path, inside, take, value)
    # A conflict with more commits on its sides was met later: its markers are around the others.
    whole = [item for item in items if item.conflict.pointer is None and take is not None]
    for item in sorted(whole, key=lambda item: -_commits_named(item.conflict)):
        assert take is not None
        side = item.side(take)
        if _is_shown_by_markers(item.conflict) and side.oid is not None:
            _take_lines(replica, worktree, item.conflict, side)
        elif item.conflict.kind in (*PATH_KINDS, ConflictKind.RENAME_DELETE):
            take_path(replica, worktree, item.conflict, side)
        elif item.conflict.kind == ConflictKind.NAME:
            take_name(replica, worktree, item.conflict, side)
        else:
            take_entry(replica, worktree, path, side)


def _commits_named(conflict: Conflict) -> int:
    return sum(side.label.count("+") for side in conflict.sides)


def _is_shown_by_markers(conflict: Conflict) -> bool:
    modes = [side.mode for side in conflict.sides]
    return conflict.kind in TEXT_KINDS and all(mode and mode.is_file for mode in modes)


def _take_lines(
    replica: Replica, worktree: Worktree, conflict: Conflict, side: ConflictSide
) -> None:
    """Take one side between the markers. There may be none: they went with those around them."""
    content = worktree.read(conflict.path) or b""
    sides = (conflict.base, *conflict.sides[:2])
    pieces = parse(content, labels=marker_labels(conflict))
    if not any(isinstance(piece, Marked) for piece in pieces):
        return
    which = sides.index(side)
    taken = [
        (piece.base or b"", piece.ours, piece.theirs)[which]
        if isinstance(piece, Marked)
        else piece.content
        for piece in pieces
    ]
    _write(replica, worktree, conflict.path, b"".join(taken))


def _edit_document(
    replica: Replica,
    worktree: Worktree,
    path: bytes,
    items: Sequence[OpenConflict],
    take: SideName | None,
    value: bytes | None,
) -> None:
    """Put values at their places in a JSON document, or remove them.

    The pointers are those of the committed document, so each place must still be what it was
    there; and the last item of a list comes first, so that removing one moves no other place.
    """
    from pyvcs.merge.json_document import document_with, read_document
    from pyvcs.merge.json_value import ABSENT, NotJson, parse_json
    from pyvcs.merge.pointer import look, put

    content = worktree.read(path) or b""
    position = replica.refs.position
    assert position.commit is not None
    old = replica.store.conflict(items[0].oid).path  # it may have been renamed since
    documents = Documents(replica, replica.store.commit(position.commit).tree, {old: path})
    try:
        root = read_document(path, content)
        for item in sorted(items, key=lambda item: _place(item.conflict), reverse=True):
            pointer = item.conflict.pointer or ""
            if not documents.shows_same_value(old, pointer, unsure=False):
                raise KeyError(f"the document was edited around {pointer or 'its top'}")
            new = value if take is None else _value_of(replica, item.side(take))
            if take is not None and item.conflict.kind == ConflictKind.ORDER:
                root = put(root, pointer, _with_run(replica, item, look(root, pointer), new))
            else:
                root = put(root, pointer, ABSENT if new is None else parse_json(new).value)
        _write(replica, worktree, path, document_with(path, content, root))
    except (NotJson, KeyError) as error:
        places = ", ".join(item.conflict.pointer or "its top" for item in items)
        raise Refused(
            f"{display(path)} cannot be changed at {places}: {error.args[0]}",
            hint="edit the file, then `pyvcs resolve` it without a side",
        ) from None


def _with_run(replica: Replica, item: OpenConflict, shown: Place, taken: bytes | None) -> Json:
    """A list in which the run that it shows of an order conflict gave way to that of a side.

    The sides of such a conflict are runs of the list at its pointer, and not the whole of it.
    """
    from pyvcs.merge.json_compare import same
    from pyvcs.merge.json_value import parse_json

    if not isinstance(shown, list):
        raise KeyError("there is no list any more")
    for side in (item.ours, item.theirs):
        text = _value_of(replica, side)
        run = parse_json(text).value if text is not None else []
        if not isinstance(run, list) or not run:
            continue
        starts = range(len(shown) - len(run) + 1)
        found = [start for start in starts if same(shown[start : start + len(run)], run)]
        if len(found) == 1:
            new = [] if taken is None else parse_json(taken).value
            assert isinstance(new, list)
            return [*shown[: found[0]], *new, *shown[found[0] + len(run) :]]
    raise KeyError("the items in conflict are not together any more")


def _place(conflict: Conflict) -> list[tuple[int, str]]:
    """A pointer so that later items of a list sort after earlier ones."""
    parts = (conflict.pointer or "").split("/")[1:]
    return [(len(part) if part.isdecimal() else -1, part) for part in parts]


def _value_of(replica: Replica, side: ConflictSide) -> bytes | None:
    return None if side.oid is None else replica.store.blob(side.oid)


def _write(replica: Replica, worktree: Worktree, path: bytes, content: bytes) -> None:
    found = worktree.look(path)
    mode = Mode.FILE if found is None else found.mode
    if found is not None:
        keep_in_store(replica, worktree, found)
    worktree.write(path, mode, [content])
