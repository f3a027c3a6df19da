"""A pager for long output: on a terminal only, as git has it."""

from __future__ import annotations

import os
import sys

from pyvcs.objects.contexts import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyvcs.cli.session import Session


def pager_command(environ: Mapping[str, str], setting: str | None = None) -> str | None:
    """The command of PYVCS_PAGER, else the setting core.pager, else that of PAGER, else `less`.

    None for an empty one or `cat`.
    """
    known = (environ.get("PYVCS_PAGER"), setting, environ.get("PAGER"), "less")
    command = next(each for each in known if each is not None).strip()
    return None if command in ("", "cat") else command


@contextmanager
def pager(session: Session) -> Iterator[None]:
    """Sends stdout through a pager, if it is a terminal, until the block ends.

    A person who leaves the pager early has seen enough: that is no error. Without the pager's
    program (a shell says so) the output is lost, as with git; without less there is no pager.
    """
    command = _command(session) if sys.stdout.isatty() else None
    if command is None or (command == "less" and not _has_less()):
        yield
        return
    import signal
    import subprocess

    # F: not for what fits on one screen; R: colours; X: leave it on the screen. As git sets them.
    environ = {"LESS": "FRX", "LV": "-c", **os.environ}
    sys.stdout.flush()
    terminal = os.dup(1)
    # Ctrl-C is for the pager, which decides what it means; we end when it takes no more.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    process = subprocess.Popen(
        command,
        shell=True,
        stdin=subprocess.PIPE,
        env=environ,
    )
    assert process.stdin is not None
    os.dup2(process.stdin.fileno(), 1)
    process.stdin.close()
    try:
        yield
        sys.stdout.flush()
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _forget_what_is_held_back()
    finally:
        os.dup2(terminal, 1)  # closes our end of the pipe, so that the pager sees the end
        os.close(terminal)
        process.wait()
        signal.signal(signal.SIGINT, before)


def _command(session: Session) -> str | None:
    setting = session.setting("core.pager")
    return pager_command(os.environ, None if setting is None else str(setting))


def _has_less() -> bool:
    from shutil import which

    return which("less") is not None


def _forget_what_is_held_back() -> None:
    """Lets what is still in our buffers go nowhere instead of onto the terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    sys.stdout.flush()
