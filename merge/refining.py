"""Conflicts drawn tighter or wider than diff3 leaves them: for people who read them.

Idea.        Within a conflict, what both sides have alike needs no decision: the conflict shrinks
             to what truly differs. Conflicts that lie close are easier to read as one.
Invariant.   The chunks, side by side, are still base, ours and theirs, and where the sides differ
             from each other in a conflict, they still are in one.
Cost.        That of a diff of ours and theirs in each conflict; else linear.
Result.      Chunks.
Source.      What is refined is what git's merge of files refines (git-merge-file, 2.39).
Not handled. The base of a conflict that shrinks is not divided: its first piece has all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from pyvcs.merge.matching import interned, matched_runs
from pyvcs.merge.result import Chunk, ChunkKind
from pyvcs.objects.typed import TypeVar
from pyvcs.objects.values import replace

T = TypeVar("T", bound=Hashable)

CLOSE = 3
"""Between close conflicts stand at most so many lines, as in git."""


def shrunk(chunks: Iterable[Chunk[T]]) -> tuple[Chunk[T], ...]:
    """The chunks, each conflict split where ours and theirs agree.

    >>> chunk = Chunk.unstable(("b",), ("x", "1", "y"), ("x", "2", "y"))
    >>> ["".join(piece.ours) for piece in shrunk([chunk]) if piece.is_conflict]
    ['1']
    """
    found: list[Chunk[T]] = []
    for chunk in chunks:
        found += _pieces(chunk) if chunk.is_conflict else [chunk]
    return tuple(found)


def _pieces(chunk: Chunk[T]) -> list[Chunk[T]]:
    ours, theirs = interned(chunk.ours, chunk.theirs)
    pieces: list[Chunk[T]] = []
    base = chunk.base
    i = j = 0
    for o, t, length in (*matched_runs(ours, theirs), (len(ours), len(theirs), 0)):
        if i < o or j < t:
            differing = chunk.ours[i:o], chunk.theirs[j:t]
            pieces.append(Chunk(ChunkKind.CONFLICT, base, *differing))
            base = ()
        if length:
            alike = chunk.ours[o : o + length]
            pieces.append(Chunk(ChunkKind.BOTH, (), alike, alike))
        i, j = o + length, t + length
    return pieces


def doubted(chunks: Iterable[Chunk[T]]) -> tuple[Chunk[T], ...]:
    """The chunks, with the same change on both sides as a conflict: somebody should look."""
    return tuple(
        replace(chunk, kind=ChunkKind.CONFLICT) if chunk.kind is ChunkKind.BOTH else chunk
        for chunk in chunks
    )


def joined(
    chunks: Iterable[Chunk[T]], *, within: int = CLOSE, is_bare: Callable[[T], bool] | None = None
) -> tuple[Chunk[T], ...]:
    """The chunks, with conflicts that lie close made one: `within` so many elements that no side
    changed, or that both have alike; or with nothing but `is_bare` elements between them.

    >>> chunks = [Chunk.unstable("b", "x", "y"), Chunk.unstable("", "k", "k"),
    ...     Chunk.unstable("b", "x", "y")]
    >>> joined(chunks)[0].ours
    ('x', 'k', 'x')
    """
    found: list[Chunk[T]] = []
    for chunk in chunks:
        found.append(chunk)
        if not chunk.is_conflict:
            continue
        first = len(found) - 2
        while first >= 0 and found[first].kind in (ChunkKind.STABLE, ChunkKind.BOTH):
            first -= 1
        between = [x for each in found[first + 1 : -1] for x in each.result]
        is_close = len(between) <= within or (is_bare is not None and all(map(is_bare, between)))
        if first >= 0 and found[first].is_conflict and is_close:
            found[first:] = [_one(found[first:])]
    return tuple(found)


def _one(chunks: list[Chunk[T]]) -> Chunk[T]:
    base = tuple(x for chunk in chunks for x in chunk.base)
    ours = tuple(x for chunk in chunks for x in chunk.ours)
    theirs = tuple(x for chunk in chunks for x in chunk.theirs)
    return Chunk(ChunkKind.CONFLICT, base, ours, theirs)
