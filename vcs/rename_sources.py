"""Where a file came from when it was not there before: one that went, alike or nearly so."""

from __future__ import annotations

from pyvcs.merge.nearest import base_name
from pyvcs.merge.similarity import ALIKE, MOST_BYTES, may_be_alike, similarity, spans_of
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import File
from pyvcs.objects.store import ObjectReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CANDIDATES = 500
"""How many files that went are compared in their lines with one that came."""


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
    spans = spans_of(objects.blob(oid))
    best: list[tuple[int, bool, bytes]] = []
    for name, other in old:
        if may_be_alike(size, objects.blob_size(other)):
            points = similarity(spans_of(objects.blob(other)), spans)
            if points >= ALIKE:
                best.append((-points, base_name(name) != base_name(path), name))
    return min(best)[-1] if best else None
