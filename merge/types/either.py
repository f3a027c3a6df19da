"""Either of two values, where it does not matter which: what a machine makes again."""

from __future__ import annotations

from pyvcs.merge.json_compare import canonical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json, Place, Side


def merge_either(_base: Place, ours: Json, theirs: Json) -> Side:
    """The value whose canonical text is longer, else sorts last: something before nothing.

    >>> merge_either([], ["a long output"], [])
    ['a long output']
    """
    return max(ours, theirs, key=lambda value: (len(canonical(value)), canonical(value)))
