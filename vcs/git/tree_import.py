"""Trees of git as trees of ours, and what ours cannot say: modes, names and orders of git alone.

A submodule becomes a file that names its commit. A name that may not stand in a tree of ours gets
another one. Both, and modes that ours has not, are `Oddity` values, which the commit carries along
so that the very tree can be written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from pyvcs.git.git_objects import (
    EXECUTABLE,
    FILE,
    SYMLINK,
    TREE,
    GitEntry,
    Sha,
    read_tree,
    write_tree,
)
from pyvcs.git.plumbing import GitReader
from pyvcs.objects.chunking import CHUNKED_FROM
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.tree import Tree, TreeEntry, check_name, folded
from pyvcs.objects.values import dataclass, replace

GIT_MODES = {Mode.FILE: FILE, Mode.EXECUTABLE: EXECUTABLE, Mode.SYMLINK: SYMLINK, Mode.TREE: TREE}
LINK_TEXT = b"Subproject commit %s\n"


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
    """Imports trees and files, each once."""

    def __init__(self, git: GitReader, writer: StoreWriter) -> None:
        self._git = git
        self._writer = writer
        self._trees: dict[Sha, ImportedTree] = {}
        self._blobs: dict[Sha, Oid] = {}

    def tree(self, sha: Sha) -> ImportedTree:
        """A tree with all that is in it."""
        found = self._trees.get(sha)
        if found is None:
            kind, body = self._git.read(sha)
            if kind != "tree":
                raise InvalidObject(f"git names {sha} as a tree, and it is a {kind}")
            found = self._trees[sha] = self._tree(body)
        return found

    def _tree(self, body: bytes) -> ImportedTree:
        found = read_tree(body)
        entries: list[TreeEntry] = []
        odd: list[Oddity] = []
        taken: set[str] = set()
        for entry in found:
            name = allowed_name(entry.name, taken)
            mode, oid, inside = self._entry(entry)
            entries.append(TreeEntry(name, mode, oid))
            odd += [each.below(name) for each in inside]
            if entry.mode != GIT_MODES[mode] or name != entry.name:
                odd.append(Oddity(name, entry.mode, entry.name if name != entry.name else b""))
        if write_tree(found) != body:
            odd.append(Oddity(b"", raw=body))
        return ImportedTree(self._writer.put(Tree.of(entries)), tuple(odd))

    def _entry(self, entry: GitEntry) -> tuple[Mode, Oid, tuple[Oddity, ...]]:
        bits = int(entry.mode, 8)
        if bits >> 12 == 0o04:
            found = self.tree(entry.sha)
            return Mode.TREE, found.oid, found.odd
        if bits >> 12 == 0o16:
            return Mode.FILE, self._writer.put(LINK_TEXT % entry.sha.encode()), ()
        if bits >> 12 == 0o12:
            return Mode.SYMLINK, self.blob(entry.sha), ()
        return Mode.EXECUTABLE if bits & 0o100 else Mode.FILE, self.blob(entry.sha), ()

    def blob(self, sha: Sha) -> Oid:
        """The content of a file; a large one goes through in pieces."""
        found = self._blobs.get(sha)
        if found is None:
            kind, size, stream = self._git.begin(sha)
            if kind != "blob":
                raise InvalidObject(f"git names {sha} as a file, and it is a {kind}")
            if size < CHUNKED_FROM:
                found = self._writer.put(stream.read(size))
            else:
                found = self._writer.put_stream(_Window(stream, size), size)
            self._git.end()
            self._blobs[sha] = found
        return found


class _Window:
    """The next bytes of a stream, as a stream that ends."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream, self._left = stream, size

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""
        wanted = self._left if size < 0 else min(size, self._left)
        content = self._stream.read(wanted)
        self._left -= len(content)
        return content


def allowed_name(name: bytes, taken: set[str]) -> bytes:
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
