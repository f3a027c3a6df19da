"""Removing files from the working tree. What no commit holds is refused, or kept in the store."""

from __future__ import annotations

from pyvcs.kept_files import StandingFiles
from pyvcs.moving import swap
from pyvcs.objects.errors import Refused, WouldOverwrite
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import display
from pyvcs.objects.values import dataclass
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Removed:
    """A path that was removed; `kept` is the blob that now holds the edit that stood there."""

    path: bytes
    kept: Oid | None


def remove(
    replica: Replica, paths: Collection[bytes], *, recursive: bool = False, force: bool = False
) -> list[Removed]:
    """Remove the files of the commit at or (`recursive`) below `paths`; what was removed.

    New files below them are left alone. WouldOverwrite when a file is edited, unless `force`, which
    puts the edit into the store first; PathUnknown when there is nothing at a path. All of this
    before anything is removed. `undo` brings the files back.
    """
    worktree = replica.worktree
    with replica.locked("rm"):
        refs = replica.refs
        standing = StandingFiles(replica)
        wanted = {file for path in paths for file in _files(standing, path, recursive=recursive)}
        edited = {found.path for found in standing.edits(wanted)}
        if edited and not force:
            names = ", ".join(map(display, sorted(edited)))
            raise WouldOverwrite(
                f"edits that no commit has would be lost: {names}",
                hint="commit them, or let `pyvcs rm --force` keep them in the store only",
            )
        files = standing.keep(wanted)
        for path in files:
            worktree.remove(path)
        changed = {path: (file, None) for path, file in sorted(files.items()) if file is not None}
        swap(replica, refs, refs, f"rm {' '.join(map(display, paths))}", files=changed)
    return [
        Removed(path, file[1] if file is not None and path in edited else None)
        for path, file in sorted(files.items())
    ]


def _files(standing: StandingFiles, path: bytes, *, recursive: bool) -> list[bytes]:
    """The files of the commit that removing a path is about."""
    files = standing.committed(path)
    if not files:
        raise standing.unknown(path)
    if path not in files and not recursive:
        what = display(path) if path else "the working tree"
        raise Refused(
            f"{what} is a folder", hint="`pyvcs rm -r` removes the files of the commit in it"
        )
    return files
