"""Versions: of two that were both raised, the higher one.

A version is three numbers (some may be missing, or `*`), perhaps with a pre-release, behind the
sign of a range: `1.4.0`, `^1.4.0-beta.2`, `~2.1`, `5.5.*`. They are ordered as Semantic Versioning
2.0.0, section 11, says. Two with different signs are not compared, nor is one that was lowered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pyvcs.merge.json_value import ABSENT

if TYPE_CHECKING:
    from pyvcs.merge.json_value import Json, Place, Side

_PART = r"(0|[1-9]\d{0,8}|\*|x)"
_VERSION = re.compile(
    rf"([\^~]|[<>]?=? ?|v)?(0|[1-9]\d{{0,8}})(?:\.{_PART})?(?:\.{_PART})?"
    r"(?:-([0-9A-Za-z.-]{1,60}))?(?:\+[0-9A-Za-z.-]{1,60})?"
)


class Version(NamedTuple):
    """A version: the sign of its range, its numbers, and its rank among pre-releases."""

    sign: str
    numbers: tuple[int, int, int]
    stage: tuple[tuple[int, int, str], ...]


_FINAL = ((2, 0, ""),)
"""The stage of a version that is no pre-release: above all of them."""


def version_of(text: object) -> Version | None:
    """The version that a text is, or None."""
    match = _VERSION.fullmatch(text) if isinstance(text, str) and len(text) < 200 else None
    if match is None:
        return None
    major, minor, patch = (
        int(part) if part and part.isdigit() else 0 for part in match.group(2, 3, 4)
    )
    return Version((match[1] or "").strip(), (major, minor, patch), _stage(match[5]))


def _stage(text: str | None) -> tuple[tuple[int, int, str], ...]:
    """Identifiers of digits come before those of letters; a longer list after its beginning."""
    if text is None:
        return _FINAL
    parts = text.split(".")
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def is_raised(old: object, new: object) -> bool:
    """Whether `new` is a higher version than `old`, of the same sign."""
    before, after = version_of(old), version_of(new)
    return (
        before is not None
        and after is not None
        and before.sign == after.sign
        and before[1:] < after[1:]
    )


def merge_higher_version(base: Place, ours: Json, theirs: Json) -> Side:
    """The higher of two versions that both sides raised, or both added.

    >>> merge_higher_version("1.0.0", "1.1.0", "1.10.0")
    '1.10.0'
    """
    one, other = version_of(ours), version_of(theirs)
    if one is None or other is None or one.sign != other.sign or one[1:] == other[1:]:
        return ABSENT
    if base is not ABSENT and not _both_raised(base, one, other):
        return ABSENT
    return ours if one[1:] > other[1:] else theirs


def _both_raised(base: Place, ours: Version, theirs: Version) -> bool:
    old = version_of(base)
    return old is not None and old[1:] < ours[1:] and old[1:] < theirs[1:]


FEWEST_RAISED = 2
"""Members that one side must have raised alike, and no other way, before new ones follow.

Of packages of one scope one is enough: they come from one hand, and go by one version."""


def raised_members(
    base: Mapping[str, Json], raising: Mapping[str, Json], adding: Mapping[str, Json]
) -> dict[str, tuple[str, str]]:
    """New members of `adding` whose version `raising` raised wherever base had it.

    By key: the version as it was added, and as it was raised. A package that is split into several
    raises all of them at once; what is added to the list meanwhile still names the old version.
    Wherever means in the whole list, or among the packages of the new one's scope (`@scope/name`).

    >>> raised_members({"a/x": "1.0.0"}, {"a/x": "1.1.0"}, {"a/x": "1.0.0", "a/y": "1.0.0"})
    {'a/y': ('1.0.0', '1.1.0')}
    """
    new = {
        key: value
        for key, value in adding.items()
        if isinstance(value, str) and key not in base and key not in raising
    }
    if not new:
        return {}
    raised: dict[tuple[str, str], list[str]] = {}
    for key, old in base.items():
        if isinstance(old, str):
            value = raising.get(key, old)
            for scope in _scopes(key):
                raised.setdefault((scope, old), []).append(value if isinstance(value, str) else "")
    left = {
        (scope, value)
        for key, value in raising.items()
        if isinstance(value, str)
        for scope in _scopes(key)
    }
    return {
        key: (value, raised[scope, value][0])
        for key, value in new.items()
        for scope, fewest in _scopes(key).items()
        if (scope, value) not in left and _are_raised(value, raised.get((scope, value), []), fewest)
    }


def _are_raised(old: str, versions: list[str], fewest: int) -> bool:
    """Whether enough versions are all one, which is higher than the old one."""
    return len(versions) >= fewest and len(set(versions)) == 1 and is_raised(old, versions[0])


def _scopes(package: str) -> dict[str, int]:
    """Whom a package goes with, the nearest last: how many of those must have been raised."""
    scope = package.rpartition("/")[0]
    return {"": FEWEST_RAISED, scope: 1} if scope else {"": FEWEST_RAISED}
