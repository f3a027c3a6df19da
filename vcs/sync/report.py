"""What a sync is to do, and what it did, as values: the same whatever carried the bytes."""

from __future__ import annotations

from pyvcs.following import FOLLOWED, Following
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass
from pyvcs.refs import Refs
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Wish:
    """What one end wants of a sync."""

    pull: bool = True
    push: bool = True
    allow_unrelated: bool = False
    worktree: bool = True
    """Whether our working tree goes along; with `merge` also to a merge of several heads."""
    merge: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """A branch that a sync moved: its tip before and after (None: it was not there, or is not)."""

    branch: str
    before: Oid | None
    after: Oid | None
    heads: tuple[Oid, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """What one replica took in: how many commits, the branches that moved, and what that did to
    its working tree."""

    commits: int = 0
    moved: tuple[Moved, ...] = ()
    following: Following = FOLLOWED


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did on both sides.

    `followed` is False when our working tree does not stand on the tip of its branch: edits are
    in the way, or heads were to be kept apart; `following` says which. `conflicts` are those in
    the tips that moved here. `notes` are sentences on what was left out, and will be taken later.
    """

    remote: str
    pulled: Received
    pushed: Received
    followed: bool
    conflicts: tuple[Conflict, ...]
    following: Following = FOLLOWED
    notes: tuple[str, ...] = ()


def report_of(
    here: Replica, remote: str, pulled: Received, pushed: Received, notes: Collection[str] = ()
) -> SyncReport:
    """The report of a sync that is done."""
    return SyncReport(
        remote=remote,
        pulled=pulled,
        pushed=pushed,
        followed=stands_on_tip(here),
        conflicts=_conflicts(here, pulled.moved),
        following=pulled.following,
        notes=tuple(notes),
    )


def moved_between(before: Refs, after: Refs) -> tuple[Moved, ...]:
    """The branches whose tips differ, sorted by name."""
    names = sorted({*before.tips, *after.tips})
    return tuple(
        Moved(name, before.tips.get(name), after.tips.get(name), after.branch(name).oids)
        for name in names
        if before.tips.get(name) != after.tips.get(name)
    )


def stands_on_tip(replica: Replica) -> bool:
    """Whether the working tree, if there is one, stands on the tip of its branch."""
    refs = replica.refs
    tip = refs.tips.get(refs.position.branch or "")
    return not replica.has_worktree or tip is None or tip == refs.position.commit


def _conflicts(replica: Replica, moved: Collection[Moved]) -> tuple[Conflict, ...]:
    tips = [move.after for move in moved if move.after is not None]
    oids = sorted({oid for tip in tips for oid in replica.store.commit(tip).conflicts})
    if not oids:
        return ()
    from pyvcs.unresolved import sorted_conflicts

    return sorted_conflicts(replica.store, oids)
