"""Whether a merged JSON value keeps every edit of both sides, told without knowing how it came.

Idea.        A document is the bag of its leaves: scalars and empty containers, each with the key it
             stands under. What a side's edits add to the bag and take from it is known; in the
             result both must have happened, once where both sides did the same, or twice.
Invariant.   None: it is a check that a merge by lines has to pass before it is believed.
Cost.        Linear in the four documents.
Result.      False when an edit of a side was lost, undone or doubled.
Source.      Own.
Not handled. Moves: a leaf that only stands elsewhere under its key is the same leaf.
"""

from __future__ import annotations

from collections import Counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pyvcs.merge.json_value import Json

Leaf: TypeAlias = tuple[str, object]


def keeps_edits(*, base: Json, ours: Json, theirs: Json, result: Json) -> bool:
    """Whether the result has each leaf as often as the edits of both sides make it."""
    old, new = leaves(base), leaves(result)
    our_leaves, their_leaves = leaves(ours), leaves(theirs)
    for leaf in {*old, *new, *our_leaves, *their_leaves}:
        times = old[leaf]
        if not adds_up(our_leaves[leaf] - times, their_leaves[leaf] - times, new[leaf] - times):
            return False
    return True


def adds_up(ours: int, theirs: int, result: int) -> bool:
    """Whether the change of a count is that of both sides, which may have done the same."""
    if ours * theirs <= 0:
        return result == ours + theirs
    return abs(result) in range(max(abs(ours), abs(theirs)), abs(ours + theirs) + 1) and (
        (result > 0) == (ours > 0)
    )


def leaves(value: Json) -> Counter[Leaf]:
    """How often each leaf stands in a value."""
    found: list[Leaf] = []
    rest: list[tuple[str, Json]] = [("", value)]
    while rest:
        key, item = rest.pop()
        if isinstance(item, dict) and item:
            rest.extend(item.items())
        elif isinstance(item, list) and item:
            rest.extend((key, each) for each in item)
        else:
            found.append((key, _told_apart(item)))
    return Counter(found)


def _told_apart(item: Json) -> object:
    """A scalar so that true is not 1, or the kind of an empty container."""
    if isinstance(item, (dict, list)):
        return type(item)
    return (bool, item) if isinstance(item, bool) else item
