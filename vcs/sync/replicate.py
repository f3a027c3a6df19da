"""Sync: two replicas exchange commits, and what they know of branches and tags."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from pyvcs.collecting import collect_if_many
from pyvcs.moving import swap, with_joined
from pyvcs.objects.clock import Clock, check_drift
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.errors import InvalidObject, Refused, Usage
from pyvcs.objects.oid import Oid
from pyvcs.refs import Ref, Refs, check_ref_name
from pyvcs.remotes import open_remote, remote_name
from pyvcs.replica import Replica
from pyvcs.switching import follow
from pyvcs.sync.transfer import transfer
from pyvcs.unresolved import sorted_conflicts


@dataclass(frozen=True, slots=True)
class Moved:
    """A branch that a sync moved: its tip before and after (None: it was not there, or is not)."""

    branch: str
    before: Oid | None
    after: Oid | None
    heads: tuple[Oid, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """What one replica took in: how many commits, and the branches that moved."""

    commits: int = 0
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did on both sides.

    `followed` is False when edits kept our working tree from following its branch. `conflicts`
    are those in the tips that moved here.
    """

    remote: str
    pulled: Received
    pushed: Received
    followed: bool
    conflicts: tuple[Conflict, ...]


def sync(
    here: Replica,
    remote: str | Replica,
    *,
    pull: bool = True,
    push: bool = True,
    allow_unrelated: bool = False,
) -> SyncReport:
    """Exchange commits and heads with `remote`: a configured name, a path, or an open replica.

    Both sides take in what the other has; neither takes anything back. Each holds its own lock
    only while it takes in, never both, so that two replicas may sync with each other at once.
    Refused, unless `allow_unrelated`, when both have commits and none in common: a mistyped path
    would mix two projects for good.
    """
    there = open_remote(here, remote) if isinstance(remote, str) else remote
    if not allow_unrelated:
        _check_related(here, there)
    pulled = take_in(here, there) if pull else Received()
    pushed = take_in(there, here) if push else Received()
    return SyncReport(
        remote=remote_name(remote),
        pulled=pulled,
        pushed=pushed,
        followed=_stands_on_tip(here),
        conflicts=_conflicts(here, pulled.moved),
    )


def _check_related(here: Replica, there: Replica) -> None:
    """Walks the other's history, newest first, to the first commit that is here too."""
    heads = {oid for ref in _all_refs(there.refs) for oid in ref.heads}
    here.store.refresh()
    if not heads or not any(ref.heads for ref in _all_refs(here.refs)):
        return
    if not any(here.store.has(oid) for oid in there.history.newest_first(heads)):
        raise Refused(
            "the two repositories have no commit in common",
            hint="if they belong together all the same: `pyvcs sync --allow-unrelated-histories`",
        )


def take_in(receiver: Replica, giver: Replica, *, worktree: bool = True) -> Received:
    """Let one replica learn all that another knows. Doing it again changes nothing."""
    with receiver.locked("sync"):
        theirs = giver.refs
        refs = receiver.refs
        now_ms = receiver.now_ms()
        _check_refs(theirs, now_ms)
        wants = {oid for ref in _all_refs(theirs) for oid in ref.heads}
        receiver.store.refresh()
        commits = transfer(
            giver.store,
            receiver.store,
            sorted(wants),
            check=lambda commit: check_drift(commit.clock, now_ms=now_ms),
            progress=receiver.progress,
        )
        receiver.history.graph.extend(commits)
        joined = _joined(receiver, refs, theirs)
        swap(receiver, refs, joined, "sync")
        if worktree:
            follow(receiver)
        collect_if_many(receiver)
    return Received(len(commits), _moved(refs, joined))


def _check_refs(refs: Refs, now_ms: int) -> None:
    """Raise InvalidObject unless the names and clocks of another replica's refs may be ours."""
    for name in (*refs.branches, *refs.tags):
        try:
            check_ref_name(name)
        except Usage as error:
            raise InvalidObject(
                f"the other side has a ref of a bad name: {error.message}"
            ) from None
    stamps = [s for ref in _all_refs(refs) for head in ref.heads.values() for s in head]
    for clock in (*_clocks(refs), *(stamp.clock for stamp in stamps)):
        check_drift(clock, now_ms=now_ms)


def _joined(receiver: Replica, refs: Refs, theirs: Refs) -> Refs:
    joined = refs
    for name, ref in theirs.branches.items():
        if joined.branches.get(name) != ref:
            joined = with_joined(receiver, joined, name, ref)
    for name, ref in theirs.tags.items():
        joined = joined.with_tag(name, joined.tag(name).join(ref))
    return replace(joined, clock=max([refs.clock, *_clocks(theirs)]))


def _all_refs(refs: Refs) -> list[Ref]:
    return [*refs.branches.values(), *refs.tags.values()]


def _clocks(refs: Refs) -> list[Clock]:
    return [clock for ref in _all_refs(refs) for clock in ref.seen.values()]


def _moved(before: Refs, after: Refs) -> tuple[Moved, ...]:
    names = sorted({*before.tips, *after.tips})
    return tuple(
        Moved(name, before.tips.get(name), after.tips.get(name), after.branch(name).oids)
        for name in names
        if before.tips.get(name) != after.tips.get(name)
    )


def _stands_on_tip(replica: Replica) -> bool:
    refs = replica.refs
    tip = refs.tips.get(refs.position.branch or "")
    return not replica.has_worktree or tip is None or tip == refs.position.commit


def _conflicts(replica: Replica, moved: Collection[Moved]) -> tuple[Conflict, ...]:
    tips = [move.after for move in moved if move.after is not None]
    oids = sorted({oid for tip in tips for oid in replica.store.commit(tip).conflicts})
    return sorted_conflicts(replica.store, oids)
