"""A server in the foreground, and the gossip beside it."""

from __future__ import annotations

import random
import threading
from functools import partial

from pyvcs.cli.output import flush, out, say
from pyvcs.cli.watching import tell
from pyvcs.objects.values import dataclass
from pyvcs.replica import Replica
from pyvcs.server.app import SyncApp
from pyvcs.server.limits import Limits
from pyvcs.server.running import Tls, is_loopback, listen, prepare, run, url_of
from pyvcs.server.tokens import TokenStore
from pyvcs.sync.gossip import Gossip, patterns_of
from pyvcs.sync.introducing import add_peer


@dataclass(frozen=True, slots=True)
class Gossiping:
    """Peers to begin with, the address to tell them of, and the mean pause in seconds."""

    peers: tuple[str, ...]
    advertise: str | None
    every: float


def serve_http(
    folder: str,
    address: str,
    *,
    limits: Limits,
    tls: Tls | None,
    public_read: bool,
    gossiping: Gossiping | None,
) -> None:
    """Serve a repository until a signal comes."""
    replica = Replica.open(folder, search=False)
    with listen(address) as listening:
        if not public_read and not TokenStore(replica.backend).all():
            say("note: nobody can sync yet; `pyvcs token add NAME` makes a token")
        if tls is None and not is_loopback(listening):
            say("note: tokens and data travel in the clear; see --tls-cert, or use a proxy")
        app = SyncApp(folder, limits=limits, public_read=public_read, log=say)
        config = prepare(app, limits=limits, tls=tls)
        stop = threading.Event()
        gossip = None
        if gossiping is not None:
            patterns_of(replica)  # what is wrong with them is told now
            run_gossip = _gossip(folder, replica, gossiping).run
            gossip = threading.Thread(target=run_gossip, args=(stop, tell), daemon=True)
        out(url_of(listening, tls))
        flush()
        if gossip is not None:
            gossip.start()
        run(config, listening)
        stop.set()
        if gossip is not None:
            gossip.join(limits.idle_seconds)


def _gossip(folder: str, replica: Replica, gossiping: Gossiping) -> Gossip:
    own = [] if gossiping.advertise is None else [gossiping.advertise]
    for address in (*gossiping.peers, *own):
        add_peer(replica, address)
    open_replica = partial(Replica.open, folder, search=False)
    return Gossip(open_replica, random.Random(), every=gossiping.every, own=own)
