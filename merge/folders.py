"""The folders that a merge of trees looks into: each opened once, its entries by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import File
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import Tree, TreeEntry

Names = Mapping[bytes, TreeEntry]
"""The entries of a folder by their names."""

NOTHING: Names = {}


class Folders:
    """Folders of the three sides, by oid."""

    def __init__(self, objects: ObjectReader) -> None:
        self._objects = objects
        self._opened: dict[Oid, Names] = {}

    def below(self, entry: TreeEntry | None) -> Names:
        """What is in an entry that is a folder; nothing in any other."""
        if entry is None or entry.mode is not Mode.TREE:
            return NOTHING
        found = self._opened.get(entry.oid)
        if found is None:
            found = self._opened[entry.oid] = names_of(self._objects.tree(entry.oid))
        return found

    def entry_at(self, root: Names, path: bytes) -> TreeEntry | None:
        """The entry at a path below a root, or None."""
        *above, name = path.split(b"/")
        for folder in above:
            root = self.below(root.get(folder))
        return root.get(name)

    def file_at(self, root: Names, path: bytes) -> TreeEntry | None:
        """The file or symlink at a path below a root, or None."""
        return file_of(self.entry_at(root, path))

    def changes(
        self, before: Names, after: Names, prefix: bytes = b""
    ) -> Iterator[tuple[bytes, File | None, File | None]]:
        """The files that went or came, with their paths; equal folders are not opened."""
        for name in before.keys() | after.keys():
            old, new = before.get(name), after.get(name)
            if old == new:
                continue
            old_file, new_file = file_of(old), file_of(new)
            if (old_file is None) != (new_file is None):
                yield prefix + name, _mode_and_oid(old_file), _mode_and_oid(new_file)
            if is_folder(old) or is_folder(new):
                yield from self.changes(self.below(old), self.below(new), prefix + name + b"/")


def names_of(tree: Tree) -> Names:
    """The entries of a tree by their names."""
    return {entry[0]: entry for entry in tree.entries}


def is_folder(entry: TreeEntry | None) -> bool:
    """Whether there is a folder."""
    return entry is not None and entry.mode is Mode.TREE


def file_of(entry: TreeEntry | None) -> TreeEntry | None:
    """The entry, unless it is a folder."""
    return None if entry is None or entry.mode is Mode.TREE else entry


def folder_of(path: bytes) -> bytes:
    """The folder that a path lies in; the root is empty."""
    return path.rpartition(b"/")[0]


def folders_above(path: bytes) -> Iterator[bytes]:
    """The folders above a path, the nearest first and the root last."""
    while path:
        path = folder_of(path)
        yield path


def _mode_and_oid(entry: TreeEntry | None) -> File | None:
    return None if entry is None else (entry.mode, entry.oid)
