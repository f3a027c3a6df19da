"""Halving: work on many things that two processes do at once.

Idea.        A forked child does every second thing and gives the result back through a pipe, while
             this process does the others. Threads would not do: Python runs one at a time.
Invariant.   The results are those of doing it all here. Where the child cannot be made, or does not
             end well, its half is done here.
Cost.        Some 2 ms for the child, and the work of one half.
Source.      `git status` looks at files in threads for the same reason (core.preloadIndex).
Not handled. Processes of which others have a say: a child of a process with several threads
             inherits their locks as they happen to be, and code around us may count its children.
             So only the command line allows it (`may_fork`), and not while there is a thread.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    Thing = TypeVar("Thing")
    Result = TypeVar("Result")


def in_halves(
    work: Callable[[Sequence[Thing]], Result], things: Sequence[Thing], *, may_fork: bool
) -> list[Result]:
    """What `work` makes of each half of the things, or of all of them: what `marshal` can write."""
    if not may_fork or not _has_second_core() or _has_threads():
        return [work(things)]
    mine, others = things[::2], things[1::2]
    child = _begin(work, others)
    try:
        results = [work(mine)]
    finally:
        answer: list[Result] = _end(child)
    return results + (answer or [work(others)])


def _has_second_core() -> bool:
    """Whether two processes of ours may run at once, as far as the system tells."""
    return hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1


def _has_threads() -> bool:
    """Whether others run; `threading` does not count those of `objects/ahead.py`."""
    return len(sys._current_frames()) > 1


def _begin(
    work: Callable[[Sequence[Thing]], Any], things: Sequence[Thing]
) -> tuple[int, int] | None:
    """A child that works on the things: its number, and where its answer is read."""
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:  # there may be no more processes
        os.close(reading)
        os.close(writing)
        return None
    if child:
        os.close(writing)
        return child, reading
    try:
        os.close(reading)  # else what nobody reads is waited for, when this process was killed
        with open(writing, "wb") as stream:
            stream.write(marshal.dumps(work(things)))
        os._exit(0)
    finally:
        os._exit(1)  # nothing that this process holds is the child's to finish


def _end(child: tuple[int, int] | None) -> list[Result]:
    """The answer of a child that ended well, else nothing."""
    if child is None:
        return []
    number, reading = child
    with open(reading, "rb") as stream:
        content = stream.read()
    try:
        status = os.waitpid(number, 0)[1]
    except ChildProcessError:  # whoever started us said to forget about children
        return []
    return [marshal.loads(content)] if status == 0 else []
