"""The ASGI application: who calls, whether it may, and one turn of a talk a request.

A POST to `/` carries a turn and its response the answer (docs/formats/wire.md). An answering end
remembers nothing between turns, so every request opens the repository anew and stands for itself.
The talk runs in a thread, which pulls the request and pushes the response piece by piece: what is
in memory is one piece and one block, whatever the size of either.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

from pyvcs.objects.errors import ConnectionLost, PyvcsError
from pyvcs.objects.values import dataclass
from pyvcs.replica import Replica
from pyvcs.server.bodies import Bodies
from pyvcs.server.limits import Limits, RateLimit
from pyvcs.server.tokens import TokenStore
from pyvcs.sync.answering import Answerer
from pyvcs.sync.failures import failure_of
from pyvcs.sync.rights import READ_ONLY, Rights
from pyvcs.sync.session import Role, Session
from pyvcs.sync.transports.media_type import MEDIA_TYPE

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PAGE = "This is a pyvcs repository. Sync with it: pyvcs sync URL\n"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A response without a talk: its status, a sentence, and headers."""

    status: int
    sentence: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the name of the token, or the address, and what it may do."""

    name: str
    rights: Rights


class SyncApp:
    """Answers requests for the repository in one folder; `log` is told a line for each.

    Nothing that a caller sent is in a line but its address and the name of its token.
    """

    def __init__(
        self,
        folder: str,
        *,
        limits: Limits | None = None,
        public_read: bool = False,
        log: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        self._public_read = public_read
        self._log = log
        self._rate = RateLimit(self._limits.per_minute)
        self._slots = asyncio.Semaphore(self._limits.at_once)
        self._threads = ThreadPoolExecutor(self._limits.at_once, "talk")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = time.monotonic()
        bodies = Bodies(receive, send, self._limits, media_type=MEDIA_TYPE)
        address = str((scope.get("client") or ("?",))[0])
        name = address
        try:
            found = self._admit(scope, address)
            refusal = found if isinstance(found, Refusal) else None
            if isinstance(found, Caller):
                name = found.name
                refusal = await self._talk(found, bodies)
            if refusal is not None:
                await bodies.refuse(refusal.status, refusal.sentence, refusal.headers)
        finally:
            took = time.monotonic() - begun
            self._log(
                f"{address} {name} {scope['method'][:16]!r} {bodies.status or 'cut'}"
                f" in {bodies.received} out {bodies.sent} {took:.2f} s"
            )

    def _admit(self, scope: Scope, address: str) -> Caller | Refusal:
        """The caller of a request, or why it is refused."""
        if not self._rate.allows(address, time.monotonic()):
            return Refusal(429, "too many requests; try later", ((b"retry-after", b"10"),))
        if scope["path"] != "/":
            return Refusal(404, "the repository is at /")
        if scope["method"] in ("GET", "HEAD"):
            return Refusal(200, PAGE)
        if scope["method"] != "POST":
            return Refusal(405, "only POST is allowed here", ((b"allow", b"GET, HEAD, POST"),))
        headers = dict(scope["headers"])
        if headers.get(b"content-type", b"") != MEDIA_TYPE.encode():
            return Refusal(415, f"a turn of a sync is {MEDIA_TYPE}")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self._limits.body_bytes:
            return Refusal(413, f"a turn may have {self._limits.body_bytes:,} bytes")
        return self._caller(headers.get(b"authorization"), address)

    def _caller(self, authorization: bytes | None, address: str) -> Caller | Refusal:
        challenge = ((b"www-authenticate", b'Bearer realm="pyvcs"'),)
        if authorization is None:
            if self._public_read:
                return Caller(address, READ_ONLY)
            return Refusal(401, "this repository wants a token", challenge)
        scheme, _, secret = authorization.decode("latin-1").partition(" ")
        replica = Replica.open(self._folder, search=False)
        token = TokenStore(replica.backend).find(secret.strip(), replica.now_ms())
        if scheme.lower() != "bearer" or token is None:
            return Refusal(401, "this token is unknown, revoked or expired", challenge)
        return Caller(token.name, token.rights)

    async def _talk(self, caller: Caller, bodies: Bodies) -> Refusal | None:
        """Let a thread answer the turn; a Refusal when there was none."""
        busy = Refusal(503, "the server is busy; try later", ((b"retry-after", b"5"),))
        try:
            await asyncio.wait_for(self._slots.acquire(), self._limits.idle_seconds)
        except TimeoutError:
            return busy
        try:
            work = asyncio.get_running_loop().run_in_executor(
                self._threads, self._answer, caller.rights, bodies
            )
            await asyncio.shield(work)
        finally:
            self._slots.release()
        await bodies.finish()
        return None if bodies.status else Refusal(400, "the turn ended before it was whole")

    def _answer(self, rights: Rights, bodies: Bodies) -> None:
        """One turn, in a thread. All that can fail is told to the caller, or the caller is gone."""
        try:
            replica = Replica.open(self._folder, search=False)
            for data in Answerer(replica, rights=rights).answer(bodies.incoming()):
                bodies.push(data)
        except ConnectionLost:
            return
        except (PyvcsError, OSError) as error:
            bodies.push(Session(Role.ANSWERER).send(failure_of(error)))
