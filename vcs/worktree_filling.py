"""Filling an empty working tree, as a clone does: each folder is opened once, each file made once.

Idea.        Nothing is there yet, so nothing can be in the way, nor be overwritten. Files are made
             relative to their open folder, and their stat is taken while they are open.
Invariant.   A folder is entered only as the real folder that was just made: a symlink that somebody
             puts there meanwhile is not followed.
Cost.        Three calls of the system a file and a dictionary look-up; each block of a pack is
             decompressed once when files lie in the order of their paths.
Result.      The rows of the stat cache. A crash may leave a part of the files.
Not handled. Systems without `dir_fd` (Windows): `checkout.carry_out` does it there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.outline import FOLDER, tree_entries
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.tree import check_depth
from pyvcs.objects.whole_store import WholeStore
from pyvcs.stat_cache import StatCache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.looking import Row

_IN_FOLDERS = {os.open, os.mkdir, os.symlink, os.stat} <= os.supports_dir_fd
_LINK, _EXECUTABLE = (mode.value.encode() for mode in (Mode.SYMLINK, Mode.EXECUTABLE))
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)


def can_fill(store: ObjectStore) -> bool:
    """Whether the system and the size of the store allow to fill a tree this way."""
    return _IN_FOLDERS and WholeStore.suits(store)


def fill_tree(
    store: ObjectStore, root: bytes, commit: Oid, progress: Callable[[str, int], None]
) -> StatCache:
    """Write the files of a commit into an empty folder; the stat cache that knows them."""
    cache = StatCache(commit)
    _Filling(WholeStore(store), cache, progress).fill(root, store.commit(commit).tree)
    # Nobody knows of the new files yet: what was written a moment before now is settled.
    cache.begun = time.time_ns()
    return cache


class _Filling:
    def __init__(
        self, objects: WholeStore, cache: StatCache, progress: Callable[[str, int], None]
    ) -> None:
        self._objects = objects
        self._cache = cache
        self._progress = progress
        self._count = 0

    def fill(self, root: bytes, tree: bytes) -> None:
        above = os.open(root, os.O_RDONLY)
        try:
            self._folder(tree, b"", above)
        finally:
            os.close(above)

    def _folder(self, tree: bytes, path: bytes, here: int) -> None:
        """Write what a tree holds into the open folder `here`; `path` ends with a `/`."""
        check_depth(path)
        rows: dict[bytes, Row] = {}
        folders = []
        for letter, name, oid in tree_entries(self._objects.record(tree)[1]):
            if letter == FOLDER:
                folders.append((name, oid))
            else:
                rows[name] = (letter, oid, *self._file(letter, name, oid, here))
        if rows:
            self._cache.fill(path[:-1], rows)
            self._count += len(rows)
            self._progress("writing files", self._count)
        for name, oid in folders:
            os.mkdir(name, dir_fd=here)
            below = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY, dir_fd=here)
            try:
                self._folder(oid, path + name + b"/", below)
            finally:
                os.close(below)

    def _file(self, letter: bytes, name: bytes, oid: bytes, here: int) -> tuple[int, int, int, int]:
        """Make a file or symlink, and take its stat."""
        if letter == _LINK:
            os.symlink(b"".join(self._objects.blob(oid)), name, dir_fd=here)
            status = os.stat(name, dir_fd=here, follow_symlinks=False)
        else:
            file = os.open(name, _NEW, 0o777 if letter == _EXECUTABLE else 0o666, dir_fd=here)
            try:
                for piece in self._objects.blob(oid):
                    written = os.write(file, piece)
                    while written < len(piece):
                        written += os.write(file, piece[written:])
                status = os.fstat(file)
            finally:
                os.close(file)
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
