"""Renames among changed files, for people to see: as merges find them, but of all files.

Not handled. Copies.
"""

from __future__ import annotations

from pyvcs.diffing import FileDiff
from pyvcs.merge.renames import find_renames
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def with_renames(files: Iterable[FileDiff]) -> list[FileDiff]:
    """The same changes, sorted by path, in which a file that went and one that came, alike or
    nearly so, are one file with a source."""
    found = list(files)
    gone = {file.path: file for file in found if file.after is None}
    came = {file.path: file for file in sorted(found, key=_path) if file.before is None}
    if not gone or not came:
        return found
    source_of = find_renames(
        _Contents([*gone.values(), *came.values()]),
        {path: file.before for path, file in gone.items() if file.before is not None},
        {path: file.after for path, file in came.items() if file.after is not None},
    )
    sources = set(source_of.values())
    whole = [
        _renamed(file, gone[source_of[file.path]]) if file.path in source_of else file
        for file in found
        if file.path not in sources or file.path not in gone
    ]
    return sorted(whole, key=_path)


def _path(file: FileDiff) -> bytes:
    return file.path


def _renamed(file: FileDiff, source: FileDiff) -> FileDiff:
    return replace(
        file,
        before=source.before,
        old=source.old,
        size_before=source.size_before,
        source=source.path,
    )


class _Contents:
    """The contents of files that went or came, by oid, read when they are asked for."""

    def __init__(self, files: Iterable[FileDiff]) -> None:
        self._files: dict[Oid, FileDiff] = {}
        for file in files:
            side = file.before or file.after
            if side is not None:
                self._files[side[1]] = file

    def blob(self, oid: Oid) -> bytes:
        """A content."""
        file = self._files[oid]
        return file.old() if file.after is None else file.new()

    def blob_size(self, oid: Oid) -> int:
        """Its length."""
        file = self._files[oid]
        return file.size_before if file.after is None else file.size_after
