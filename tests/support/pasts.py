"""Histories that are drawn commit by commit, in memory, for canonical merges."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from drawn_trees import Files

from pyvcs.merge.bases import merge_bases_of_sets
from pyvcs.merge.canonical import canonical_merge
from pyvcs.objects import graph
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.draft import Draft
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import apply_changes, files_of
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore

ADA = Identity("Ada", "ada@example.org")


class Past:
    """A history in a draft: the History that canonical merges ask, without any commit graph."""

    def __init__(self) -> None:
        self.objects = Draft(ObjectStore(MemoryBackend()))
        self.count = 0

    def parents(self, oid: Oid) -> Sequence[Oid]:
        return self.objects.commit(oid).parents

    def heads(self, commits: Collection[Oid]) -> tuple[Oid, ...]:
        return graph.heads(self.parents, commits)

    def merge_bases(self, ours: Collection[Oid], theirs: Collection[Oid]) -> tuple[Oid, ...]:
        return merge_bases_of_sets(self.parents, ours, theirs)

    def commit(self, files: Files, *parents: Oid, conflicts: tuple[Oid, ...] = ()) -> Oid:
        """An authored commit with just these files."""
        self.count += 1
        changes = {}
        for path, what in files.items():
            mode, content = (Mode.FILE, what) if isinstance(what, str) else what
            changes[path.encode()] = (mode, self.objects.put(content.encode()))
        when = Timestamp(1_700_000_000 + self.count, 60)
        return self.objects.put(
            Commit(
                tree=apply_changes(self.objects, self.objects, None, changes),
                parents=parents,
                message=f"commit {self.count}\n",
                authored=when,
                committed=when,
                clock=Clock(when.seconds * 1000),
                author=ADA,
                committer=ADA,
                conflicts=conflicts,
            )
        )

    def merge(self, *heads: Oid) -> Oid:
        return canonical_merge(self.objects, self, heads)

    def files(self, oid: Oid) -> dict[str, str]:
        tree = self.objects.commit(oid).tree
        return {
            path.decode(): self.objects.blob(blob).decode()
            for path, (_, blob) in files_of(self.objects, tree)
        }

    def conflicts(self, oid: Oid) -> list[Conflict]:
        """The conflicts that a commit holds."""
        return [self.objects.conflict(each) for each in self.objects.commit(oid).conflicts]

    def told(self, oid: Oid) -> set[str]:
        """All lines that are in the files of a commit, or in a side of a conflict of it."""
        contents = list(self.files(oid).values())
        for side in (side for conflict in self.conflicts(oid) for side in conflict.sides):
            if side.oid is not None and side.mode is Mode.TREE:
                found = files_of(self.objects, side.oid)
                contents += [self.objects.blob(blob).decode() for _, (_, blob) in found]
            elif side.oid is not None:
                contents.append(self.objects.blob(side.oid).decode())
        return {line for content in contents for line in content.splitlines()}
