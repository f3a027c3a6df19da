"""The working tree: the files that people edit. Paths are bytes, relative, with `/`.

Nothing here follows a symlink out of the tree: before a file is written or removed, each folder
above it is checked to be a real folder.
"""

from __future__ import annotations

import os
import stat

from pyvcs.looking import differing, differing_in, path_of, unpack
from pyvcs.objects.contexts import suppress
from pyvcs.objects.errors import PathUnknown, WouldOverwrite
from pyvcs.objects.kind import Mode
from pyvcs.objects.tree import display, is_own_folder
from pyvcs.objects.typed import NamedTuple
from pyvcs.place import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import BinaryIO

    from pyvcs.looking import Looked, Row
    from pyvcs.sealed import Packed

FOREIGN_FOLDERS = (b".git", b".hg", b".jj")
"""The stores of others, which are never ours to record."""


class FileStat(NamedTuple):
    """What tells cheaply that a file is as it was: times in ns, size in bytes, inode number."""

    modified: int
    changed: int
    size: int
    inode: int


class Found(NamedTuple):
    """A file or symlink met in the working tree."""

    path: bytes
    mode: Mode
    stat: FileStat


class Worktree:
    """The files below one folder. With `may_fork` two processes look at them."""

    def __init__(self, root: bytes, *, may_fork: bool = False) -> None:
        self.root = root
        self.may_fork = may_fork
        self._prefix = os.path.join(root, b"")
        self._aside = os.path.join(root, FOLDER, b"tmp-" + os.urandom(8).hex().encode())
        self._written = 0
        self._real_folders: set[bytes] = set()

    # -- looking -------------------------------------------------------------------------------

    def scan(self, enter: Callable[[bytes], bool], start: bytes = b"") -> Iterator[Found]:
        """Every regular file and symlink, folder by folder; `enter(path)` opens a folder or not.

        `start` is the folder to begin at, with a `/` at its end.

        Left out: `.pyvcs`, the stores of git and others, folders that are repositories themselves,
        and what is neither file nor folder nor symlink (sockets, devices).
        """
        for _, _, found in self.compared(enter, {}, start):
            assert found is not None
            yield found

    def compared(
        self,
        enter: Callable[[bytes], bool],
        known: Mapping[bytes, Packed],
        start: bytes = b"",
        looked: Looked | None = None,
    ) -> Iterator[tuple[bytes, Row | None, Found | None]]:
        """What differs from `known`, as far as the stats tell: path, before and now.

        `known` are the rows of folders as `looking.pack` makes them, `looked` what a look has told.

        Files that `scan` meets and whose stat is not as it was known to be, new ones too; and with
        None the known ones that it does not meet.
        """
        if looked is None or looked[0] != known:
            looked = known, differing(self.root, known, known, may_fork=self.may_fork)
        waiting = [start]
        unmet = dict(known)
        while waiting:
            folder = waiting.pop()
            packed = unmet.pop(folder[:-1], None)
            names = looked[1].get(folder[:-1])
            if names is None:
                names = self._differing(folder[:-1], packed)
            rows = unpack(packed) if names and packed is not None else {}
            for name in names:
                path = folder + name
                status = self._status(path)
                if status is not None and stat.S_ISDIR(status.st_mode):
                    if not self.is_repository(name, path) and enter(path):
                        waiting.append(path + b"/")
                elif status is not None and (found := _found(path, status)) is not None:
                    yield path, rows.get(name), found
                    continue
                if name in rows:
                    yield path, rows[name], None
        for folder, packed in unmet.items():
            prefix = folder + b"/" if folder else b""
            yield from ((prefix + name, row, None) for name, row in unpack(packed).items())

    def _differing(self, folder: bytes, packed: Packed | None) -> list[bytes]:
        try:
            return differing_in(path_of(self.root, folder), packed)
        except (FileNotFoundError, NotADirectoryError):  # removed while we looked
            return [] if packed is None else [*unpack(packed)]

    def _status(self, path: bytes) -> os.stat_result | None:
        try:
            return os.lstat(self.absolute(path))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def is_repository(self, name: bytes, path: bytes) -> bool:
        """Whether the folder at `path` is that of a repository, or one, ours or somebody else's."""
        # Ours is in every tree, and the patterns for its other spellings have to be compiled first.
        if name == FOLDER or is_own_folder(name) or name in FOREIGN_FOLDERS:
            return True
        return os.path.lexists(os.path.join(self.root, path, FOLDER, b"format"))

    def look(self, path: bytes) -> Found | None:
        """The file or symlink at `path`, or None when there is none (a folder, say)."""
        if not self._is_inside(path):
            return None
        status = self._status(path)
        return None if status is None else _found(path, status)

    def is_folder(self, path: bytes) -> bool:
        """Whether a real folder is at `path`; the empty path is the whole tree."""
        return not path or self._is_inside(path + b"/x")

    def is_free(self, path: bytes) -> bool:
        """Whether nothing at all is at `path`."""
        return not os.path.lexists(self.absolute(path))

    def everything(self, path: bytes) -> list[bytes]:
        """All that is not a folder in the folder at `path`, what `scan` leaves out included."""
        if not self._is_inside(path + b"/x"):
            return []
        root = self.absolute(path)
        return [
            path + os.path.join(above, name)[len(root) :].replace(os.sep.encode(), b"/")
            for above, folders, names in os.walk(root)
            for name in [*names, *(n for n in folders if os.path.islink(os.path.join(above, n)))]
        ]

    def absolute(self, path: bytes) -> bytes:
        """Where `path` is on this machine."""
        return self._prefix + path

    def open(self, found: Found) -> BinaryIO:
        """The content of a file as a stream. A symlink's content is `link_target`."""
        return os.fdopen(self._open(found), "rb")

    def _open(self, found: Found) -> int:
        try:
            return os.open(self._prefix + found.path, os.O_RDONLY | _NOFOLLOW)
        except FileNotFoundError:
            raise PathUnknown(f"{display(found.path)} was removed while we looked") from None

    def content(self, found: Found) -> bytes:
        """The content of a small file, by three calls of the system.

        No more than a byte over the size that was found: it tells that the file grew.
        """
        descriptor = self._open(found)
        try:
            return _read(descriptor, found.stat.size + 1)
        finally:
            os.close(descriptor)

    def link_target(self, path: bytes) -> bytes:
        """The content of a symlink: what it points to."""
        return os.readlink(self.absolute(path))

    def reader(self, found: Found) -> Callable[[], bytes]:
        """The whole content of a file or symlink, when it is asked for."""

        def read() -> bytes:
            if found.mode is Mode.SYMLINK:
                return self.link_target(found.path)
            with self.open(found) as file:
                return file.read()

        return read

    def read(self, path: bytes) -> bytes | None:
        """The content of a small file, or None when there is no regular file at `path`."""
        found = self.look(path)
        if found is None or not found.mode.is_file:
            return None
        with self.open(found) as file:
            return file.read()

    # -- changing ------------------------------------------------------------------------------

    def write(self, path: bytes, mode: Mode, content: Iterable[bytes]) -> Found:
        """Put a file or symlink at `path`, whole or not at all, in place of the one there.

        The caller has made sure that what is there may go. WouldOverwrite when a folder that is
        not empty, or a file where a folder is needed, is in the way.
        """
        self._make_folders(path)
        self._written += 1
        aside = b"%s-%d-%d" % (self._aside, os.getpid(), self._written)
        try:
            _make(aside, mode, content)
            self._replace(aside, self.absolute(path), path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(aside)
            raise
        return self._made(path)

    def create(self, path: bytes, mode: Mode, content: Iterable[bytes]) -> Found:
        """Make a file or symlink where nothing is. A crash may leave a part of it."""
        self._make_folders(path)
        _make(self.absolute(path), mode, content)
        return self._made(path)

    def _made(self, path: bytes) -> Found:
        found = _found(path, os.lstat(self.absolute(path)))
        assert found is not None
        return found

    def remove(self, path: bytes) -> None:
        """Remove the file at `path`, and the folders above it that become empty."""
        if not self._is_inside(path):
            return
        try:
            os.unlink(self.absolute(path))
        except (FileNotFoundError, IsADirectoryError, PermissionError):
            if self.look(path) is not None:
                raise
        self._remove_empty_above(path)

    def move(self, source: bytes, target: bytes) -> None:
        """Give a file or folder another path, at which nothing is; empty folders above it go."""
        self._make_folders(target)
        os.rename(self.absolute(source), self.absolute(target))
        self._real_folders.clear()  # any of them may have been below what moved
        self._remove_empty_above(source)

    def _remove_empty_above(self, path: bytes) -> None:
        folder = os.path.dirname(path)
        while folder:
            try:
                os.rmdir(self.absolute(folder))
            except OSError:
                return
            self._real_folders.discard(folder)
            folder = os.path.dirname(folder)

    def _replace(self, aside: bytes, target: bytes, path: bytes) -> None:
        try:
            os.replace(aside, target)
        except (IsADirectoryError, PermissionError):
            try:
                _remove_empty(target)
            except OSError:
                raise WouldOverwrite(
                    f"a folder stands at {display(path)}, where a file should be written",
                    hint="move the folder away, or commit its files first",
                ) from None
            os.replace(aside, target)

    def _make_folders(self, path: bytes) -> None:
        folder = path.rpartition(b"/")[0]
        if folder in self._real_folders or not folder:
            return
        self._make_folders(folder)
        try:
            os.mkdir(self.absolute(folder))
        except FileExistsError:
            if not stat.S_ISDIR(os.lstat(self.absolute(folder)).st_mode):
                raise WouldOverwrite(
                    f"{display(path)} cannot be written: {display(folder)} is not a folder",
                    hint="move it away, or commit it first",
                ) from None
        self._real_folders.add(folder)

    def _is_inside(self, path: bytes) -> bool:
        """Whether every folder above `path` is a real one: no symlink leads out of the tree."""
        folder = path.rpartition(b"/")[0]
        if not folder or folder in self._real_folders:
            return True
        try:
            real = stat.S_ISDIR(os.lstat(self.absolute(folder)).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return real and self._is_inside(folder)


def is_below(path: bytes, folder: bytes) -> bool:
    """Whether `path` is `folder` or lies in it; the empty folder is the whole tree."""
    return not folder or path == folder or path.startswith(folder + b"/")


_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _remove_empty(folder: bytes) -> None:
    """Remove a folder that holds nothing but empty folders; an OSError if there is a file."""
    for above, _, _ in os.walk(folder, topdown=False):
        os.rmdir(above)


def _found(path: bytes, status: os.stat_result) -> Found | None:
    kind = stat.S_IFMT(status.st_mode)
    if kind == stat.S_IFLNK:
        mode = Mode.SYMLINK
    elif kind == stat.S_IFREG:
        mode = Mode.EXECUTABLE if status.st_mode & 0o100 else Mode.FILE
    else:
        return None
    facts = FileStat(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    return Found(path, mode, facts)


def _read(descriptor: int, length: int) -> bytes:
    """The bytes of an open file, at most `length`: one call may give less than there is."""
    content = os.read(descriptor, length)
    while 0 < len(content) < length - 1 and (more := os.read(descriptor, length - len(content))):
        content += more
    return content


def _make(place: bytes, mode: Mode, content: Iterable[bytes]) -> None:
    """Make a file or symlink where nothing is."""
    if mode is Mode.SYMLINK:
        os.symlink(b"".join(content), place)
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(place, flags, 0o777 if mode is Mode.EXECUTABLE else 0o666)
    try:
        for piece in content:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        error.filename = place  # a call on an open file does not say which it was
        raise
    finally:
        os.close(descriptor)
