r"""Merge bases: where a three-way merge takes its base from.

::

    A <- B <- C       parents point left; the one merge base of C and D is B: A is a common
          \           ancestor too, but B descends from it
           D

    A <- B <- D       a criss-cross: D and E both merged B and C,
     \    \ /         so B and C are both merge bases of D and E
      \    X
       \  / \
        C <- E
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from heapq import heapify, heappop, heappush

from pyvcs.objects.commit_graph import CommitGraph
from pyvcs.objects.graph import generation_numbers
from pyvcs.objects.numbering import N, Order, ParentsOf, numbered
from pyvcs.objects.oid import Oid

_OURS, _THEIRS, _BOTH, _STALE = 1, 2, 3, 7  # as bits: painting is `|`, and STALE swallows all


def merge_bases(
    parents_of: ParentsOf[N], ours: N, theirs: N, *, order: Order[N] | None = None
) -> tuple[N, ...]:
    """All merge bases of two nodes; a node that the other descends from is the only one.

    The same as `merge_bases_of_sets` with one node on each side; there the algorithm is told.
    """
    return merge_bases_of_sets(parents_of, (ours,), (theirs,), order=order)


def merge_bases_of_sets(
    parents_of: ParentsOf[N],
    ours: Collection[N],
    theirs: Collection[N],
    *,
    order: Order[N] | None = None,
) -> tuple[N, ...]:
    """Merge bases of two sets of heads: common ancestors no other common ancestor descends from.

    A set stands for a merge of its members that need not exist: its ancestors are those of all
    the members. (`git merge-base A B C` asks for A against the set of B and C.)

    Idea.        The side with the newest node first comes down, depth first, to the newest node
                 of the other side; meeting it may be all there is to do. From there on paint
                 OURS from one side and THEIRS from the other, newest first. A node with both
                 colours is a base, and all that is below it is STALE.
    Invariant.   Nodes leave the frontier in falling order, so when one leaves, every descendant
                 that carries paint has left before: its colours are final. A base is a base at
                 once, nothing is checked again, and colours are kept for the frontier alone.
    Cost.        Coming down O(V + E) time and O(V) memory for the V nodes that are newer than
                 all of the other side, painting O((V + E) log W) and O(W) for those from there
                 to the oldest base, W of them in the widest frontier. The walk ends when one
                 colour has died out. Without an order the whole history is walked once before.
    Result.      Sorted by node; () when the histories have no common root; several in a
                 criss-cross. The same for any valid order, and for swapped sides.
    Source.      git commit-reach.c, paint_down_to_common, and its generation numbers in
                 Documentation/technical/commit-graph. There the frontier is a queue by date
                 where no generation is known, and results are reduced afterwards.
    Not handled. A node whose parents are not there: what `parents_of` raises passes through.
    """
    if order is None:
        order = generation_numbers(parents_of, [*ours, *theirs]).__getitem__
    numbering = numbered(parents_of, order)
    found = _lowest_common(
        numbering.parents,
        [numbering.number(node) for node in ours],
        [numbering.number(node) for node in theirs],
    )
    return tuple(sorted(map(numbering.node, found)))


def merge_bases_of_commits(
    graph: CommitGraph, ours: Collection[Oid], theirs: Collection[Oid]
) -> tuple[Oid, ...]:
    """Merge bases of two sets of commits, by the commit graph; sorted by oid.

    Positions differ from replica to replica, so the order of the result must not come from
    them: a fold over several bases would give another merge on every machine.
    """
    sides = [[graph.ensure(oid) for oid in side] for side in (ours, theirs)]
    found = _lowest_common(graph.parents_for_a_walk(), *sides)  # positions are numbers as they are
    return tuple(sorted(map(graph.oid, found)))


def _lowest_common(
    parents: Callable[[int], Sequence[int]], ours: Collection[int], theirs: Collection[int]
) -> list[int]:
    """The walk of `merge_bases_of_sets`, on numbers of which every parent's is smaller."""
    if max(ours, default=-1) > max(theirs, default=-1):
        ours, theirs = theirs, ours
    if not ours:
        return []
    floor = max(ours)
    theirs = _descend(parents, theirs, floor=floor, stop_there=len(ours) == 1)
    if floor in theirs and len(ours) == 1:
        return [floor]
    colours = dict.fromkeys(ours, _OURS)
    for number in theirs:
        colours[number] = colours.get(number, 0) | _THEIRS
    heap = [-number for number in colours]
    heapify(heap)
    count = [0] * 8  # how many of each colour the frontier holds
    for colour in colours.values():
        count[colour] += 1
    found = []
    while count[_BOTH] or (count[_OURS] and count[_THEIRS]):
        number = -heappop(heap)
        colour = colours.pop(number)
        count[colour] -= 1
        if colour == _BOTH:
            found.append(number)
            colour = _STALE
        if not heap:
            break  # one colour alone meets nothing any more
        next_in_line = -heap[0]
        above = parents(number)
        while len(above) == 1 and above[0] > next_in_line:  # nobody else can reach these
            above = parents(above[0])
        for parent in above:
            old = colours.get(parent, 0)
            if not old:
                heappush(heap, -parent)
            new = old | colour
            if new != old:
                colours[parent] = new
                count[old] -= 1  # count[0] counts nothing
                count[new] += 1
    return found


def _descend(
    parents: Callable[[int], Sequence[int]],
    starts: Collection[int],
    floor: int,
    *,
    stop_there: bool,
) -> set[int]:
    """Where the paths from `starts` first come down to `floor` or below it.

    `stop_there` ends the walk as soon as one of them meets `floor` itself.
    """
    seen: set[int] = set()
    landed: set[int] = set()
    stack = list(starts)
    while stack:
        number = stack.pop()
        while number > floor and number not in seen:
            above = parents(number)
            if not above:
                break
            if len(above) > 1:
                seen.add(number)
                stack += above[1:]
            elif stack:  # otherwise nobody is left who could come here again
                seen.add(number)
            number = above[0]
        if number <= floor:
            landed.add(number)
            if stop_there and number == floor:
                break
    return landed
