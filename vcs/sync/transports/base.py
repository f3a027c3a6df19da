"""The contract of a transport: it carries turns of bytes to a peer and back, and knows no more.

One call of `exchange` is one round trip. So a pipe and a request over HTTP are the same to those
who talk. Deadlines and what a slow peer may take belong to the transport; what the bytes mean, and
how many there may be, to the session.
"""

from __future__ import annotations

from types import TracebackType

from pyvcs.objects.typed import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

SILENT_SECONDS = 300.0
"""How long a peer may be silent: it may have a large working tree to write. `sync.timeout`."""


class Transport(Protocol):
    """A way to one peer. A context that lets go of it."""

    @property
    def address(self) -> str:
        """Where the peer is, in words; the same each time, and without secrets."""

    def exchange(self, turn: Iterable[bytes]) -> Iterator[bytes]:
        """Carry a whole turn there; what comes back, as it comes.

        The caller reads no further than to the end of the other's turn, and before that does not
        exchange again. ConnectionLost when the peer is not to be reached, or goes away before
        anything came back; an answer that was cut off ends early.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
