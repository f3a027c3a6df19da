"""Writing down the code that a command loaded in the ordinary way, for the next one."""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import SourceFileLoader
from marshal import dumps
from time import time

from pyvcs.cli.kept_code import SIZE_BYTES, KeptLoader, seal, source_of, stat_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from pyvcs.cli.kept_code import KeptCode, Row, Stat

    Missed = Mapping[str, Sequence[str]]
    Kept = tuple[str, bool, Stat, bytes, bytes]  # name, is a package, source; code and its seal

_ABANDONED = 60
"""So many seconds old, a file that was begun belongs to a process that died."""


def keep(kept: KeptCode) -> None:
    """Write the file anew if there is something new and no other process is at it.

    OSError when it cannot be written: the folder belongs to somebody else, or the disk is full.
    """
    missed = {name: path for name, path in kept.missed.items() if _is_ordinary(name, path)}
    aside = f"{kept.path}.new"
    file = _begun(aside) if missed else None
    if file is not None:
        _replace(kept, missed, file, aside)


def _is_ordinary(name: str, path: Sequence[str]) -> bool:
    """Whether a module was loaded from its source, which lies where the finder would look."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    if spec is None or type(spec.loader) not in (SourceFileLoader, KeptLoader):
        return False
    is_package = spec.submodule_search_locations is not None
    return bool(spec.origin == source_of(name, path, is_package))


def _begun(aside: str) -> BinaryIO | None:
    """A new file, as private as our sources; None when another process has begun it."""
    mode = os.stat(__file__).st_mode & 0o666 | 0o200
    try:
        return open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
    except FileExistsError:
        if time() - os.stat(aside).st_mtime > _ABANDONED:
            os.unlink(aside)
        return None


def _replace(kept: KeptCode, missed: Missed, file: BinaryIO, aside: str) -> None:
    """Fill the file that was begun, and let it take the place of the old one."""
    try:
        with file:
            file.write(_joined([*_old(kept, missed), *_new(missed)]))
        os.replace(aside, kept.path)
    except BaseException:
        os.unlink(aside)
        raise


def _old(kept: KeptCode, missed: Missed) -> Iterator[Kept]:
    """What stays: all, or only what was used just now when a source was found to have changed."""
    has_changed = not kept.rows.keys().isdisjoint(kept.missed)
    for name, (is_package, source, _, _, known) in kept.rows.items():
        stays = name not in missed and (name in sys.modules or not has_changed)
        if stays and (code := kept.code(name)) is not None:
            yield name, is_package, source, code, known


def _new(missed: Missed) -> Iterator[Kept]:
    """What was loaded in the ordinary way, unless it changes while it is asked for again."""
    for name in missed:
        spec = sys.modules[name].__spec__
        if spec is None or spec.origin is None or not isinstance(spec.loader, SourceFileLoader):
            continue
        before = stat_of(spec.origin)
        code = dumps(SourceFileLoader.get_code(spec.loader, name))
        if before is not None and before == stat_of(spec.origin):
            is_package = spec.submodule_search_locations is not None
            yield name, is_package, before, code, seal(code)


def _joined(modules: Iterable[Kept]) -> bytes:
    """The bytes of the file."""
    rows: dict[str, Row] = {}
    codes: list[bytes] = []
    place = 0
    for name, is_package, source, code, known in modules:
        rows[name] = is_package, source, place, len(code), known
        codes.append(code)
        place += len(code)
    index = dumps(rows)
    return b"".join((seal(index), len(index).to_bytes(SIZE_BYTES, "little"), index, *codes))
