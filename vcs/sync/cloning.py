"""Cloning: a new replica that begins with all that another one has."""

from __future__ import annotations

import os

from pyvcs.moving import swap
from pyvcs.objects.errors import NotARepository, Refused
from pyvcs.objects.typed import TypeVar
from pyvcs.objects.values import replace
from pyvcs.place import Place
from pyvcs.refs import Position, check_ref_name
from pyvcs.remote_branches import note_remote
from pyvcs.remotes import DEFAULT_REMOTE, add_remote, is_url, open_remote
from pyvcs.replica import Progress, Replica, quiet
from pyvcs.sync.local_cloning import take_from_disk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.sync.transports.bundle import Bundle
    from pyvcs.sync.transports.folder import Folder

_Replica = TypeVar("_Replica", bound=Replica)


def clone(
    cls: type[_Replica],
    source: str | bytes,
    path: str | bytes,
    *,
    bare: bool = False,
    token: str | None = None,
    progress: Progress = quiet,
    may_fork: bool = False,
) -> _Replica:
    """Make a replica of what is at `source` in `path`: a repository, plain folder or bundle.

    The first two become its remote `origin`. `token` is shown to a server that is reached by HTTP.

    Refused when `path` is there and not empty. A clone that fails leaves nothing behind.
    """
    giver = _giver(os.fsdecode(source))
    target = os.path.abspath(os.fsdecode(path))
    existed = os.path.isdir(target)
    if os.path.lexists(target) and not (existed and not os.listdir(target)):
        raise Refused(f"{target} is there and not empty", hint="clone into a new folder")
    try:
        replica = cls.begin(target, bare=bare)
        replica.progress, replica.may_fork = progress, may_fork
        return _filled(replica, giver, token)
    except BaseException:
        import shutil

        shutil.rmtree(target, ignore_errors=True)
        if existed:
            os.makedirs(target, exist_ok=True)
        raise


def _giver(source: str) -> str | Folder | Bundle:
    """What is there, or the address of a repository."""
    if is_url(source):
        return source
    try:
        return Place.at(source).name
    except NotARepository:
        from pyvcs.sync.transports.bundle import Bundle
        from pyvcs.sync.transports.folder import Folder

        found = Bundle.open(source) if Bundle.is_at(source) else Folder.at(source)
        if found is None:
            raise
        return found


def _filled(replica: _Replica, giver: str | Folder | Bundle, token: str | None) -> _Replica:
    """The replica, with all that the giver has."""
    branch = ""
    if isinstance(giver, str):
        branch = _take_all(replica, giver, token)
    else:
        _take_in(replica, giver)
    _stand_on_some_branch(replica, branch)
    if replica.has_worktree:
        from pyvcs.switching import fill

        fill(replica)
    replica.complete()
    return replica


def _take_all(replica: Replica, address: str, token: str | None) -> str:
    """Take in all of a repository; the branch that it stands on, "" for none."""
    add_remote(replica, DEFAULT_REMOTE, address)
    if not is_url(address):
        refs = take_from_disk(replica, open_remote(replica, DEFAULT_REMOTE))
        note_remote(replica, DEFAULT_REMOTE, refs)
        return refs.position.branch or ""
    from pyvcs.sync.calling import Caller
    from pyvcs.sync.report import Wish
    from pyvcs.sync.transports.opening import open_transport

    with open_transport(replica, address, token=token) as transport:
        caller = Caller(replica, transport, Wish(push=False, worktree=False))
        caller.talk()
    note_remote(replica, DEFAULT_REMOTE, caller.theirs)
    return caller.branch


def _take_in(replica: Replica, giver: Folder | Bundle) -> None:
    from pyvcs.sync.bundling import check_complete, take_in_bundle
    from pyvcs.sync.folder_exchange import take_in_folder
    from pyvcs.sync.transports.folder import Folder

    if isinstance(giver, Folder):
        take_in_folder(replica, giver)
        add_remote(replica, DEFAULT_REMOTE, str(giver.root))
        note_remote(replica, DEFAULT_REMOTE, replica.refs)
    else:
        check_complete(giver)
        take_in_bundle(replica, giver, worktree=False)


def _stand_on_some_branch(replica: Replica, branch: str) -> None:
    """Follow the branch that the other end stands on; a folder stands on none.

    Then `main` if there is one, else the first branch that there is.
    """
    refs = replica.refs
    names = refs.live_branches()
    if not branch and names and refs.position.branch not in names:
        branch = names[0]
    if branch and branch != refs.position.branch:
        position = Position(check_ref_name(branch))
        swap(replica, refs, replace(refs, position=position), "clone")
