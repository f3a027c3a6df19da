"""Trees as lists of files, and files as trees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyvcs.objects.draft import ObjectWriter
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import EMPTY, Tree, TreeEntry, check_depth

File = tuple[Mode, Oid]
"""What stands at the path of a file or symlink."""


class Difference(NamedTuple):
    """A path at which two trees differ; None where a tree has no file there."""

    path: bytes
    before: File | None
    after: File | None


def files_of(objects: ObjectReader, tree: Oid, folder: bytes = b"") -> Iterator[tuple[bytes, File]]:
    """Every file and symlink below a tree, with its path, in the order of the entries."""
    check_depth(folder)
    for name, mode, oid in objects.tree(tree):
        if mode is Mode.TREE:
            yield from files_of(objects, oid, folder + name + b"/")
        else:
            yield folder + name, (mode, oid)


def entry_at(objects: ObjectReader, tree: Oid, path: bytes) -> TreeEntry | None:
    """The entry at a path, or None. The empty path is the tree itself."""
    entry = TreeEntry(b"", Mode.TREE, tree)
    for name in path.split(b"/") if path else []:
        if entry.mode is not Mode.TREE:
            return None
        found = objects.tree(entry.oid).get(name)
        if found is None:
            return None
        entry = found
    return entry


def differences(
    objects: ObjectReader, before: Oid | None, after: Oid | None, folder: bytes = b""
) -> Iterator[Difference]:
    """The paths at which two trees differ (None: the empty tree), sorted by path in each folder.

    Equal subtrees are not opened. A folder that became a file is a file added and others removed.
    """
    if before == after:
        return
    check_depth(folder)
    old, new = (
        {entry.name: entry for entry in (objects.tree(oid) if oid is not None else EMPTY)}
        for oid in (before, after)
    )
    for name in sorted({*old, *new}):
        old_file, old_tree = _parts(old.get(name))
        new_file, new_tree = _parts(new.get(name))
        if old_file != new_file:
            yield Difference(folder + name, old_file, new_file)
        yield from differences(objects, old_tree, new_tree, folder + name + b"/")


def commit_differences(
    objects: ObjectReader, before: Oid | None, after: Oid | None
) -> Iterator[Difference]:
    """The paths at which the trees of two commits differ; None stands for no commit."""
    old, new = (None if oid is None else objects.commit(oid).tree for oid in (before, after))
    return differences(objects, old, new)


def _parts(entry: TreeEntry | None) -> tuple[File | None, Oid | None]:
    if entry is None:
        return None, None
    return (None, entry.oid) if entry.mode is Mode.TREE else ((entry.mode, entry.oid), None)


Changes = Mapping[bytes, File | None]
"""Files by path: what each becomes, None to remove it."""


def apply_changes(
    reader: ObjectReader, writer: ObjectWriter, tree: Oid | None, changes: Changes
) -> Oid:
    """The tree (None: the empty one) with some files changed. Folders that become empty go.

    Only folders in which something changes are read.
    A file takes the place of a folder, and a folder that of a file, when the changes say so:
    whoever adds `a/b` where `a` was a file removes `a`. InvalidObject for a path that cannot be.
    """
    root: _Folder = {}
    # Removals first: what is added at `a` or at `a/b` then has the last word about `a`.
    for path, file in sorted(changes.items(), key=lambda change: change[1] is not None):
        *folders, name = path.split(b"/")
        check_depth(path)
        at = root
        for folder in folders:
            below = at.get(folder)
            if not isinstance(below, dict):
                below = at[folder] = {}
            at = below
        at[name] = file
    return writer.put(_changed(reader, writer, EMPTY if tree is None else reader.tree(tree), root))


_Folder = dict[bytes, "File | _Folder | None"]


def _changed(reader: ObjectReader, writer: ObjectWriter, tree: Tree, changes: _Folder) -> Tree:
    entries = {entry.name: entry for entry in tree}
    for name, change in changes.items():
        old = entries.pop(name, None)
        if isinstance(change, dict):
            below = reader.tree(old.oid) if old is not None and old.mode is Mode.TREE else EMPTY
            folder = _changed(reader, writer, below, change)
            if folder.entries:
                entries[name] = TreeEntry(name, Mode.TREE, writer.put(folder))
            elif old is not None and old.mode is not Mode.TREE:
                entries[name] = old
        elif change is not None:
            entries[name] = TreeEntry(name, *change)
    return Tree.of(entries.values())
