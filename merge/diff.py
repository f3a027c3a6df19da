"""Two-way diff of any sequences of hashables: what they have in common, and hunks."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from pyvcs.merge.matching import interned, matched_runs
from pyvcs.merge.shortest import Run
from pyvcs.objects.typed import Generic, TypeVar
from pyvcs.objects.values import dataclass

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Match:
    """A run that both sequences have: `length` elements from `base` on, and from `other` on."""

    base: int
    other: int
    length: int

    def __post_init__(self) -> None:
        if self.base < 0 or self.other < 0 or self.length < 1:
            raise ValueError(f"no such match: {self.base}, {self.other}, {self.length}")


@dataclass(frozen=True, slots=True)
class Hunk(Generic[T]):
    """A change: at `base_start` (and `other_start`), `removed` gave way to `added`."""

    base_start: int
    other_start: int
    removed: tuple[T, ...]
    added: tuple[T, ...]

    def __post_init__(self) -> None:
        if self.base_start < 0 or self.other_start < 0:
            raise ValueError("a hunk starts at 0 or later")
        if not self.removed and not self.added:
            raise ValueError("a hunk removes or adds something")


def matching(base: Sequence[T], other: Sequence[T]) -> tuple[Match, ...]:
    """The runs that base and other have in common: in order, non-crossing, each maximal."""
    return tuple(Match(*run) for run in matched_runs(*interned(base, other)))


def diff(base: Sequence[T], other: Sequence[T]) -> tuple[Hunk[T], ...]:
    """The hunks that make other out of base, in order; between two of them something is kept.

    >>> diff("abcd", "abXd")
    (Hunk(base_start=2, other_start=2, removed=('c',), added=('X',)),)
    """
    hunks: list[Hunk[T]] = []
    end: Run = (len(base), len(other), 0)
    i = j = 0
    for start, other_start, length in (*matched_runs(*interned(base, other)), end):
        if i < start or j < other_start:
            hunks.append(Hunk(i, j, tuple(base[i:start]), tuple(other[j:other_start])))
        i, j = start + length, other_start + length
    return tuple(hunks)


def patch(base: Sequence[T], hunks: Sequence[Hunk[T]]) -> tuple[T, ...]:
    """Base with the hunks done to it: `patch(a, diff(a, b)) == tuple(b)`.

    A hunk that removes what is not there, or out of order, is a ValueError.
    """
    result: list[T] = []
    done = 0
    for hunk in hunks:
        stop = hunk.base_start + len(hunk.removed)
        if hunk.base_start < done or tuple(base[hunk.base_start : stop]) != hunk.removed:
            raise ValueError(
                f"the hunk at {hunk.base_start} does not fit: expected what it removes"
            )
        result.extend(base[done : hunk.base_start])
        result.extend(hunk.added)
        done = stop
    result.extend(base[done:])
    return tuple(result)
