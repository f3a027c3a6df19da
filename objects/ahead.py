"""Working ahead: what takes milliseconds is done in threads, while whoever gave it goes on.

Idea.        zstd lets other threads of Python run. So what is ready to be compressed waits for a
             helper, of which there are as many as other processors; when one piece waits already,
             who has the next one does it himself instead of waiting.
Invariant.   Results and errors are those of doing it at once: an error is raised where the result
             is taken. Who takes results in the order in which he gave the work sees no difference.
Cost.        A few microseconds a piece, and half a millisecond for the first one, which starts a
             helper. One that finds nothing to do for a while ends: nobody has to end it.
Not handled. Stopping what has begun: it ends by itself, and nobody takes its result.
"""

from __future__ import annotations

import os
from _thread import allocate_lock, start_new_thread
from functools import cache

from pyvcs.objects.typed import Generic, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from queue import SimpleQueue

_Result = TypeVar("_Result")

_MOST_HELPERS = 3  # so many keep up with whoever reads and hashes
_IDLE_SECONDS = 0.1


@cache
def helpers() -> int:
    """How many threads may help: none when there is a single processor."""
    if hasattr(os, "sched_getaffinity"):
        usable = len(os.sched_getaffinity(0))
    else:
        usable = os.cpu_count() or 1
    return min(usable - 1, _MOST_HELPERS)


class Later(Generic[_Result]):
    """A piece of work, and what comes of it."""

    def __init__(self, work: Callable[[], _Result]) -> None:
        self._work = work
        self._results: list[_Result] = []
        self._error: Exception | None = None
        self._undone = allocate_lock()
        self._undone.acquire()

    def run(self) -> None:
        """Do the work."""
        try:
            self._results.append(self._work())
        except Exception as error:  # noqa: BLE001 - `result` raises it
            self._error = error
        finally:
            del self._work  # and what it works on
            self._undone.release()

    @property
    def is_done(self) -> bool:
        """Whether `result` has not to wait."""
        return not self._undone.locked()

    def result(self) -> _Result:
        """What came of it; raises what the work raised."""
        with self._undone:
            if self._error is not None:
                raise self._error
            return self._results[0]


class Ahead:
    """Where one giver has work done."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._waiting: SimpleQueue[Later[bytes]] | None = None
        self.at_work = 0
        """How many helpers there are just now."""

    def give(self, work: Callable[[], bytes]) -> Later[bytes]:
        """Have a piece of work done: by a helper, or at once when all of them are busy."""
        later = Later(work)
        with self._lock:
            is_given = helpers() > 0 and self._hand_over(later)
        if not is_given:
            later.run()
        return later

    def _hand_over(self, later: Later[bytes]) -> bool:
        if self._waiting is None:
            from queue import SimpleQueue  # small commands need none

            self._waiting = SimpleQueue()
        if not self._waiting.empty():
            return False
        if self.at_work < helpers():
            self._start_helper(self._waiting)
        if self.at_work:
            self._waiting.put(later)
        return self.at_work > 0

    def _start_helper(self, waiting: SimpleQueue[Later[bytes]]) -> None:
        self.at_work += 1
        try:
            start_new_thread(self._help, (waiting,))
        except RuntimeError:  # the system gives us no more threads
            self.at_work -= 1

    def _help(self, waiting: SimpleQueue[Later[bytes]]) -> None:
        from queue import Empty

        while True:
            try:
                later = waiting.get(timeout=_IDLE_SECONDS)
            except Empty:
                with self._lock:
                    if waiting.empty():
                        self.at_work -= 1
                        return
            else:
                later.run()
