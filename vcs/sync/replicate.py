"""Sync: two replicas exchange commits, and what they know of branches and tags."""

from __future__ import annotations

from pyvcs.objects.errors import Usage
from pyvcs.place import is_plain_folder
from pyvcs.remotes import note_met, path_of, remote_name
from pyvcs.replica import Replica
from pyvcs.sync.calling import Caller, Wish
from pyvcs.sync.report import Received, SyncReport, report_of
from pyvcs.sync.transports.memory import MemoryTransport
from pyvcs.sync.transports.opening import open_transport

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    token: str | None = None,
) -> SyncReport:
    """Exchange commits and heads with `remote`: a name, a path, a URL, or an open replica.

    A path is that of a repository, or of a plain folder to sync through (`repack` is for it).

    Both sides take in what the other has; neither takes anything back. Each holds its own lock
    only while it takes in, never both, so that two replicas may sync with each other at once.
    Refused, unless `allow_unrelated`, when both have commits and none in common: a mistyped path
    would mix two projects for good. With `merge=False` our working tree does not go along to the
    merge of concurrent heads; the refs of both replicas are the same as with it. `token` is
    shown to a server that is reached by HTTP.
    """
    folder = _folder_at(path_of(here, remote)) if isinstance(remote, str) else None
    if folder is not None:
        from pyvcs.sync.folder_exchange import sync_with_folder

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
    wish = Wish(
        pull=pull,
        push=push,
        allow_unrelated=allow_unrelated,
        merge=merge,
    )
    with open_transport(here, remote, token=token) as transport:
        is_near = isinstance(transport, MemoryTransport)  # nothing is saved by thin blocks then
        caller = Caller(here, transport, wish, thin=not is_near)
        pulled, pushed = caller.talk()
    if isinstance(remote, str):
        note_met(here, remote, caller.theirs)
    return report_of(here, remote_name(remote), pulled, pushed)


def _folder_at(path: str) -> Folder | None:
    """The plain folder at a path, if there is one; what knows them is loaded only then."""
    if not is_plain_folder(path):
        return None
    from pyvcs.sync.transports.folder import Folder

    return Folder.at(path)


def take_in(
    receiver: Replica, giver: Replica, *, worktree: bool = True, merge: bool = True
) -> Received:
    """Let one replica learn all that another knows. Doing it again changes nothing."""
    wish = Wish(push=False, allow_unrelated=True, worktree=worktree, merge=merge)
    with MemoryTransport(giver) as transport:
        return Caller(receiver, transport, wish).talk()[0]
