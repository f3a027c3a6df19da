"""Receiving: one replica takes in objects and refs of another, wherever they come from."""

from __future__ import annotations

from pyvcs.following import FOLLOWED, follow
from pyvcs.moving import swap
from pyvcs.objects.clock import check_drift
from pyvcs.objects.oid import Oid
from pyvcs.refs import Refs
from pyvcs.replica import Replica
from pyvcs.sharing import note_shared
from pyvcs.sync.joining import branch_heads, check_refs, commits_of, heads_of, joined
from pyvcs.sync.recipes import Read
from pyvcs.sync.report import Received, moved_between
from pyvcs.sync.transfer import Transfer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from pyvcs.sync.taking import Intake


def receive(
    receiver: Replica,
    read: Read,
    theirs: Refs,
    *,
    command: str = "sync",
    worktree: bool = True,
    merge: bool = True,
) -> Received:
    """Take in what `theirs` name, as far as it is not here. Doing it again changes nothing.

    Objects come by `read` and are checked aside; under the lock one swap then publishes all
    branches and tags, joined with ours, and the working tree follows. Whatever is wrong with what
    came, a lie or something missing, is an error before anything of it can be seen.
    """
    now_ms = receiver.now_ms()
    check_refs(theirs, now_ms)
    transfer = Transfer(
        read,
        receiver.store,
        check=lambda clock: check_drift(clock, now_ms=now_ms),
        progress=receiver.progress,
    )
    with transfer:
        transfer.copy(heads_of(theirs), commits=branch_heads(theirs))
        with receiver.locked(command):
            transfer.publish()
            commits = list(transfer.commits)
            receiver.history.graph.extend(commits, transfer.commits)
            return _show(receiver, theirs, commits, command, worktree=worktree, merge=merge)


def intake_of(receiver: Replica) -> Intake:
    """A context that accepts objects for a replica as they come; `publish` shows them."""
    from pyvcs.sync.taking import Intake

    now_ms = receiver.now_ms()
    return Intake(
        receiver.store,
        check=lambda clock: check_drift(clock, now_ms=now_ms),
        progress=receiver.progress,
    )


def publish(
    receiver: Replica, intake: Intake, theirs: Refs, *, worktree: bool = True, merge: bool = True
) -> Received:
    """Show what was accepted, with the refs that named it, under the receiver's lock.

    Doing it again changes nothing. Raises, and changes nothing, when `theirs` may not be joined
    or names something that neither came nor is here.
    """
    check_refs(theirs, receiver.now_ms())
    with receiver.locked("sync"):
        receiver.store.refresh()
        intake.check_whole(heads_of(theirs), commits=branch_heads(theirs))
        commits = intake.publish()
        receiver.history.graph.extend(commits, intake.commits)
        return _show(receiver, theirs, commits, "sync", worktree=worktree, merge=merge)


def _show(
    receiver: Replica,
    theirs: Refs,
    commits: Collection[Oid],
    command: str,
    *,
    worktree: bool,
    merge: bool,
) -> Received:
    """Join the refs, whose objects are in the store, and let the working tree follow.

    The commits are in the graph.
    """
    refs = receiver.refs
    known = joined(receiver, refs, theirs)
    swap(receiver, refs, known, command)
    note_shared(receiver, commits_of(receiver.store, theirs))
    following = follow(receiver, merge=merge) if worktree else FOLLOWED
    receiver.collect_if_many()
    return Received(len(commits), moved_between(refs, known), following)
