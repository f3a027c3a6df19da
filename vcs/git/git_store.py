"""The objects of a repository of git, as a merge of ours reads and makes them: nothing is imported.

Idea.        The oid of a blob or tree is here its name in git with zeros behind it, so what is
             equal has equal oids, as a merge wants it, and the tree that a merge makes has the
             name that git would give it. What is made stays in memory.
Not handled. A commit has its tree and nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from pyvcs.git.commits import NOBODY
from pyvcs.git.git_objects import (
    GITLINK,
    Row,
    Sha,
    name_of,
    read_commit,
    read_tree,
    write_tree,
)
from pyvcs.git.plumbing import GitReader
from pyvcs.git.tree_import import GIT_MODES, LINK_TEXT, allowed_names, nearest_mode
from pyvcs.objects import codec
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit import Commit, Timestamp
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.tree import Tree, TreeEntry, are_plain

_SHA_BYTES = 20
_PLAIN, _LINK, _OTHER = (bytes([kind]) * (OID_BYTES - _SHA_BYTES) for kind in range(3))
"""What stands behind the name: of an object of git, of a submodule's commit, of one of ours."""

_MODES = {spelled: mode for mode, spelled in GIT_MODES.items()}
_CACHED = 2000
_Value = TypeVar("_Value", bytes, Tree, Commit, Conflict)


def oid_of(sha: Sha) -> Oid:
    """The oid that stands for an object of git here."""
    return Oid(bytes.fromhex(sha) + _PLAIN)


def sha_of(oid: Oid) -> Sha:
    """The name in git of a blob, tree or commit."""
    return oid[:_SHA_BYTES].hex()


class GitObjects:
    """Objects of git and, above them, what merges have made: see `pyvcs.merge.entries.Objects`.

    `forget` drops what was made. ObjectMissing for what git has not.
    """

    def __init__(self, git: GitReader) -> None:
        self._git = git
        self._made: dict[Oid, codec.Object] = {}
        self._names: dict[bytes, bytes] = {}
        self._tree = lru_cache(_CACHED)(self._read_tree)
        self._blob = lru_cache(_CACHED // 20)(self._read)

    def forget(self) -> None:
        """Drop what merges have made."""
        self._made.clear()

    def put(self, value: codec.Object) -> Oid:
        """Keep an object in memory; a blob or tree gets the name that git would give it."""
        if isinstance(value, bytes):
            oid = oid_of(name_of("blob", value))
        elif isinstance(value, Tree):
            oid = oid_of(name_of("tree", write_tree(map(self._row, value))))
        else:
            oid = Oid(codec.oid_of(codec.encode(value))[:_SHA_BYTES] + _OTHER)
        self._made[oid] = value
        return oid

    def has(self, oid: Oid) -> bool:
        """Whether a merge made it; of what is in git nobody asks."""
        return oid in self._made

    def blob(self, oid: Oid) -> bytes:
        """The content of a file; that of a submodule names its commit."""
        made = self._typed(oid, bytes)
        if made is not None:
            return made
        if oid[_SHA_BYTES:] == _LINK:
            return LINK_TEXT % sha_of(oid).encode()
        return self._blob(oid, "blob")

    def blob_size(self, oid: Oid) -> int:
        """The length of a file in bytes."""
        return len(self.blob(oid))

    def tree(self, oid: Oid) -> Tree:
        """A folder; a name that may not stand in ours is another one meanwhile."""
        made = self._typed(oid, Tree)
        return self._tree(oid) if made is None else made

    def commit(self, oid: Oid) -> Commit:
        """A commit with the tree that it has in git, and nothing else."""
        raw = self._read(oid, "commit")
        tree = read_commit(raw).first(b"tree") or b""
        never = Timestamp(0)
        return Commit(
            tree=oid_of(tree.decode()),
            parents=(),
            message="",
            authored=never,
            committed=never,
            clock=Clock(0, 1),
            author=NOBODY,
            committer=NOBODY,
        )

    def conflict(self, oid: Oid) -> Conflict:
        """A conflict that a merge made."""
        found = self._typed(oid, Conflict)
        assert found is not None
        return found

    def _typed(self, oid: Oid, wanted: type[_Value]) -> _Value | None:
        value = self._made.get(oid)
        return value if isinstance(value, wanted) else None

    def _read(self, oid: Oid, kind: str) -> bytes:
        found, body = self._git.read(sha_of(oid))
        if found != kind:
            raise InvalidObject(f"git names {sha_of(oid)} as a {kind}, and it is a {found}")
        return body

    def _read_tree(self, oid: Oid) -> Tree:
        rows = read_tree(self._read(oid, "tree"))
        names = [name for _, name, _ in rows]
        if not are_plain(names):
            names = allowed_names(names)
            self._names |= {
                own: name for own, (_, name, _) in zip(names, rows, strict=True) if own != name
            }
        return Tree.of(map(_entry, rows, names))

    def _row(self, entry: TreeEntry) -> Row:
        name, mode, oid = entry
        spelled = GITLINK if oid[_SHA_BYTES:] == _LINK else GIT_MODES[mode]
        return spelled, self._names.get(name, name), oid[:_SHA_BYTES]


def _entry(row: Row, name: bytes) -> TreeEntry:
    spelled, _, sha = row
    mode = _MODES.get(spelled) or nearest_mode(spelled)
    if mode is None:
        return TreeEntry(name, Mode.FILE, Oid(sha + _LINK))
    return TreeEntry(name, mode, Oid(sha + _PLAIN))
