"""Cloning: a new replica that begins with all that another one has."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TypeVar

from pyvcs.moving import swap
from pyvcs.objects.errors import Refused
from pyvcs.refs import Position
from pyvcs.remotes import DEFAULT_REMOTE, add_remote
from pyvcs.replica import DEFAULT_BRANCH, Replica
from pyvcs.switching import follow
from pyvcs.sync.bundling import check_complete, take_in_bundle
from pyvcs.sync.folder_exchange import take_in_folder
from pyvcs.sync.replicate import take_in
from pyvcs.sync.transports.bundle import Bundle
from pyvcs.sync.transports.folder import Folder

_Replica = TypeVar("_Replica", bound=Replica)


def clone(
    cls: type[_Replica], source: str | bytes, path: str | bytes, *, bare: bool = False
) -> _Replica:
    """Make a replica of what is at `source` in `path`: a repository, plain folder or bundle.

    The first two become its remote `origin`.

    Refused when `path` is there and not empty. A clone that fails leaves nothing behind.
    """
    giver = _giver(source)
    target = os.path.abspath(os.fsdecode(path))
    existed = os.path.isdir(target)
    if os.path.lexists(target) and not (existed and not os.listdir(target)):
        raise Refused(f"{target} is there and not empty", hint="clone into a new folder")
    try:
        return _clone(cls, giver, target, bare=bare)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        if existed:
            os.makedirs(target, exist_ok=True)
        raise


def _giver(source: str | bytes) -> Replica | Folder | Bundle:
    if Bundle.is_at(source):
        return Bundle.open(source)
    return Folder.at(source) or Replica.open(source, search=False)


def _clone(
    cls: type[_Replica], giver: Replica | Folder | Bundle, target: str, *, bare: bool
) -> _Replica:
    if isinstance(giver, Bundle):
        replica = cls.init(target, bare=bare)
        check_complete(giver)
        take_in_bundle(replica, giver, worktree=False)
        _stand_on_some_branch(replica)
    elif isinstance(giver, Folder):
        replica = cls.init(target, bare=bare)
        take_in_folder(replica, giver)
        add_remote(replica, DEFAULT_REMOTE, str(giver.root))
        _stand_on_some_branch(replica)
    else:
        refs = giver.refs
        branch = refs.position.branch or next(iter(refs.live_branches()), DEFAULT_BRANCH)
        replica = cls.init(target, branch=branch, bare=bare)
        take_in(replica, giver, worktree=False)
        assert giver.place is not None
        add_remote(replica, DEFAULT_REMOTE, giver.place.name)
    follow(replica)
    return replica


def _stand_on_some_branch(replica: Replica) -> None:
    """Follow the first branch that there is, if there is no `main`: a folder stands on none."""
    refs = replica.refs
    names = refs.live_branches()
    if names and refs.position.branch not in names:
        swap(replica, refs, replace(refs, position=Position(names[0])), "clone")
