"""`pyvcs sync --watch`: meet peers until a signal comes, and tell of each meeting."""

from __future__ import annotations

import os
import random
import signal
import threading
from functools import partial

from pyvcs.cli.exit_codes import DONE
from pyvcs.cli.output import say
from pyvcs.cli.text import counted
from pyvcs.replica import Replica
from pyvcs.sync.gossip import Gossip, Meeting, patterns_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


def watch_peers(session: Session, remote: str | None, every: float) -> int:
    """Keep in step with `remote`, or with all that are known. SIGINT and SIGTERM end it well."""
    place = session.repository.place
    assert place is not None
    folder = os.fsdecode(place.root or place.name)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    gossip = Gossip(
        partial(Replica.open, folder, search=False),
        random.Random(),
        every=every,
        only=() if remote is None else (remote,),
        token=session.token if remote is not None else None,
    )
    patterns_of(session.repository)  # what is wrong with them is told now
    say("watching; Ctrl-C ends it")
    gossip.run(stop, tell)
    return DONE


def tell(meeting: Meeting) -> None:
    """Say what a meeting brought; nothing when it brought nothing."""
    if meeting.report is None:
        say(f"{meeting.address}: {meeting.error}")
        return
    pulled, pushed = meeting.report.pulled, meeting.report.pushed
    if pulled.moved or pushed.moved:
        say(
            f"{meeting.address}: pulled {counted(pulled.commits, 'commit')},"
            f" pushed {counted(pushed.commits, 'commit')}"
        )
