"""For each of many new files the old ones that are most like it, without comparing all pairs.

Idea.        Turn the spans of the old files round: for each span, who has it how often. A new file
             then meets just the old ones that have a span of it. Spans that very many old files
             have are looked at last, and only for those that could still be alike.
Invariant.   The same pairs, in the same order, as if each had been compared with each.
Cost.        Linear in the contents, and in the pairs that share a span which few have. Old files
             that have the same common spans are compared by them once, as files of one template.
Source.      The four candidates a file, and the order among equals: git diffcore-rename.c.
Not handled. More than MOST_PAIRS: then nothing is found. Those that share only what many files
             have, of more than MOST_COMPARED; and what many files have, after MOST_LOOKED_UP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pyvcs.merge.similarity import ALIKE, MOST_ALIKE, Spans, may_be_alike, points

MOST_PAIRS = 7_000 * 7_000
"""Pairs of old and new files among which is looked for likenesses at all, as in git."""

MOST_COMPARED = 2_000_000
"""Pairs up to which also those are compared that share nothing but spans which many files have."""

MOST_LOOKED_UP = 20_000_000
"""How often spans that many files have are looked up, at most: some seconds."""

CANDIDATES = 4
"""How many old files a new one may come from, when the better ones are taken by others."""

COMMON = 32
"""A span that more old files have tells little."""

Scored = tuple[int, bool, bytes, bytes]
"""Points, whether both have one name, the old path, the new path."""


def nearest(
    old: Mapping[bytes, Spans],
    new: Mapping[bytes, Spans],
    *,
    common: int = COMMON,
    most_looked_up: int = MOST_LOOKED_UP,
) -> list[Scored]:
    """The pairs that are alike, at most CANDIDATES a new file, the best first.

    Of equal points those with the same name come first, then by the order of `new` and `old`.
    """
    pairs = len(old) * len(new)
    if not pairs or pairs > MOST_PAIRS:
        return []
    index = _Index(old, common, most_looked_up)
    index.compares_all = pairs <= MOST_COMPARED and index.look_ups(new) <= most_looked_up
    found: list[Scored] = []
    for path, spans in new.items():
        found += _best(index.alike(path, spans))
    return sorted(found, key=_rank)


def _rank(scored: Scored) -> tuple[int, bool]:
    return -scored[0], not scored[1]


def _best(scored: list[Scored]) -> list[Scored]:
    """The best few, each in the slot of the one that it drove out, as git has them."""
    slots = scored[:CANDIDATES]
    worst = _worst(slots)
    for each in scored[CANDIDATES:]:
        if _rank(each) < _rank(slots[worst]):
            slots[worst] = each
            worst = _worst(slots)
    return slots


def _worst(slots: list[Scored]) -> int:
    return max(range(len(slots)), key=lambda n: (_rank(slots[n]), -n), default=0)


class _Index:
    """The spans of old files, and who has them."""

    def __init__(self, old: Mapping[bytes, Spans], common: int, most_looked_up: int) -> None:
        self.old = list(old.items())
        self.left = most_looked_up
        self.compares_all = False
        having = Counter(span for spans in old.values() for span in spans.counts)
        self.common = {span for span, times in having.items() if times > common}
        groups: dict[frozenset[tuple[bytes, int]], int] = {}
        self.group = [groups.setdefault(self._common(each), len(groups)) for each in old.values()]
        self.groups = len(groups)
        self.having: dict[bytes, list[tuple[int, int]]] = {}
        for number, spans in enumerate(old.values()):
            for span, times in spans.counts.items():
                if span not in self.common:
                    self.having.setdefault(span, []).append((number, times))

    def _common(self, spans: Spans) -> frozenset[tuple[bytes, int]]:
        return frozenset(each for each in spans.counts.items() if each[0] in self.common)

    def look_ups(self, new: Mapping[bytes, Spans]) -> int:
        """How often a common span is looked up if each new file is compared with all old ones."""
        return self.groups * sum(len(self.common & spans.counts.keys()) for spans in new.values())

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
        by_group: dict[int, int] = {}
        for number in candidates:
            old_path, old = self.old[number]
            in_both = shared.get(number, 0)
            if points(in_both + most_common, old.size, new.size) < ALIKE:
                continue
            if not may_be_alike(old.size, new.size):
                continue
            group = self.group[number]
            if group not in by_group:
                by_group[group] = self._in_both(common, old)
            score = points(in_both + by_group[group], old.size, new.size)
            if score >= ALIKE:
                found.append((score, base_name(old_path) == base_name(path), old_path, path))
        return found

    def _in_both(self, common: Mapping[bytes, int], old: Spans) -> int:
        """The bytes of common spans that an old file has as well; 0 once that cost too much."""
        self.left -= len(common)
        if self.left < 0:
            return 0
        return sum(len(span) * min(times, old.counts[span]) for span, times in common.items())


def base_name(path: bytes) -> bytes:
    """The last part of a path."""
    return path.rpartition(b"/")[2]
