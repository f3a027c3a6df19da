"""Putting a side of a conflict in place in the working tree: a file, a folder, a name, a path.

What stood there is kept in the store.
"""

from __future__ import annotations

from pyvcs.committing import keep_in_store
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.errors import Refused
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import files_of
from pyvcs.objects.tree import display
from pyvcs.replica import Replica
from pyvcs.unresolved import shown_paths
from pyvcs.worktree import Worktree


def take_path(replica: Replica, worktree: Worktree, conflict: Conflict, side: ConflictSide) -> None:
    """Let a file that was renamed stand where a side has it, and nowhere else.

    It keeps what it holds now, for a merge may have gone into it; of base it is base's content.
    """
    shown = shown_paths(conflict)
    target = conflict.path_of(side)
    is_free = worktree.look(target) is None and not worktree.everything(target)
    if side.oid is not None and target not in shown and not is_free:
        raise Refused(
            f"{display(target)} is not free",
            hint="move what is there, or `pyvcs resolve` the file where it is, without a side",
        )
    standing = [found for path in sorted(shown) if (found := worktree.look(path)) is not None]
    kept = {found.path: keep_in_store(replica, worktree, found) for found in standing}
    wanted = ConflictSide(side.label, side.mode, side.oid)
    if standing and side.oid is not None and side is not conflict.base:
        found = next((each for each in standing if each.path == target), standing[0])
        wanted = ConflictSide(side.label, found.mode, kept[found.path])
    for found in standing:
        worktree.remove(found.path)
    take_entry(replica, worktree, target, wanted)


def take_name(replica: Replica, worktree: Worktree, conflict: Conflict, side: ConflictSide) -> None:
    """Take the entry that a name clash left out, under its own name, in place of the kept one."""
    folder = conflict.path.rpartition(b"/")[0]
    name = side.label.encode()
    path = folder + b"/" + name if folder else name
    if side.oid is None or "\\" in side.label:
        raise Refused(
            f"{display(conflict.path)} clashes with a name that cannot be written here",
            hint="rename the file by hand, then `pyvcs resolve` it without a side",
        )
    if path != conflict.path:
        take_entry(replica, worktree, conflict.path, ConflictSide(side.label))
        take_entry(replica, worktree, path, side)


def take_entry(replica: Replica, worktree: Worktree, path: bytes, side: ConflictSide) -> None:
    """Put a whole file or folder in place, or remove what is there; that is kept in the store."""
    seen = list(worktree.scan(lambda _: True, path + b"/")) if worktree.is_folder(path) else []
    if len(worktree.everything(path)) > len(seen):
        raise Refused(
            f"{display(path)} holds files that pyvcs does not record, and they would be lost",
            hint="move them away, and try again",
        )
    for found in (*seen, worktree.look(path)):
        if found is not None:
            keep_in_store(replica, worktree, found)
            worktree.remove(found.path)
    if side.mode is Mode.TREE and side.oid is not None:
        for below, (mode, oid) in files_of(replica.store, side.oid):
            worktree.write(path + b"/" + below, mode, replica.store.blob_stream(oid))
    elif side.mode is not None and side.oid is not None:
        worktree.write(path, side.mode, replica.store.blob_stream(side.oid))
