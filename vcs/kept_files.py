"""Files of the working tree about to be moved or removed: their content is in the store first."""

from __future__ import annotations

from pyvcs.changes import changes
from pyvcs.committing import put_file
from pyvcs.objects.errors import PathUnknown, PyvcsError, WouldOverwrite
from pyvcs.objects.listing import File
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.tree import display
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.worktree import Found, is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


class StandingFiles:
    """The files that stand in a working tree, and which of them no commit holds."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._worktree = replica.worktree
        backend, store = replica.backend, replica.store
        self._cache = StatCache.load(backend, store, replica.refs.position.commit)
        self._edited = {each.path: each.found for each in changes(self._worktree, self._cache)}
        self._cache.save(backend)

    def committed(self, path: bytes) -> list[bytes]:
        """The files of the commit at or below a path, sorted; those that are gone too."""
        return sorted(each for each, _ in self._cache.items() if is_below(each, path))

    def edits(self, paths: Collection[bytes]) -> list[Found]:
        """Those of the files that are not as the commit has them, by path."""
        return [found for path in sorted(paths) if (found := self._edited.get(path)) is not None]

    def below(self, path: bytes) -> list[bytes]:
        """The files that stand at or below a path, new ones too but not the ignored, sorted."""
        known = {*self.committed(path), *(each for each in self._edited if is_below(each, path))}
        return sorted(each for each in known if self._edited.get(each, True) is not None)

    def keep(self, paths: Collection[bytes]) -> dict[bytes, File | None]:
        """The files at some paths as the store has them, once their edits are put there too."""
        kept: dict[bytes, File | None] = {}
        with StoreWriter(self._replica.store) as writer:
            for found in self.edits(paths):
                kept[found.path] = found.mode, put_file(self._worktree, writer, found)
            writer.publish()
        for path in paths:
            if path not in self._edited and (known := self._cache.get(path)) is not None:
                kept[path] = known.mode, known.oid
        return {path: kept.get(path) for path in paths}

    def unknown(self, path: bytes) -> PyvcsError:
        """Why nothing can be done with a path at which pyvcs records nothing."""
        if self._worktree.look(path) is None and not self._worktree.is_folder(path):
            return PathUnknown(
                f"{display(path)} is neither in the commit nor in the working tree",
                hint="`pyvcs status` shows the paths that changed",
            )
        return WouldOverwrite(
            f"{display(path)} is in no commit",
            hint="commit it first, or use the command of your system",
        )
