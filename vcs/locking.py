"""The lock of a repository: one process at a time changes it, and others can see who.

The lock is the operating system's, on the file `lock`; the file's content only says who holds it.
So a lock that a killed process left behind is none: the system let go of it with the process.
Readers take no lock. A second `lock` in the same process, from another thread too, waits as another
process does. A child that was forked without exec shares the lock until it closes the file or ends.
"""

from __future__ import annotations

import os
import time

from pyvcs.objects.backends.file_lock import try_lock
from pyvcs.objects.contexts import contextmanager, suppress
from pyvcs.objects.errors import Locked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_FILE = "lock"
WAIT_SECONDS = 10.0
"""How long the second process waits before it gives up."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.1


@contextmanager
def lock(folder: str, *, command: str, timeout: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of the repository whose own folder is `folder`.

    Waits up to `timeout` seconds for another process; then Locked, which says who holds it and
    since when. It is not re-entrant: taken again by its holder, it waits in vain and is Locked.
    """
    path = os.path.join(folder, LOCK_FILE)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        _wait(descriptor, path, timeout)
        _write(descriptor, f"process {os.getpid()} on {_host()}, {command}, since {_now()}\n")
        yield
        _write(descriptor, "")
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: str, timeout: float) -> None:
    end = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    while not try_lock(descriptor):
        if time.monotonic() >= end:
            raise Locked(
                f"the repository is in use by {_holder(path)}",
                hint="wait until that is done, and try again",
            )
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _holder(path: str) -> str:
    """Who says to hold the lock."""
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        words = file.read(500).strip()
        if words:
            return words
    return "another process"


def _write(descriptor: int, text: str) -> None:
    with suppress(OSError):  # who holds the lock is a courtesy: a full disk must not undo it
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, text.encode())


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "?")


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S %z")
