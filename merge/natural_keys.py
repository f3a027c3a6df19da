"""The member that tells the records of a list apart, where nobody said which one it is.

Idea.        Data that is kept as a list of records mostly has a key, which its writers call by a
             name of their own: a code, a slug, a symbol, an address. It is a text that every
             record has, no two of a version have alike, and edits leave as it is. So the columns
             of all three versions say which member it is.
Invariant.   Different records of a version never have one name.
Cost.        Linear in the members of the records. It is asked for last: in a stretch of a list that
             both sides changed, where nothing else tells the items apart.
Result.      The name of the member, or None.
Source.      Own; what databases call a candidate key. docs/decisions/0020 has the figures.
Not handled. Keys of several members, or inside a member. Numbers: a rank or a line tells apart,
             too, but the next edit gives it to another record.
"""

from __future__ import annotations

from collections.abc import Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json

FEWEST_RECORDS = 3
"""Records that each version must hold before a column without repetitions is more than chance."""

LONGEST = 100
"""Characters of a key; what is longer is prose."""

STEADY = 0.5
"""The share of base's keys that must be left on each side."""


def natural_key(base: Sequence[Json], ours: Sequence[Json], theirs: Sequence[Json]) -> str | None:
    """The member that tells the records of all three versions apart, the steadiest of several:
    of which the most keys are left on the side that has fewer of them, and then on both.

    >>> old = [{"n": 1, "code": "ch"}, {"n": 1, "code": "de"}, {"n": 2, "code": "fr"}]
    >>> natural_key(old, old[:2] + [{"code": "it"}], old)
    'code'
    """
    versions = base, ours, theirs
    if min(map(len, versions)) < FEWEST_RECORDS or not isinstance(base[0], dict):
        return None
    best, found = (0, 0), None
    for member in base[0]:
        old, *sides = (_column(version, member) for version in versions)
        if old is None or None in sides:
            continue
        left = sorted(len(old.intersection(side or ())) for side in sides)
        steady = left[0], left[1]
        if steady[0] >= STEADY * len(old) and steady > best:
            best, found = steady, member
    return found


def _column(version: Sequence[Json], member: str) -> set[str] | None:
    """What a member holds in all records; None when it does not tell them apart."""
    texts: set[str] = set()
    for item in version:
        text = item.get(member) if isinstance(item, dict) else None
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST or text in texts:
            return None
        texts.add(text)
    return texts
