"""Files outside the store, such as settings and what a command was told to write: replaced whole,
or not at all."""

from __future__ import annotations

import os
import stat

from pyvcs.objects.contexts import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO


def replace_file(path: str, content: bytes) -> None:
    """Writes a file beside the path, brings it to the disk, and renames it into place.

    A symbolic link stays one: what it leads to is replaced, and keeps its permissions. What is no
    file (a pipe, a terminal, /dev/null) is written into. OSError names the path as it was given.
    """
    try:
        mode = _mode(os.path.realpath(path))
        is_file = mode is None or stat.S_ISREG(mode)
        with replacing_file(path) if is_file else open(path, "wb") as stream:
            stream.write(content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None


@contextmanager
def replacing_file(path: str) -> Iterator[IO[bytes]]:
    """A stream whose bytes take the place of a file when the block ends well; else nothing does."""
    target = os.path.realpath(path)
    aside = os.path.join(os.path.dirname(target), f".pyvcs-{os.getpid()}.tmp")
    try:
        mode = _mode(target)
        with open(aside, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(aside, stat.S_IMODE(mode))
        os.replace(aside, target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    finally:
        if os.path.exists(aside):
            os.unlink(aside)


def _mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None
