"""A terminal that is one: commands run through a pseudo-terminal, and what it shows."""

from __future__ import annotations

import os
import pty
import re
import sys
from pathlib import Path
from typing import NoReturn

from terminal import Done, Terminal, plain_call

from pyvcs.cli.declaring import load
from pyvcs.cli.main import COMMANDS, main

EXIT_BROKEN = 99

_WRITTEN_OVER = re.compile(r"[^\n]*\r(?!\n)")
"""What a progress line leaves behind: it is wiped out before anything else is written."""


class Screen(Terminal):
    """Somebody at a real terminal: lines of a shell, whose data and talk come out together."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.environ |= {"TERM": "xterm", "COLUMNS": "80", "LC_ALL": "C.UTF-8", "PAGER": "cat"}
        for name in ("NO_COLOR", "VISUAL", "EDITOR"):
            self.environ.pop(name, None)

    def type_line(self, command: str) -> Done:
        """Run a line of a shell in a process of its own; what the screen then shows is `out`.

        Colours are shown as `⟦31⟧`, and `⟦⟧` where they end. A call of pyvcs with nothing of a
        shell around it runs in a fork of this process: a day has too many for a Python each.
        """
        words = plain_call(command)
        if words is not None:
            for name in COMMANDS:
                load(name)
        process, ours = pty.fork()
        if process == 0:
            self._become(command, words)
        written = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        return Done(code, _shown(written.decode("utf-8", "surrogateescape")), "")

    def _become(self, command: str, words: list[str] | None) -> NoReturn:
        """Be the process at the terminal, instead of a copy of the test."""
        try:
            os.chdir(self.folder)
            if words is None:
                os.execvpe("sh", ["sh", "-c", command], self.environ)
            os.environ.clear()
            os.environ.update(self.environ)
            sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
            main(words)
        finally:
            os._exit(EXIT_BROKEN)


def _read(terminal: int) -> bytes:
    """What came out of a terminal; nothing when all who had it open are gone."""
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux says so, and not with an end of file
        return b""


def _shown(written: str) -> str:
    text = _WRITTEN_OVER.sub("", written.replace("\r\n", "\n"))
    return re.sub(r"\x1b\[([0-9;]*)m", lambda found: f"⟦{found[1].removeprefix('0')}⟧", text)
