"""Which conflicts of the commit that the working tree stands on are not resolved yet."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyvcs.changes import Change
from pyvcs.merge.entries import marker_label
from pyvcs.merge.result import ConflictKind
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.listing import entry_at
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.refs import Position
from pyvcs.replica import Replica

TEXT_KINDS = (ConflictKind.CONTENTS, ConflictKind.ADD_ADD)
"""Conflicts of whole files that are shown by markers in the text."""

_ONLY_BY_NAME = (ConflictKind.FILE_DIRECTORY, ConflictKind.NAME)
"""Conflicts that no edit of the file resolves: the other side is not in the tree."""


def sorted_conflicts(objects: ObjectReader, oids: Iterable[Oid]) -> tuple[Conflict, ...]:
    """Conflicts in the order in which people look for them: by path, then by place."""
    found = map(objects.conflict, oids)
    return tuple(sorted(found, key=lambda conflict: (conflict.path, conflict.pointer or "")))


def still_unresolved(
    replica: Replica, position: Position, changes: Iterable[Change]
) -> tuple[Oid, ...]:
    """The conflicts of the commit that the working tree, with these changes, still has.

    A file that was not touched keeps its conflicts, unless `resolve` was told otherwise. In a
    text those are resolved whose markers are gone; in a JSON document those at whose place there
    is another value than the commit shows; a deleted file has none.
    """
    if position.commit is None:
        return ()
    changed = {change.path: change for change in changes}
    return tuple(
        oid
        for oid in replica.store.commit(position.commit).conflicts
        if oid not in position.resolved
        and _is_open(replica, position.commit, replica.store.conflict(oid), changed)
    )


def _is_open(
    replica: Replica, commit: Oid, conflict: Conflict, changed: dict[bytes, Change]
) -> bool:
    change = changed.get(conflict.path)
    if change is None:
        return True
    if change.found is None:
        return False
    if conflict.kind in _ONLY_BY_NAME:
        return change.before is not None  # else a file took the place of the folder
    content = replica.worktree.reader(change.found)()
    if conflict.pointer is not None:
        entry = entry_at(replica.store, replica.store.commit(commit).tree, conflict.path)
        shown = b"" if entry is None else replica.store.blob(entry.oid)
        return shows_same_value(conflict.pointer, shown, content, unsure=True)
    return conflict.kind in TEXT_KINDS and has_markers(conflict, content)


def has_markers(conflict: Conflict, content: bytes) -> bool:
    """Whether a marker that this conflict was shown with is left in the text."""
    ours, theirs = (re.escape(marker_label(side.label).encode()) for side in conflict.sides[:2])
    pattern = rb"^(?:<{7,} %s|>{7,} %s)\r?$" % (ours, theirs)
    return re.search(pattern, content, re.MULTILINE) is not None


def shows_same_value(pointer: str, shown: bytes, content: bytes, *, unsure: bool) -> bool:
    """Whether `content` still has at `pointer` what `shown` has there.

    `unsure` is the answer when that cannot be told: the text is no JSON (half-edited, say), or a
    list on the way has become longer or shorter, so that the place is another one.
    """
    from pyvcs.merge.json_compare import same
    from pyvcs.merge.json_value import Missing, NotJson, parse_json
    from pyvcs.merge.pointer import look, steps

    try:
        before, after = parse_json(shown).value, parse_json(content).value
    except NotJson:
        return unsure
    for at in steps(pointer):
        old, new = look(before, at), look(after, at)
        if isinstance(old, list) and isinstance(new, list) and len(old) != len(new):
            return unsure
    old, new = look(before, pointer), look(after, pointer)
    if isinstance(old, Missing) or isinstance(new, Missing):
        return old is new
    return same(old, new)
