"""Members that follow a leading one: in an entry of a lock file nearly all follow the version.

Idea.        An entry says which version of a package was chosen, and then what is so of that
             version: where it is from, its hash, what it needs. So what a side did to those members
             holds for the version that it has, and is void when the other side changed that and
             says them anew. Where it is from and its hash are so in any case::

                 base    version 1   from http://r/x-1     hash a
                 ours    version 1   from https://r/x-1    hash a
                 theirs  version 2   from https://r/x-2    hash b      stands, all of it

             What a package is there for (`dev`, `optional`) does not follow: it merges for itself,
             as do the entries of the project's own packages, which repeat a manifest.
Invariant.   In a clean merge no version stands beside the hash of another one.
Cost.        O(n log n) in the members of an entry.
Result.      The sides as they are to be merged member by member, or None: then nothing is known.
Source.      Own. docs/decisions/0020 has the figures.
Not handled. A version that both sides changed: the higher one was what people had in three of
             five. An entry that both sides added, or that one deleted.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyvcs.merge.json_compare import same
from pyvcs.merge.order import merge_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pyvcs.merge.json_value import Json

Entry: TypeAlias = "dict[str, Json]"

_FETCHED = ("resolved", "integrity", "dist", "source", "hashes")
"""Members of entries that are fetched. Others are of the project itself."""


def following(
    lead: Sequence[str], base: Entry, ours: Entry, theirs: Entry
) -> tuple[Entry, Entry] | None:
    """Ours and theirs, one of them perhaps with the other's members in the place of void ones.

    `lead` names the leading member, and behind it those that do not follow.

    >>> old, new = {"version": "1", "resolved": "a"}, {"version": "2", "resolved": "b"}
    >>> following(["version"], old, {"version": "1", "resolved": "A"}, new) == (new, new)
    True
    """
    leader, apart = lead[0], frozenset(lead[1:])
    sides = base, ours, theirs
    if not any(member in side for side in sides for member in _FETCHED):
        return ours, theirs
    if not all(isinstance(side.get(leader), str) for side in sides):
        return None
    old, one, other = (side[leader] for side in sides)
    if one == other:
        parts = [_followers(side, apart) for side in sides]
        return (ours, theirs) if _agree(*parts) else None
    if other == old:
        return ours, _voided(theirs, base, ours, apart)
    return (_voided(ours, base, theirs, apart), theirs) if one == old else None


def _followers(entry: Entry, apart: frozenset[str]) -> Entry:
    return {key: value for key, value in entry.items() if key not in apart}


def _agree(base: Entry, ours: Entry, theirs: Entry) -> bool:
    """Whether at most one side changed the followers, or both alike."""
    return same(base, ours) or same(base, theirs) or same(ours, theirs)


def _voided(entry: Entry, base: Entry, standing: Entry, apart: frozenset[str]) -> Entry:
    """An entry with members as the standing one has them: those that it says anew, and those that
    say where it is from. What comes back, because base has it, comes back to where base has it."""
    kept: Entry = {}
    for key in {**entry, **base}:
        is_void = key not in apart and (key in _FETCHED or not _alike(key, base, standing))
        side = standing if is_void else entry
        if key in side:
            kept[key] = side[key]
    names = list(base)
    order = merge_order(base=names, ours=list(entry), theirs=names, kept=kept, ranks=(len, len))
    return {key: kept[key] for key in order.items}


def _alike(key: str, one: Entry, other: Entry) -> bool:
    return same(one[key], other[key]) if key in one and key in other else key not in (*one, *other)
