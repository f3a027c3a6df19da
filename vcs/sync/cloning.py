"""Cloning: a new replica that begins with all that another one has."""

from __future__ import annotations

import os
import shutil
from typing import TypeVar

from pyvcs.objects.errors import Refused
from pyvcs.remotes import DEFAULT_REMOTE, add_remote
from pyvcs.replica import DEFAULT_BRANCH, Replica
from pyvcs.switching import follow
from pyvcs.sync.replicate import take_in

_Replica = TypeVar("_Replica", bound=Replica)


def clone(
    cls: type[_Replica], source: str | bytes, path: str | bytes, *, bare: bool = False
) -> _Replica:
    """Make a replica of the repository at `source` in `path`, with `origin` as its remote.

    Refused when `path` is there and not empty. A clone that fails leaves nothing behind.
    """
    giver = Replica.open(source, search=False)
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


def _clone(cls: type[_Replica], giver: Replica, target: str, *, bare: bool) -> _Replica:
    refs = giver.refs
    branch = refs.position.branch or next(iter(refs.live_branches()), DEFAULT_BRANCH)
    replica = cls.init(target, branch=branch, bare=bare)
    take_in(replica, giver, worktree=False)
    assert giver.place is not None
    add_remote(replica, DEFAULT_REMOTE, giver.place.name)
    follow(replica)
    return replica
