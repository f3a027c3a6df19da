"""Trees of git as trees of ours, and what ours cannot say: modes, names and orders of git alone.

A submodule becomes a file that names its commit. A name that may not stand in a tree of ours gets
another one. Both, and modes that ours has not, are `Oddity` values, which the commit carries along
so that the very tree can be written again.
"""

from __future__ import annotations

from typing import TypeVar

from pyvcs.git.git_objects import EXECUTABLE, FILE, SYMLINK, TREE, Row, are_in_order, read_tree
from pyvcs.git.plumbing import GitReader
from pyvcs.objects.chunking import CHUNKED_FROM
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.tree import MAX_DEPTH, Tree, TreeEntry, are_plain, check_name, folded
from pyvcs.objects.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GIT_MODES = {Mode.FILE: FILE, Mode.EXECUTABLE: EXECUTABLE, Mode.SYMLINK: SYMLINK, Mode.TREE: TREE}
LINK_TEXT = b"Subproject commit %s\n"

_MODES = {spelled: mode for mode, spelled in GIT_MODES.items()}
_KINDS = {0o04: Mode.TREE, 0o12: Mode.SYMLINK}
_MOST = 1_000_000
MOST_ROWS = 50_000
"""So many rows of trees are remembered: most rows of a tree are those of the tree before."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Oddity:
    """What git has at a path of ours: its mode and name there; or the raw bytes of a tree."""

    path: bytes
    mode: bytes = b""
    name: bytes = b""
    raw: bytes = b""

    def below(self, folder: bytes) -> Oddity:
        """The same, seen from the folder above."""
        return replace(self, path=folder + b"/" + self.path if self.path else folder)

    def inside(self, folder: bytes) -> Oddity | None:
        """The same, seen from a folder, or None when it lies elsewhere or is the folder's own."""
        if self.path == folder and self.raw:
            return replace(self, path=b"")
        if not self.path.startswith(folder + b"/"):
            return None
        return replace(self, path=self.path[len(folder) + 1 :])


@dataclass(frozen=True, slots=True)
class ImportedTree:
    """A tree of ours, and the oddities in it."""

    oid: Oid
    odd: tuple[Oddity, ...] = ()


class TreeImport:
    """Imports trees and files, each once, unless there are very many of them."""

    def __init__(self, git: GitReader, writer: StoreWriter) -> None:
        self._git = git
        self._writer = writer
        self._trees: dict[bytes, ImportedTree] = {}
        self._blobs: dict[bytes, Oid] = {}
        self._plain: dict[Row, TreeEntry] = {}  # most are as in the parent

    def tree(self, sha: bytes, depth: int = 0) -> ImportedTree:
        """A tree with all that is in it, which lies in so many folders."""
        found = self._trees.get(sha)
        if found is None:
            if depth >= MAX_DEPTH:
                raise InvalidObject(f"folders lie more than {MAX_DEPTH} deep in a tree of git")
            kind, body = self._git.read(sha.hex())
            if kind != "tree":
                raise InvalidObject(f"git names {sha.hex()} as a tree, and it is a {kind}")
            found = self._tree(body, depth)
            remember(self._trees, sha, found, _MOST)
        return found

    def _tree(self, body: bytes, depth: int) -> ImportedTree:
        rows = read_tree(body)
        names = [name for _, name, _ in rows]
        ours = names if are_plain(names) else allowed_names(names)
        entries: list[TreeEntry] = []
        odd: list[Oddity] = []
        for row, own in zip(rows, ours, strict=True):
            entry = self._plain.get(row)
            if entry is None or own != entry[0]:
                mode, name, sha = row
                kind, oid, inside = self._entry(mode, sha, depth)
                entry = TreeEntry(own, kind, oid)
                if inside:
                    odd += [each.below(own) for each in inside]
                if mode not in _MODES or name != own:
                    odd.append(Oddity(own, mode, name if name != own else b""))
                elif not inside:
                    remember(self._plain, row, entry, MOST_ROWS)
            entries.append(entry)
        if not are_in_order(rows):
            odd.append(Oddity(b"", raw=body))
        return ImportedTree(self._writer.put(Tree.of(entries)), tuple(odd))

    def _entry(self, mode: bytes, sha: bytes, depth: int) -> tuple[Mode, Oid, tuple[Oddity, ...]]:
        kind = _MODES.get(mode) or nearest_mode(mode)
        if kind is Mode.TREE:
            found = self.tree(sha, depth + 1)
            return kind, found.oid, found.odd
        if kind is None:
            return Mode.FILE, self._writer.put(LINK_TEXT % sha.hex().encode()), ()
        return kind, self._blobs.get(sha) or self._blob(sha), ()

    def _blob(self, sha: bytes) -> Oid:
        """The content of a file; a large one goes through in pieces."""
        kind, size, body = self._git.begin(sha.hex())
        if kind != "blob":
            raise InvalidObject(f"git names {sha.hex()} as a file, and it is a {kind}")
        if size < CHUNKED_FROM:
            found = self._writer.put(body.read(size))
        else:
            found = self._writer.put_stream(body, size)
        remember(self._blobs, sha, found, _MOST)
        return found


def remember(found: dict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    """Remember what became of something; of very many all are forgotten, and made again."""
    if len(found) >= most:
        found.clear()
    found[key] = value


def nearest_mode(mode: bytes) -> Mode | None:
    """The mode of ours for one of git, however it is spelled; None for a submodule."""
    bits = int(mode, 8)
    kind = bits >> 12
    if kind == 0o16:
        return None
    if kind in _KINDS:
        return _KINDS[kind]
    return Mode.EXECUTABLE if bits & 0o100 else Mode.FILE


def allowed_names(names: Iterable[bytes]) -> list[bytes]:
    """The names, or for some of them others that may stand in a tree of ours with the rest."""
    taken: set[str] = set()
    return [_allowed_name(name, taken) for name in names]


def _allowed_name(name: bytes, taken: set[str]) -> bytes:
    """The name, or one like it that may stand in a tree of ours; the same for the same tree."""
    for candidate in _candidates(name):
        try:
            check_name(candidate)
        except InvalidObject:
            continue
        if folded(candidate) not in taken:
            taken.add(folded(candidate))
            return candidate
    raise AssertionError("there are as many candidates as one wants")


def _candidates(name: bytes) -> Iterator[bytes]:
    yield name
    number = 1
    while True:
        plain = name.replace(b"/", b"_").replace(b"\\", b"_")[:3000].strip(b". ")
        yield b"git-%d-%s" % (number, plain.lstrip(b"."))
        number += 1
