"""Ctrl-C for a real process, at its n-th call of the file system or other event."""

from __future__ import annotations

import re
import subprocess
import sys

from terminal import Done, Terminal

from pyvcs.cli import exit_codes

INTERRUPTED = """
import os, signal, sys
moment, watched, count = int(sys.argv[1]), sys.argv[2].split(), 0

def watch(event, arguments):
    global count
    if event in watched:
        count += 1
        if count == moment:
            os.kill(os.getpid(), signal.SIGINT)

from pyvcs.cli.main import run
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores it
sys.addaudithook(watch)
code = run(sys.argv[3:])
moment = 0
print(f"calls: {count}", file=sys.stderr)
sys.exit(code)
"""

FILES = "open os.link os.mkdir os.remove os.rename os.rmdir os.scandir"


def interrupted(terminal: Terminal, words: list[str], moment: int, watched: str = FILES) -> Done:
    """Run pyvcs and interrupt it at its n-th call of the file system (never at the 0th).

    Other events of the interpreter may be `watched`, separated by blanks.
    """
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(moment), watched, *words],
        cwd=terminal.folder,
        env=terminal.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def calls_of(told: Done) -> int:
    """How often a process did what was watched."""
    return int(re.findall(r"calls: (\d+)", told.err)[-1])


def check_interrupted(told: Done, moment: int) -> None:
    """It came to this moment, and told the interrupt in one sentence."""
    assert calls_of(told) >= moment, told
    assert told.code == exit_codes.INTERRUPTED, (moment, told)
    said = [line for line in told.err.splitlines() if not line.startswith("calls: ")]
    assert said == ["error: interrupted; nothing is half-done"], (moment, told)
