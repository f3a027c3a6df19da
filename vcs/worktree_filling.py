"""Filling an empty working tree, as a clone does: all folders are made, then each file once.

Idea.        Nothing is there yet, so nothing can be in the way, nor be overwritten. Files are made
             relative to their open folder, and their stat is taken while they are open. Of many
             files a second process begins from the other end.
Invariant.   A folder is entered only as the real folder that was just made: a symlink that somebody
             puts there meanwhile is not followed.
Cost.        Four calls of the system a file and a dictionary look-up; each block of a pack is
             decompressed once when files lie in the order of their paths.
Result.      The rows of the stat cache. A crash may leave a part of the files.
Not handled. Systems without `dir_fd` (Windows): `checkout.carry_out` does it there.
"""

from __future__ import annotations

import os
import time

from pyvcs.both_ends import from_both_ends
from pyvcs.looking import pack
from pyvcs.objects.file_times import is_whole_second
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.outline import FOLDER, tree_entries
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.tree import check_depth
from pyvcs.objects.whole_store import WholeStore
from pyvcs.stat_cache import UNKNOWN, StatCache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyvcs.looking import Row

_IN_FOLDERS = {os.open, os.mkdir, os.symlink, os.stat, os.unlink} <= os.supports_dir_fd
_LINK, _EXECUTABLE = (mode.value.encode() for mode in (Mode.SYMLINK, Mode.EXECUTABLE))
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
_ROOT = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_BELOW = _ROOT | getattr(os, "O_NOFOLLOW", 0)
_MUCH = 1000
"""So many files are worth a second process."""

_Folder = tuple[bytes, bytes, int]
"""A folder: its path, the oid of its tree, and how many files are in it."""


def can_fill(store: ObjectStore) -> bool:
    """Whether the system and the size of the store allow to fill a tree this way."""
    return _IN_FOLDERS and WholeStore.suits(store)


def fill_tree(
    store: ObjectStore,
    root: bytes,
    commit: Oid,
    progress: Callable[[str, int], None],
    *,
    may_fork: bool = False,
) -> StatCache:
    """Write the files of a commit into an empty folder; the stat cache that knows them."""
    cache = StatCache(commit)
    filling = _Filling(WholeStore(store), root, progress)
    folders = filling.make_folders(store.commit(commit).tree)
    may_fork = may_fork and sum(files for _, _, files in folders) >= _MUCH
    for rows in from_both_ends(filling.write, folders, may_fork=may_fork):
        for folder, packed in rows.items():
            cache.fill(folder, packed)
    # Nobody knows of the new files yet: what was written some ticks before now is settled.
    cache.begun = time.time_ns()
    return cache


class _Filling:
    def __init__(
        self, objects: WholeStore, root: bytes, progress: Callable[[str, int], None]
    ) -> None:
        self._objects = objects
        self._root = root
        self._progress = progress
        self._process = os.getpid()
        self._written = 0
        self._is_begun = False

    def make_folders(self, tree: bytes) -> list[_Folder]:
        """Make all folders of a tree; they, the root among them, in the order of their files."""
        root = os.open(self._root, _ROOT)
        try:
            return list(self._made(tree, b"", root))
        finally:
            os.close(root)

    def _made(self, tree: bytes, path: bytes, here: int) -> Iterator[_Folder]:
        """The folder at `path`, which ends with a `/` and is open, and all below it."""
        check_depth(path)
        entries = tree_entries(self._objects.record(tree)[1])
        folders = [(name, oid) for letter, name, oid in entries if letter == FOLDER]
        yield path[:-1], tree, len(entries) - len(folders)
        for name, oid in folders:
            os.mkdir(name, dir_fd=here)
            below = os.open(name, _BELOW, dir_fd=here)
            try:
                yield from self._made(oid, path + name + b"/", below)
            finally:
                os.close(below)

    def write(self, folders: Iterable[_Folder]) -> dict[bytes, bytes]:
        """Write the files of some folders; their rows, packed, by folder."""
        is_again, self._is_begun = self._is_begun, True
        found = {}
        for path, tree, files in folders:
            if files:
                entries = tree_entries(self._objects.record(tree)[1])
                here = self._opened(path)
                try:
                    if is_again:
                        _clear(here, [name for letter, name, _ in entries if letter != FOLDER])
                    found[path] = pack(believed(self._rows(entries, here)))
                finally:
                    os.close(here)
                self._tell(files)
        return found

    def _opened(self, path: bytes) -> int:
        """The folder at `path`, to which no symlink leads."""
        here = os.open(self._root, _ROOT)
        for name in path.split(b"/") if path else ():
            try:
                below = os.open(name, _BELOW, dir_fd=here)
            finally:
                os.close(here)
            here = below
        return here

    def _rows(self, entries: Sequence[tuple[bytes, bytes, bytes]], here: int) -> dict[bytes, Row]:
        """Make the files of a tree in an open folder."""
        return {
            name: (letter, oid, *self._file(letter, name, oid, here))
            for letter, name, oid in entries
            if letter != FOLDER
        }

    def _tell(self, written: int) -> None:
        self._written += written
        if os.getpid() == self._process:  # two would write over each other
            self._progress("writing files", self._written)

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


def believed(rows: dict[bytes, Row]) -> dict[bytes, Row]:
    """The rows of new files, without the stats where the clock may tell whole seconds.

    There an edit that comes within the second would be hidden. All files of a folder have one
    clock, and of a finer one hardly a time is a whole second.
    """
    _, _, _, changed, *_ = next(iter(rows.values()))
    if not is_whole_second(changed):
        return rows
    return {name: (letter, oid, *UNKNOWN) for name, (letter, oid, *_) in rows.items()}


def _clear(here: int, names: Sequence[bytes]) -> None:
    """Remove what a second process that came to grief has made in an open folder."""
    for name in set(names).intersection(map(os.fsencode, os.listdir(here))):
        os.unlink(name, dir_fd=here)
