"""Three-way merge of sequences: Khanna, Kunal and Pierce's diff3.

Idea.        Match base with ours, and base with theirs. Where both matchings go on side by side,
             the chunk is stable; what lies between two stable chunks was changed by one side, by
             both alike, or is in conflict::

                 base    1       2   3 4 5   6
                 ours    1  4 5  2   3       6
                 theirs  1       2   4 5 3   6
                         stable  |   conflict
                            ours stable      stable

Invariant.   The chunks so far, side by side, are the beginnings of base, ours and theirs.
Cost.        That of two matchings; the walk over them is linear in their runs.
Result.      A Merged; swapping ours and theirs mirrors it.
Source.      Khanna, Kunal, Pierce, A Formal Investigation of Diff3, FSTTCS 2007.
Not handled. Moves: an element that moved is a deletion here and an insertion there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

from pyvcs.merge.matching import interned, matched_runs
from pyvcs.merge.result import Chunk, ChunkKind, Merged
from pyvcs.merge.shortest import Run
from pyvcs.objects.typed import TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

T = TypeVar("T", bound=Hashable)
Region: TypeAlias = tuple[int, int, int, int, int, int]
"""From and to in base, in ours and in theirs."""


def diff3(
    *,
    base: Sequence[T],
    ours: Sequence[T],
    theirs: Sequence[T],
    stays: Literal["first", "second"] = "first",
) -> Merged[T]:
    """The three-way merge of ours and theirs, which both came from base.

    Of two blocks of one length that changed places, either may be the one that stayed: the `first`
    of base, as in the paper's example, or the `second`, as git has it, whose merges of text we
    follow to the byte.

    >>> merged = diff3(base="abcde", ours="aBcde", theirs="abcdE")
    >>> "".join(merged.result)
    'aBcdE'
    """
    regions = unstable_regions(base=base, ours=ours, theirs=theirs, stays=stays)
    return Merged(tuple(chunks(regions, base=base, ours=ours, theirs=theirs)))


def unstable_regions(
    *,
    base: Sequence[Hashable],
    ours: Sequence[Hashable],
    theirs: Sequence[Hashable],
    stays: Literal["first", "second"] = "first",
) -> list[Region]:
    """What lies between stable chunks, in order: the core of `diff3`, without any copying."""
    base_ids, our_ids, their_ids = interned(base, ours, theirs)
    match = matched_runs if stays == "second" else _matched_from_the_side
    with_ours = match(base_ids, our_ids)
    with_theirs = with_ours if our_ids == their_ids else match(base_ids, their_ids)
    regions: list[Region] = []
    i = j = k = 0
    end = (len(base), len(ours), len(theirs), 0)
    for b, o, t, length in (*_stable_runs(with_ours, with_theirs), end):
        if i < b or j < o or k < t:
            regions.append((i, b, j, o, k, t))
        i, j, k = b + length, o + length, t + length
    return regions


def chunks(
    regions: Iterable[Region], *, base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]
) -> Iterator[Chunk[T]]:
    """The regions as chunks, with the stable ones between them."""
    i = j = k = 0
    end = (len(base), len(base), len(ours), len(ours), len(theirs), len(theirs))
    for b0, b1, o0, o1, t0, t1 in (*regions, end):
        if i < b0:
            stable = tuple(base[i:b0]), tuple(ours[j:o0]), tuple(theirs[k:t0])
            yield Chunk(ChunkKind.STABLE, *stable)
        if b0 < b1 or o0 < o1 or t0 < t1:
            yield Chunk.unstable(base[b0:b1], ours[o0:o1], theirs[t0:t1])
        i, j, k = b1, o1, t1


def _matched_from_the_side(base: list[int], side: list[int]) -> list[Run]:
    return [(b, s, length) for s, b, length in matched_runs(side, base)]


def _stable_runs(with_ours: list[Run], with_theirs: list[Run]) -> Iterator[tuple[int, ...]]:
    """Stretches (base, ours, theirs, length) that both matchings cover, each as long as can be.

    Runs of one matching never touch on both sides, so the stretches never touch on all three.
    """
    x = y = 0
    while x < len(with_ours) and y < len(with_theirs):
        b_ours, ours, long_ours = with_ours[x]
        b_theirs, theirs, long_theirs = with_theirs[y]
        start = max(b_ours, b_theirs)
        stop = min(b_ours + long_ours, b_theirs + long_theirs)
        if start < stop:
            yield start, ours + start - b_ours, theirs + start - b_theirs, stop - start
        if b_ours + long_ours <= b_theirs + long_theirs:
            x += 1
        else:
            y += 1
