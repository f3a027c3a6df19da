"""Meeting: what two repositories on one disk tell and remember of each other, without a talk."""

from __future__ import annotations

from pyvcs.objects.contexts import contextmanager
from pyvcs.objects.errors import PyvcsError
from pyvcs.sharing import note_shared
from pyvcs.sync.acquaintance import PEERS_KEY, Acquaintance, newest, remember
from pyvcs.sync.joining import commits_here, heads_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyvcs.refs import Refs
    from pyvcs.replica import Replica
    from pyvcs.sync.peers import Peer


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


def peers_of(replica: Replica) -> Mapping[str, Peer]:
    """The list of peers of a replica on this disk. Corrupt when it cannot be read."""
    if replica.backend.size(PEERS_KEY) is None:
        return {}  # nearly always: nothing is loaded then
    from pyvcs.sync.peer_store import PeerStore

    return PeerStore(replica.backend).read().entries


def introduce(replica: Replica, peers: Mapping[str, Peer]) -> None:
    """Let a replica know peers of another one on this disk. InvalidObject when it may not."""
    if peers:
        from pyvcs.sync.introducing import take_in_peers

        take_in_peers(replica, peers)


class _Ours(Exception):
    """An error of this end that passes through `as_theirs`."""

    def __init__(self, error: PyvcsError | OSError) -> None:
        super().__init__()
        self.error = error


@contextmanager
def as_theirs() -> Iterator[None]:
    """What goes wrong at the other end is told as what the other side says."""
    try:
        yield
    except _Ours as ours:
        raise ours.error from None
    except (PyvcsError, OSError) as error:
        from pyvcs.sync.failures import error_of, failure_of

        raise error_of(failure_of(error)) from None


@contextmanager
def as_ours() -> Iterator[None]:
    """What goes wrong here while the other end is at work, in `as_theirs`, is told as it is."""
    try:
        yield
    except (PyvcsError, OSError) as error:
        raise _Ours(error) from None
