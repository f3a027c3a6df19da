"""Sync: two replicas exchange commits, and what they know of branches and tags."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pyvcs.collecting import collect_if_many
from pyvcs.moving import swap
from pyvcs.objects.clock import check_drift
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.errors import Refused
from pyvcs.objects.oid import Oid
from pyvcs.refs import Refs
from pyvcs.remotes import open_remote, remote_name
from pyvcs.replica import Replica
from pyvcs.switching import FOLLOWED, Following, follow
from pyvcs.sync.joining import check_refs, commits_of, heads_of, joined
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
    the tips that moved here.
    """

    remote: str
    pulled: Received
    pushed: Received
    followed: bool
    conflicts: tuple[Conflict, ...]
    following: Following = FOLLOWED


def sync(
    here: Replica,
    remote: str | Replica,
    *,
    pull: bool = True,
    push: bool = True,
    allow_unrelated: bool = False,
    merge: bool = True,
) -> SyncReport:
    """Exchange commits and heads with `remote`: a configured name, a path, or an open replica.

    Both sides take in what the other has; neither takes anything back. Each holds its own lock
    only while it takes in, never both, so that two replicas may sync with each other at once.
    Refused, unless `allow_unrelated`, when both have commits and none in common: a mistyped path
    would mix two projects for good. With `merge=False` our working tree does not go along to the
    merge of concurrent heads; the refs of both replicas are the same as with it.
    """
    there = open_remote(here, remote) if isinstance(remote, str) else remote
    if not allow_unrelated:
        _check_related(here, there)
    pulled = take_in(here, there, merge=merge) if pull else Received()
    pushed = take_in(there, here) if push else Received()
    return SyncReport(
        remote=remote_name(remote),
        pulled=pulled,
        pushed=pushed,
        followed=_stands_on_tip(here),
        conflicts=_conflicts(here, pulled.moved),
        following=pulled.following,
    )


def _check_related(here: Replica, there: Replica) -> None:
    """Walks the other's history, newest first, to the first commit that is here too."""
    heads = commits_of(there.store, there.refs)
    here.store.refresh()
    if not heads or not heads_of(here.refs):
        return
    if not any(here.store.has(oid) for oid in there.history.newest_first(heads)):
        raise Refused(
            "the two repositories have no commit in common",
            hint="if they belong together all the same: `pyvcs sync --allow-unrelated-histories`",
        )


def take_in(
    receiver: Replica, giver: Replica, *, worktree: bool = True, merge: bool = True
) -> Received:
    """Let one replica learn all that another knows. Doing it again changes nothing."""
    with receiver.locked("sync"):
        theirs = giver.refs
        refs = receiver.refs
        now_ms = receiver.now_ms()
        check_refs(theirs, now_ms)
        receiver.store.refresh()
        commits = transfer(
            giver.store,
            receiver.store,
            sorted(heads_of(theirs)),
            check=lambda commit: check_drift(commit.clock, now_ms=now_ms),
            progress=receiver.progress,
        )
        receiver.history.graph.extend(commits)
        known = joined(receiver, refs, theirs)
        swap(receiver, refs, known, "sync")
        following = follow(receiver, merge=merge) if worktree else FOLLOWED
        collect_if_many(receiver)
    return Received(len(commits), _moved(refs, known), following)


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
