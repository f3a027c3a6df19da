"""Origins of conflicts: on each side, the commit that made the change which is in conflict."""

from __future__ import annotations

from itertools import islice

from pyvcs.merge.result import ConflictKind
from pyvcs.objects.commit import Commit
from pyvcs.objects.conflict import ConflictSide
from pyvcs.objects.listing import entry_at
from pyvcs.objects.oid import Oid
from pyvcs.open_conflicts import OpenConflict, label_commits
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_COMMITS = 500
"""How many commits of a side are looked at; further back the head of the side stands for it."""


def origin(replica: Replica, item: OpenConflict, side: ConflictSide) -> Oid | None:
    """The last commit of a side, since the merge bases, that changed what is in conflict.

    Of the base: the merge base, when it is one commit. None when nothing names a commit.
    """
    conflict, path = item.conflict, item.conflict.path_of(side)
    labelled = label_commits(replica, conflict, side)
    if side is conflict.base or not labelled:
        return labelled[0] if len(labelled) == 1 else None
    other = item.theirs if side is item.ours else item.ours
    others = label_commits(replica, conflict, other)
    bases = replica.history.merge_bases(labelled, others) if others else ()
    newest_first = reversed(replica.history.missing(wants=labelled, haves=bases))
    changing = list(_changing(replica, path, islice(newest_first, MOST_COMMITS)))
    if conflict.pointer is not None and conflict.kind != ConflictKind.ORDER:
        pointer = conflict.pointer
        for oid in changing:
            if _changed_value(replica, path, pointer, oid):
                return oid
    return changing[0] if changing else (labelled[0] if len(labelled) == 1 else None)


def _changing(replica: Replica, path: bytes, commits: Iterator[Oid]) -> Iterator[Oid]:
    """Those authored commits that have something at `path` that none of their parents has."""
    for oid in commits:
        commit = replica.store.commit(oid)
        here = entry_at(replica.store, commit.tree, path)
        before = [entry_at(replica.store, tree, path) for tree in _parent_trees(replica, commit)]
        if not commit.is_canonical and here not in (before or [None]):
            yield oid


def _parent_trees(replica: Replica, commit: Commit) -> Sequence[Oid]:
    return [replica.store.commit(parent).tree for parent in commit.parents]


def _changed_value(replica: Replica, path: bytes, pointer: str, oid: Oid) -> bool:
    """Whether a commit has another value at a place of a document than all of its parents."""
    from pyvcs.merge.json_compare import same
    from pyvcs.merge.json_document import read_document
    from pyvcs.merge.json_value import Missing, NotJson, Place
    from pyvcs.merge.pointer import look

    def value(tree: Oid) -> Place:
        entry = entry_at(replica.store, tree, path)
        content = b"null" if entry is None else replica.store.blob(entry.oid)
        return look(read_document(path, content), pointer)

    def equal(one: Place, other: Place) -> bool:
        if isinstance(one, Missing) or isinstance(other, Missing):
            return one is other
        return same(one, other)

    commit = replica.store.commit(oid)
    try:
        here = value(commit.tree)
        return not any(equal(here, value(tree)) for tree in _parent_trees(replica, commit))
    except NotJson:
        return True
