"""Whether a node of a history descends from another: by itself, since every sync asks only that."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.objects.numbering import N, Order, ParentsOf


def is_ancestor(
    parents_of: ParentsOf[N], ancestor: N, descendant: N, *, order: Order[N] | None = None
) -> bool:
    """Whether `descendant` is `ancestor` or descends from it.

    With an order only the nodes above the ancestor are visited, without one all those below the
    descendant may be.
    """
    seen = {descendant}
    stack = [descendant]
    floor = order(ancestor) if order else 0
    while stack:
        node = stack.pop()
        if node == ancestor:
            return True
        for parent in parents_of(node):
            if parent not in seen and (order is None or order(parent) >= floor):
                seen.add(parent)
                stack.append(parent)
    return False
