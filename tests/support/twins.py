"""One history twice: in a repository of pyvcs, and in one of git as a witness."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from pyvcs.objects.clock import Clock, ReplicaId
from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import apply_changes
from pyvcs.objects.oid import Oid
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.repository import Repository

START = 1_700_000_000
ADA = Identity("Ada", "ada@example.org")

Files = Mapping[str, bytes]


def store_commit(
    repository: Repository,
    message: str,
    parents: Sequence[Oid],
    files: Files,
    *,
    seconds: int,
    author: Identity = ADA,
) -> Oid:
    """Put a commit of just these files and parents into a store; no ref moves."""
    with StoreWriter(repository.store) as writer:
        changes = {
            name.encode(): (Mode.FILE, writer.put(content)) for name, content in files.items()
        }
        time = Timestamp(seconds)
        commit = Commit(
            tree=apply_changes(repository.store, writer, None, changes),
            parents=tuple(parents),
            message=message + "\n",
            authored=time,
            committed=time,
            clock=Clock(seconds * 1000),
            author=author,
            committer=author,
            replica=ReplicaId("0" * 32),
        )
        oid = writer.put(commit)
        writer.publish()
    return oid


class Twins:
    """Commits by name, in a repository in memory and, when `finish` was called, in git."""

    def __init__(self) -> None:
        self.repository = Repository.in_memory()
        self.oids: dict[str, Oid] = {}
        self.git = Path()
        self.hashes: dict[str, str] = {}
        self._stream: list[bytes] = []

    def commit(self, name: str, parents: Sequence[str], files: Files) -> Oid:
        """A commit of all these files; its message is its name, each a minute after the last."""
        seconds = START + 60 * len(self.oids)
        marks = {other: number for number, other in enumerate(self.oids, 1)}
        self.oids[name] = store_commit(
            self.repository, name, [self.oids[parent] for parent in parents], files, seconds=seconds
        )
        lines = [f"commit refs/heads/{_branch(name)}", f"mark :{len(marks) + 1}"]
        lines += [f"committer Ada <ada@example.org> {seconds} +0000", _data(name)]
        lines += [
            f"{'merge' if number else 'from'} :{marks[parent]}"
            for number, parent in enumerate(parents)
        ]
        self._stream.append("\n".join([*lines, "deleteall\n"]).encode())
        for path, content in files.items():
            self._stream.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode())
            self._stream.append(content + b"\n")
        return self.oids[name]

    def finish(self, folder: Path) -> None:
        """Make the history in git."""
        self.git = folder
        folder.mkdir(parents=True)
        subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
        subprocess.run(
            ["git", "fast-import", "--quiet", "--force"],
            cwd=folder,
            input=b"".join(self._stream),
            check=True,
        )
        shown = self.ask("for-each-ref", "--format=%(refname:short) %(objectname)")
        hashes = dict(line.split() for line in shown.splitlines())
        self.hashes = {name: hashes[_branch(name)] for name in self.oids}

    def ask(self, *arguments: str) -> str:
        """What a git command prints."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.git, check=True, capture_output=True, text=True
        )
        return done.stdout

    def name_of(self, oid: Oid) -> str:
        """The name of a commit."""
        return next(name for name, known in self.oids.items() if known == oid)


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"


def _branch(name: str) -> str:
    return name.replace(" ", "-")
