"""What a merge of trees takes and gives: a tree with the conflicts that it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import Tree, TreeEntry

Conflicts = frozenset[Oid]
NONE: Conflicts = frozenset()


@dataclass(frozen=True, slots=True)
class Side:
    """A tree, its unresolved conflicts by path, and a label that says whose it is."""

    tree: Tree
    label: str
    conflicts: Mapping[bytes, Conflicts] = field(default_factory=dict)
    _folders: frozenset[bytes] = frozenset()

    @classmethod
    def of(cls, objects: ObjectReader, tree: Oid, conflicts: Iterable[Oid], label: str) -> Side:
        """A side from a tree's oid and the oids of its conflicts."""
        by_path: dict[bytes, Conflicts] = {}
        for oid in conflicts:
            path = objects.conflict(oid).path
            by_path[path] = by_path.get(path, NONE) | {oid}
        folders = {path[:end] for path in by_path for end in _slashes(path)}
        return cls(objects.tree(tree), label, by_path, frozenset(folders))

    def at(self, path: bytes, entry: TreeEntry | None) -> State:
        """What this side holds at `path`, where its tree has `entry`."""
        return State(entry, self.conflicts.get(path, NONE), self.below(path))

    def all(self) -> Conflicts:
        """Every conflict of the side."""
        return NONE.union(*self.conflicts.values())

    def below(self, folder: bytes) -> Conflicts:
        """The conflicts inside a folder."""
        if folder not in self._folders:
            return NONE
        prefix = folder + b"/"
        inside = (oids for path, oids in self.conflicts.items() if path.startswith(prefix))
        return NONE.union(*inside)


@dataclass(frozen=True, slots=True)
class State:
    """What a side holds at a path: the entry, the conflicts there, and those inside the folder.

    Two sides agree at a path only when all three are equal: a conflict that one side resolved by
    keeping the content as it was is a change like any other.
    """

    entry: TreeEntry | None
    conflicts: Conflicts = NONE
    inside: Conflicts = NONE


def _slashes(path: bytes) -> list[int]:
    return [position for position, byte in enumerate(path) if byte == ord("/")]


def merge_conflicts(*, base: Conflicts, ours: Conflicts, theirs: Conflicts) -> Conflicts:
    """Three-way merge of two sets: what one side resolved is resolved, what one side met stays."""
    return (ours & theirs) | (ours - base) | (theirs - base)
