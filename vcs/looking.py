"""Looking: which files of a working tree are not as they were when they were last compared.

Idea.        What is known of the files of a folder lies together: their names, and the numbers of
             their stats in one list. A folder in which nothing moved gives the same list again, and
             one comparison tells; no value is made for any file.
Invariant.   A name that is not told is there, and its stat is as it was known to be.
             So is, by the caller's word, each name in a folder whose stamp is as given: that is not
             listed (`folder_times`).
Cost.        A listing a folder and a stat a file. All else is less than a quarter of that.
Result.      The names that differ, sorted: new ones, those that are gone, those with another stat.
Not handled. What the names are: the caller looks again at those that differ.
"""

from __future__ import annotations

import marshal
import os
from _operator import attrgetter  # `operator` itself takes as long as 150 stats

from pyvcs.both_ends import Begun

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    from pyvcs.sealed import Packed

Row: TypeAlias = "tuple[bytes, bytes, int, int, int, int]"
"""A file: letter of its mode and oid in the commit, and the numbers of its stat (`FileStat`)."""

Known: TypeAlias = "tuple[tuple[bytes, ...], list[int], bytes]"
"""The files of a folder: names; the numbers of all stats; letters and oids, all in one order."""

Stamp: TypeAlias = "tuple[int, ...]"
"""Of a folder: when its content and its inode changed last, in ns, its inode and its device."""

Differing: TypeAlias = "dict[bytes, list[bytes] | None]"
"""By folder the names that differ, or None where nothing moved and so the folder was not listed."""

Looked: TypeAlias = "tuple[Mapping[bytes, Packed], Differing]"
"""What one look at a working tree told: the rows that were known, and the names that differed."""

NOTHING: Known = ((), [], b"")

_NUMBERS = 4
_FILE_BYTES = 33  # a letter and an oid
_GONE = [-2] * _NUMBERS  # a stat that is not known is -1 throughout
_MUCH = 200_000  # bytes of rows, of some 2,000 files: from here on a second process is worth it
_MARSHAL = 2  # the format that every Python reads

_numbers = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size", "st_ino")
_stamp = attrgetter("st_mtime_ns", "st_ctime_ns", "st_ino", "st_dev")
NO_STAMP: Stamp = ()
"""What no folder has."""

FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
"""How a folder is opened: a symlink is none."""

HAS_DIR_FD = os.stat in os.supports_dir_fd
"""Whether a stat may begin at an open folder: that saves the way to it, and follows no symlink."""


def pack(rows: Mapping[bytes, Row]) -> bytes:
    """The rows of a folder, by name, as bytes."""
    numbers = [number for row in rows.values() for number in row[2:]]
    files = b"".join([letter + oid for letter, oid, *_ in rows.values()])
    return marshal.dumps((tuple(rows), numbers, files), _MARSHAL)


def known(packed: Packed | None) -> Known:
    """What the bytes tell; nothing of a folder of which there are none."""
    found: Known = marshal.loads(packed) if packed else NOTHING
    return found


def names_of(packed: Packed | None) -> tuple[bytes, ...]:
    """The names of the files that the bytes tell of."""
    return known(packed)[0]


def unpack(packed: Packed) -> dict[bytes, Row]:
    """The rows again."""
    names, numbers, files = known(packed)
    stats = zip(*[iter(numbers)] * _NUMBERS, strict=True)
    begins = range(0, len(files), _FILE_BYTES)
    return {
        name: (files[at : at + 1], files[at + 1 : at + _FILE_BYTES], *stat)
        for name, at, stat in zip(names, begins, stats, strict=True)
    }


def stamp_of(folder: int) -> Stamp:
    """The stamp of an open folder, or file."""
    found: Stamp = _stamp(os.fstat(folder))
    return found


def stamp_at(path: bytes) -> Stamp:
    """The stamp of what stands at a path, or where that leads to."""
    found: Stamp = _stamp(os.stat(path))
    return found


def differing_in(path: bytes, packed: Packed | None) -> list[bytes]:
    """The names in the folder at `path` that are not as known. OSError where there is none."""
    return _differing_since(path, packed, NO_STAMP) or []


def _differing_since(path: bytes, packed: Packed | None, stamp: Stamp) -> list[bytes] | None:
    """The same; None if the folder has this stamp, and no file moved that is known."""
    names, numbers, _ = known(packed)
    folder = os.open(path, FOLDER) if HAS_DIR_FD else None
    try:
        is_still = stamp and folder is not None and stamp_of(folder) == stamp
        paths = names if HAS_DIR_FD else [os.path.join(path, name) for name in names]
        found = _looked_up(paths, folder)
        if is_still and found == numbers:
            return None
        others = set(os.listdir(path)).difference(names)
    finally:
        if folder is not None:
            os.close(folder)
    if found != numbers:
        for at, name in enumerate(names):
            stat = slice(at * _NUMBERS, (at + 1) * _NUMBERS)
            if found[stat] != numbers[stat]:
                others.add(name)
    return sorted(others)


def _looked_up(paths: Sequence[bytes], folder: int | None) -> list[int]:
    """The numbers of the stats of all paths. This loop is what most of a `status` is."""
    look, numbers = os.lstat, _numbers
    found: list[int] = []
    for path in paths:
        try:
            found += numbers(look(path, dir_fd=folder))
        except (FileNotFoundError, NotADirectoryError):
            found += _GONE
    return found


def differing(
    root: bytes,
    packed: Mapping[bytes, Packed],
    folders: Iterable[bytes],
    stamps: Mapping[bytes, Stamp] | None = None,
    *,
    may_fork: bool,
) -> Differing:
    """The names that differ in folders below `root`, by folder; two processes look, if they may.

    A folder at which one cannot look is left out, and so is what lies behind a symlink. One with
    the stamp of before is not listed if no file in it moved that is known.
    """
    return told(begun(root, packed, folders, stamps, may_fork=may_fork))


def begun(
    root: bytes,
    packed: Mapping[bytes, Packed],
    folders: Iterable[bytes],
    stamps: Mapping[bytes, Stamp] | None = None,
    *,
    may_fork: bool,
) -> Begun:
    """Such a look, begun by the second process alone: the first one looks when it is `told`."""
    return Begun(
        lambda part: _differing_in_each(root, packed, part, stamps or {}),
        list(folders),
        may_fork=may_fork and is_much(packed),
    )


def told(look: Begun) -> Differing:
    """What a look tells."""
    return {folder: names for part in look.results() for folder, names in part.items()}


def _differing_in_each(
    root: bytes,
    packed: Mapping[bytes, Packed],
    folders: Iterable[bytes],
    stamps: Mapping[bytes, Stamp],
) -> Differing:
    found: Differing = {}
    for folder in folders:
        stamp = stamps.get(folder, NO_STAMP)
        try:
            found[folder] = _differing_since(path_of(root, folder), packed.get(folder), stamp)
        except OSError:
            continue
    return found


def is_much(packed: Mapping[bytes, Packed]) -> bool:
    """Whether so many files are known that a second process is worth its making."""
    return sum(map(len, packed.values())) > _MUCH


def path_of(root: bytes, folder: bytes) -> bytes:
    """Where a folder is. The root itself may be a symlink; a folder in it may not."""
    return os.path.join(root, folder or b".")
