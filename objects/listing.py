"""Trees as lists of files, and files as trees."""

from __future__ import annotations

from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import EMPTY, Tree, TreeEntry, check_depth, check_path, display
from pyvcs.objects.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from pyvcs.objects.draft import ObjectWriter

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


Changes: TypeAlias = "Mapping[bytes, File | None]"
"""Files by path: what each becomes, None to remove it."""


def apply_changes(
    reader: ObjectReader, writer: ObjectWriter, tree: Oid | None, changes: Changes
) -> Oid:
    """The tree (None: the empty one) with some files changed. Folders that become empty go.

    Only folders in which something changes are read. A new file takes the place of a folder, and
    a new folder that of a file. To remove a path at which there is no file does nothing; a folder
    goes with its last file. InvalidObject for a path that cannot be, and for two changes of which
    one makes a file where the other makes a folder.
    """
    root = _Change()
    folders = {b"": root}
    for path, file in changes.items():
        if file is None:
            check_path(path)  # names of what stays are checked when they stand in a tree
        at = path.rfind(b"/") + 1
        below = _folder(folders, path[:at]).below
        change = below.get(name := path[at:])
        if change is None:
            below[name] = change = _Change()
        change.file, change.is_set = file, True
    return writer.put(_changed(reader, writer, EMPTY if tree is None else reader.tree(tree), root))


class _Change:
    """What becomes of one name: of the file there if `is_set`, and of what is below it."""

    __slots__ = ("below", "file", "is_set")

    def __init__(self) -> None:
        self.below: dict[bytes, _Change] = {}
        self.file: File | None = None
        self.is_set = False


def _folder(folders: dict[bytes, _Change], prefix: bytes) -> _Change:
    """What becomes of a folder, by its path with a `/` at the end."""
    known = folders.get(prefix)
    if known is None:
        check_depth(prefix)
        at = prefix.rfind(b"/", 0, -1) + 1
        below = _folder(folders, prefix[:at]).below
        folders[prefix] = known = below.setdefault(prefix[at:-1], _Change())
    return known


def _changed(reader: ObjectReader, writer: ObjectWriter, tree: Tree, changes: _Change) -> Tree:
    entries = {entry.name: entry for entry in tree}
    for name, change in changes.below.items():
        if change.file is not None and not change.below:
            entries[name] = TreeEntry(name, *change.file)
            continue
        file, folder = _parts(entries.pop(name, None))
        if change.below:
            below = EMPTY if folder is None else reader.tree(folder)
            below = _changed(reader, writer, below, change)
            folder = writer.put(below) if below.entries else None
            if folder is not None and any(map(_adds, change.below.values())):
                file = None
        if change.is_set:
            file = change.file
            if file is not None and any(map(_adds, change.below.values())):
                raise InvalidObject(f"{display(name)} cannot become both a file and a folder")
        if file is not None:
            entries[name] = TreeEntry(name, *file)
        elif folder is not None:
            entries[name] = TreeEntry(name, Mode.TREE, folder)
    return Tree.of(entries.values())


def _adds(change: _Change) -> bool:
    """Whether there will be a file at the name or below it because of this change."""
    return change.file is not None or any(map(_adds, change.below.values()))
