"""From both ends: work on many things that two processes do at once.

Idea.        This process works from the first thing on, a forked child from the last one back,
             until they meet. For each thing there is a byte in a pipe, and who has read one takes a
             thing: so the quicker one does more, and neither waits long for the other. The child
             gives its result back through another pipe. Threads would not do: Python runs one at a
             time. The child begins on another processor: Linux often leaves it on that of its
             parent, and looks for a better one only at its next tick, up to 4 ms later. From then
             on it may run anywhere: the other processor may be busy, and the parent waits for it.
Invariant.   The results are those of doing it all here. Where the child cannot be made, or does not
             end well, what is left is done here.
Cost.        Some 2 ms for the child, a call of the system for each thing, and half of the work.
Result.      What was made of the first things and, backwards, of the last ones.
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
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, TypeVar

    Thing = TypeVar("Thing")
    Result = TypeVar("Result")


_MOST_RUNS = 4096  # so many bytes every pipe holds
_STAT = "/proc/self/stat"
_PROCESSOR = 36  # the 39th field there (proc(5)), counted behind the second, which ends with ")"


def from_both_ends(
    work: Callable[[Iterable[Thing]], Result], things: Sequence[Thing], *, may_fork: bool
) -> list[Result]:
    """What `work` makes of all things, or of the first ones and of the last, from the last back.

    The results are what `marshal` can write.
    """
    return Begun(work, things, may_fork=may_fork).results()


class Begun:
    """Such work, on which a child begins while this process does something else."""

    def __init__(
        self, work: Callable[[Iterable[Any]], object], things: Sequence[Any], *, may_fork: bool
    ) -> None:
        self._work, self._things = work, things
        self._drawing: _Drawing | None = None
        if may_fork and _has_second_core() and not _has_threads():
            try:
                self._drawing = drawing = _Drawing(things)
            except OSError:  # there may be no more descriptors
                return
            self._child = _begin(lambda: work(drawing.from_the_end()))

    def results(self) -> list[Any]:
        """What this process makes of the things that are left, and what the child has made."""
        if self._drawing is None:
            return [self._work(self._things)]
        try:
            mine = self._work(self._drawing.from_the_start())
        finally:
            others, answer = self._drawing.others(), self.drop()
        return [mine, *(answer or [self._work(others)])]

    def drop(self) -> list[Any]:
        """End the child: it draws no more. What it has made, if it ended well."""
        if self._drawing is None:
            return []
        self._drawing.end()
        self._drawing = None
        return _end(self._child)


class _Drawing:
    """Things in runs, and a pipe with a byte for each run: two processes draw from its bytes."""

    def __init__(self, things: Sequence[Any]) -> None:
        length = len(things) // _MOST_RUNS + 1
        self._runs = [things[at : at + length] for at in range(0, len(things), length)]
        self._drawn = 0
        self._parent = os.getpid()
        self._tickets, full = os.pipe()
        with open(full, "wb", buffering=0) as stream:
            stream.write(bytes(len(self._runs)))

    def end(self) -> None:
        """Leave nothing to draw: a child of a process in which an error came up is done soon."""
        os.read(self._tickets, _MOST_RUNS)
        os.close(self._tickets)

    def from_the_start(self) -> Iterator[Any]:
        """The things from the first on, until every run is drawn."""
        for run in self._runs:
            if not os.read(self._tickets, 1):
                break
            self._drawn += 1
            yield from run

    def from_the_end(self) -> Iterator[Any]:
        """The things from the last one back, likewise, as long as the parent is there."""
        for run in reversed(self._runs):
            if os.getppid() != self._parent or not os.read(self._tickets, 1):
                break
            yield from reversed(run)

    def others(self) -> Iterator[Any]:
        """The things that `from_the_start` did not give, from the last one back."""
        return (thing for run in reversed(self._runs[self._drawn :]) for thing in reversed(run))


def _has_second_core() -> bool:
    """Whether two processes of ours may run at once, as far as the system tells."""
    return hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1


def _processor() -> int:
    """That on which this process runs, or -1 where nothing tells."""
    try:
        with open(_STAT, "rb", buffering=0) as file:
            return int(file.read().rpartition(b")")[2].split()[_PROCESSOR])
    except (OSError, ValueError, IndexError):
        return -1


def _send_from(processor: int, process: int, everywhere: set[int]) -> None:
    """Move a process to another processor; it may run `everywhere` afterwards."""
    try:
        os.sched_setaffinity(process, everywhere - {processor})
        os.sched_setaffinity(process, everywhere)
    except OSError:
        return  # it is slower where it is


def _has_threads() -> bool:
    """Whether others run; `threading` does not count those of `objects/ahead.py`."""
    return len(sys._current_frames()) > 1


def _begin(work: Callable[[], Any]) -> tuple[int, int] | None:
    """A child that works: its number, and where its answer is read."""
    here = os.getpid()
    ends: tuple[int, ...] = ()
    try:
        reading, writing = ends = os.pipe()
        processor, everywhere = _processor(), os.sched_getaffinity(0)
        child = os.fork()
        # Whoever of the two comes first does it: in the child `child` is 0, the process itself.
        _send_from(processor, child, everywhere)
        if not child:
            _answer(work, reading, writing)
    except OSError:  # there may be no more processes, or descriptors
        for end in ends:
            os.close(end)
        return None
    finally:
        if os.getpid() != here:
            os._exit(1)  # nothing that this process holds is the child's to finish
    os.close(writing)
    return child, reading


def _answer(work: Callable[[], Any], reading: int, writing: int) -> None:
    """Work, in the child, and end it."""
    os.close(reading)  # else what nobody reads is waited for, when the parent was killed
    with open(writing, "wb") as stream:
        stream.write(marshal.dumps(work()))
    os._exit(0)


def _end(child: tuple[int, int] | None) -> list[Any]:
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
