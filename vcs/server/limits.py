"""What one caller may take of a server: bytes, time, and how often it may ask."""

from __future__ import annotations

from dataclasses import dataclass

_MOST_CALLERS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a server; a caller meets them as sentences."""

    body_bytes: int = 4 * 1024**3
    """Of one turn that comes in."""
    idle_seconds: float = 30.0
    """How long a caller may say nothing, or take nothing, in the middle of a turn."""
    turn_seconds: float = 3600.0
    """How long a turn and its answer may take together."""
    per_minute: int = 600
    """Requests of one address, those that are refused too."""
    at_once: int = 8
    """Turns that are answered at the same time; more wait, as long as a caller may idle."""
    connections: int = 256
    """Open connections; more are turned away."""


class RateLimit:
    """A bucket of tokens for each caller: `per_minute` at most, refilled evenly.

    Remembers at most 10,000 callers: the one that was heard of longest ago is forgotten, which
    gives it a full bucket and never takes one away.

    >>> rate = RateLimit(per_minute=2)
    >>> [rate.allows("ada", now) for now in (0.0, 1.0, 2.0, 32.0)]
    [True, True, False, True]
    """

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._buckets: dict[str, tuple[float, float]] = {}

    def allows(self, caller: str, now: float) -> bool:
        """Whether a request at `now` (seconds, of any clock that does not go back) is allowed."""
        left, since = self._buckets.pop(caller, (self._most, now))
        left = min(self._most, left + (now - since) * self._most / 60)
        allowed = left >= 1
        self._buckets[caller] = (left - allowed, now)
        if len(self._buckets) > _MOST_CALLERS:
            del self._buckets[next(iter(self._buckets))]
        return allowed
