"""The commits of a repository of git as a graph, in memory: what a merge asks of a history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pyvcs.git.git_objects import Sha
from pyvcs.git.git_store import oid_of, sha_of
from pyvcs.git.plumbing import GitRepository
from pyvcs.merge.bases import merge_bases_of_sets
from pyvcs.objects import graph as walks
from pyvcs.objects.numbering import by_position
from pyvcs.objects.oid import Oid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


@dataclass(frozen=True)
class GitGraph:
    """Commits, parents first, each with the places of its parents: see `canonical.History`."""

    shas: Sequence[Sha]
    parents: Sequence[tuple[int, ...]]

    @classmethod
    def of(cls, git: GitRepository) -> GitGraph:
        """All that the refs reach. In a shallow clone the oldest have no parents."""
        # A HEAD that leads to no commit yet would be taken for the file of that name.
        _, head, _ = git.attempt("rev-parse", "--verify", "--quiet", "HEAD")
        tips = ("--all", *head.decode().split())
        listed = git.run("rev-list", "--topo-order", "--reverse", "--parents", *tips, "--")
        rows = [line.split() for line in listed.decode().splitlines()]
        places = {row[0]: place for place, row in enumerate(rows)}
        parents = [tuple(places[sha] for sha in row[1:]) for row in rows]
        return cls([row[0] for row in rows], parents)

    def merges(self) -> Iterator[tuple[Sha, Sha, Sha]]:
        """The merges of two parents, newest first: each with its parents."""
        for place in reversed(range(len(self.shas))):
            if len(self.parents[place]) == 2:
                ours, theirs = self.parents[place]
                yield self.shas[place], self.shas[ours], self.shas[theirs]

    def heads(self, commits: Collection[Oid]) -> tuple[Oid, ...]:
        """Those of `commits` that no other one descends from."""
        found = walks.heads(self.parents.__getitem__, self._at(commits), order=by_position)
        return self._oids(found)

    def merge_bases(self, ours: Collection[Oid], theirs: Collection[Oid]) -> tuple[Oid, ...]:
        """All merge bases of two sets of commits."""
        at = self.parents.__getitem__
        found = merge_bases_of_sets(at, self._at(ours), self._at(theirs), order=by_position)
        return self._oids(found)

    @cached_property
    def _places(self) -> dict[Sha, int]:
        return {sha: place for place, sha in enumerate(self.shas)}

    def _at(self, commits: Collection[Oid]) -> list[int]:
        return [self._places[sha_of(oid)] for oid in commits]

    def _oids(self, places: Collection[int]) -> tuple[Oid, ...]:
        return tuple(sorted(oid_of(self.shas[place]) for place in places))
