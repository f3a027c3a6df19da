"""Progress of long work: a line on a terminal after a second, nothing in a pipe."""

from __future__ import annotations

import sys
import time

QUIET_SECONDS = 1.0
_EVERY_SECONDS = 0.1


class TerminalProgress:
    """Shows what is being done and how far, on one line of stderr, wiped out at the end."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._shown = 0.0
        self._width = 0

    def __call__(self, what: str, done: int) -> None:
        """Note that `done` of `what` are done."""
        now = time.monotonic()
        if now - self._begun < QUIET_SECONDS or now - self._shown < _EVERY_SECONDS:
            return
        self._shown = now
        self._write(f"{what}: {done:,}")

    def clear(self) -> None:
        """Wipe the line out, if there is one."""
        if self._width:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)
