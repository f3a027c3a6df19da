"""Insertions that lie close to the other side's changes, put in place without a conflict.

diff3 takes a stretch that both sides touched as one conflict, for lines that lie side by side may
depend on each other. The items of a JSON list stand for themselves, so two cases are plain:

    base    b         One side only inserts; the other edits or deletes what stands there.
    ours    a b
    theirs  B         -> a B

    base    a d       Both insert, into a list of texts that all three versions keep sorted.
    ours    a b d
    theirs  a c d     -> a b c d

And in any sequence, lines too, one side may have inserted what the other one did, and more:

    ours    a b
    theirs  a b c     -> a b c
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Sequence

from pyvcs.merge.result import Chunk, ChunkKind
from pyvcs.objects.typed import TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

T = TypeVar("T", bound=Hashable)
SortKey: TypeAlias = Callable[[str], tuple[str, str]]

FEWEST_SORTED = 3
"""Texts that a list must hold before its order is taken for more than chance."""


def with_longer_insertion(chunk: Chunk[T]) -> Chunk[T]:
    """The chunk; where both sides inserted, and one insertion begins or ends with the other, that
    side's, as if the other had inserted nothing.

    >>> with_longer_insertion(Chunk.unstable((), ("a", "b"), ("a", "b", "c"))).kind.value
    'theirs'
    """
    if not chunk.is_conflict or chunk.base:
        return chunk
    shorter, longer = sorted((chunk.ours, chunk.theirs), key=len)
    if shorter not in (longer[: len(shorter)], longer[len(longer) - len(shorter) :]):
        return chunk
    kind = ChunkKind.OURS if longer is chunk.ours else ChunkKind.THEIRS
    return Chunk(kind, chunk.base, chunk.ours, chunk.theirs)


def woven(
    base: Sequence[Hashable], inserting: Sequence[Hashable], editing: Sequence[Hashable]
) -> list[tuple[bool, int]] | None:
    """The merge of a stretch that one side inserted into and the other edited, or None.

    As pairs: whether an item is the inserting side's, and its index there or in `editing`. The
    editing side must have deleted all of the stretch, or put one item in the place of each.
    """
    places = _places_of(base, inserting)
    if places is None or len(set(inserting)) != len(inserting):
        return None
    if not editing:
        # What was inserted between two deleted items may have belonged to them.
        between = any(b - a > 1 for a, b in itertools.pairwise(places))
        return None if between else [(True, n) for n in range(len(inserting)) if n not in places]
    if (
        len(editing) != len(base)
        or is_moved(base, editing)
        or not {*inserting}.isdisjoint({*editing} - {*base})
    ):
        return None
    edited = {place: n for n, place in enumerate(places)}
    return [(False, edited[n]) if n in edited else (True, n) for n in range(len(inserting))]


def _places_of(base: Sequence[Hashable], inserting: Sequence[Hashable]) -> list[int] | None:
    """Where the items of base stand in a side that only inserted; None when it did more."""
    places = []
    wanted = iter(enumerate(inserting))
    for item in base:
        place = next((n for n, found in wanted if found == item), None)
        if place is None:
            return None
        places.append(place)
    return places


def is_moved(base: Sequence[Hashable], editing: Sequence[Hashable]) -> bool:
    """Whether an item of base stands in the place of another one."""
    known = set(base)
    return any(new != old and new in known for old, new in zip(base, editing, strict=True))


def sorted_by(*versions: Sequence[Hashable]) -> SortKey | None:
    """How all versions of a list are sorted, if they are texts and sorted: a key for `sorted`."""
    if len(versions[0]) < FEWEST_SORTED:
        return None
    texts = [[text for text in version if isinstance(text, str)] for version in versions]
    if any(len(found) != len(version) for found, version in zip(texts, versions, strict=True)):
        return None
    orders: tuple[SortKey, ...] = (_as_written, _without_case)
    return next((key for key in orders if all(_is_sorted(found, key) for found in texts)), None)


def _as_written(text: str) -> tuple[str, str]:
    return text, text


def _without_case(text: str) -> tuple[str, str]:
    return text.casefold(), text


def _is_sorted(texts: Sequence[str], key: SortKey) -> bool:
    names = list(map(key, texts))
    return all(a < b for a, b in itertools.pairwise(names))
