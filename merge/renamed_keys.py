"""Keys of an object that one side renamed while the other edited what they hold.

Idea.        A key that a side dropped and a key that it added are one key renamed when their values
             are the same, or clearly alike, and no other pair fits. Base and the other side are
             then read as if they had had the new name all along, and the walk goes on as ever::

                 base    {"old": {"a": 1}}
                 ours    {"new": {"a": 1}}           renamed
                 theirs  {"old": {"a": 1, "b": 2}}   edited
                 result  {"new": {"a": 1, "b": 2}}

Invariant.   Only a key that one side dropped and the other edited is renamed there: it would be a
             conflict otherwise. No key gets a name that another one has.
Cost.        Nothing where there is no such key; else as much as `similar` takes.
Result.      Base, ours and theirs, with the names of one version each.
Source.      Own; the rename detection of git's merge-ort, for keys in place of paths.
Not handled. A key that both sides renamed, to two names: both are kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyvcs.merge.json_compare import Keys, same
from pyvcs.merge.similar import best_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pyvcs.merge.json_value import Json

Members: TypeAlias = "dict[str, Json]"

SHORTEST_TEXT = 16
"""Characters of a text that is taken for the same under another key; a shorter one may recur."""


def with_renames_followed(
    base: Members, ours: Members, theirs: Members, keys: Keys
) -> tuple[Members, Members, Members]:
    """The three with each renamed key named alike in all; the very same objects without any."""
    if not _may_matter(base, ours, theirs):
        return base, ours, theirs
    by_ours, by_theirs = _renamed(base, ours, keys), _renamed(base, theirs, keys)
    for_theirs = _for_other(base, by_ours, theirs)
    for_ours = _for_other(base, by_theirs, ours)
    both = {old: new for old, new in by_ours.items() if by_theirs.get(old) == new}
    for_base = {**both, **for_ours, **for_theirs}
    return _relabelled(base, for_base), _relabelled(ours, for_ours), _relabelled(theirs, for_theirs)


def _may_matter(base: Members, ours: Members, theirs: Members) -> bool:
    """Whether a side dropped a key that the other edited, or both dropped one and added one."""
    for key, value in base.items():
        if key not in ours or key not in theirs:
            left = ours.get(key, theirs.get(key))
            if left is None or not same(value, left):
                return True
    return False


def _for_other(base: Members, names: dict[str, str], other: Members) -> dict[str, str]:
    """Those renames that matter to the other side: of keys that it edited."""
    return {
        old: new
        for old, new in names.items()
        if old in other and new not in other and not same(base[old], other[old])
    }


def _renamed(base: Members, side: Members, keys: Keys) -> dict[str, str]:
    """New names by old ones: what a side renamed."""
    gone = {key: value for key, value in base.items() if key not in side}
    new = {key: value for key, value in side.items() if key not in base}
    if not gone or not new:
        return {}
    pairs = _same_pairs(gone, new, keys)
    rest = [key for key, value in gone.items() if key not in pairs and _holds_members(value)]
    left = [key for key in new if key not in pairs.values() and _holds_members(new[key])]
    found = best_matches([gone[key] for key in rest], [new[key] for key in left], keys)
    return pairs | {rest[old]: left[n] for n, old in (found or {}).items()}


def _same_pairs(gone: Members, new: Members, keys: Keys) -> dict[str, str]:
    """Pairs of keys whose values are the same, and stand under no other of them."""
    old_names, new_names = _by_value(gone.items(), keys), _by_value(new.items(), keys)
    return {
        names[0]: new_names[value][0]
        for value, names in old_names.items()
        if len(names) == 1 and len(new_names.get(value, ())) == 1
    }


def _by_value(members: Iterable[tuple[str, Json]], keys: Keys) -> dict[object, list[str]]:
    found: dict[object, list[str]] = {}
    for name, value in members:
        if _is_telling(value):
            found.setdefault(keys.of(value), []).append(name)
    return found


def _is_telling(value: Json) -> bool:
    """Whether a value is no likely repetition: a container with members, or a text of length."""
    return _holds_members(value) or (isinstance(value, str) and len(value) >= SHORTEST_TEXT)


def _holds_members(value: Json) -> bool:
    return bool(value) and isinstance(value, (dict, list))


def _relabelled(members: Members, names: dict[str, str]) -> Members:
    return {names.get(key, key): value for key, value in members.items()} if names else members
