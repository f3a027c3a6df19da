"""Runs commands for a benchmark from a small process of its own.

The system counts what the process that spawned a command had in memory as the command's own, until
it is loaded; a benchmark that made a history has hundreds of MiB. Each line of the input is a JSON
list of the program, its words and the folder; each line of the output one of the exit status, wall
and CPU time in ms, and the peak in MiB.
"""

from __future__ import annotations

import json
import os
import sys
from time import perf_counter

NOTHING = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]

CANNOT_RUN = 127 << 8
"""The status of what could not be run, as a shell has it."""


def answer_all() -> None:
    """Run what is asked for, one after the other."""
    for line in sys.stdin:
        program, words, folder = json.loads(line)
        started = perf_counter()
        try:
            os.chdir(folder)
            child = os.posix_spawn(program, words, os.environ, file_actions=NOTHING)
        except OSError:
            print(json.dumps([CANNOT_RUN, 0, 0, 0]), flush=True)
            continue
        _, status, usage = os.wait4(child, 0)
        wall = 1000 * (perf_counter() - started)
        cpu = 1000 * (usage.ru_utime + usage.ru_stime)
        print(json.dumps([status, wall, cpu, usage.ru_maxrss / 1024]), flush=True)


if __name__ == "__main__":
    answer_all()
