"""The same history for pyvcs and for git, made quickly: many small edits of many small texts."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pyvcs.moving import swap, with_heads
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.tree import Tree, TreeEntry
from pyvcs.repository import Repository

START = 1_600_000_000
ADA = Identity("Ada", "ada@example.org")


class Edits:
    """A history of `files` texts in folders of ten; each commit changes one line of one of them."""

    def __init__(self, files: int, *, lines: int = 60, seed: int = 1) -> None:
        self._rng = random.Random(seed)
        words = ["".join(self._rng.choices("abcdefghijklmnop", k=6)) for _ in range(3000)]
        self._words = words
        self.texts = [[self._line() for _ in range(lines)] for _ in range(files)]
        self.count = 0

    def _line(self) -> str:
        return " ".join(self._rng.choices(self._words, k=8))

    def next(self) -> dict[int, bytes]:
        """What the next commit changes: all files at first, then one."""
        self.count += 1
        changed: list[int] = list(range(len(self.texts)))
        if self.count > 1:
            number = self._rng.randrange(len(self.texts))
            text = self.texts[number]
            text[self._rng.randrange(len(text))] = self._line()
            changed = [number]
        return {number: "\n".join([*self.texts[number], ""]).encode() for number in changed}


def path_of(number: int) -> tuple[str, str]:
    """Folder and name of a file."""
    return f"d{number // 10:04}", f"f{number:06}.txt"


class TwoHistories:
    """One history in a bare repository of pyvcs and in one of git."""

    def __init__(self, root: Path, edits: Edits) -> None:
        self.ours = Repository.init(os.fspath(root / "pyvcs"), bare=True)
        self.git = root / "git"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.git], check=True)
        self._edits = edits
        self._folders: dict[str, dict[str, Oid]] = {}
        self._trees: dict[str, Oid] = {}
        self._tip: tuple[Oid, ...] = ()
        self._last = b""

    def grow(self, commits: int) -> None:
        """Add so many commits to both."""
        rounds = [self._edits.next() for _ in range(commits)]
        first = self._edits.count - commits
        with StoreWriter(self.ours.store) as writer:
            for number, changed in enumerate(rounds, first):
                self._commit(writer, number, changed)
            writer.publish()
        refs = self.ours.refs
        swap(self.ours, refs, with_heads(self.ours, refs, "main", self._tip), "grow")
        stream = b"".join(self._stream(first, rounds))
        command = ["git", "-C", os.fspath(self.git), "fast-import", "--quiet"]
        subprocess.run(command, input=stream, check=True)

    def _commit(self, writer: StoreWriter, number: int, changed: dict[int, bytes]) -> None:
        for file, content in changed.items():
            folder, name = path_of(file)
            self._folders.setdefault(folder, {})[name] = writer.put(content)
        for folder in {path_of(file)[0] for file in changed}:
            self._trees[folder] = writer.put(_tree(self._folders[folder], Mode.FILE))
        time = Timestamp(START + number, 0)
        commit = Commit(
            tree=writer.put(_tree(self._trees, Mode.TREE)),
            parents=self._tip,
            message=f"edit {number}\n",
            authored=time,
            committed=time,
            clock=Clock((START + number) * 1000),
            author=ADA,
            committer=ADA,
        )
        self._tip = (writer.put(commit),)

    def _stream(self, first: int, rounds: list[dict[int, bytes]]) -> Iterator[bytes]:
        for number, changed in enumerate(rounds, first):
            message = f"edit {number}\n".encode()
            yield b"commit refs/heads/main\n"
            yield b"committer Ada <ada@example.org> %d +0000\n" % (START + number)
            yield b"data %d\n%s" % (len(message), message)
            if number == first and first:
                yield b"from refs/heads/main^0\n"
            for file, content in changed.items():
                name = "/".join(path_of(file)).encode()
                yield b"M 100644 inline %s\ndata %d\n%s\n" % (name, len(content), content)


def _tree(entries: dict[str, Oid], mode: Mode) -> Tree:
    return Tree.of(TreeEntry(name.encode(), mode, oid) for name, oid in entries.items())
