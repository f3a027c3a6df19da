"""Gossip: replicas that meet at random, again and again, so that all learn what one knows.

Idea.        At random intervals a replica meets one peer, drawn from those that it knows, and both
             take in what the other has: commits, branches, tags, and the list of peers itself.
             A peer that could not be reached is left alone for a while that doubles with each
             failure, and is tried again for ever: who comes back catches up.
Invariant.   A meeting is a sync, so it may be lost, repeated or overtaken. Who meets whom decides
             only how soon something is known, never what the replicas end in.
Cost.        One talk an interval for each replica. News reaches all N of them after about
             log2(N) + ln(N) intervals (Pittel, "On spreading a rumor", 1987).
Result.      A `Meeting` for each step: what came and went, or why not.
Source.      Demers et al., "Epidemic algorithms for replicated database maintenance" (PODC
             1987), anti-entropy by push and pull.
Not handled. Addresses that others told of are met only when the setting `gossip.learn` has a
             pattern for them: else any writer could make this machine call any other.
"""

from __future__ import annotations

from pyvcs.objects.errors import InvalidConfig, PyvcsError
from pyvcs.objects.typed import Protocol
from pyvcs.objects.values import dataclass, replace
from pyvcs.remotes import remotes
from pyvcs.replica import Replica
from pyvcs.sync.address_pattern import AddressPattern
from pyvcs.sync.peer_store import PeerRecord, PeerStore
from pyvcs.sync.replicate import sync
from pyvcs.sync.report import SyncReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EVERY_SECONDS = 5.0
"""The mean pause between two meetings."""

LONGEST_BACKOFF_SECONDS = 3600.0
TOKEN_KEY, LEARN_KEY = "gossip.token", "gossip.learn"


class Dice(Protocol):
    """Chance, given by the shell: `random.Random` is one."""

    def choice(self, seq: Sequence[str], /) -> str:
        """One of some addresses."""

    def uniform(self, a: float, b: float, /) -> float:
        """A number between two."""


class Flag(Protocol):
    """Tells a loop to end: `threading.Event` is one."""

    def wait(self, timeout: float | None = None, /) -> bool:
        """Whether it was raised, within this time."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One try to meet a peer: the report of the sync, or the sentence of the failure."""

    address: str
    report: SyncReport | None
    error: str = ""


class Gossip:
    """Meets peers for a replica, which is opened anew each time: others may have changed it.

    `only` names the peers to meet; without it they are the live ones of the list, and the
    configured remotes. `own` are addresses of this replica itself. `token` is shown to servers,
    without it the setting `gossip.token`.
    """

    def __init__(
        self,
        open_replica: Callable[[], Replica],
        dice: Dice,
        *,
        every: float = EVERY_SECONDS,
        only: Sequence[str] = (),
        own: Sequence[str] = (),
        token: str | None = None,
    ) -> None:
        self._open = open_replica
        self._dice = dice
        self._every = every
        self._only = only
        self._own = own
        self._token = token
        self._records: dict[str, PeerRecord] = {}

    def run(self, stop: Flag, tell: Callable[[Meeting], None]) -> None:
        """Meet peers until `stop`; each meeting is told."""
        pause = 0.0
        while not stop.wait(pause):
            meeting = self.step()
            if meeting is not None:
                tell(meeting)
            pause = self._dice.uniform(0.5, 1.5) * self._every

    def step(self) -> Meeting | None:
        """Meet one peer; None when there is none to meet now."""
        replica = self._open()
        now_ms = replica.now_ms()
        try:
            addresses = self._addresses(replica)
        except InvalidConfig as error:
            return Meeting(LEARN_KEY, None, str(error))
        due = [each for each in addresses if self._is_due(each, now_ms)]
        return self._meet(replica, self._dice.choice(due)) if due else None

    def _addresses(self, replica: Replica) -> list[str]:
        if self._only:
            return list(self._only)
        patterns = patterns_of(replica)
        store = PeerStore(replica.backend)
        named_here = {each for each, record in store.records().items() if record.is_named}
        known = [
            peer.address
            for peer in store.read().live()
            if peer.stamp.replica == replica.id
            or peer.address in named_here
            or any(pattern.matches(peer.address) for pattern in patterns)
        ]
        named = [remote.url for remote in remotes(replica)]
        return [each for each in dict.fromkeys(known + named) if each not in self._own]

    def _is_due(self, address: str, now_ms: int) -> bool:
        record = self._records.get(address)
        if record is None or not record.failures or record.tried_ms is None:
            return True
        return now_ms - record.tried_ms >= 1000 * backoff_seconds(record.failures, self._every)

    def _meet(self, replica: Replica, address: str) -> Meeting:
        before = self._records.get(address, PeerRecord())
        kept = replica.config.get(TOKEN_KEY)
        token = self._token or (None if kept is None else str(kept))
        try:
            report = sync(replica, address, token=token)
            record = before.met(
                replica.now_ms(), behind=report.pushed.commits, ahead=report.pulled.commits
            )
            meeting = Meeting(address, report)
        except (PyvcsError, OSError) as error:
            record = before.failed(replica.now_ms(), str(error))
            meeting = Meeting(address, None, record.error)
        self._records[address] = record
        store = PeerStore(replica.backend)
        if address in {peer.address for peer in store.read().live()}:
            store.note(address, lambda old: replace(record, is_named=old.is_named))
        return meeting


def patterns_of(replica: Replica) -> list[AddressPattern]:
    """What addresses that others told of must be like to be met: the setting `gossip.learn`."""
    return [AddressPattern.parse(word) for word in str(replica.config.get(LEARN_KEY) or "").split()]


def backoff_seconds(failures: int, every: float) -> float:
    """How long a peer is left alone after so many failures in a row.

    >>> [backoff_seconds(n, 5.0) for n in (0, 1, 2, 30)]
    [0.0, 5.0, 10.0, 3600.0]
    """
    return min(every * 2.0 ** (min(failures, 40) - 1), LONGEST_BACKOFF_SECONDS) if failures else 0.0
