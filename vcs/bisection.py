"""Which commit to test next, to find the first bad one in the fewest steps.

Idea.        What may be the first bad commit are the ancestors of the bad one without those of the
             good ones. Testing a commit leaves either its ancestors among them, or the others: the
             best is the one for which the smaller part is largest.
Invariant.   The first bad commit is among the candidates, if the bad commit descends from every
             good one and what is wrong once stays wrong.
Cost.        Each candidate's ancestors as the bits of one number: O(n * n / 64) time, and O(n)
             bits for each commit of the frontier.
Result.      The candidates, parents first, and the one to test; ties go to the older one.
Source.      git bisect.c, do_find_bisection; there merges are counted by walking.
Not handled. Which commits are likely to be skipped next to those that were.
"""

from __future__ import annotations

from pyvcs.objects.graph import missing
from pyvcs.objects.numbering import by_position
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be the first bad commit, parents first, and which one to test (None: no more)."""

    candidates: tuple[int, ...]
    best: int | None


def choose(
    parents_of: Callable[[int], Sequence[int]],
    *,
    bad: int,
    good: Collection[int],
    skipped: Collection[int] = (),
) -> Choice:
    """What to test next. Commits are positions: every parent is a smaller number."""
    candidates = missing(parents_of, wants=[bad], haves=good, order=by_position)
    weights = ancestor_counts(parents_of, candidates)
    count = len(candidates)
    best, most = None, 0
    for node in candidates:
        halves = min(weights[node], count - weights[node])
        if halves > most and node != bad and node not in skipped:
            best, most = node, halves
    return Choice(tuple(candidates), best)


def ancestor_counts(
    parents_of: Callable[[int], Sequence[int]], nodes: Sequence[int]
) -> dict[int, int]:
    """For each node, parents first, how many of the nodes are its ancestors, itself included."""
    inside = set(nodes)
    parents = {node: [p for p in parents_of(node) if p in inside] for node in nodes}
    children = dict.fromkeys(nodes, 0)
    for node in nodes:
        for parent in parents[node]:
            children[parent] += 1
    counts: dict[int, int] = {}
    reached: dict[int, int] = {}
    for number, node in enumerate(nodes):
        bits = 1 << number
        for parent in parents[node]:
            bits |= reached[parent]
            children[parent] -= 1
            if not children[parent]:
                del reached[parent]  # nobody asks again: only the frontier is kept
        counts[node] = bits.bit_count()
        if children[node]:
            reached[node] = bits
    return counts
