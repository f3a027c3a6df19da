"""Sync: two replicas exchange commits, and what they know of branches and tags."""

from __future__ import annotations

from pyvcs.objects.errors import Refused, Usage
from pyvcs.remotes import open_remote, path_of, remote_name
from pyvcs.replica import Replica
from pyvcs.sharing import note_shared
from pyvcs.sync.folder_exchange import sync_with_folder
from pyvcs.sync.joining import commits_of, heads_of
from pyvcs.sync.receiving import receive
from pyvcs.sync.report import Received, SyncReport, report_of
from pyvcs.sync.transports.folder import Folder


def sync(
    here: Replica,
    remote: str | Replica,
    *,
    pull: bool = True,
    push: bool = True,
    allow_unrelated: bool = False,
    merge: bool = True,
    repack: bool = False,
) -> SyncReport:
    """Exchange commits and heads with `remote`: a configured name, a path, or an open replica.

    The path is that of a repository, or of a plain folder to sync through (`repack` is for it).

    Both sides take in what the other has; neither takes anything back. Each holds its own lock
    only while it takes in, never both, so that two replicas may sync with each other at once.
    Refused, unless `allow_unrelated`, when both have commits and none in common: a mistyped path
    would mix two projects for good. With `merge=False` our working tree does not go along to the
    merge of concurrent heads; the refs of both replicas are the same as with it.
    """
    folder = Folder.at(path_of(here, remote)) if isinstance(remote, str) else None
    if folder is not None:
        return sync_with_folder(
            here,
            folder,
            name=remote_name(remote),
            pull=pull,
            push=push,
            allow_unrelated=allow_unrelated,
            merge=merge,
            repack=repack,
        )
    if repack:
        raise Usage("only a plain folder can be repacked; `pyvcs gc` there packs a repository")
    there = open_remote(here, remote) if isinstance(remote, str) else remote
    if not allow_unrelated:
        _check_related(here, there)
    pulled = take_in(here, there, merge=merge) if pull else Received()
    pushed = take_in(there, here) if push else Received()
    return report_of(here, remote_name(remote), pulled, pushed)


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
    theirs = giver.refs
    received = receive(receiver, giver.store, theirs, worktree=worktree, merge=merge)
    note_shared(giver, commits_of(giver.store, theirs))
    return received
