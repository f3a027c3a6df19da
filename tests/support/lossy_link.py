"""A link between two processes on loopback for one talk, which is cut at a given byte."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

LOOPBACK = "127.0.0.1"
_PIECE = 65536


def nothing() -> None:
    """What a cut harms besides the link, unless a test says more."""


class LossyLink:
    """Carries one connection to a port, until `up` bytes went there or `down` bytes came back.

    `port` is where the caller connects. `harm` is called in the instant of a cut, before either end
    can learn of it.
    """

    def __init__(
        self,
        target: int,
        *,
        up: int | None = None,
        down: int | None = None,
        harm: Callable[[], None] = nothing,
    ) -> None:
        self.was_cut = False
        self._target = target
        self._limits = up, down
        self._harm = harm
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with suppress(OSError), self._listener:
            caller, _ = self._listener.accept()
            with caller, socket.create_connection((LOOPBACK, self._target)) as peer:
                self._carry(caller, peer)

    def _carry(self, caller: socket.socket, peer: socket.socket) -> None:
        left = dict(zip((caller, peer), self._limits, strict=True))
        while True:
            for source in select.select([caller, peer], [], [])[0]:
                sink = peer if source is caller else caller
                limit = left[source]
                if limit is not None and limit <= 0:
                    self.was_cut = True
                    self._harm()
                    return
                data = source.recv(_PIECE if limit is None else min(_PIECE, limit))
                if not data:
                    return
                sink.sendall(data)
                left[source] = None if limit is None else limit - len(data)

    def end(self) -> None:
        """Wait until the talk is over; a link that nobody used is closed."""
        with suppress(OSError), socket.create_connection((LOOPBACK, self.port), timeout=1):
            pass
        self._thread.join()
