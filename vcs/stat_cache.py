"""The stat cache: what the working tree looked like when its files were last compared.

For each file of the commit that the working tree stands on: mode and oid there, and the file's
stat when its content was known to be just that. A file whose stat is unchanged is not read again.
It is a cache: when it is missing, damaged or for another commit, it is made anew.
"""

from __future__ import annotations

import time

from pyvcs.looking import pack, unpack
from pyvcs.objects.file_times import is_settled
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.typed import NamedTuple
from pyvcs.sealed import STAT_CACHE_KEY, seal_files, unseal_files
from pyvcs.worktree import FileStat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyvcs.looking import Row
    from pyvcs.objects.backends.base import Backend
    from pyvcs.objects.listing import File
    from pyvcs.objects.store import ObjectReader
    from pyvcs.sealed import Packed

KEY = STAT_CACHE_KEY
UNKNOWN = FileStat(-1, -1, -1, -1)
"""The stat of a file whose content is not known: no file has it."""

_MODES = {mode.value.encode(): mode for mode in Mode}
_LETTERS = {mode: letter for letter, mode in _MODES.items()}


class Cached(NamedTuple):
    """A file of the commit, and the stat under which its content was that of the commit."""

    mode: Mode
    oid: Oid
    stat: FileStat

    @classmethod
    def of(cls, row: Row) -> Cached:
        """That of a row of the stat cache."""
        letter, oid, *stat = row
        return cls(_MODES[letter], Oid(oid), FileStat(*stat))


class StatCache:
    """The files of one commit, by folder and name.

    Each folder is kept as the bytes that were read (`looking.pack`) until somebody asks for a file
    in it: to make rows of 10,000 files that nobody asks for takes 7 ms.
    """

    def __init__(self, commit: Oid | None) -> None:
        self.commit = commit
        self.at_peace: Oid | None = None
        """A commit that is known to have no conflicts."""
        self.begun = time.time_ns()
        self.changed = True
        self._packed: dict[bytes, Packed] = {}  # what stands in `_rows` too is out of date here
        self._rows: dict[bytes, dict[bytes, Row]] = {}
        self._fresh: list[bytes] = []  # the paths that were put

    @classmethod
    def load(cls, backend: Backend, objects: ObjectReader, commit: Oid | None) -> StatCache:
        """The cache for `commit`, from the backend as far as it holds, from the tree else."""
        kept = _decode(backend.read(KEY))
        if kept is not None and kept.commit == commit:
            return kept
        cache = cls(commit)
        if commit is not None:
            from pyvcs.objects.listing import files_of

            for path, file in files_of(objects, objects.commit(commit).tree):
                old = kept.get(path) if kept is not None else None
                known = old is not None and (old.mode, old.oid) == file
                cache.put(path, file, old.stat if known and old is not None else None)
        return cache

    def get(self, path: bytes) -> Cached | None:
        """What the commit has at `path`."""
        folder, _, name = path.rpartition(b"/")
        row = self._folder(folder).get(name)
        return None if row is None else Cached.of(row)

    def put(self, path: bytes, file: File, stat: FileStat | None) -> None:
        """Note what the commit has at `path`, and the stat of the file that equals it, if known."""
        folder, _, name = path.rpartition(b"/")
        mode, oid = file
        row = (_LETTERS[mode], bytes(oid), *(stat or UNKNOWN))
        self._folder(folder)[name] = row
        self._fresh.append(path)
        self.changed = True

    def fill(self, folder: bytes, packed: bytes) -> None:
        """Note all that the commit has in a folder, with stats that are known to be settled."""
        self._packed[folder] = packed
        self.changed = True

    def note_peace(self, commit: Oid) -> None:
        """Note that a commit has no conflicts, so that nobody has to read it to know."""
        self.at_peace = commit
        self.changed = True

    def remove(self, path: bytes) -> None:
        """Note that the commit has nothing at `path`."""
        folder, _, name = path.rpartition(b"/")
        self._folder(folder).pop(name, None)
        self.changed = True

    def holds_folder(self, folder: bytes) -> bool:
        """Whether the commit has files in or below `folder`."""
        prefix = folder + b"/" if folder else b""
        return any(
            known == folder or known.startswith(prefix)
            for known in {**self._packed, **self._rows}
            if self._rows.get(known, True)
        )

    def items(self) -> Iterator[tuple[bytes, Cached]]:
        """All files of the commit by path."""
        for folder, packed in self.packed().items():
            prefix = folder + b"/" if folder else b""
            for name, row in unpack(packed).items():
                yield prefix + name, Cached.of(row)

    def packed(self) -> Mapping[bytes, Packed]:
        """All files, by folder as bytes."""
        for folder, rows in self._rows.items():
            if rows:
                self._packed[folder] = pack(rows)
            else:
                self._packed.pop(folder, None)
        self._rows.clear()
        return self._packed

    def _folder(self, folder: bytes) -> dict[bytes, Row]:
        """The rows of a folder, which may be changed."""
        rows = self._rows.get(folder)
        if rows is None:
            packed = self._packed.get(folder)
            self._rows[folder] = rows = {} if packed is None else unpack(packed)
        return rows

    def save(self, backend: Backend) -> None:
        """Write the cache, if anything changed. Not being able to is no error: it is a cache."""
        if not self.changed:
            return
        try:
            backend.append(KEY, self._encode(), at=0, durable=False)
        except OSError:
            return
        self.changed = False

    def _is_racy(self, row: Row) -> bool:
        """Whether the file may have changed, or change yet, within the tick that its stat tells."""
        return not is_settled(*row[2:4], at=self.begun)

    def _encode(self) -> bytes:
        """The bytes, without the stats that may hide an edit: those of files just changed."""
        for path in self._fresh:
            folder, _, name = path.rpartition(b"/")
            rows = self._folder(folder)
            row = rows.get(name)
            if row is not None and self._is_racy(row):
                rows[name] = (*row[:2], *UNKNOWN)
        self._fresh.clear()
        return seal_files(bytes(self.commit or b""), bytes(self.at_peace or b""), self.packed())


def _decode(content: bytes | None) -> StatCache | None:
    """The cache from its bytes, or None."""
    found = unseal_files(content)
    if found is None:
        return None
    commit, at_peace, folders = found
    cache = StatCache(Oid(commit) if commit else None)
    cache._packed = {**folders}
    cache.at_peace = Oid(at_peace) if at_peace else None
    cache.changed = False
    return cache
