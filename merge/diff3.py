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

from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

from pyvcs.merge.matching import Run, interned, matched_runs
from pyvcs.merge.result import Chunk, ChunkKind, Merged

T = TypeVar("T", bound=Hashable)


def diff3(*, base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> Merged[T]:
    """The three-way merge of ours and theirs, which both came from base.

    >>> merged = diff3(base="abcde", ours="aBcde", theirs="abcdE")
    >>> "".join(merged.result)
    'aBcdE'
    """
    base_ids, our_ids, their_ids = interned(base, ours, theirs)
    with_ours = matched_runs(base_ids, our_ids)
    with_theirs = with_ours if our_ids == their_ids else matched_runs(base_ids, their_ids)
    chunks: list[Chunk[T]] = []
    i = j = k = 0
    for b, o, t, length in _stable_runs(with_ours, with_theirs):
        if i < b or j < o or k < t:
            chunks.append(Chunk.unstable(base[i:b], ours[j:o], theirs[k:t]))
        i, j, k = b + length, o + length, t + length
        stable = tuple(base[b:i]), tuple(ours[o:j]), tuple(theirs[t:k])
        chunks.append(Chunk(ChunkKind.STABLE, *stable))
    if i < len(base) or j < len(ours) or k < len(theirs):
        chunks.append(Chunk.unstable(base[i:], ours[j:], theirs[k:]))
    return Merged(tuple(chunks))


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
