"""Cloning on one disk: packs are copied, and both ends remember the other as after a talk.

Only what such a clone needs is loaded: the machinery of talks takes longer than a small clone.
"""

from __future__ import annotations

from contextlib import suppress

from pyvcs.moving import swap
from pyvcs.objects.clock import check_drift
from pyvcs.objects.contexts import Uncollected
from pyvcs.objects.errors import ObjectMissing
from pyvcs.refs import Refs
from pyvcs.replica import Replica
from pyvcs.sharing import note_shared
from pyvcs.sync.acquaintance import Acquaintance, newest, remember
from pyvcs.sync.copying import Copying, suits
from pyvcs.sync.joining import check_refs, commits_of, heads_of, joined
from pyvcs.sync.ref_digest import digest_of_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.sync.peers import Digest


def copy_all(here: Replica, there: Replica) -> Refs | None:
    """Take in all that another repository on this disk has, when nothing is here yet.

    The refs that came; None when a talk should be held: a store of very many objects or packs is
    better asked by one, and so is one whose packs a gc has just replaced. Checked as what comes by
    a talk is.
    """
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
                copying.publish()
        except ObjectMissing:
            return None
        here.history.graph.extend(list(copying.commits), copying.commits)
        refs = here.refs
        swap(here, refs, joined(here, refs, theirs), "clone")
        _meet(here, there, theirs)
    if copying.has_more_than(wants):
        from pyvcs.collecting import collect

        collect(here, prune=True)
    return theirs


def _meet(here: Replica, there: Replica, refs: Refs) -> None:
    """Let both ends remember that they share these refs, and tell ours which peers there are."""
    assert there.place is not None
    commits = commits_of(here.store, refs)
    note_shared(here, commits)
    with suppress(OSError):  # a repository that can only be read
        note_shared(there, commits)
    heads = newest(commits, here.history.graph)
    left = Acquaintance(
        there.id, heads, digest_of_all(here.refs).buckets, _learn_peers(here, there)
    )
    remember(here.backend, there.place.name, left)


def _learn_peers(here: Replica, there: Replica) -> Digest:
    from pyvcs.sync.peer_store import PeerStore
    from pyvcs.sync.peers import check_peers

    known = PeerStore(there.backend).read()
    if known.entries:
        check_peers(known, now_ms=here.now_ms())
        PeerStore(here.backend).update(lambda ours: ours.join(known))
    return known.digest()
