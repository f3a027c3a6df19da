"""Waiting for what other processes do."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_SECONDS = 60.0


def wait_until(
    holds: Callable[[], bool], what: str, *, patience: float = PATIENCE_SECONDS
) -> float:
    """Ask again until it is so; the seconds that it took. A failure says what did not come."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() < begun + patience, what
        time.sleep(0.02)
    return time.monotonic() - begun
