"""Small histories for tests: drawn by hand, generated, and random; and slow, plain truths on them.

A history is a dict from a node to its parents, every parent before its children.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T", str, int)

History = Mapping[T, tuple[T, ...]]


def drawn(text: str) -> dict[str, tuple[str, ...]]:
    """A history from its commits in order, each as `name`, `name:parent` or `name:parent,parent`.

    >>> drawn("A B:A C:A D:B,C")["D"]
    ('B', 'C')
    """
    history: dict[str, tuple[str, ...]] = {}
    for word in text.split():
        name, _, parents = word.partition(":")
        history[name] = tuple(parents.split(",")) if parents else ()
        assert name not in history[name]
        assert all(parent in history for parent in history[name]), f"{word}: parents come first"
    return history


def line(*names: str) -> str:
    """The words of a straight line, each the parent of the next: A B:A C:B."""
    return " ".join([names[0], *(f"{b}:{a}" for a, b in pairwise(names))])


def grid(width: int, height: int) -> dict[int, tuple[int, ...]]:
    """A grid: (x, y) has the parents (x - 1, y) and (x, y - 1) as far as they exist.

    Node (x, y) is the number `y * width + x`; it descends from (x', y') just when x' <= x and
    y' <= y, so every answer about it has a closed formula.
    """
    return {
        y * width + x: tuple(
            ([y * width + x - 1] if x else []) + ([(y - 1) * width + x] if y else [])
        )
        for y in range(height)
        for x in range(width)
    }


def woven(count: int, seed: int, *, lines: int = 6, busy: float = 0.25) -> list[tuple[int, ...]]:
    """A long history as arrays: `lines` lines of work that fork and are merged again at random."""
    rng = random.Random(seed)
    parents: list[tuple[int, ...]] = [()]
    tips = [0]
    for number in range(1, count):
        main = rng.randrange(len(tips)) if rng.random() < 0.5 else 0
        chance = rng.random()
        if chance < busy and len(tips) > 1:
            other = rng.choice([tip for tip in tips if tip != tips[main]])
            parents.append((tips[main], other))
            tips[main] = number
            tips.remove(other)
        elif chance < 2 * busy and len(tips) < lines:
            parents.append((tips[main],))
            tips.append(number)
        else:
            parents.append((tips[main],))
            tips[main] = number
    return parents


@st.composite
def histories(draw: st.DrawFn, *, max_size: int = 24) -> dict[int, tuple[int, ...]]:
    """Any history of positions: forks, merges, octopuses, several roots, unrelated parts."""
    steps = st.lists(st.integers(1, 12), max_size=4, unique=True)
    shapes = draw(st.lists(steps, min_size=1, max_size=max_size))
    return {
        number: tuple(number - back for back in backs if back <= number)
        for number, backs in enumerate(shapes)
    }


def renamed(history: History[int]) -> dict[str, tuple[str, ...]]:
    """The same history with names whose order has nothing to do with that of the nodes."""

    def name(number: int) -> str:
        return f"{number * 7919 % 1009:04}"

    return {name(n): tuple(map(name, parents)) for n, parents in history.items()}


# -- slow and obviously right ------------------------------------------------------------------


def slow_ancestors(history: History[T]) -> dict[T, set[T]]:
    """For every node all of its ancestors, itself among them."""
    found: dict[T, set[T]] = {}
    for node, parents in history.items():
        found[node] = {node}.union(*(found[parent] for parent in parents))
    return found


def slow_heads(history: History[T], nodes: Collection[T]) -> list[T]:
    """Those that no other one descends from, sorted."""
    above = slow_ancestors(history)
    return sorted(n for n in set(nodes) if not any(n in above[m] for m in nodes if m != n))


def slow_merge_bases(history: History[T], ours: Iterable[T], theirs: Iterable[T]) -> list[T]:
    """The heads of what both sides have, sorted."""
    above = slow_ancestors(history)
    common = set[T]().union(*(above[n] for n in ours)) & set[T]().union(*(above[n] for n in theirs))
    return slow_heads(history, common)


def slow_missing(history: History[T], wants: Iterable[T], haves: Iterable[T]) -> set[T]:
    """The ancestors of wants without those of haves."""
    above = slow_ancestors(history)
    return set[T]().union(*(above[n] for n in wants)) - set[T]().union(*(above[n] for n in haves))
