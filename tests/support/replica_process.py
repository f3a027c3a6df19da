"""A replica as a process of its own: it answers on a port of loopback, and does what it is told.

Usage: python replica_process.py FOLDER. It prints its port, then for each line of its input (a
JSON list) a line (a JSON object): ["edit", TOKEN, SEED], or ["sync", PORT, ADDRESS].
"""

from __future__ import annotations

import json
import os
import random
import socket
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from drawn_edits import make_edit
from lossy_link import LOOPBACK

from pyvcs.objects.errors import ConnectionLost, PyvcsError
from pyvcs.repository import Repository
from pyvcs.sync.calling import Caller
from pyvcs.sync.report import Wish
from pyvcs.sync.transports.pipe import read_pieces, serve_pipe, write_all

FAULT = 70
"""The exit code after an error that nobody may meet."""


class SocketTransport:
    """A way to a replica that answers on a port of loopback."""

    def __init__(self, port: int, address: str) -> None:
        self.address = address
        try:
            self._socket = socket.create_connection((LOOPBACK, port))
        except OSError as error:
            raise ConnectionLost(f"{address} cannot be reached: {error.strerror}") from None

    def exchange(self, turn: Iterable[bytes]) -> Iterator[bytes]:
        """Send a turn, and read what comes back."""
        with suppress(BrokenPipeError, ConnectionResetError):
            for data in turn:
                write_all(self._socket.fileno(), data)
        some = False
        with suppress(ConnectionResetError):
            for data in read_pieces(self._socket.fileno()):
                some = True
                yield data
        if not some:
            raise ConnectionLost(f"{self.address} answered nothing")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()


def answer_all(folder: str, listener: socket.socket) -> None:
    """Answer everybody who connects, each in a thread with a repository of its own."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(folder, connection), daemon=True).start()


def _answer(folder: str, connection: socket.socket) -> None:
    with connection, suppress(ConnectionLost, ConnectionResetError, BrokenPipeError):
        descriptor = connection.fileno()
        serve_pipe(Repository.open(folder, search=False), descriptor, descriptor)


def end_at_a_fault(fault: threading.ExceptHookArgs) -> None:
    """Let an error that ends one thread end the process, so that the test sees it."""
    traceback.print_exception(fault.exc_value)
    os._exit(FAULT)


def obey(folder: str, what: str, first: str | int, second: str | float) -> dict[str, str]:
    """Obey one order; what came of it."""
    repository = Repository.open(folder, search=False)
    try:
        if what == "edit":
            make_edit(repository, str(first), random.Random(second))
        else:
            with SocketTransport(int(first), str(second)) as transport:
                Caller(repository, transport, Wish()).talk()
    except PyvcsError as error:
        return {"error": type(error).__name__, "message": error.message}
    return {"error": "", "message": ""}


def main(folder: str) -> None:
    """Answer in the background, and obey until the input ends."""
    threading.excepthook = end_at_a_fault
    listener = socket.create_server((LOOPBACK, 0))
    threading.Thread(target=answer_all, args=(folder, listener), daemon=True).start()
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(obey(folder, *json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
