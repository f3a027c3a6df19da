"""Status: where the working tree stands, and what is new in it."""

from __future__ import annotations

from pyvcs.changes import changes
from pyvcs.objects.values import dataclass, replace
from pyvcs.stat_cache import StatCache
from pyvcs.worktree import is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from pyvcs.changes import Change
    from pyvcs.looking import Looked
    from pyvcs.objects.conflict import Conflict
    from pyvcs.objects.oid import Oid
    from pyvcs.refs import Position
    from pyvcs.replica import Replica

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


def status(replica: Replica, looked: Looked | None = None) -> Status:
    """The status of a repository, `looked` at just before or now. Refused without working tree."""
    worktree = replica.worktree
    refs = replica.refs
    position = refs.position
    cache = StatCache.load(replica.backend, replica.store, position.commit)
    found = changes(worktree, cache, looked)
    conflicts, resolved = _conflicts(replica, position, cache, found)
    cache.save(replica.backend)
    return Status(
        branch=position.branch,
        commit=position.commit,
        tip=refs.tips.get(position.branch or ""),
        heads=refs.branch(position.branch or "").oids,
        changes=tuple(found),
        conflicts=conflicts,
        resolved=resolved,
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


def _conflicts(
    replica: Replica, position: Position, cache: StatCache, found: list[Change]
) -> tuple[tuple[Conflict, ...], int]:
    """The conflicts that are left, and how many are resolved: most commits never had any."""
    if position.commit is None or cache.at_peace == position.commit:
        return (), 0
    known = replica.store.commit(position.commit).conflicts
    if not known:
        cache.note_peace(position.commit)
        return (), 0
    from pyvcs.unresolved import in_order, still_unresolved

    unresolved = still_unresolved(replica, position, found)
    return in_order(unresolved.values()), len(known) - len(unresolved)
