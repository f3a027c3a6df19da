"""A lock on an open file that ends with the process, on POSIX systems and on Windows."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt
    import os
    import time

    _FAR_BEYOND = 1 << 60  # nobody can read or write a byte that is locked: take none that exists

    def lock(descriptor: int) -> None:
        """Wait for the lock on the file; it is held until the file is closed."""
        while not try_lock(descriptor):
            time.sleep(0.005)

    def try_lock(descriptor: int) -> bool:
        """Take the lock if nobody holds it; whether we have it now."""
        os.lseek(descriptor, _FAR_BEYOND, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def lock(descriptor: int) -> None:
        """Wait for the lock on the file; it is held until the file is closed."""
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def try_lock(descriptor: int) -> bool:
        """Take the lock if nobody holds it; whether we have it now."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
