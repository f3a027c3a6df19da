"""Cloning on one disk: packs are copied, and both ends remember the other as after a talk.

Only what such a clone needs is loaded: the machinery of talks takes longer than a small clone.
"""

from __future__ import annotations

from pyvcs.moving import swap
from pyvcs.objects.clock import check_drift
from pyvcs.objects.contexts import Uncollected, suppress
from pyvcs.objects.errors import Corrupt, ObjectMissing
from pyvcs.refs import Refs
from pyvcs.replica import Replica
from pyvcs.sharing import note_shared
from pyvcs.sync.copying import Copying, suits
from pyvcs.sync.joining import check_refs, commits_of, heads_of, joined
from pyvcs.sync.meeting import introduce, meet, peers_of


def take_from_disk(here: Replica, there: Replica) -> Refs:
    """Take in all that another repository on this disk has, when nothing is here yet.

    The refs that came. Objects are picked one by one where packs are not to be copied: from a store
    of very many objects or packs, where a gc has just replaced them, and where a small blob is
    stored in chunks.
    """
    refs = _copy_all(here, there)
    if refs is None:
        from pyvcs.sync.local_exchange import exchange
        from pyvcs.sync.report import Wish

        refs = exchange(here, there, Wish(push=False, worktree=False))[2]
    return refs


def _copy_all(here: Replica, there: Replica) -> Refs | None:
    """Copy all packs, and join the refs; None when that is not the way. Checked as what comes by a
    talk is."""
    theirs = there.refs
    there.store.refresh()
    if not suits(there.store):
        return None
    now_ms = here.now_ms()
    check_refs(theirs, now_ms)
    wants = heads_of(theirs)
    copying = Copying(
        here.store,
        check=lambda clock: check_drift(clock, now_ms=now_ms),
        progress=here.progress,
        may_fork=here.may_fork,
    )
    with here.locked("clone"):
        try:
            with copying, Uncollected():
                for pack in there.store.packs.values():
                    copying.add(pack, there.store)
                copying.check_whole(wants)
                if copying.has_small_recipe:
                    return None
                copying.publish()
        except ObjectMissing:
            return None
        here.history.graph.extend(list(copying.commits), copying.commits)
        refs = here.refs
        swap(here, refs, joined(here, refs, theirs), "clone")
        introduce(here, peers_of(there))
        meet(here, there, theirs)
        with suppress(OSError, Corrupt):  # of a repository that can only be read, or is damaged
            there.history.graph.doubt()
            note_shared(there, commits_of(here.store, theirs))
    if copying.has_more_than(wants):
        from pyvcs.collecting import collect

        collect(here, prune=True)
    return theirs
