"""The time of events in a set of replicas: a hybrid logical clock, and stamps that order writes.

Idea.        A clock is a pair (milliseconds, counter). It follows the wall clock while that runs
             ahead; when the wall clock stands still, jumps back or is behind a peer's, the counter
             counts instead. So a clock reads as a time, and yet never goes back.
Invariant.   What `tick` or `observe` returns is larger than every clock they were given: if one
             event can have known of another, its clock is larger.
Cost.        Constant. The milliseconds stay at or below the fastest wall clock that was heard of.
Result.      Clocks are ordered by (milliseconds, counter). A `Stamp` adds the replica, so that
             stamps of different replicas are never equal: the larger one is the later write.
Source.      Kulkarni, Demirbas, Madappa, Avva, Leone: "Logical Physical Clocks" (OPODIS 2014),
             the algorithm of figure 5. `observe` is its receive rule: tick from the larger clock.
Not handled. Concurrency is not seen: of two clocks one is larger even when neither event knew of
             the other. Ask the graph of commits for that.

Nothing here reads a wall clock or draws random bytes: both come in as arguments.
"""

from __future__ import annotations

from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

MAX_MILLISECONDS = 2**48 - 1
"""The largest time, in milliseconds since 1970 UTC: the year 10889."""

MAX_COUNTER = 2**32 - 1
"""The largest counter; the next tick goes to the next millisecond."""

MAX_DRIFT_MS = 24 * 60 * 60 * 1000
"""How far ahead of our wall clock a clock from outside may be: one day.

Large enough for a machine whose clock was set to the wrong time zone, small enough that one
machine with a dead battery cannot drag all replicas into another year, where its writes and
theirs would win over everybody's until that year comes.
"""

REPLICA_BYTES = 16
"""Length of a replica id in bytes; 32 hex digits when written."""

_DIGITS = frozenset("0123456789abcdef")
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True, order=True)
class Clock:
    """A moment of a hybrid logical clock, ordered; anything out of range is an InvalidObject.

    >>> Clock(1716470000000, 3) < Clock(1716470000001, 0)
    True
    >>> str(Clock.parse("1716470000000.3"))
    '1716470000000.3'
    """

    milliseconds: int
    """Since 1970 UTC, 0 to MAX_MILLISECONDS."""
    counter: int = 0
    """Events since the milliseconds last moved, 0 to MAX_COUNTER."""

    def __post_init__(self) -> None:
        if not 0 <= self.milliseconds <= MAX_MILLISECONDS:
            raise InvalidObject(f"a clock of {self.milliseconds} ms is not in the years 1970-10889")
        if not 0 <= self.counter <= MAX_COUNTER:
            raise InvalidObject(f"a clock's counter of {self.counter} is not in 0 to {MAX_COUNTER}")

    @classmethod
    def parse(cls, text: str) -> Clock:
        """The clock that `str` wrote as `text`; any other spelling is an InvalidObject."""
        milliseconds, _, counter = text.partition(".")
        if not _is_number(milliseconds) or not _is_number(counter):
            raise InvalidObject(f"{text!r} is not a clock, which reads MILLISECONDS.COUNTER")
        return cls(int(milliseconds), int(counter))

    def __str__(self) -> str:
        return f"{self.milliseconds}.{self.counter}"


ZERO = Clock(0, 0)
"""The clock of a replica in which nothing has happened yet."""


class ReplicaId(str):
    """The name of a replica: 32 lower-case hex digits, ordered and hashable as text is."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """A replica id from its digits; anything else is an InvalidObject."""
        if len(text) != 2 * REPLICA_BYTES or not _DIGITS.issuperset(text):
            raise InvalidObject(f"{text!r} is not a replica id, which is 32 lower-case hex digits")
        return str.__new__(cls, text)


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """Who wrote and when: totally ordered, and the larger stamp is the later write.

    The replica decides only between equal clocks, so that every replica picks the same winner.

    >>> stamp = Stamp.parse("1716470000000.3@" + "0f" * 16)
    >>> stamp.clock.counter, stamp.replica == "0f" * 16
    (3, True)
    """

    clock: Clock
    replica: ReplicaId

    def __post_init__(self) -> None:
        if not isinstance(self.replica, ReplicaId):
            raise TypeError(f"a stamp's replica is a ReplicaId, not {self.replica!r}")

    @classmethod
    def parse(cls, text: str) -> Stamp:
        """The stamp that `str` wrote as `text`; any other spelling is an InvalidObject."""
        clock, _, replica = text.partition("@")
        return cls(Clock.parse(clock), ReplicaId(replica))

    def __str__(self) -> str:
        return f"{self.clock}@{self.replica}"


def _is_number(text: str) -> bool:
    """Whether the text is a number as `str` writes it, no longer than those of clocks."""
    is_plain = text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS
    return is_plain and (text == "0" or text[0] != "0")


def tick(last: Clock, *, now_ms: int) -> Clock:
    """The clock of an event here: `last` is the newest clock we know, `now_ms` the wall clock.

    A wall clock before 1970 counts as one that stands still; one after MAX_MILLISECONDS, and the
    tick after the very last clock, are an InvalidObject.
    """
    if now_ms > last.milliseconds:
        return Clock(now_ms, 0)
    if last.counter < MAX_COUNTER:
        return Clock(last.milliseconds, last.counter + 1)
    return Clock(last.milliseconds + 1, 0)


def observe(last: Clock, seen: Clock, *, now_ms: int) -> Clock:
    """The clock after hearing of `seen` from a peer; of many, give the largest.

    InvalidObject when `seen` is more than MAX_DRIFT_MS ahead of our wall clock `now_ms`. A clock
    below `last` is never refused: it cannot move ours.
    """
    if seen > last:
        check_drift(seen, now_ms=now_ms)
    return tick(max(last, seen), now_ms=now_ms)


def check_drift(seen: Clock, *, now_ms: int) -> None:
    """Raise InvalidObject when `seen` is more than MAX_DRIFT_MS ahead of our wall clock."""
    ahead = seen.milliseconds - now_ms
    if ahead > MAX_DRIFT_MS:
        raise InvalidObject(
            f"clock {seen} is {ahead / 3_600_000:.1f} hours ahead of this machine's, "
            f"more than the {MAX_DRIFT_MS // 3_600_000} that are allowed",
            hint="set the clock of this machine right, or that of the machine it came from",
        )


def new_replica_id(random_bytes: bytes) -> ReplicaId:
    """The id of a new replica from 16 random bytes; any other length is a ValueError."""
    if len(random_bytes) != REPLICA_BYTES:
        raise ValueError(f"a replica id takes {REPLICA_BYTES} bytes, not {len(random_bytes)}")
    return ReplicaId(random_bytes.hex())
