"""A bundle on a disk: one file with a header and one pack. The bytes: docs/formats/bundle.md."""

from __future__ import annotations

import errno
import os
from contextlib import AbstractContextManager, contextmanager, suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path

from pyvcs.objects.backends.base import BackendWriter
from pyvcs.objects.errors import Corrupt, NotFound, UnsupportedFormat
from pyvcs.objects.store import ObjectStore, pack_key
from pyvcs.sync.bundle_header import BundleHeader, decode_header, encode_header
from pyvcs.sync.heads_file import MAX_BYTES
from pyvcs.sync.transports.folder import put_in_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, NoReturn

MAGIC = b"pyvcs bundle, format 1\n"
_ANY_FORMAT = b"pyvcs bundle, format "
_KEY = pack_key("0" * 32)
_MAX_DIGITS = 10


class Bundle:
    """A bundle that can be read: its header, and its objects as a store."""

    def __init__(self, path: Path, header: BundleHeader, content: memoryview) -> None:
        self.path = path
        self.header = header
        self.store = ObjectStore(_OnePack(content, path))

    @classmethod
    def is_at(cls, path: str | bytes) -> bool:
        """Whether there is a file that begins as a bundle does, of whatever format."""
        with suppress(OSError), open(path, "rb") as file:
            return file.read(len(_ANY_FORMAT)) == _ANY_FORMAT
        return False

    @classmethod
    def open(cls, path: str | bytes) -> Bundle:
        """Open a bundle. NotFound, Corrupt when it is none or cut off, UnsupportedFormat if newer.

        Nothing of its objects is read yet, and none is believed: whoever takes them checks them.
        """
        where = Path(os.fsdecode(path))
        try:
            with where.open("rb") as file:
                header = _read_header(file, str(where))
                start = file.tell()
                size = os.fstat(file.fileno()).st_size
                content = memoryview(b"")
                if size > start:
                    content = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))[start:]
        except (FileNotFoundError, IsADirectoryError):
            raise NotFound(f"there is no bundle at {where}") from None
        return cls(where, header, content)


def _read_header(file: BinaryIO, name: str) -> BundleHeader:
    first = file.readline(len(MAGIC) + 20)
    if first != MAGIC:
        if first.startswith(_ANY_FORMAT):
            words = first.decode("utf-8", "replace").strip()
            raise UnsupportedFormat(
                f"{name} says {words!r}, and this pyvcs knows {MAGIC.decode().strip()!r}",
                hint="use a newer pyvcs",
            )
        raise Corrupt(f"{name} is no bundle of pyvcs")
    digits = file.readline(_MAX_DIGITS + 1).removesuffix(b"\n")
    if not digits.isdigit() or int(digits) > MAX_BYTES:
        raise Corrupt(f"{name} has no length of a header where one should be")
    return decode_header(file.read(int(digits)), f"the header of {name}")


class BundleWriter:
    """A bundle on its way: it gets its name at the end, whole, or there is none.

    As the backend of an ObjectStore it takes one pack.
    """

    def __init__(self, path: str | bytes) -> None:
        self._target = Path(os.path.abspath(os.fsdecode(path)))

    @contextmanager
    def writing(self, header: BundleHeader) -> Iterator[ObjectStore]:
        """A store that is written into the bundle, which is there when the context is left."""
        aside = self._target.with_name(f"tmp-{os.urandom(8).hex()}-{self._target.name}"[:255])
        with aside.open("xb", buffering=1 << 20) as file:
            try:
                document = encode_header(header)
                file.write(MAGIC + b"%d\n" % len(document) + document)
                backend = _PackAppender(file)
                yield ObjectStore(backend)
                if not backend.published:
                    file.truncate(backend.start)  # the pack that began has no objects
                put_in_place(aside, file, self._target)
            finally:
                with suppress(OSError):  # what could not be written is not wanted any more
                    file.close()
                aside.unlink(missing_ok=True)


class _Appended:
    """The stream of a pack to the end of an open file."""

    def __init__(self, backend: _PackAppender) -> None:
        self._backend = backend
        self._begin = backend.file.tell()

    def write(self, data: bytes | memoryview) -> int:
        return self._backend.file.write(data)

    def read_back(self, start: int, length: int) -> bytes:
        self._backend.file.flush()
        with open(self._backend.file.name, "rb") as file:
            file.seek(self._begin + start)
            return file.read(length)

    def publish(self, _key: str) -> None:
        self._backend.published = True


class _ReadOnly:
    """What a backend does not do that holds one pack."""

    def _refuse(self) -> NoReturn:
        raise OSError(errno.EROFS, "a bundle is written once, and whole")

    def swap(self, key: str, *, expected: bytes | None, new: bytes | None) -> bool:  # noqa: ARG002
        self._refuse()

    def extend(self, key: str, data: bytes, *, at: int) -> bool:  # noqa: ARG002
        self._refuse()

    def append(self, key: str, *data: bytes, at: int, durable: bool = True) -> None:  # noqa: ARG002
        self._refuse()

    def delete(self, key: str) -> None:  # noqa: ARG002
        self._refuse()

    def stamp(self, key: str) -> tuple[str, bool] | None:  # noqa: ARG002
        return None

    def sweep(self) -> int:
        return 0


class _OnePack(_ReadOnly):
    """The pack in a bundle, as a backend that can be read."""

    def __init__(self, content: memoryview, path: Path) -> None:
        self._content = content
        self._path = path

    def _at(self, key: str) -> memoryview | None:
        return self._content if key == _KEY and len(self._content) else None

    def read(self, key: str) -> bytes | None:
        found = self._at(key)
        return None if found is None else bytes(found)

    def read_range(self, key: str, start: int, length: int) -> bytes:
        if self._at(key) is None:
            return b""
        # Not through the view: whatever is read there stays in the memory of the process.
        with self._path.open("rb") as file:
            file.seek(file.seek(0, os.SEEK_END) - len(self._content) + start)
            return file.read(max(0, min(length, len(self._content) - start)))

    def view(self, key: str) -> memoryview | None:
        return self._at(key)

    def size(self, key: str) -> int | None:
        found = self._at(key)
        return None if found is None else len(found)

    def keys(self, prefix: str = "") -> Iterator[str]:
        return iter([_KEY] if len(self._content) and _KEY.startswith(prefix) else [])

    def writer(self) -> AbstractContextManager[BackendWriter]:
        self._refuse()


class _PackAppender(_OnePack):
    """A backend that takes one pack, to the end of an open file, and shows nothing."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(memoryview(b""), Path(file.name))
        self.file = file
        self.start = file.tell()
        self.published = False

    @contextmanager
    def writer(self) -> Iterator[BackendWriter]:
        yield _Appended(self)
