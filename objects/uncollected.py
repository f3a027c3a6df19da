"""Uncollected: a while without the collector of circles.

Where hundreds of thousands of values are made that hold no circles, it would look at them again and
again and free none: up to a fifth of the time of a clone.
"""

from __future__ import annotations

import gc


class Uncollected:
    """A context in which the collector does not run; afterwards it is as it was, in errors too."""

    __slots__ = ("_was_on",)

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *error: object) -> None:
        if self._was_on:
            gc.enable()
