"""A merged JSON value with its conflicts written into it, and back.

Idea.        At each conflicting place an object with the one member `$conflict` stands around what
             the merge shows there, with the kind and the sides beside it. A key of the document
             that looks like the mark gets one more `$`. The shape: docs/formats/conflicts.md.
Invariant.   read_conflicts(with_conflicts(merged)) is merged, but for the order of conflicts.
Cost.        Linear in the value and the conflicts.
Result.      A JSON value, whatever the conflicts are.
Source.      Own.
Not handled. What rules settled is not written. A marked value may nest deeper than MAX_DEPTH.
"""

from __future__ import annotations

import re

from pyvcs.merge.json_tree import JsonConflict, MergedJson, pointer_of
from pyvcs.merge.json_value import ABSENT, UNKNOWN, Json, Place, Side
from pyvcs.merge.pointer import tokens
from pyvcs.merge.result import ConflictKind
from pyvcs.objects.typed import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyvcs.merge.json_tree import At

MARK = "$conflict"
"""The key of a mark; with more `$` in front, a key of the document that looks like one."""

NOBODY_KNOWS = "unknown"
"""Stands under the mark in place of a base that nobody can tell."""

_LOOKS_LIKE_MARK = re.compile(r"\$+conflict")


def with_conflicts(merged: MergedJson) -> Json:
    """The value with its conflicts in it; of a clean one, a copy with such keys quoted.

    >>> found = MergedJson(2, (JsonConflict(ConflictKind.VALUE, "", 1, 3, 2),))
    >>> with_conflicts(found)["$conflict"]["sides"]
    [{'kind': 'value', 'base': 1, 'ours': 3, 'theirs': 2}]
    """
    root = _Node()
    for conflict in merged.conflicts:
        node = root
        for step in tokens(conflict.pointer):
            node = node.inner.setdefault(step, _Node())
        node.conflicts.append(conflict)
    return _marked(merged.value, root)


def read_conflicts(value: Json) -> MergedJson:
    """The merged value and its conflicts, from what `with_conflicts` wrote; else a ValueError."""
    conflicts: list[JsonConflict] = []
    shown = _read(value, (), conflicts)
    if shown is ABSENT or shown is UNKNOWN:
        raise ValueError("a document shows something")
    return MergedJson(shown, tuple(conflicts))


class _Node:
    """The conflicts at a place, and those within it by the next step."""

    __slots__ = ("conflicts", "inner")

    def __init__(self) -> None:
        self.conflicts: list[JsonConflict] = []
        self.inner: dict[str, _Node] = {}


def _marked(value: Place, node: _Node | None) -> Json:
    inner = node.inner if node else {}
    shown: Place = value
    if isinstance(value, dict):
        shown = {
            _quoted(key): _marked(value.get(key, ABSENT), inner.get(key))
            for key in (*value, *(key for key in inner if key not in value))
        }
    elif isinstance(value, list):
        shown = [_marked(item, inner.get(str(n))) for n, item in enumerate(value)]
    elif value is UNKNOWN:
        shown = {MARK: NOBODY_KNOWS}
    if node is None or not node.conflicts:
        return cast("Json", shown)
    mark: dict[str, Json] = {} if shown is ABSENT else {"shown": cast("Json", shown)}
    mark["sides"] = [_sides(conflict) for conflict in node.conflicts]
    return {MARK: mark}


def _sides(conflict: JsonConflict) -> Json:
    """The kind and the sides; a side that has nothing at the place is left out."""
    written: dict[str, Json] = {"kind": str(conflict.kind)}
    for name in ("base", "ours", "theirs"):
        side: Place = getattr(conflict, name)
        if side is not ABSENT:
            written[name] = _marked(side, None)
    return written


def _quoted(key: str) -> str:
    return "$" + key if _LOOKS_LIKE_MARK.fullmatch(key) else key


def _read(value: Json, at: At, conflicts: list[JsonConflict]) -> Place:
    """What stands at a place; adds the conflicts there and below."""
    if isinstance(value, list):
        return [cast("Json", _read(item, (*at, n), conflicts)) for n, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if MARK in value:
        return _read_mark(value, at, conflicts)
    found: dict[str, Json] = {}
    for key, item in value.items():
        name = key[1:] if _LOOKS_LIKE_MARK.fullmatch(key) else key
        shown = _read(item, (*at, name), conflicts)
        if shown is not ABSENT:
            found[name] = cast("Json", shown)
    return found


def _read_mark(value: dict[str, Json], at: At, conflicts: list[JsonConflict]) -> Place:
    mark = value[MARK]
    if mark == NOBODY_KNOWS:
        return UNKNOWN
    sides = mark.get("sides") if isinstance(mark, dict) else None
    if len(value) > 1 or not isinstance(mark, dict) or not isinstance(sides, list):
        raise ValueError(f"the mark at {pointer_of(at)!r} is none: it has 'shown' and 'sides'")
    conflicts.extend(_read_sides(each, at) for each in sides)
    return _read(mark["shown"], at, conflicts) if "shown" in mark else ABSENT


def _read_sides(written: Json, at: At) -> JsonConflict:
    if not isinstance(written, dict):
        message = f"sides at {pointer_of(at)!r} are an object, not {written!r:.40}"
        raise ValueError(message)  # noqa: TRY004 (it is data that is wrong, not a caller)
    sides = (
        _read(written[name], (), []) if name in written else ABSENT
        for name in ("base", "ours", "theirs")
    )
    base, ours, theirs = cast("Sequence[Side]", tuple(sides))
    return JsonConflict(ConflictKind(str(written.get("kind"))), pointer_of(at), base, ours, theirs)
