"""Commands on a pseudo-terminal, where there are colours and a pager."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from terminal import Terminal


def on_a_terminal(terminal: Terminal, *arguments: str, **environ: str) -> tuple[int, str]:
    """Run pyvcs on a pseudo-terminal; the exit code and what it shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pyvcs", *arguments],
        cwd=terminal.folder,
        env={**terminal.environ, "TERM": "xterm", "NO_COLOR": "", **environ},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = shown_until_the_end(ours)
    return process.wait(), shown


def shown_until_the_end(ours: int) -> str:
    """What a terminal shows until nobody writes to it any more; its own end is then closed."""
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # how Linux says that nobody writes any more
        pass
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")
