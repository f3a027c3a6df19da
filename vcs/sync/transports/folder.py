"""A plain folder that anything may copy: packs named by their bytes, and a heads file a replica.

Nobody waits for anybody: a pack is written once, a heads file only by its own replica and whole,
and nothing in the folder is locked or compared-and-swapped. What a copying tool has brought in
part only, or made twice under another name, is left alone. The format: docs/formats/folder.md.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from pathlib import Path

from blake3 import blake3

from pyvcs.objects.backends.base import BackendWriter
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.errors import NotARepository, PyvcsError, UnsupportedFormat
from pyvcs.objects.pack_reader import PackReader
from pyvcs.objects.store import PACK_PREFIX, PACK_SUFFIX, pack_key
from pyvcs.place import FOLDER_MARK
from pyvcs.sync.heads_file import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import BinaryIO

FORMAT = b"pyvcs folder, format 1\n"

_PACK = re.compile(r"objects/([0-9a-f]{32})\.pack")
_HEADS = re.compile(r"heads/([0-9a-f]{32})\.json")
_PIECE = 1024 * 1024


class FolderBackend(DirectoryBackend):
    """The packs of a folder as a backend that shows only those that can be opened.

    `unsound` says of each other pack, by name, what is wrong; `written` are the packs that were
    written through this value, with their lengths. `hidden` packs are there and not shown.
    """

    def __init__(self, root: Path, *, owner: str = "", hidden: Collection[str] = ()) -> None:
        super().__init__(root)
        self.owner = owner
        self.hidden = frozenset(hidden)
        self.unsound: dict[str, str] = {}
        self.written: dict[str, int] = {}
        self._opened: set[str] = set()

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The packs that are whole as far as their index tells."""
        return (key for key in super().keys(prefix) if self._is_shown(key))

    def _is_shown(self, key: str) -> bool:
        name = pack_name(key)
        if name is None or name in self.unsound or name in self.hidden:
            return False
        if key not in self._opened:
            try:
                if PackReader.open(self, key) is None:
                    return False
            except PyvcsError:
                self.unsound[name] = "has not arrived whole yet"
                return False
            self._opened.add(key)
        return True

    def refuse_damaged(self) -> bool:
        """Hash every pack that is shown and hide those that are not what their name says.

        Whether there was one. Reads all packs: it is for when an object turned out to be wrong.
        """
        before = len(self.unsound)
        for key in list(self.keys(PACK_PREFIX)):
            name = pack_name(key)
            if name is not None and self._hash(key) != name:
                self.unsound[name] = "is damaged, or has not arrived whole yet"
        return len(self.unsound) > before

    def _hash(self, key: str) -> str:
        digest = blake3()
        offset = 0
        while piece := self.read_range(key, offset, _PIECE):
            digest.update(piece)
            offset += len(piece)
        return digest.hexdigest()[:32]

    @contextmanager
    def writer(self) -> Iterator[BackendWriter]:
        """A stream to a new pack; whatever key it is published under, its bytes name it."""
        stream = _PackStream(self)
        try:
            yield stream
        finally:
            stream.close()


class _PackStream:
    """A pack on its way, in a file that nobody takes for one."""

    def __init__(self, backend: FolderBackend) -> None:
        self._backend = backend
        self._path, self._file = new_file(Path(backend.root), backend.owner)
        self._digest = blake3()
        self._size = 0

    def write(self, data: bytes | memoryview) -> int:
        self._digest.update(data)
        self._size += len(data)
        return self._file.write(data)

    def read_back(self, start: int, length: int) -> bytes:
        self._file.flush()
        with self._path.open("rb") as file:
            file.seek(start)
            return file.read(length)

    def publish(self, _key: str) -> None:
        name = self._digest.hexdigest()[:32]
        target = Path(self._backend.root, pack_key(name))
        target.parent.mkdir(exist_ok=True)
        put_in_place(self._path, self._file, target)
        self._backend.written[name] = self._size

    def close(self) -> None:
        """Let go of the file; what was not published is gone."""
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)


