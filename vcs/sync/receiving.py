"""Receiving: one replica takes in objects and refs of another, wherever they come from."""

from __future__ import annotations

from pyvcs.collecting import collect_if_many
from pyvcs.moving import swap
from pyvcs.objects.clock import check_drift
from pyvcs.objects.store import ObjectStore
from pyvcs.refs import Refs
from pyvcs.replica import Replica
from pyvcs.sharing import note_shared
from pyvcs.switching import FOLLOWED, follow
from pyvcs.sync.joining import check_refs, commits_of, heads_of, joined
from pyvcs.sync.report import Received, moved_between
from pyvcs.sync.transfer import transfer


def receive(
    receiver: Replica,
    store: ObjectStore,
    theirs: Refs,
    *,
    command: str = "sync",
    worktree: bool = True,
    merge: bool = True,
) -> Received:
    """Take in what `theirs` name, out of `store`. Doing it again changes nothing.

    Objects are checked before anything refers to them; then one swap publishes all branches and
    tags, joined with ours; then the working tree follows. Whatever is wrong with what came, a lie
    or something missing, is an error before anything of it can be seen.
    """
    with receiver.locked(command):
        refs = receiver.refs
        now_ms = receiver.now_ms()
        check_refs(theirs, now_ms)
        receiver.store.refresh()
        commits = transfer(
            store,
            receiver.store,
            sorted(heads_of(theirs)),
            check=lambda commit: check_drift(commit.clock, now_ms=now_ms),
            progress=receiver.progress,
        )
        receiver.history.graph.extend(commits)
        known = joined(receiver, refs, theirs)
        swap(receiver, refs, known, command)
        note_shared(receiver, commits_of(receiver.store, theirs))
        following = follow(receiver, merge=merge) if worktree else FOLLOWED
        collect_if_many(receiver)
    return Received(len(commits), moved_between(refs, known), following)
