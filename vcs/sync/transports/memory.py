"""A transport to a replica in this process: nothing but the talk itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType

from pyvcs.replica import Replica
from pyvcs.sync.answering import Answerer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self


class MemoryTransport:
    """A way to a replica that this process has opened itself."""

    def __init__(self, there: Replica) -> None:
        self.there = there
        self._answerer = Answerer(there, thin=False)
        self._address = there.place.name if there.place is not None else f"memory {there.id}"

    @property
    def address(self) -> str:
        """The folder of the replica, or its id."""
        return self._address

    def exchange(self, turn: Iterable[bytes]) -> Iterator[bytes]:
        """Let the other end hear and answer, step by step as its answer is read."""
        return self._answerer.answer(turn)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None
