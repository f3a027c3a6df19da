"""Restoring: bringing files in the working tree back to what a commit has."""

from __future__ import annotations

from pyvcs.changes import Change, changes
from pyvcs.committing import keep_in_store
from pyvcs.moving import swap
from pyvcs.objects.errors import PathUnknown
from pyvcs.objects.listing import File, commit_differences
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import display
from pyvcs.objects.values import dataclass, replace
from pyvcs.ref_store import FileChanges
from pyvcs.replica import Replica
from pyvcs.revision import resolve_revision
from pyvcs.stat_cache import StatCache
from pyvcs.worktree import Found, Worktree, is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Restored:
    """A path that was restored; `kept` is the blob that now holds what stood there, if anything.

    `removed` when the commit has no file there.
    """

    path: bytes
    kept: Oid | None
    removed: bool


def restore(
    replica: Replica, paths: Collection[bytes], *, revision: str = "HEAD"
) -> list[Restored]:
    """Make the files at or below `paths` what they are in a revision; what was restored.

    Content that is in no commit is put into the store first, so that nothing is lost: `kept`
    names it. New files are left alone unless they are named themselves. PathUnknown for a path
    that neither the revision nor the working tree has.
    """
    worktree = replica.worktree
    with replica.locked("restore"):
        refs = replica.refs
        source = resolve_revision(replica, refs, revision)
        cache = StatCache.load(replica.backend, replica.store, refs.position.commit)
        wanted = _wanted(replica, worktree, cache, source, paths)
        done = []
        files: dict[bytes, tuple[File | None, File | None]] = {}
        # Removals first: a file may be wanted where a folder of others goes.
        for path, (file, found) in sorted(wanted.items(), key=_removals_first):
            kept = None if found is None else keep_in_store(replica, worktree, found)
            files[path] = _standing(worktree, cache, path, found, kept), file
            put_in_worktree(replica, worktree, path, file)
            done.append(Restored(path, kept, file is None))
        cache.save(replica.backend)
        _forget_marks(replica, paths, files)
    return done


def _standing(
    worktree: Worktree, cache: StatCache, path: bytes, found: Found | None, kept: Oid | None
) -> File | None:
    """The file that stands at a path before it is restored: what was kept, or the commit's."""
    if found is not None and kept is not None:
        return found.mode, kept
    cached = cache.get(path)
    return None if cached is None or worktree.look(path) is None else (cached.mode, cached.oid)


def _forget_marks(replica: Replica, paths: Collection[bytes], files: FileChanges) -> None:
    """Conflicts in what was restored are open again, whatever `resolve` was told."""
    refs = replica.refs
    marks = refs.position.resolved
    places = {oid: replica.store.conflict(oid).path for oid in marks}
    kept = tuple(oid for oid in marks if not any(is_below(places[oid], p) for p in paths))
    position = replace(refs.position, resolved=kept)
    names = " ".join(map(display, paths))
    swap(replica, refs, replace(refs, position=position), f"restore {names}", files=files)


_Wanted = dict[bytes, tuple[File | None, Found | None]]


def _wanted(
    replica: Replica, worktree: Worktree, cache: StatCache, source: Oid, paths: Collection[bytes]
) -> _Wanted:
    """For each path that is to change: what it becomes, and the edited file that is there now."""
    edited = {change.path: change for change in changes(worktree, cache)}
    target: dict[bytes, File | None] = {path: change.before for path, change in edited.items()}
    target.update(
        {path: after for path, _, after in commit_differences(replica.store, cache.commit, source)}
    )
    wanted: _Wanted = {}
    for asked in paths:
        matches = [path for path in target if is_below(path, asked)]
        if not matches and cache.get(asked) is None and not cache.holds_folder(asked):
            raise PathUnknown(
                f"{display(asked)} is neither in the commit nor in the working tree",
                hint="`pyvcs status` shows what can be restored",
            )
        for path in matches:
            change = edited.get(path)
            is_new = change is not None and change.before is None and target[path] is None
            if not is_new or path == asked:
                wanted[path] = (target[path], _unrecorded(worktree, cache, change, path))
    return wanted


def _removals_first(item: tuple[bytes, tuple[File | None, Found | None]]) -> tuple[bool, bytes]:
    path, (file, _) = item
    return file is not None, path


def _unrecorded(
    worktree: Worktree, cache: StatCache, change: Change | None, path: bytes
) -> Found | None:
    """What stands at a path and is not what the commit has there; ignored files count too."""
    if change is not None or cache.get(path) is not None:
        return None if change is None else change.found
    return worktree.look(path)


def put_in_worktree(replica: Replica, worktree: Worktree, path: bytes, file: File | None) -> None:
    """Let a file of the store, or nothing, stand at a path of the working tree."""
    if file is None:
        worktree.remove(path)
    else:
        mode, oid = file
        worktree.write(path, mode, replica.store.blob_stream(oid))
