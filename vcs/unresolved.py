"""Which conflicts of the commit that the working tree stands on are not resolved yet."""

from __future__ import annotations

from pyvcs.changes import Change
from pyvcs.merge.entries import marker_labels
from pyvcs.merge.result import PATH_KINDS, TEXT_KINDS, ConflictKind
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.listing import entry_at
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.refs import Position
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyvcs.merge.json_value import Json

_ONLY_BY_NAME = (ConflictKind.FILE_DIRECTORY, ConflictKind.NAME)
"""Conflicts that no edit of the file resolves: the other side is not in the tree."""


def sorted_conflicts(objects: ObjectReader, oids: Iterable[Oid]) -> tuple[Conflict, ...]:
    """Stored conflicts, in the order in which people look for them."""
    return in_order(map(objects.conflict, oids))


def in_order(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Conflicts in the order in which people look for them: by path, then by place."""
    return tuple(sorted(conflicts, key=lambda conflict: (conflict.path, conflict.pointer or "")))


def still_unresolved(
    replica: Replica, position: Position, changes: Iterable[Change]
) -> dict[Oid, Conflict]:
    """The conflicts of the commit that the working tree, with these changes, still has.

    A file that was not touched keeps its conflicts, unless `resolve` was told otherwise. In a
    text those are resolved whose markers are gone; in a JSON document those at whose place there
    is another value than the commit shows; a deleted file has none. Those in a file that was
    renamed are at its new path, however much else was changed in it where it has the markers.
    """
    if position.commit is None:
        return {}
    commit = replica.store.commit(position.commit)
    changed = {change.path: change for change in changes}
    found = {oid: replica.store.conflict(oid) for oid in commit.conflicts}
    renamed = _renamed(replica, found.values(), changed)
    documents = Documents(replica, commit.tree, renamed)
    return {
        oid: conflict.at(renamed[conflict.path]) if conflict.path in renamed else conflict
        for oid, conflict in found.items()
        if oid not in position.resolved and _is_open(replica, documents, conflict, changed, renamed)
    }


def _renamed(
    replica: Replica, conflicts: Iterable[Conflict], changed: Mapping[bytes, Change]
) -> dict[bytes, bytes]:
    """The new paths of files in conflict that changes to the working tree renamed, by old ones."""
    gone = {path for path, change in changed.items() if change.found is None}
    open_there = [conflict for conflict in conflicts if conflict.path in gone]
    disputed = {conflict.path for conflict in open_there}
    came = [change for change in changed.values() if change.before is None]
    if not disputed or not came:
        return {}
    from pyvcs.diffing import diff_of_change
    from pyvcs.renamed_files import with_renames

    both = [*(changed[path] for path in sorted(disputed)), *came]
    files = with_renames(diff_of_change(replica, change) for change in both)
    renamed = {file.source: file.path for file in files if file.source is not None}
    rewritten = [c for c in open_there if c.kind in TEXT_KINDS and c.path not in renamed]
    for change in came if rewritten else ():
        content = b"" if change.found is None else replica.worktree.reader(change.found)()
        for conflict in rewritten:
            if has_markers(conflict, content):
                renamed.setdefault(conflict.path, change.path)
    return renamed


class Documents:
    """JSON documents of the working tree beside those of a tree, each read and parsed once."""

    def __init__(
        self, replica: Replica, tree: Oid, renamed: Mapping[bytes, bytes] | None = None
    ) -> None:
        self._replica = replica
        self._tree = tree
        self._renamed = renamed or {}
        self._parsed: dict[bytes, tuple[Json, Json] | None] = {}

    def shows_same_value(self, path: bytes, pointer: str, *, unsure: bool) -> bool:
        """Whether the document at `path` still has at `pointer` what the tree has there.

        `unsure` is the answer when that cannot be told: the text is no JSON (half-edited, say),
        or a list on the way has become longer or shorter, so that the place is another one.
        """
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        both = self._parsed[path]
        return unsure if both is None else _same_at(*both, pointer, unsure=unsure)

    def _parse(self, path: bytes) -> tuple[Json, Json] | None:
        from pyvcs.merge.json_document import read_document
        from pyvcs.merge.json_value import NotJson

        store = self._replica.store
        entry = entry_at(store, self._tree, path)
        shown = b"" if entry is None else store.blob(entry.oid)
        try:
            found = self._replica.worktree.read(self._renamed.get(path, path)) or b""
            return read_document(path, shown), read_document(path, found)
        except NotJson:
            return None


def _same_at(before: Json, after: Json, pointer: str, *, unsure: bool) -> bool:
    from pyvcs.merge.json_compare import same
    from pyvcs.merge.json_value import Missing
    from pyvcs.merge.pointer import look

    if not same_place(before, after, pointer):
        return unsure
    old, new = look(before, pointer), look(after, pointer)
    if isinstance(old, Missing) or isinstance(new, Missing):
        return old is new
    return same(old, new)


def same_place(before: Json, after: Json, pointer: str) -> bool:
    """Whether a pointer leads to the same place in two versions: no list on the way changed its
    length."""
    from pyvcs.merge.pointer import look, steps

    for at in steps(pointer):
        old, new = look(before, at), look(after, at)
        if isinstance(old, list) and isinstance(new, list) and len(old) != len(new):
            return False
    return True


def _is_open(
    replica: Replica,
    documents: Documents,
    conflict: Conflict,
    changed: Mapping[bytes, Change],
    renamed: Mapping[bytes, bytes],
) -> bool:
    if conflict.kind in PATH_KINDS:
        # Only that the file is gone from one of its places tells where it belongs.
        return all(
            path not in changed or changed[path].found is not None for path in shown_paths(conflict)
        )
    change = changed.get(conflict.path)
    if change is None:
        return True
    if change.found is None and conflict.kind not in _ONLY_BY_NAME:
        change = changed[renamed.get(conflict.path, conflict.path)]
    if change.found is None:
        return False
    if conflict.kind in _ONLY_BY_NAME:
        return change.before is not None  # else a file took the place of the folder
    if conflict.pointer is not None:
        return documents.shows_same_value(conflict.path, conflict.pointer, unsure=True)
    if conflict.kind not in TEXT_KINDS:
        return False
    return has_markers(conflict, replica.worktree.reader(change.found)())


def shown_paths(conflict: Conflict) -> set[bytes]:
    """The paths at which the merge shows what is in conflict: of a file that was renamed to two
    names both of them, else the path of the conflict."""
    if conflict.kind != ConflictKind.RENAME_RENAME:
        return {conflict.path}
    return {conflict.path_of(side) for side in conflict.sides}


def has_markers(conflict: Conflict, content: bytes) -> bool:
    """Whether a marker that this conflict was shown with is left in the text."""
    import re  # few trees hold conflicts

    _, ours, theirs = map(re.escape, marker_labels(conflict).as_bytes())
    pattern = rb"^(?:<{7,} %s|>{7,} %s)\r?$" % (ours, theirs)
    return re.search(pattern, content, re.MULTILINE) is not None
