"""Two names that are one on file systems which ignore case or Unicode composition."""

from __future__ import annotations

from collections.abc import Sequence

from pyvcs.merge.entries import conflict_side
from pyvcs.merge.result import ConflictKind
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.tree import TreeEntry, are_plain, folded

_Kept = tuple[tuple[TreeEntry, ...], list[Conflict]]


def keep_one_of_each_name(prefix: bytes, entries: Sequence[TreeEntry], base_label: str) -> _Kept:
    """Of entries (sorted) whose names clash, the first stays; the others go into a conflict.

    Each side alone had no clash, so this happens only when both added such a name. The sides of
    the conflict are labelled with the names that they had.
    """
    if are_plain([entry.name for entry in entries]):
        return tuple(entries), []
    if len({folded(entry.name) for entry in entries}) == len(entries):
        return tuple(entries), []
    first: dict[str, TreeEntry] = {}
    conflicts = []
    for entry in entries:
        kept = first.setdefault(folded(entry.name), entry)
        if kept is not entry:
            conflicts.append(_clash(prefix, kept, entry, base_label))
    return tuple(first.values()), conflicts


def _clash(prefix: bytes, kept: TreeEntry, other: TreeEntry, base_label: str) -> Conflict:
    sides = (conflict_side(_text(kept.name), kept), conflict_side(_text(other.name), other))
    return Conflict(
        kind=ConflictKind.NAME,
        path=prefix + kept.name,
        pointer=None,
        base=conflict_side(base_label, None),
        sides=sides,
    )


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace").replace("\n", "\\n")
