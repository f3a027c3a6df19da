"""The code of our modules in one file, so that a command need not look for each and open it.

Idea.        A finder before Python's own answers for the modules whose code is kept. Its loader is
             Python's own, but for where the code comes from, so that modules look as they always
             do. The file lies where Python would keep the bytecode of the module `kept`.
Invariant.   As with a .pyc, the code of a source is kept with the mtime, in seconds, and the size
             that were there before it was asked for, and used as long as these stay. All else (no
             file, or one that is cut, or of another Python or format) is left to the ordinary
             import.
Cost.        A stat and a read a module instead of some ten calls, and no search. The index takes
             0.2 us a row. A command that loaded modules in the ordinary way writes the file anew
             (`keeping_code`).
Result.      The file begins with the seal and the size of its index; the index is marshalled, and
             gives for each module its source, and place, size and seal of its code in what follows.
             Seals are made with the number of Python's bytecode: another Python finds none right.
Not handled. A module that becomes a package while its old source stays is seen when that goes.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib import BuiltinImporter, ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename, source_hash  # type: ignore[attr-defined] # it is in no stub
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

    Stat = tuple[int, int]  # mtime in whole seconds, and size, of a source
    Row = tuple[bool, Stat, int, int, bytes]  # is a package, source; place, size, seal of its code

_FORMAT = 1
_KEY = int.from_bytes((*MAGIC_NUMBER, _FORMAT), "little")
SEAL_BYTES = 8
SIZE_BYTES = 4
_HEAD_BYTES = SEAL_BYTES + SIZE_BYTES
_MOST = 1 << 20
"""No index has so many bytes: a head that says so is damaged."""


def use_kept_code() -> None:
    """Let the modules of this process come from the file. Only for a process that is a command.

    Before Python's own finders, and after those of tools that watch or change imports.
    """
    own = sys.modules[__name__].__spec__
    is_usual = sys.implementation.name == "cpython" and hasattr(os, "pread")
    if not is_usual or own is None or type(own.loader) is not SourceFileLoader:
        return
    own_first = [*sys.meta_path, BuiltinImporter].index(BuiltinImporter)
    if own.cached is not None and sys.pycache_prefix is None:
        folder, _, name = own.cached.rpartition("/")
        tail = name.removeprefix("kept_code")
        sys.meta_path.insert(own_first, KeptCode(f"{folder}/kept{tail}", tail))


def kept_code_in_use() -> KeptCode | None:
    """The finder of this process, if it has one."""
    return next((finder for finder in sys.meta_path if isinstance(finder, KeptCode)), None)


class KeptCode:
    """A finder of modules whose code is in the file `path`; their own .pyc end with `tail`.

    `missed` are the modules that it was asked for and had not, each with the path of its parent.
    """

    def __init__(self, path: str, tail: str) -> None:
        self.path = path
        self.rows: dict[str, Row] = {}
        self.missed: dict[str, Sequence[str]] = {}
        self._tail = tail
        self._descriptor = -1
        self._start = 0
        self._read_index()

    def _read_index(self) -> None:
        """The file stays open, so that one that takes its place is not mixed in."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except OSError:
            return  # nothing is kept, or we may not read it
        # Up to 2 it is a stream that the caller closed: no place for a file of ours.
        index = _index_of(descriptor) if descriptor > 2 else b""
        if index:
            self.rows, self._start = loads(index), _HEAD_BYTES + len(index)
            self._descriptor = descriptor
        else:
            os.close(descriptor)

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is, if its code is kept and its source is as it was."""
        if not path or not name.startswith("pyvcs."):
            return None
        row = self.rows.get(name)
        if row is None or stat_of(source := source_of(name, path, row[0])) != row[1]:
            self.missed[name] = path
            return None
        spec = ModuleSpec(name, KeptLoader(name, source, self), origin=source, is_package=row[0])
        spec.has_location = True
        spec.cached = self._bytecode(source)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(source.rpartition("/")[0])
        return spec

    def _bytecode(self, source: str) -> str:
        folder, _, name = source.rpartition("/")
        return f"{folder}/__pycache__/{name[:-3]}{self._tail}"

    def code(self, name: str) -> bytes | None:
        """The code of a module, marshalled; None when it is damaged."""
        _, _, place, size, known = self.rows[name]
        try:
            code = os.pread(self._descriptor, size, self._start + place)
        except OSError:
            return None
        return code if seal(code) == known else None


class KeptLoader(SourceFileLoader):
    """Python's loader of sources, which is told their code."""

    def __init__(self, name: str, path: str, kept: KeptCode) -> None:
        self.name = name
        self.path = path
        self._kept = kept

    def get_code(self, fullname: str) -> CodeType | None:
        """The code that is kept; if that is damaged, what Python has."""
        marshalled = self._kept.code(fullname)
        if marshalled is None:
            self._kept.missed[fullname] = sys.modules[fullname.rpartition(".")[0]].__path__
            return super().get_code(fullname)
        code: CodeType = loads(marshalled)
        _fix_co_filename(code, self.path)  # of a tree that was moved
        return code


def _index_of(descriptor: int) -> bytes:
    """The index of a file, marshalled; nothing if it is damaged."""
    try:
        head = os.pread(descriptor, _HEAD_BYTES, 0)
        size = int.from_bytes(head[SEAL_BYTES:], "little")
        index = os.pread(descriptor, size, _HEAD_BYTES) if size < _MOST else b""
    except OSError:
        return b""  # it is a folder
    return index if seal(index) == head[:SEAL_BYTES] else b""


def seal(data: bytes) -> bytes:
    """What shows that bytes are whole, and of this Python and format."""
    return source_hash(_KEY, data)


def source_of(name: str, path: Sequence[str], is_package: bool) -> str:
    """Where the source of a module is looked for, by the path of its parent."""
    last = name.rpartition(".")[2]
    return f"{path[0]}/{last}/__init__.py" if is_package else f"{path[0]}/{last}.py"


def stat_of(source: str) -> Stat | None:
    """What tells whether a source has changed; None when it is not there.

    It is what Python writes into a .pyc. The rest of the second is lost in archives and images:
    all code would be taken for stale there, for ever where nobody may write.
    """
    try:
        found = os.stat(source)
    except OSError:
        return None
    return int(found.st_mtime), found.st_size
