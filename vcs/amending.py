"""Amending: which commits may still be put in another one's place."""

from __future__ import annotations

from pyvcs.objects.commit import Commit
from pyvcs.objects.errors import Refused
from pyvcs.refs import Refs
from pyvcs.replica import Replica
from pyvcs.sharing import is_shared


def amendable(replica: Replica, refs: Refs) -> Commit:
    """The commit that the working tree stands on, if it may be amended; else Refused, with why.

    It has to be an authored head of its branch that no other replica has heard of: a replica that
    has it would keep it, and the branch would have both.
    """
    oid = refs.position.commit
    if oid is None:
        raise Refused("there is no commit to amend", hint="make one with `pyvcs commit`")
    commit = replica.store.commit(oid)
    branch = refs.position.branch
    if commit.is_canonical:
        raise Refused(
            f"{oid.short()} is a canonical merge, which every replica computes for itself",
            hint="commit your changes on top of it",
        )
    if branch is not None and oid not in refs.branch(branch).oids:
        raise Refused(
            f"{oid.short()} is no head of {branch} any more: other commits build on it",
            hint="commit your changes on top of it",
        )
    if is_shared(replica, oid):
        raise Refused(
            f"{oid.short()} was synced: other replicas would keep it beside the amended one",
            hint="commit your changes on top of it, or `pyvcs revert` it",
        )
    return commit
