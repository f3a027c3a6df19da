"""Which commits changed some files: through renames, and without branches that changed nothing.

Idea.        Each commit is looked at with the names that the files have there. If a parent has the
             same there, the walk goes on with that parent alone; else the commit is shown and the
             walk goes on with all. A file that a parent does not have takes the name of the file
             that it came from.
Invariant.   A commit is asked for after all of its children, so all names are known by then.
Cost.        Two look-ups in trees for each name, commit and parent; a comparison of trees where a
             file came into being.
Source.      The default history simplification of git-log(1), and its `--follow`.
Not handled. Copies, and folders that were renamed.
"""

from __future__ import annotations

from pyvcs.objects.commit import Commit
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import differences, entry_at
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import TreeEntry
from pyvcs.rename_sources import source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


class PathHistory:
    """The history of some paths, asked commit by commit, children before parents."""

    def __init__(self, objects: ObjectReader, paths: Collection[bytes]) -> None:
        self._objects = objects
        self._paths = frozenset(paths)
        self._names: dict[Oid, frozenset[bytes]] = {}

    def look(self, oid: Oid, commit: Commit) -> tuple[bool, tuple[Oid, ...], frozenset[bytes]]:
        """Whether a commit changed the files, the parents to go on with, and the names there.

        The names are those before and after.
        """
        names = self._names.pop(oid, self._paths)
        here = self._entries(commit, names)
        for parent in commit.parents:
            if self._entries(self._objects.commit(parent), names) == here:
                self._hand_on(parent, names)
                return False, (parent,), names
        before = frozenset[bytes]()
        for parent in commit.parents:
            sources = frozenset(self._source(parent, commit, name, here[name]) for name in names)
            self._hand_on(parent, sources)
            before |= sources
        return bool(commit.parents or any(here.values())), commit.parents, names | before

    def _entries(self, commit: Commit, names: Collection[bytes]) -> dict[bytes, TreeEntry | None]:
        return {name: entry_at(self._objects, commit.tree, name) for name in names}

    def _hand_on(self, parent: Oid, names: frozenset[bytes]) -> None:
        self._names[parent] = self._names.get(parent, frozenset()) | names

    def _source(self, parent: Oid, commit: Commit, name: bytes, entry: TreeEntry | None) -> bytes:
        """The name that a file has in a parent."""
        if entry is None or entry.mode is Mode.TREE:
            return name
        return name_before(self._objects, self._objects.commit(parent), commit, name) or name


def name_before(objects: ObjectReader, parent: Commit, commit: Commit, name: bytes) -> bytes | None:
    """The path in a parent of the file that stands at `name` in a commit; None when it is new."""
    if entry_at(objects, parent.tree, name) is not None:
        return name
    entry = entry_at(objects, commit.tree, name)
    assert entry is not None
    gone = [
        (path, before)
        for path, before, after in differences(objects, parent.tree, commit.tree)
        if after is None and before is not None
    ]
    return source_of(objects, name, (entry.mode, entry.oid), gone)
