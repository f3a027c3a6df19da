"""Sync: two replicas exchange commits, and what they know of branches and tags."""

from __future__ import annotations

from pyvcs.objects.errors import Usage
from pyvcs.place import is_plain_folder
from pyvcs.refs import Refs
from pyvcs.remotes import address_of, is_url, note_met, open_remote, path_of, remote_name
from pyvcs.replica import Replica
from pyvcs.sync.local_exchange import exchange
from pyvcs.sync.report import Received, SyncReport, Wish, report_of

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
    pulled, pushed, theirs = _exchange(here, remote, wish, token=token)
    if isinstance(remote, str):
        note_met(here, remote, theirs)
    return report_of(here, remote_name(remote), pulled, pushed)


def _exchange(
    here: Replica, remote: str | Replica, wish: Wish, *, token: str | None
) -> tuple[Received, Received, Refs]:
    """What both ends took in, and what the other one knows now; a talk only with who is far."""
    if not isinstance(remote, str):
        return exchange(here, remote, wish)
    url = address_of(here, remote)
    if not is_url(url):
        return exchange(here, open_remote(here, remote), wish)
    from pyvcs.sync.calling import Caller
    from pyvcs.sync.transports.opening import open_transport

    with open_transport(here, url, token=token) as transport:
        caller = Caller(here, transport, wish)
        return *caller.talk(), caller.theirs


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
    return exchange(receiver, giver, wish)[0]
