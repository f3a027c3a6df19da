"""Series: objects whose keys count, as years, days or versions do, and whose values go on.

Idea.        What a side adds behind the last member of a series, with that member's very value, was
             written by carrying that value on. When the other side meanwhile changed the value that
             was carried on, the new member says what its writer may no longer mean::

                 base    {"13": "no", "14": "no"}
                 ours    {"13": "no", "14": "yes"}                     corrected
                 theirs  {"13": "no", "14": "no", "15": "no"}          carried on

             The walk reports this as a conflict: base is what was carried on, one side what that
             is now, the other what it was carried on as.
Invariant.   Only new members whose key counts on from that of the member before are meant. By lines
             this is a conflict always, for the two stand side by side.
Cost.        Linear in the keys of objects that a side added to.
Result.      The keys of such members, each with the key of the member that it was carried on from.
Source.      Own; docs/decisions/0012 has the figures.
Not handled. Series of list items.
"""

from __future__ import annotations

import re

from pyvcs.merge.json_compare import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pyvcs.merge.json_value import Json

Members: TypeAlias = "dict[str, Json]"

_COUNTS = re.compile(r"v?[0-9]{1,9}(?:[-.:/_][0-9]{1,9}){0,6}")
_DIGITS = re.compile(r"[0-9]+")


def carried_on(base: Members, changing: Members, adding: Members) -> dict[str, str]:
    """New members of `adding` that carry on a value which `changing` changed: from which key.

    >>> carried_on({"1": "a"}, {"1": "b"}, {"1": "a", "2": "a", "3": "c"})
    {'2': '1'}
    """
    if len(base) == len(adding) and base.keys() == adding.keys():
        return {}
    found: dict[str, str] = {}
    before: str | None = None
    for key, value in adding.items():
        if key in base:
            before = key
        elif key not in changing and before is not None and counts_on(before, key):
            if same(adding[before], value) and _is_changed(before, base, changing, adding):
                found[key] = before
            else:
                before = None
        else:
            before = None
    return found


def counts_on(key: str, after: str) -> bool:
    """Whether both keys count, and the second further than the first."""
    if _COUNTS.fullmatch(key) is None or _COUNTS.fullmatch(after) is None:
        return False
    return _numbers(key) < _numbers(after)


def _numbers(key: str) -> list[int]:
    return list(map(int, _DIGITS.findall(key)))


def _is_changed(key: str, base: Members, changing: Members, adding: Members) -> bool:
    """Whether only one side changed a member, to another value."""
    return key in changing and same(base[key], adding[key]) and not same(base[key], changing[key])
