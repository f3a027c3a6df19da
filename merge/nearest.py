"""For each of many new files the old ones that are most like it, without comparing all pairs.

Idea.        Turn the spans of the old files round: for each span, who has it how often. A new file
             then meets just the old ones that have a span of it. Spans that very many old files
             have are looked at last, and only for those that could still be alike.
Invariant.   The same pairs, in the same order, as if each had been compared with each.
Cost.        Linear in the contents, and in the pairs that share a span which few have.
Source.      The four candidates a file, and the order among equals: git diffcore-rename.c.
Not handled. More than MOST_FILES on either side: then nothing is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pyvcs.merge.similarity import ALIKE, MOST_ALIKE, Spans, may_be_alike, points

MOST_FILES = 10_000
"""Old or new files among which is looked for likenesses."""

CANDIDATES = 4
"""How many old files a new one may come from, when the better ones are taken by others."""

_COMMON = 32
"""A span that more old files have tells little."""

Scored = tuple[int, bool, bytes, bytes]
"""Points, whether both have one name, the old path, the new path."""


def nearest(old: Mapping[bytes, Spans], new: Mapping[bytes, Spans]) -> list[Scored]:
    """The pairs that are alike, at most CANDIDATES a new file, the best first.

    Of equal points those with the same name come first, then by the order of `new` and `old`.
    """
    if not old or not new or max(len(old), len(new)) > MOST_FILES:
        return []
    index = _Index(old)
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

    def __init__(self, old: Mapping[bytes, Spans]) -> None:
        self.paths = list(old)
        self.spans = list(old.values())
        having = Counter(span for spans in self.spans for span in spans.counts)
        self.common = {span for span, times in having.items() if times > _COMMON}
        self.having: dict[bytes, list[tuple[int, int]]] = {}
        for number, spans in enumerate(self.spans):
            for span, times in spans.counts.items():
                if span not in self.common:
                    self.having.setdefault(span, []).append((number, times))
        self.common_in = [_bytes_of(spans, self.common) for spans in self.spans]

    def alike(self, path: bytes, new: Spans) -> list[Scored]:
        """The old files that are ALIKE a new one, in their order."""
        shared = [0] * len(self.spans)
        for span, times in new.counts.items():
            for number, others in self.having.get(span, ()):
                shared[number] += len(span) * min(times, others)
        common = {span: times for span, times in new.counts.items() if span in self.common}
        most_common = sum(len(span) * times for span, times in common.items())
        found: list[Scored] = []
        for number, in_both in enumerate(shared):
            old = self.spans[number]
            may_share = in_both + min(most_common, self.common_in[number])
            if may_share * MOST_ALIKE < ALIKE * max(old.size, new.size):
                continue
            if not old.size or not may_be_alike(old.size, new.size):
                continue
            for span, times in common.items():
                in_both += len(span) * min(times, old.counts[span])
            score = points(in_both, old.size, new.size)
            if score >= ALIKE:
                old_path = self.paths[number]
                found.append((score, base_name(old_path) == base_name(path), old_path, path))
        return found


def _bytes_of(spans: Spans, some: set[bytes]) -> int:
    return sum(len(span) * times for span, times in spans.counts.items() if span in some)


def base_name(path: bytes) -> bytes:
    """The last part of a path."""
    return path.rpartition(b"/")[2]
