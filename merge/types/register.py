"""A last-writer-wins register: an object that says in one of its fields when it was written.

A merge of values has no clock, and a wall clock of its own would make two replicas differ: so the
time stands in the document. The later object wins as a whole; of two of one time, the one whose
canonical text sorts last.
"""

from __future__ import annotations

from pyvcs.merge.json_compare import canonical
from pyvcs.merge.json_value import ABSENT
from pyvcs.merge.types.numbers import merge_max

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json, Place, Side
    from pyvcs.merge.types import Merger


def register_by(field: str) -> Merger:
    """The merger of registers whose time, a number or a text that sorts by time, is in `field`.

    >>> merge = register_by("at")
    >>> merge({"v": 1, "at": 1}, {"v": 2, "at": 5}, {"v": 3, "at": 4})
    {'v': 2, 'at': 5}
    """

    def merge_register(_base: Place, ours: Json, theirs: Json) -> Side:
        if not isinstance(ours, dict) or not isinstance(theirs, dict):
            return ABSENT
        if field not in ours or field not in theirs:
            return ABSENT
        one, other = ours[field], theirs[field]
        later = merge_max(ABSENT, one, other)
        if later is ABSENT:
            return ABSENT
        if one == other:
            return max(ours, theirs, key=canonical)
        return ours if later == one else theirs

    return merge_register
