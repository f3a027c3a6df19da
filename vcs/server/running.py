"""Running a server: a socket, TLS, signals, and a stop that lets running turns end."""

from __future__ import annotations

import logging
import signal
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from pyvcs.objects.errors import Usage
from pyvcs.objects.values import dataclass
from pyvcs.server.app import SyncApp
from pyvcs.server.limits import Limits

_HEADER_SECONDS = 10.0
"""How long a connection may take to send the head of a request."""
_STOP_SECONDS = 30
"""How long running turns have to end when the server is to stop."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM: the certificate with those that lead to its root, and its key."""

    certificate: str
    key: str | None = None


class _ImpatientProtocol(H11Protocol):
    """Hangs up on who connects and then says nothing, or says it drop by drop."""

    def connection_made(self, transport: Any) -> None:
        """A connection has come."""
        super().connection_made(transport)
        self.loop.call_later(_HEADER_SECONDS, self._hang_up)

    def _hang_up(self) -> None:
        if self.cycle is None:
            self.transport.close()


def listen(address: str) -> socket.socket:
    """A socket that listens on `HOST:PORT`; port 0 takes a free one. Usage when it is no address.

    OSError, with the address as its file name, when it cannot be listened on.
    """
    host, found, port = address.rpartition(":")
    is_number = port.isascii() and port.isdigit() and len(port) <= len("65535")
    if not found or not is_number or int(port) > 65535:
        raise Usage(f"{address!r} is no HOST:PORT", hint="for example 127.0.0.1:8080")
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    try:
        socket.getaddrinfo(bare or "127.0.0.1", int(port))
    except (OSError, UnicodeError):
        raise Usage(f"{host!r} is no address of this machine") from None
    try:
        return socket.create_server((bare, int(port)), family=family, backlog=128)
    except OSError as error:
        raise OSError(error.errno, error.strerror, address) from None


def url_of(listening: socket.socket, tls: Tls | None) -> str:
    """Where a server on this socket is to be reached from this machine."""
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{'http' if tls is None else 'https'}://{shown}:{port}/"


def is_loopback(listening: socket.socket) -> bool:
    """Whether only this machine reaches it."""
    host = str(listening.getsockname()[0])
    return host.startswith("127.") or host == "::1"


def prepare(app: SyncApp, *, limits: Limits, tls: Tls | None) -> uvicorn.Config:
    """A server that can be run. OSError, with its file name, when the certificate is of no use."""
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())
    logging.getLogger("uvicorn").propagate = False
    config = uvicorn.Config(
        app,
        http=_ImpatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=_STOP_SECONDS,
        ssl_certfile=None if tls is None else tls.certificate,
        ssl_keyfile=None if tls is None else tls.key,
    )
    try:
        config.load()
    except OSError as error:
        name = None if tls is None else tls.certificate
        raise OSError(error.errno, error.strerror, name) from None
    return config


def run(config: uvicorn.Config, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; running turns then have 30 s to end."""
    # The server passes a signal on when it has stopped: these take it, and the process ends well.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])
