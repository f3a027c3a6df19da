"""What is missing: which commits both ends have, told by a sample of a few of one end's.

Idea.        The caller names commits that it has: all of the newest, then ever fewer, down to the
             roots. The answering end has all ancestors of those that it knows. When caller and
             peer have met before, the heads of that day and those of now are enough.
Invariant.   A commit in a store is there with all its ancestors and all that they reach, so one
             that both know stands for everything below it.
Cost.        64 commits and about 7 for each further e-fold of the history, 8 bytes each, and one
             round trip. What is sent again for want of a finer sample is at most an eighth of what
             is new.
Result.      Every history that shares a commit shares a root, so none known means unrelated.
Source.      git's "skipping" negotiator and Mercurial's discovery space their samples so; both go
             on asking, which costs round trips instead.
Not handled. More than MAX_HAVES roots or heads.
"""

from __future__ import annotations

from pyvcs.history import CommitHistory
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.sync.blocks import ShortOid
from pyvcs.sync.messages import MAX_HAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

DENSE = 64
"""So many of the newest commits are all named."""

_STEP = 8
_MAX_HEADS = 128
_MAX_ROOTS = 256


def brief_haves(store: ObjectStore, remembered: Iterable[Oid], heads: Collection[Oid]) -> list[Oid]:
    """Commits that say enough to a peer that knew those `remembered`."""
    found = dict.fromkeys([*list(heads)[:_MAX_HEADS], *remembered])
    return [oid for oid in found if store.has(oid)][:MAX_HAVES]


def full_haves(store: ObjectStore, history: CommitHistory, heads: Collection[Oid]) -> list[Oid]:
    """A sample of all commits here, for a peer of which nothing is known."""
    for oid in heads:
        history.graph.ensure(oid)
    graph = history.graph
    sample = [oid for oid in map(graph.oid, _sampled(history)) if store.has(oid)]
    found = dict.fromkeys([*list(heads)[:_MAX_HEADS], *sample, *_roots(history)])
    return list(found)[:MAX_HAVES]


def _sampled(history: CommitHistory) -> Iterator[int]:
    """Positions from the newest commit on, first all, then at growing distances."""
    graph = history.graph
    distance = 0
    while distance < len(graph):
        position = len(graph) - 1 - distance
        if graph.has_commit_at(position):
            yield position
        distance += max(1, distance // _STEP) if distance >= DENSE else 1


def _roots(history: CommitHistory) -> list[Oid]:
    graph = history.graph
    positions = (
        position
        for position in range(len(graph))
        if graph.has_commit_at(position) and graph.generation_at(position) == 1
    )
    return [graph.oid(position) for position, _ in zip(positions, range(_MAX_ROOTS), strict=False)]


def known(store: ObjectStore, haves: Iterable[ShortOid]) -> dict[int, Oid]:
    """Those of the haves that are commits here, by their number."""
    found: dict[int, Oid] = {}
    for number, prefix in enumerate(haves):
        oid = store.one_by_short(prefix)
        if oid is not None and store.kind(oid) is Kind.COMMIT:
            found[number] = oid
    return found
