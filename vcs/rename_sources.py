"""Where a file came from when it was not there before: one that went, alike or nearly so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pyvcs.merge.text import split_lines
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import File
from pyvcs.objects.store import ObjectReader

ALIKE = 0.5
"""The share of the larger file that two have in common for one to come from the other (git's)."""

MOST_BYTES = 4 * 1024 * 1024
"""Larger files are only compared whole."""

MOST_CANDIDATES = 500
"""How many files that went are compared in their lines with one that came."""


def similarity(old: bytes, new: bytes) -> float:
    r"""The bytes of lines that both have, as a share of the longer content; 1.0 of nothing.

    >>> similarity(b"a\nb\n", b"b\nc\n")
    0.5
    """
    longer = max(len(old), len(new))
    if not longer:
        return 1.0
    kept = Counter(split_lines(old)) & Counter(split_lines(new))
    return sum(len(line) * times for line, times in kept.items()) / longer


def source_of(
    objects: ObjectReader, path: bytes, file: File, gone: Sequence[tuple[bytes, File]]
) -> bytes | None:
    """Which of the files that went is the one that came to stand at `path`; None when none is.

    The same content comes first, then the most similar one that is ALIKE; of several the one with
    the same name, then the first by path. Empty files come from nowhere.
    """
    mode, oid = file
    size = objects.blob_size(oid)
    if not size:
        return None
    links = mode is Mode.SYMLINK
    old = [(name, other) for name, (m, other) in gone if (m is Mode.SYMLINK) == links]
    same = [name for name, other in old if other == oid]
    if same:
        return min(same, key=lambda name: (base_name(name) != base_name(path), name))
    if links or size > MOST_BYTES or len(old) > MOST_CANDIDATES:
        return None
    content = objects.blob(oid)
    best: list[tuple[float, bool, bytes]] = []
    for name, other in old:
        if not size * ALIKE <= objects.blob_size(other) <= size / ALIKE:
            continue
        share = similarity(objects.blob(other), content)
        if share >= ALIKE:
            best.append((-share, base_name(name) != base_name(path), name))
    return min(best)[-1] if best else None


def base_name(path: bytes) -> bytes:
    """The last part of a path."""
    return path.rsplit(b"/", 1)[-1]
