"""Nodes of a history as numbers: every ancestor has a smaller number than its descendants.

The walks over a history need one thing of their nodes again and again: which of two is older, by
topology and never by clock. An `order` answers it: any function from a node to a whole number
that is smaller for every ancestor. The place in a file where parents come first is one, the
generation number is another. `numbered` makes unique numbers out of it, so that the walks
themselves deal in plain integers.
"""

from __future__ import annotations

from pyvcs.objects.typed import Generic, Protocol, TypeVar, cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias


class Node(Protocol):
    """What a node of a history must be: hashable and sortable, as an Oid or an int is."""

    def __hash__(self) -> int: ...

    def __lt__(self, other: Any, /) -> bool: ...


N = TypeVar("N", bound=Node)

ParentsOf: TypeAlias = "Callable[[N], Sequence[N]]"
"""The parents of a node. A history has no circle; one would keep the walks busy for ever."""

Order: TypeAlias = "Callable[[N], int]"
"""A whole number, not negative, that is smaller for every ancestor of the node."""


def by_position(node: int) -> int:
    """The order of nodes that are themselves positions: every parent is a smaller number.

    The walks know this function and skip the numbering, which makes them several times faster.

    >>> by_position(7)
    7
    """
    return node


class Numbering(Generic[N]):
    """Unique numbers for the nodes that a walk meets, given out as it meets them."""

    def __init__(self, parents_of: ParentsOf[N], order: Order[N]) -> None:
        self._parents_of = parents_of
        self._order = order
        self._numbers: dict[N, int] = {}
        self._nodes: dict[int, N] = {}

    def number(self, node: N) -> int:
        """The number of a node: its order first, then the turn in which it was met."""
        number = self._numbers.get(node)
        if number is None:
            number = (self._order(node) << 32) + len(self._numbers)
            self._numbers[node] = number
            self._nodes[number] = node
        return number

    def node(self, number: int) -> N:
        """The node that has this number; a number that was not given out is a KeyError."""
        return self._nodes[number]

    def parents(self, number: int) -> Sequence[int]:
        """The numbers of the parents of the node with this number."""
        return [self.number(parent) for parent in self._parents_of(self._nodes[number])]


class _Positions(Numbering[int]):
    """Nodes that are their own numbers: nothing to look up, nothing to keep."""

    def __init__(self, parents_of: ParentsOf[int]) -> None:
        super().__init__(parents_of, by_position)
        # Bound here, not defined: one call less for every commit that a walk meets.
        self.parents = parents_of  # type: ignore[assignment]

    def number(self, node: int) -> int:
        return node

    def node(self, number: int) -> int:
        return number


def numbered(parents_of: ParentsOf[N], order: Order[N]) -> Numbering[N]:
    """A numbering by `order`, which is free of charge when the order is `by_position`."""
    if order is by_position:  # only then is N known to be int, and no type checker can tell
        return cast("Numbering[N]", _Positions(cast("ParentsOf[int]", parents_of)))
    return Numbering(parents_of, order)
