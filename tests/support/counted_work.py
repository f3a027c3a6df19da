"""Work that is counted: as much on any machine, however busy it is.

A test that says "in linear time" must not ask a clock. It gives a bound for what is counted, far
above what there is, and far below what the fault that it guards against would take.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, SupportsIndex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

PRODUCT = "pyvcs"


@contextmanager
def at_most_steps(most: int) -> Iterator[None]:
    """Within, lines of pyvcs run at most so often; the one too many ends it, however long it is.

    A loop takes a step for each line and each round of it, in a comprehension, too. What C does
    in one line is not seen: slices, sorting, a look through a list, a pattern. Pythons of other
    versions may count a little otherwise.
    """
    taken = 0

    def within(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal taken
        if event == "line":
            taken += 1
            if taken > most:
                raise AssertionError(f"it takes more than {most} steps")
        return within

    def at_call(frame: FrameType, _event: str, _argument: object) -> Any:
        name = str(frame.f_globals.get("__name__"))
        return within if name.partition(".")[0] == PRODUCT else None

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        yield
    finally:
        sys.settrace(before)


class Copied(bytes):
    """Bytes that count how many are copied into slices of them, and into sums with such."""

    total: list[int]

    @classmethod
    def from_bytes(cls, content: bytes, total: list[int]) -> Copied:
        """The same bytes. Copies of them, and of these, add their sizes to the item of `total`."""
        made = cls(content)
        made.total = total
        return made

    def _copy(self, content: bytes) -> Copied:
        self.total[0] += len(content)
        return Copied.from_bytes(content, self.total)

    def __getitem__(self, at: SupportsIndex | slice) -> Any:
        found = super().__getitem__(at)
        return self._copy(found) if isinstance(found, bytes) else found

    def __add__(self, other: Any) -> Copied:
        return self._copy(super().__add__(other))
