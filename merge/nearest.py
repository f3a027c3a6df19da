"""For each of many new files the old ones that are most like it, without comparing all pairs.

Idea.        Turn the spans of the old files round: for each span, who has it how often. A new file
             then meets just the old ones that have a span of it. Spans that very many old files
             have are looked at last, and only for those that could still be alike.
Invariant.   The same pairs, in the same order, as if each had been compared with each.
Cost.        Linear in the contents, and in the pairs that share a span which few have.
Source.      The four candidates a file, and the order among equals: git diffcore-rename.c.
Not handled. More than MOST_PAIRS: then nothing is found. Of more than MOST_COMPARED, those that
             share only what many files have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pyvcs.merge.similarity import ALIKE, MOST_ALIKE, Spans, may_be_alike, points

MOST_PAIRS = 7_000 * 7_000
"""Pairs of old and new files among which is looked for likenesses at all, as in git."""

MOST_COMPARED = 2_000_000
"""Pairs up to which also those are compared that share nothing but spans which many files have."""

CANDIDATES = 4
"""How many old files a new one may come from, when the better ones are taken by others."""

COMMON = 32
"""A span that more old files have tells little."""

Scored = tuple[int, bool, bytes, bytes]
"""Points, whether both have one name, the old path, the new path."""


def nearest(
    old: Mapping[bytes, Spans], new: Mapping[bytes, Spans], *, common: int = COMMON
) -> list[Scored]:
    """The pairs that are alike, at most CANDIDATES a new file, the best first.

    Of equal points those with the same name come first, then by the order of `new` and `old`.
    """
    pairs = len(old) * len(new)
    if not pairs or pairs > MOST_PAIRS:
        return []
    index = _Index(old, common, compares_all=pairs <= MOST_COMPARED)
    found: list[Scored] = []
    for path, spans in new.items():
        found += _best(index.alike(path, spans))
    return sorted(found, key=_rank)


def _rank(scored: Scored) -> tuple[int, bool]:
    return -scored[0], not scored[1]


def _best(scored: list[Scored]) -> list[Scored]:
    """The best few, each in the slot of the one that it drove out, as git has them."""
    slots: list[Scored] = []
    for each in scored:
        if len(slots) < CANDIDATES:
            slots.append(each)
            continue
        worst = max(range(CANDIDATES), key=lambda n: (_rank(slots[n]), -n))
        if _rank(each) < _rank(slots[worst]):
            slots[worst] = each
    return slots


class _Index:
    """The spans of old files, and who has them."""

    def __init__(self, old: Mapping[bytes, Spans], common: int, *, compares_all: bool) -> None:
        self.old = list(old.items())
        self.compares_all = compares_all
        having = Counter(span for spans in old.values() for span in spans.counts)
        self.common = {span for span, times in having.items() if times > common}
        self.having: dict[bytes, list[tuple[int, int]]] = {}
        for number, spans in enumerate(old.values()):
            for span, times in spans.counts.items():
                if span not in self.common:
                    self.having.setdefault(span, []).append((number, times))

    def alike(self, path: bytes, new: Spans) -> list[Scored]:
        """The old files that are ALIKE a new one, in their order."""
        shared: dict[int, int] = {}
        common: dict[bytes, int] = {}
        for span, times in new.counts.items():
            if span in self.common:
                common[span] = times
            for number, others in self.having.get(span, ()):
                shared[number] = shared.get(number, 0) + len(span) * min(times, others)
        most_common = sum(len(span) * times for span, times in common.items())
        if self.compares_all and most_common * MOST_ALIKE >= ALIKE * new.size:
            candidates: Iterable[int] = range(len(self.old))
        else:
            candidates = sorted(shared)
        found: list[Scored] = []
        for number in candidates:
            old_path, old = self.old[number]
            in_both = shared.get(number, 0)
            if points(in_both + most_common, old.size, new.size) < ALIKE:
                continue
            if not may_be_alike(old.size, new.size):
                continue
            in_both += sum(
                len(span) * min(times, old.counts[span]) for span, times in common.items()
            )
            score = points(in_both, old.size, new.size)
            if score >= ALIKE:
                found.append((score, base_name(old_path) == base_name(path), old_path, path))
        return found


def base_name(path: bytes) -> bytes:
    """The last part of a path."""
    return path.rpartition(b"/")[2]
