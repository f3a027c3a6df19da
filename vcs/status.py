"""Status: where the working tree stands, and what is new in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from pyvcs.changes import Change, changes
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.oid import Oid
from pyvcs.refs import Position
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.unresolved import sorted_conflicts, still_unresolved
from pyvcs.worktree import is_below

BISECT_KEY = "bisect"
"""Where `bisect` keeps what it knows, while it is under way."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where the working tree stands and what is new in it.

    `branch` is None when detached. `tip` differs from `commit` when the branch moved and edits
    kept the working tree from following. `conflicts` are those of `commit` that are not resolved;
    `resolved` is how many are resolved and not committed yet. `is_bisecting`: a bisection is under
    way.
    """

    branch: str | None
    commit: Oid | None
    tip: Oid | None
    heads: tuple[Oid, ...]
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    resolved: int = 0
    is_bisecting: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to commit."""
        return not self.changes and not self.resolved


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
        conflicts=sorted_conflicts(replica.store, unresolved),
        resolved=_count_conflicts(replica, position) - len(unresolved),
        is_bisecting=replica.backend.size(BISECT_KEY) is not None,
    )


def at_paths(status: Status, paths: Collection[bytes]) -> Status:
    """The status of what is at or below some paths; of everything when there are none."""
    if not paths:
        return status

    def is_meant(item: Change | Conflict) -> bool:
        return any(is_below(item.path, path) for path in paths)

    return replace(
        status,
        changes=tuple(filter(is_meant, status.changes)),
        conflicts=tuple(filter(is_meant, status.conflicts)),
    )


def _count_conflicts(replica: Replica, position: Position) -> int:
    return len(replica.store.commit(position.commit).conflicts) if position.commit else 0
