r"""Questions on a history: who descends from whom, in which order, and what is missing.

Everything here takes `parents_of`, a function from a node to its parents, and knows nothing of
commits or stores; a node is anything hashable and sortable. `order` is a number that is smaller
for every ancestor (see `numbering`); it lets a walk stop early and is computed by walking the
whole history when it is None. Clocks are never asked.

A node counts among its own ancestors, as in git.

::

    A <- B <- C <- E          parents point left
          \         \
           D <------- F

    ancestors of F: F, E, D, C, B, A    generation numbers: A 1, B 2, C 3, D 3, E 4, F 5
    heads of {B, D, E}: D, E            missing, wants {F}, haves {C}: D, E, F
"""

from __future__ import annotations

from pyvcs.objects.numbering import N, Order, ParentsOf, numbered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_WANTED, _HAD = 1, 2


def ancestors(parents_of: ParentsOf[N], tips: Iterable[N]) -> set[N]:
    """The tips and everything that can be reached from them."""
    seen = set(tips)
    stack = list(seen)
    while stack:
        for parent in parents_of(stack.pop()):
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return seen


def generation_numbers(parents_of: ParentsOf[N], tips: Iterable[N]) -> dict[N, int]:
    """For every ancestor of the tips the number of nodes on the longest way down to a root.

    A root has 1, any other node one more than the largest number among its parents.
    """
    numbers: dict[N, int] = {}
    stack = list(tips)
    while stack:
        node = stack[-1]
        if node in numbers:
            stack.pop()
            continue
        parents = parents_of(node)
        waiting = [parent for parent in parents if parent not in numbers]
        if waiting:
            stack.extend(waiting)
        else:
            numbers[node] = 1 + max((numbers[parent] for parent in parents), default=0)
            stack.pop()
    return numbers


def heads(
    parents_of: ParentsOf[N], nodes: Iterable[N], *, order: Order[N] | None = None
) -> tuple[N, ...]:
    """Those of the nodes that are no ancestor of another one; sorted, each once."""
    candidates = set(nodes)
    if len(candidates) < 2:
        return tuple(candidates)
    floor = min(map(order, candidates)) if order else 0
    found: set[N] = set()
    seen: set[N] = set()
    stack = [parent for node in candidates for parent in parents_of(node)]
    while stack and len(found) < len(candidates) - 1:  # the last one left is a head in any case
        node = stack.pop()
        if node in seen or (order is not None and order(node) < floor):
            continue
        seen.add(node)
        if node in candidates:
            found.add(node)
        stack.extend(parents_of(node))
    return tuple(sorted(candidates - found))


def topological_order(
    parents_of: ParentsOf[N], tips: Iterable[N], *, order: Order[N] | None = None
) -> Iterator[N]:
    """The ancestors of the tips, each once, every child before all of its parents.

    With an order this is a stream, newest first: a node is yielded as soon as it is known that
    none of its children is still to come, and only the frontier is kept in memory. Without one
    the whole history is walked before the first node appears. Two runs over the same history
    from the same tips give the same sequence.
    """
    from heapq import heapify, heappop, heappush

    starts = sorted(set(tips))
    if order is None:
        order = generation_numbers(parents_of, starts).__getitem__
    numbering = numbered(parents_of, order)
    heap = [-numbering.number(tip) for tip in starts]
    heapify(heap)
    queued = set(heap)
    while heap:
        key = heappop(heap)
        queued.discard(key)
        yield numbering.node(-key)
        for parent in numbering.parents(-key):
            if -parent not in queued:
                queued.add(-parent)
                heappush(heap, -parent)


def line_by_line(parents_of: ParentsOf[int], tips: Sequence[int]) -> Iterator[int]:
    """The ancestors of the tips, children before parents, each line of work as far as it goes.

    Idea.        Nodes that are ready lie on a stack; of the parents that a node makes ready the
                 last is on top, so that what was merged comes before what it was merged into.
    Invariant.   A node is ready when all of its children came. They have larger positions, so they
                 are known when the walk that counts children has come down to the node.
    Cost.        O((V + E) log W). The walk that counts goes no further than the nodes asked for:
                 this is a stream. Nodes are positions: every parent is a smaller number.
    Source.      git revision.c, the incremental topological walk; there by generation numbers.
    """
    from heapq import heapify, heappop, heappush

    children: dict[int, int] = {}
    heap = [-tip for tip in set(tips)]
    heapify(heap)
    queued = set(heap)

    def count_down_to(position: int) -> None:
        while heap and -heap[0] > position:
            for parent in parents_of(-heappop(heap)):
                children[parent] = children.get(parent, 0) + 1
                if -parent not in queued:
                    queued.add(-parent)
                    heappush(heap, -parent)

    for tip in tips:
        count_down_to(tip)
    ready = [tip for tip in dict.fromkeys(tips) if tip not in children][::-1]
    while ready:
        node = ready.pop()
        yield node
        for parent in parents_of(node):
            count_down_to(parent)
            children[parent] -= 1
            if not children[parent]:
                del children[parent]
                ready.append(parent)


def missing(
    parents_of: ParentsOf[N],
    *,
    wants: Collection[N],
    haves: Collection[N],
    order: Order[N] | None = None,
) -> list[N]:
    """What a peer that has `haves` lacks of `wants`: parents before children.

    Idea.        Paint HAD from the haves and WANTED from the wants, newest first; HAD covers
                 WANTED. What is taken from the frontier still WANTED is missing.
    Invariant.   A node leaves the frontier after all of its descendants that are painted at
                 all, so its colour is final and it never comes back.
    Cost.        Time O((V + E) log W) for the V nodes above the lowest one missing and the W
                 nodes of the widest frontier. Without an order the whole history is walked.
    Result.      The ancestors of wants that are no ancestors of haves; [] when there are none.
    Source.      The same paint as merge.bases; git names it `rev-list wants --not haves`.
    Not handled. Haves that `parents_of` does not know: the caller leaves them out, they say
                 nothing about what is here.
    """
    from heapq import heapify, heappop, heappush

    if order is None:
        order = generation_numbers(parents_of, [*wants, *haves]).__getitem__
    numbering = numbered(parents_of, order)
    colours = {numbering.number(node): _WANTED for node in sorted(wants)}
    colours.update((numbering.number(node), _HAD) for node in sorted(haves))
    heap = [-number for number in colours]
    heapify(heap)
    wanted = sum(colour == _WANTED for colour in colours.values())
    result = []
    while wanted:
        number = -heappop(heap)
        colour = colours.pop(number)
        if colour == _WANTED:
            wanted -= 1
            result.append(numbering.node(number))
        for parent in numbering.parents(number):
            old = colours.get(parent)
            if old is None:
                heappush(heap, -parent)
            if old != _HAD and old != colour:
                colours[parent] = colour
                wanted += 1 if colour == _WANTED else -1 if old == _WANTED else 0
    result.reverse()
    return result
