"""Transports for tests: they count, record, or cut what goes through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from pyvcs.objects.errors import ConnectionLost
from pyvcs.replica import Replica
from pyvcs.sync.answering import Answerer
from pyvcs.sync.calling import Caller
from pyvcs.sync.report import Wish


class Wire:
    """A way to a replica in this process that counts turns and bytes, and keeps both streams.

    It is cut after `up` bytes to the peer, or `down` bytes from it.
    """

    def __init__(
        self, there: Replica, *, up: int | None = None, down: int | None = None, name: str = ""
    ) -> None:
        self._there = there
        self.address = name or (f"memory {there.id}" if there.place is None else there.place.name)
        self._up = up
        self._down = down
        self.turns: list[tuple[bytes, bytes]] = []

    @property
    def sent(self) -> int:
        """Bytes that came to the peer."""
        return sum(len(up) for up, _ in self.turns)

    @property
    def received(self) -> int:
        """Bytes that came back."""
        return sum(len(down) for _, down in self.turns)

    def exchange(self, turn: Iterable[bytes]) -> Iterator[bytes]:
        """Carry a turn, as far as it may go."""
        up, down = bytearray(), bytearray()
        incoming = _cut(turn, None if self._up is None else self._up - self.sent, up)
        try:
            answer = Answerer(self._there).answer(incoming)
            left = None if self._down is None else self._down - self.received
            yield from _cut(answer, left, down)
        except ConnectionLost:
            return
        finally:
            self.turns.append((bytes(up), bytes(down)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None


def _cut(stream: Iterable[bytes], left: int | None, copy: bytearray) -> Iterator[bytes]:
    for data in stream:
        piece = data if left is None else data[: max(0, left - len(copy))]
        copy += piece
        if piece:
            yield piece
        if len(piece) < len(data):
            return


def talk(here: Replica, there: Replica, wish: Wish | None = None, /, **cuts: int) -> Wire:
    """Let two replicas talk over a wire, which comes back with what went through."""
    wire = Wire(there, **cuts)  # type: ignore[arg-type]
    Caller(here, wire, wish or Wish()).talk()
    return wire
