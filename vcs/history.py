"""Questions about the commits of one store, answered by its commit graph.

What walks is loaded where there is something to walk: most commits and syncs ask about one head.
"""

from __future__ import annotations

from pyvcs.objects.ancestry import is_ancestor
from pyvcs.objects.commit import Commit
from pyvcs.objects.commit_graph import CommitGraph, Facts
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from pyvcs.relation import Relation


def facts_of(commit: Commit) -> Facts:
    """What the commit graph keeps of a commit."""
    return commit.parents, commit.committed.seconds, int(commit.is_canonical)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of history: a commit and its oid."""

    oid: Oid
    commit: Commit


ParentsToShow: TypeAlias = "Callable[[LogEntry], Collection[Oid]]"
"""Those of the parents of a commit that a walk goes on with."""


class CommitHistory:
    """The history of a store, over its commit graph. Sets of commits come back sorted by oid."""

    def __init__(self, objects: ObjectReader, graph: CommitGraph) -> None:
        self._objects = objects
        self.graph = graph

    def heads(self, commits: Collection[Oid]) -> tuple[Oid, ...]:
        """Those of `commits` that no other one descends from."""
        if len(commits) < 2:
            return tuple(commits)
        positions = self._positions(commits)
        if len(positions) == 2 and self._descends(max(positions), min(positions)):
            return (self.graph.oid(max(positions)),)  # a sync that brings what comes next
        from pyvcs.objects import graph as walks
        from pyvcs.objects.numbering import by_position

        found = walks.heads(self.graph.parent_positions, positions, order=by_position)
        return tuple(sorted(map(self.graph.oid, found)))

    def merge_bases(self, ours: Collection[Oid], theirs: Collection[Oid]) -> tuple[Oid, ...]:
        """All merge bases of two sets of commits."""
        from pyvcs.merge.bases import merge_bases_of_commits

        return merge_bases_of_commits(self.graph, ours, theirs)

    def is_ancestor(self, ancestor: Oid, descendant: Oid) -> bool:
        """Whether `descendant` is `ancestor` or descends from it."""
        older, newer = self._positions((ancestor, descendant))
        return self._descends(newer, older)

    def relation(self, one: Oid, other: Oid) -> Relation:
        """How commit `one` stands to `other`: BEFORE when `other` descends from it, and so on."""
        from pyvcs.relation import Relation

        if one == other:
            return Relation.EQUAL
        first, second = self._positions((one, other))
        if first < second:  # positions are a topological order: no need to ask the other way
            return Relation.BEFORE if self.is_ancestor(one, other) else Relation.CONCURRENT
        return Relation.AFTER if self.is_ancestor(other, one) else Relation.CONCURRENT

    def missing(self, *, wants: Collection[Oid], haves: Collection[Oid]) -> list[Oid]:
        """What `wants` reach and `haves` do not, parents before children."""
        from pyvcs.objects import graph as walks
        from pyvcs.objects.numbering import by_position

        found = walks.missing(
            self.graph.parent_positions,
            wants=self._positions(wants),
            haves=self._positions(haves),
            order=by_position,
        )
        return [self.graph.oid(position) for position in found]

    def newest_first(self, tips: Collection[Oid]) -> Iterator[Oid]:
        """The ancestors of `tips`, children before parents, without reading them."""
        from pyvcs.objects import graph as walks
        from pyvcs.objects.numbering import by_position

        positions = walks.topological_order(
            self.graph.parent_positions, self._positions(tips), order=by_position
        )
        return map(self.graph.oid, positions)

    def log(
        self, tips: Iterable[Oid], parents_of: ParentsToShow | None = None
    ) -> Iterator[LogEntry]:
        """The ancestors of `tips`, newest first: a stream that starts at once.

        `parents_of` may leave out parents; it is asked for each entry after that was given out.

        Of the commits of which a child has been shown the latest comes next, by its hybrid
        logical clock, then generation, then oid: the same sequence on every replica. A clock is
        never behind a parent's, so children come before their parents.
        """
        from heapq import heapify, heappop, heappush

        graph = self.graph
        heap = [self._rank(position) for position in self._positions(set(tips))]
        heapify(heap)
        seen = {rank[-1] for rank in heap}
        while heap:
            position = heappop(heap)[-1]
            entry = self._entry(position)
            yield entry
            if parents_of is None:
                parents = graph.parent_positions(position)
            else:
                parents = tuple(self._positions(parents_of(entry)))
            for parent in parents:
                if parent not in seen:
                    seen.add(parent)
                    heappush(heap, self._rank(parent))

    def by_lines(
        self, tips: Iterable[Oid], parents_of: ParentsToShow | None = None
    ) -> Iterator[LogEntry]:
        """The same commits, lines of work in one piece each: a stream too, for drawing."""

        from pyvcs.objects import graph as walks

        def parents_to_show(position: int) -> Sequence[int]:
            return self._positions(parents_of(self._entry(position))) if parents_of else ()

        parents = self.graph.parent_positions if parents_of is None else parents_to_show
        starts = sorted(self._positions(set(tips)), key=self._rank)
        for position in walks.line_by_line(parents, starts):
            yield self._entry(position)

    def _entry(self, position: int) -> LogEntry:
        oid = self.graph.oid(position)
        return LogEntry(oid, self._objects.commit(oid))

    def _rank(self, position: int) -> tuple[int, int, int, Oid, int]:
        oid = self.graph.oid(position)
        clock = self._objects.commit(oid).clock
        generation = self.graph.generation_at(position)
        return -clock.milliseconds, -clock.counter, -generation, oid, position

    def _descends(self, newer: int, older: int) -> bool:
        return is_ancestor(self.graph.parent_positions, older, newer, order=int)  # its own order

    def _positions(self, commits: Collection[Oid]) -> Sequence[int]:
        return [self.graph.ensure(oid) for oid in commits]
