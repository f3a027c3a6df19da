"""Status: where the working tree stands, and what is new in it."""

from __future__ import annotations

from dataclasses import dataclass

from pyvcs.changes import Change, changes
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.oid import Oid
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.unresolved import still_unresolved


@dataclass(frozen=True, slots=True)
class Status:
    """Where the working tree stands and what is new in it.

    `branch` is None when detached. `tip` differs from `commit` when the branch moved and edits
    kept the working tree from following. `conflicts` are those of `commit` that are not resolved.
    """

    branch: str | None
    commit: Oid | None
    tip: Oid | None
    heads: tuple[Oid, ...]
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def is_clean(self) -> bool:
        """Whether the working tree equals its commit."""
        return not self.changes


def status(replica: Replica) -> Status:
    """The status of a repository. Refused when it has no working tree."""
    worktree = replica.worktree
    refs = replica.refs
    position = refs.position
    cache = StatCache.load(replica.backend, replica.store, position.commit)
    found = changes(worktree, cache)
    cache.save(replica.backend)
    unresolved = still_unresolved(replica, position, found)
    return Status(
        branch=position.branch,
        commit=position.commit,
        tip=refs.tips.get(position.branch or ""),
        heads=refs.branch(position.branch or "").oids,
        changes=tuple(found),
        conflicts=tuple(replica.store.conflict(oid) for oid in unresolved),
    )
