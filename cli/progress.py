"""Progress of long work: a line on a terminal after a second, nothing in a pipe."""

from __future__ import annotations

import sys
import time

from pyvcs.cli.output import before_text
from pyvcs.replica import BYTES

QUIET_SECONDS = 1.0
_EVERY_SECONDS = 0.1


class TerminalProgress:
    """Shows what is being done and how far, on one line of stderr, wiped out at the end."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._shown = 0.0
        self._width = 0
        self._counted = ""
        self._bytes = 0
        self._first_byte = 0.0

    def __call__(self, what: str, done: int) -> None:
        """Note that `done` of `what` are done."""
        now = time.monotonic()
        if what == BYTES:
            self._first_byte = self._first_byte or now
            self._bytes = done
        else:
            self._counted = f"{what}: {done:,}"
        if now - self._begun < QUIET_SECONDS or now - self._shown < _EVERY_SECONDS:
            return
        self._shown = now
        if not self._width:
            before_text(self.clear)
        self._write(self._line(now))

    def _line(self, now: float) -> str:
        """What is counted, and of bytes that travel how many and how fast: `objects: 12, 3.4 MiB,
        1.2 MiB/s`."""
        if not self._bytes:
            return self._counted
        rate = self._bytes / max(now - self._first_byte, 0.1)
        travelled = f"{bytes_text(self._bytes)}, {bytes_text(rate)}/s"
        return f"{self._counted}, {travelled}" if self._counted else travelled

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


def bytes_text(number: float) -> str:
    """A number of bytes in the unit that suits it.

    >>> bytes_text(512), bytes_text(3_500_000)
    ('512 B', '3.3 MiB')
    """
    for unit in ("B", "KiB", "MiB"):
        if number < 1000:
            return f"{number:.0f} B" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} GiB"
