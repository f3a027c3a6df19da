"""Meeting: what two repositories on one disk tell and remember of each other, without a talk."""

from __future__ import annotations

from collections.abc import Iterator

from pyvcs.objects.contexts import contextmanager
from pyvcs.objects.errors import PyvcsError
from pyvcs.sharing import note_shared
from pyvcs.sync.acquaintance import PEERS_KEY, Acquaintance, newest, remember
from pyvcs.sync.joining import commits_here, heads_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.refs import Refs
    from pyvcs.replica import Replica


def meet(here: Replica, there: Replica, theirs: Refs) -> None:
    """Note what another repository on this disk knows now. It is never asked by a talk, so its
    digests are not kept. A copy that can only be read has no id of its own to remember it by."""
    commits = commits_here(here.store, heads_of(theirs))
    note_shared(here, commits)
    try:
        replica = there.id
    except OSError:
        return
    address = f"memory {replica}" if there.place is None else there.place.name
    heads = newest(commits, here.history.graph)
    remember(here.backend, address, Acquaintance(replica, heads, ()))


def introduce(replica: Replica, other: Replica) -> None:
    """Let a replica know the peers of another one on this disk. InvalidObject when it may not."""
    if other.backend.size(PEERS_KEY) is None:
        return  # nearly always: nothing is loaded then
    from pyvcs.sync.introducing import take_in_peers
    from pyvcs.sync.peer_store import PeerStore

    take_in_peers(replica, PeerStore(other.backend).read().entries)


@contextmanager
def as_theirs() -> Iterator[None]:
    """What goes wrong at the other end is told as what the other side says."""
    try:
        yield
    except (PyvcsError, OSError) as error:
        from pyvcs.sync.failures import error_of, failure_of

        raise error_of(failure_of(error)) from None