class Folder:
    """One folder, as one replica sees it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def make(cls, path: str | bytes) -> Folder:
        """Make a new or empty folder a place to sync through. NotARepository if it is not empty."""
        root = Path(os.path.abspath(os.fsdecode(path)))
        if root.is_dir() and any(root.iterdir()):
            raise NotARepository(
                f"{root} is not empty", hint="give a new folder, or one in it, as in DIR/notes"
            )
        root.mkdir(parents=True, exist_ok=True)
        aside, file = new_file(root, "")
        with file:
            file.write(FORMAT)
            put_in_place(aside, file, root / FOLDER_MARK)
        return cls(root)

    @classmethod
    def at(cls, path: str | bytes) -> Folder | None:
        """The folder at a path, or None when there is none. UnsupportedFormat if it is newer."""
        root = Path(os.path.abspath(os.fsdecode(path)))
        try:
            with (root / FOLDER_MARK).open("rb") as file:
                found = file.read(len(FORMAT) + 100)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if found != FORMAT:
            words = found[:60].decode("utf-8", "replace").strip()
            known = FORMAT.decode().strip()
            raise UnsupportedFormat(
                f"the folder {root} says {words!r}, and this pyvcs knows {known!r}",
                hint="use a newer pyvcs",
            )
        return cls(root)

    def heads_files(self) -> Iterator[tuple[str, bytes]]:
        """Replica and content of every heads file; copies that tools made under other names, and
        what is too long to be one, are left out."""
        for key in DirectoryBackend(self.root).keys("heads/"):
            match = _HEADS.fullmatch(key)
            content = None if match is None else self.heads_of(match[1])
            if match is not None and content is not None:
                yield match[1], content

    def heads_of(self, replica: str) -> bytes | None:
        """The content of one replica's heads file, None when there is none of a usual length."""
        path = self.root / "heads" / f"{replica}.json"
        with suppress(FileNotFoundError):
            if path.stat().st_size <= MAX_BYTES:
                return path.read_bytes()
        return None

    def write_heads(self, replica: str, content: bytes) -> None:
        """Put a replica's heads file in place of its old one, whole or not at all."""
        target = self.root / "heads" / f"{replica}.json"
        target.parent.mkdir(exist_ok=True)
        aside, file = new_file(self.root, replica)
        try:
            with file:
                file.write(content)
                put_in_place(aside, file, target)
        finally:
            aside.unlink(missing_ok=True)

    def size_of(self, pack: str) -> int | None:
        """The length of a pack in bytes, None when it is not here."""
        return DirectoryBackend(self.root).size(pack_key(pack))

    def written_before(self, pack: str, time_ms: int) -> bool:
        """Whether a pack was written before some time, in ms since 1970 UTC; not if it is gone."""
        with suppress(FileNotFoundError):
            return (self.root / pack_key(pack)).stat().st_mtime * 1000 < time_ms
        return False

    def remove_pack(self, pack: str) -> None:
        """Remove a pack whose objects are in another one."""
        (self.root / pack_key(pack)).unlink(missing_ok=True)

    def sweep(self, replica: str, *, before_ms: int) -> None:
        """Remove what killed processes of this replica left behind before some time, in ms since
        1970 UTC; younger files may be on their way."""
        for path in self.root.glob(f"tmp-{replica}-*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime * 1000 < before_ms:
                    path.unlink()


def pack_name(key: str) -> str | None:
    """The name of a pack from its key, None for what is no pack of a folder."""
    match = _PACK.fullmatch(key) if key.endswith(PACK_SUFFIX) else None
    return None if match is None else match[1]


def new_file(folder: Path, owner: str) -> tuple[Path, BinaryIO]:
    """A new empty file beside those that count."""
    path = folder / f"tmp-{owner}-{os.urandom(8).hex()}"
    return path, path.open("xb", buffering=_PIECE)


def put_in_place(aside: Path, file: BinaryIO, target: Path) -> None:
    """Flush a file and give it its name, at once; then flush the name."""
    file.flush()
    os.fsync(file.fileno())
    if os.name == "nt":
        file.close()  # Windows renames no open file
    os.replace(aside, target)
    DirectoryBackend(target.parent).flush_folder(target.parent)
