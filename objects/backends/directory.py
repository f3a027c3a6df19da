"""A backend in a directory: a key is a file below it.

How a crash at any instant leaves each key whole: bytes go into a file `tmp-…` that nobody reads,
are flushed to the disk, and only then get their name, by a link or a rename, which a file system
does at once or not at all; then the directory with the new name is flushed too. What a killed
process leaves are files `tmp-…`, which are no keys; `sweep` removes them.
"""

from __future__ import annotations

import os
import stat
import time
from mmap import ACCESS_READ, mmap

from pyvcs.objects.backends.keys import check_key, is_key
from pyvcs.objects.contexts import contextmanager, suppress
from pyvcs.objects.errors import ObjectMissing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from pyvcs.objects.backends.base import BackendWriter

_ABSENT = (FileNotFoundError, IsADirectoryError, NotADirectoryError)
_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone has text mode
_NEW_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY
_OPEN_OR_NEW = os.O_RDWR | os.O_CREAT | _BINARY
_BOOT_ID = "/proc/sys/kernel/random/boot_id"  # Linux alone has it


class DirectoryBackend:
    """Bytes by key in the files below `root`, which is made when something is first written.

    Processes and threads may share a directory. `durable=False` leaves out every flush to the
    disk: for tests, and for what can be made again. A failure of the system (no space, no
    permission, a read-only disk) is an OSError and leaves the keys as they were.
    """

    def __init__(self, root: str | os.PathLike[str], *, durable: bool = True) -> None:
        self.root = os.fspath(root)  # no Path: that module alone takes 4 ms to load
        self.durable = durable

    def read(self, key: str) -> bytes | None:
        """All bytes under `key`, or None."""
        try:
            with open(self._path(key), "rb", buffering=0) as file:
                return file.readall()
        except _ABSENT:
            return None

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """`length` bytes from `start` on; fewer at the end."""
        try:
            with open(self._path(key), "rb", buffering=0) as file:
                file.seek(start)
                return _read_exactly(file.fileno(), length)
        except _ABSENT:
            raise ObjectMissing(f"nothing is stored under the key {key}") from None

    def view(self, key: str) -> memoryview | None:
        """All bytes under `key`, memory-mapped, or None."""
        try:
            with open(self._path(key), "rb", buffering=0) as file:
                if os.fstat(file.fileno()).st_size == 0:
                    return memoryview(b"")  # nothing of no length can be mapped
                return memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        except _ABSENT:
            return None

    def size(self, key: str) -> int | None:
        """How many bytes are under `key`, or None."""
        try:
            status = os.stat(self._path(key))
        except _ABSENT:
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def stamp(self, key: str) -> tuple[str, bool] | None:
        """The run of the system, and of the file under `key` where it is, its length and times."""
        from pyvcs.objects.file_times import is_settled, is_whole_second

        try:
            with open(_BOOT_ID, "rb", buffering=0) as file:
                run = file.read().strip().decode()
            found = os.stat(self._path(key))
        except OSError:
            return None
        modified, changed = found.st_mtime_ns, found.st_ctime_ns
        if not run or is_whole_second(changed):
            return None  # a container hides it; a clock that may hide a change for a second or two
        word = f"{run} {found.st_dev} {found.st_ino} {found.st_size} {modified} {changed}"
        return word, is_settled(modified, changed, at=time.time_ns())

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that begins with `prefix`, sorted; other files in the directory are none."""
        folder = prefix.rpartition("/")[0]
        if folder and not is_key(folder):
            return iter(())
        found = self._files_below(os.path.join(self.root, folder), f"{folder}/" if folder else "")
        return iter(sorted(key for key in found if key.startswith(prefix) and is_key(key)))

    @contextmanager
    def writer(self) -> Iterator[BackendWriter]:
        """A new stream into a file of its own, gone at the end unless it was published."""
        stream = _DirectoryWriter(self)
        try:
            yield stream
        finally:
            stream.close()

    def swap(self, key: str, *, expected: bytes | None, new: bytes | None) -> bool:
        """Put `new` under `key` if it holds `expected` now; whether it did.

        Of all that race, in any number of processes, exactly one wins a round. They take turns
        by a lock on a file `lock-…` beside the key, which stays when they are gone.
        """
        path = self._path(key)
        with self._turn(path):
            if self.read(key) != expected:
                return False
            if new is None:
                self.delete(key)
            else:
                stream = _DirectoryWriter(self)
                try:
                    stream.write(new)
                    stream.replace(path)
                finally:
                    stream.close()
            return True

    def extend(self, key: str, data: bytes, *, at: int) -> bool:
        """Put `data` behind the bytes under `key` if they are `at` now; whether they were."""
        with self._turn(self._path(key)):
            is_so = (self.size(key) or 0) == at
            if is_so:
                self.append(key, data, at=at, durable=False)
            return is_so

    def append(self, key: str, *data: bytes, at: int, durable: bool = True) -> None:
        """Make the bytes under `key` be its first `at` bytes and then `data`."""
        path = self._path(key)
        is_new = at == 0 and not os.path.exists(path)
        if is_new:
            self._make_folder(os.path.dirname(path))
        try:
            descriptor = os.open(path, _OPEN_OR_NEW if is_new else os.O_RDWR | _BINARY, 0o666)
        except FileNotFoundError:
            raise ValueError(f"{key} is absent, nothing can be put at {at}") from None
        with open(descriptor, "r+b", buffering=0) as file:
            size = os.fstat(descriptor).st_size
            if not 0 <= at <= size:
                raise ValueError(f"{key} has {size} bytes, nothing can be put at {at}")
            file.seek(at)
            try:
                for piece in data:
                    _write_all(descriptor, piece)
            except OSError as error:
                raise _at(path, error) from None
            end = at + sum(map(len, data))
            if size > end:
                file.truncate(end)
            if durable:
                self.flush(descriptor)
        if is_new and durable:
            self.flush_folder(os.path.dirname(path))

    def delete(self, key: str) -> None:
        """Remove `key` if it is there."""
        path = self._path(key)
        with suppress(*_ABSENT):
            os.unlink(path)
        with suppress(*_ABSENT):
            self.flush_folder(os.path.dirname(path))

    def sweep(self) -> int:
        """Remove the files that killed writers have left behind; how many there were.

        A stream that is still being written holds a lock on its file and is left alone.
        """
        removed = 0
        with suppress(*_ABSENT):
            for name in os.listdir(self.root):
                if name.startswith("tmp-"):
                    removed += _removed_if_left_behind(os.path.join(self.root, name))
        return removed

    def new_file(self) -> tuple[str, int]:
        """A new empty file that is no key, open and locked: its path and its descriptor."""
        from pyvcs.objects.backends.file_lock import try_lock

        self._make_folder(self.root)
        while True:
            path = os.path.join(self.root, f"tmp-{os.urandom(8).hex()}")
            descriptor = os.open(path, _NEW_FILE, 0o666)
            # A sweep between these two lines takes the file for one that was left behind.
            if try_lock(descriptor) and os.fstat(descriptor).st_nlink:
                return path, descriptor
            os.close(descriptor)

    def publish_file(self, file: str, key: str) -> None:
        """Give a flushed file its key, unless the key is there already."""
        path = self._path(key)
        folder = os.path.dirname(path)
        self._make_folder(folder)
        try:
            os.link(file, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            if not os.path.exists(path):
                os.replace(file, path)
        # Also when another writer was first: it may not have come as far as this line.
        self.flush_folder(folder)

    def flush(self, descriptor: int) -> None:
        """Wait until the disk has what was written to an open file."""
        if self.durable:
            os.fsync(descriptor)

    def flush_folder(self, folder: str | os.PathLike[str]) -> None:
        """Wait until the disk has the names in a folder."""
        if self.durable:
            _flush_folder(folder)

    def flush_all(self) -> None:
        """Wait until the disk has all that is here, however it was written."""
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.getsize(path):  # a lock has no bytes
                    with open(path, "rb+", buffering=0) as file:
                        os.fsync(file.fileno())
            _flush_folder(folder)

    def _path(self, key: str) -> str:
        return os.path.join(self.root, check_key(key))

    def _turn(self, path: str) -> AbstractContextManager[None]:
        """A turn of those that change the file at a path."""
        folder, name = os.path.split(path)
        self._make_folder(folder)
        return _locked(os.path.join(folder, f"lock-{name}"))

    def _make_folder(self, folder: str) -> None:
        if os.path.isdir(folder or os.curdir):
            return
        above = os.path.dirname(folder)
        self._make_folder(above)
        with suppress(FileExistsError):
            os.mkdir(folder)
        self.flush_folder(above or os.curdir)

    def _files_below(self, folder: str, prefix: str) -> Iterator[str]:
        try:
            entries = list(os.scandir(folder))
        except _ABSENT:
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from self._files_below(entry.path, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name


class _DirectoryWriter:
    """A stream of a DirectoryBackend into a file `tmp-…`."""

    def __init__(self, backend: DirectoryBackend) -> None:
        self._backend = backend
        self._path, descriptor = backend.new_file()
        self._file = open(descriptor, "r+b", buffering=1 << 20)  # noqa: SIM115 - closed by `close`

    def write(self, data: bytes | memoryview) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            raise _at(self._path, error) from None

    def read_back(self, start: int, length: int) -> bytes:
        self._file.seek(start)
        content = self._file.read(length)
        self._file.seek(0, os.SEEK_END)
        return content

    def publish(self, key: str) -> None:
        check_key(key)
        self._finish()
        self._backend.publish_file(self._path, key)

    def replace(self, path: str) -> None:
        """Flush what was written and put it in the place of a file, at once and whole."""
        self._finish()
        os.replace(self._path, path)
        self._backend.flush_folder(os.path.dirname(path))

    def close(self) -> None:
        """Let go of the file; whatever was not published is gone."""
        with suppress(OSError):  # bytes that were not flushed: nobody wants them now
            self._file.close()
        with suppress(FileNotFoundError):
            os.unlink(self._path)

    def _finish(self) -> None:
        try:
            self._file.flush()
            self._backend.flush(self._file.fileno())
        except OSError as error:
            raise _at(self._path, error) from None
        if os.name == "nt":
            self._file.close()  # Windows renames no open file


def _at(path: str, error: OSError) -> OSError:
    """The error of a call on an open file, which alone does not say on which."""
    error.filename = path
    return error


def _removed_if_left_behind(path: str) -> bool:
    """Whether nobody writes this file any more, which is then removed."""
    from pyvcs.objects.backends.file_lock import try_lock

    with suppress(FileNotFoundError), open(path, "rb") as file:
        if try_lock(file.fileno()):
            os.unlink(path)
            return True
    return False


@contextmanager
def _locked(path: str) -> Iterator[None]:
    from pyvcs.objects.backends.file_lock import lock  # who only reads needs none

    descriptor = os.open(path, _OPEN_OR_NEW, 0o666)
    try:
        lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _flush_folder(folder: str | os.PathLike[str]) -> None:
    """Wait until the disk has the names in a folder. Windows has no call for that."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read_exactly(descriptor: int, length: int) -> bytes:
    """`length` bytes, fewer only at the end of the file: one call may give less than was asked."""
    parts = []
    while length and (part := os.read(descriptor, length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
