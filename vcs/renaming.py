"""Moving files in the working tree. Nothing is put where something stands."""

from __future__ import annotations

import posixpath

from pyvcs.kept_files import StandingFiles
from pyvcs.moving import swap
from pyvcs.objects.errors import InvalidObject, Refused, Usage, WouldOverwrite
from pyvcs.objects.tree import check_path, display
from pyvcs.objects.values import dataclass
from pyvcs.ref_store import FileChanges
from pyvcs.replica import Replica
from pyvcs.worktree import Worktree, is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Moved:
    """A file or folder that has another path now."""

    source: bytes
    target: bytes


def move(replica: Replica, sources: Collection[bytes], target: bytes) -> list[Moved]:
    """Move files and folders into the folder `target`, or one of them to the new path `target`.

    Edits move along. WouldOverwrite when something stands at a new path, PathUnknown when nothing
    that pyvcs records stands at an old one, Refused for a folder that would go into itself. All of
    this before anything is moved. `undo` moves the files back; ignored ones stay where they are.
    """
    worktree = replica.worktree
    with replica.locked("mv"):
        refs = replica.refs
        moves = _plan(worktree, sources, target)
        standing = StandingFiles(replica)
        changed = [_changed(standing, each) for each in moves]
        for each in moves:
            worktree.move(each.source, each.target)
        files = {path: both for of_one in changed for path, both in of_one.items()}
        words = " ".join(map(display, (*sources, target)))
        swap(replica, refs, refs, f"mv {words}", files=files)
    return moves


def _plan(worktree: Worktree, sources: Collection[bytes], target: bytes) -> list[Moved]:
    into = worktree.is_folder(target)
    if len(sources) > 1 and not into:
        raise Usage(f"{display(target)} is no folder, and several files cannot have one path")
    moves = [
        Moved(path, posixpath.join(target, posixpath.basename(path)) if into else target)
        for path in sources
    ]
    taken = [each.target for each in moves]
    for each in moves:
        _check(worktree, each, is_free=taken.count(each.target) == 1)
        if any(is_below(each.source, other) for other in sources if other != each.source):
            raise Usage(f"{display(each.source)} lies in another folder that is to be moved")
    return moves


def _check(worktree: Worktree, move: Moved, *, is_free: bool) -> None:
    if is_below(move.target, move.source):
        raise Refused(f"{display(move.source)} cannot be moved into itself")
    try:
        check_path(move.target)
    except InvalidObject as error:
        raise Usage(error.message) from None
    if not is_free or not worktree.is_free(move.target):
        raise WouldOverwrite(
            f"something stands at {display(move.target)} already",
            hint="move it away, or remove it with `pyvcs rm`",
        )


def _changed(standing: StandingFiles, move: Moved) -> FileChanges:
    """What moving does to each file, by path."""
    paths = standing.below(move.source)
    if not paths:
        raise standing.unknown(move.source)
    files = standing.keep(paths)
    before: FileChanges = {path: (file, None) for path, file in files.items()}
    after = {move.target + path[len(move.source) :]: (None, file) for path, file in files.items()}
    return {**before, **after}
