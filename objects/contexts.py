"""Contexts: blocks of code that begin and end something.

`contextmanager` and `suppress` are those of `contextlib`, as far as they are used here: that module
takes as long to load as five of ours, and with what it needs as long as twenty. `Uncollected` is a
while without the collector of circles: where hundreds of thousands of values are made that hold no
circles, it would look at them again and again and free none, up to a fifth of the time of a clone.
"""

from __future__ import annotations

import gc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import contextmanager, suppress
else:

    class suppress:  # noqa: N801 - it has the name that it stands in for
        """A context that ends quietly when one of these errors ends it."""

        def __init__(self, *errors):
            self._errors = errors

        def __enter__(self):
            return None

        def __exit__(self, kind, _error, _traceback):
            return kind is not None and issubclass(kind, self._errors)

    def contextmanager(function):
        """Let a function that yields once be a context: what stands before and after the block."""

        def managed(*words, **named):
            return _Managed(function(*words, **named))

        managed.__name__, managed.__doc__ = function.__name__, function.__doc__
        return managed

    class _Managed:
        """A context whose two ends are the two halves of a generator."""

        def __init__(self, halves):
            self._halves = halves

        def __enter__(self):
            return next(self._halves)

        def __exit__(self, kind, error, traceback):
            try:
                if kind is None:
                    next(self._halves)
                else:
                    self._halves.throw(error)
            except StopIteration as end:
                return end is not error
            except BaseException as raised:
                is_stop = isinstance(error, StopIteration) and raised.__cause__ is error
                if error is None or not (raised is error or is_stop):
                    raise
                error.__traceback__ = traceback
                return False
            raise RuntimeError("a context yields once")


__all__ = ["Uncollected", "contextmanager", "suppress"]


class Uncollected:
    """A context in which the collector does not run; afterwards it is as it was, in errors too."""

    __slots__ = ("_was_on",)

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *error: object) -> None:
        if self._was_on:
            gc.enable()
