"""What a merge of trees takes and gives: a tree with the conflicts that it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyvcs.objects.draft import ObjectWriter
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import Tree, TreeEntry
from pyvcs.objects.typed import Protocol
from pyvcs.objects.values import dataclass, field

Conflicts = frozenset[Oid]
NONE: Conflicts = frozenset()
NO_NAMES: frozenset[bytes] = frozenset()


class Objects(ObjectReader, ObjectWriter, Protocol):
    """Objects can be read and put: a Draft."""


@dataclass(frozen=True, slots=True)
class Side:
    """A tree, its unresolved conflicts by path, and a label that says whose it is."""

    tree: Tree
    label: str
    conflicts: Mapping[bytes, Conflicts] = field(default_factory=dict)
    _folders: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, objects: ObjectReader, tree: Oid, conflicts: Iterable[Oid], label: str) -> Side:
        """A side from a tree's oid and the oids of its conflicts."""
        by_path: dict[bytes, Conflicts] = {}
        for oid in conflicts:
            path = objects.conflict(oid).path
            by_path[path] = by_path.get(path, NONE) | {oid}
        return cls(objects.tree(tree), label, by_path, _names_by_folder(by_path))

    def moved(self, objects: Objects, paths: Mapping[bytes, bytes]) -> Side:
        """The side with the conflicts of some files at other paths, where the files will be."""
        if not any(path in self.conflicts for path in paths):
            return self
        by_path: dict[bytes, Conflicts] = {}
        for path, oids in self.conflicts.items():
            new = paths.get(path, path)
            if new != path:
                oids = frozenset(_moved(objects, oid, new) for oid in oids)
            by_path[new] = by_path.get(new, NONE) | oids
        return Side(self.tree, self.label, by_path, _names_by_folder(by_path))

    def disputed_in(self, folder: bytes) -> frozenset[bytes]:
        """The names in a folder at or below which there are conflicts."""
        return self._folders.get(folder, NO_NAMES)

    def at(self, path: bytes, entry: TreeEntry | None) -> State:
        """What this side holds at `path`, where its tree has `entry`."""
        return State(entry, self.conflicts.get(path, NONE), self.below(path))

    def all(self) -> Conflicts:
        """Every conflict of the side."""
        return NONE.union(*self.conflicts.values())

    def below(self, folder: bytes) -> Conflicts:
        """The conflicts inside a folder other than the root. Cost: those that are inside."""
        found: list[Conflicts] = []
        waiting = [folder]
        while waiting:
            at = waiting.pop() + b"/"
            for name in self.disputed_in(at[:-1]):
                found.append(self.conflicts.get(at + name, NONE))
                waiting.append(at + name)
        return NONE.union(*found)


@dataclass(frozen=True, slots=True)
class State:
    """What a side holds at a path: the entry, the conflicts there, and those inside the folder.

    Two sides agree at a path only when all three are equal: a conflict that one side resolved by
    keeping the content as it was is a change like any other.
    """

    entry: TreeEntry | None
    conflicts: Conflicts = NONE
    inside: Conflicts = NONE


def _names_by_folder(paths: Iterable[bytes]) -> dict[bytes, frozenset[bytes]]:
    found: dict[bytes, set[bytes]] = {}
    for path in paths:
        while path:
            path, _, name = path.rpartition(b"/")
            found.setdefault(path, set()).add(name)
    return {folder: frozenset(names) for folder, names in found.items()}


def _moved(objects: Objects, oid: Oid, path: bytes) -> Oid:
    """The same conflict at another path."""
    return objects.put(objects.conflict(oid).at(path))


def merge_conflicts(*, base: Conflicts, ours: Conflicts, theirs: Conflicts) -> Conflicts:
    """Three-way merge of two sets: what one side resolved is resolved, what one side met stays."""
    return (ours & theirs) | (ours - base) | (theirs - base)
