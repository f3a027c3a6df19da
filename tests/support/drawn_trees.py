"""Trees and merges written down as dicts, for drawn cases."""

from __future__ import annotations

from collections.abc import Mapping

from pyvcs.merge.sides import Side
from pyvcs.merge.trees import MergedTree, merge_trees
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.draft import Draft
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import apply_changes, files_of
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore

Files = Mapping[str, str | tuple[Mode, str]]
"""Content by path, with a mode where it is not a plain file."""


class Drawing:
    """Merges of trees that are written as dicts."""

    def __init__(self) -> None:
        self.objects = Draft(ObjectStore(MemoryBackend()))

    def tree(self, files: Files) -> Oid:
        """The oid of a tree with these files."""
        changes = {}
        for path, what in files.items():
            mode, content = (Mode.FILE, what) if isinstance(what, str) else what
            changes[path.encode()] = (mode, self.objects.put(content.encode()))
        return apply_changes(self.objects, self.objects, None, changes)

    def side(self, files: Files, label: str, conflicts: tuple[Oid, ...] = ()) -> Side:
        """One side of a merge."""
        return Side.of(self.objects, self.tree(files), conflicts, label)

    def merge(self, base: Files, ours: Files, theirs: Files) -> MergedTree:
        """The merge of two trees over a base."""
        return merge_trees(
            self.objects,
            base=self.side(base, "base"),
            ours=self.side(ours, "ours"),
            theirs=self.side(theirs, "theirs"),
        )

    def files(self, tree: Oid) -> dict[str, str]:
        """The files of a tree with their contents; modes other than file stand in brackets."""
        found = {}
        for path, (mode, oid) in files_of(self.objects, tree):
            name = path.decode() if mode is Mode.FILE else f"{path.decode()} [{mode.word}]"
            found[name] = self.objects.blob(oid).decode()
        return found

    def conflicts(self, merged: MergedTree) -> list[Conflict]:
        """The conflicts of a merge, sorted by path."""
        found = [self.objects.conflict(oid) for oid in merged.conflicts]
        return sorted(found, key=lambda conflict: (conflict.path, conflict.kind))

    def told(self, merged: MergedTree) -> list[str]:
        """The contents that the conflicts of a merge hold, those of whole folders as well."""
        found: list[str] = []
        for conflict in self.conflicts(merged):
            for side in conflict.sides:
                if side.oid is None:
                    continue
                is_folder = side.mode is Mode.TREE
                files = self.files(side.oid) if is_folder else {"": self._text(side.oid)}
                found += files.values()
        return found

    def _text(self, oid: Oid) -> str:
        return self.objects.blob(oid).decode()

    def outline(self, merged: MergedTree) -> list[tuple[str, str]]:
        """Kind and path of each conflict."""
        return [(conflict.kind, conflict.path.decode()) for conflict in self.conflicts(merged)]
