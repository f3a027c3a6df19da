"""The two bodies of a request, for a thread that reads and writes while the loop runs elsewhere.

Every piece is asked for when the one before it has been dealt with, so a quick end waits for a slow
one and nothing piles up. Whoever is silent for too long is cut.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, MutableMapping
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from pyvcs.objects.errors import ConnectionLost, Refused
from pyvcs.server.limits import Limits

_T = TypeVar("_T")
_DRAIN_SECONDS, _DRAIN_BYTES = 2.0, 64 * 1024 * 1024
"""How much more of a turn is read, and thrown away, when it was refused in its middle: a caller
that is still sending would otherwise lose the answer to a reset connection."""


class Bodies:
    """The request body, pulled, and the response body, pushed, of one ASGI request."""

    def __init__(
        self,
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
        limits: Limits,
        *,
        media_type: str,
    ) -> None:
        self._receive, self._send = receive, send
        self._limits = limits
        self._media_type = media_type.encode()
        self._loop = asyncio.get_running_loop()
        self._end = time.monotonic() + limits.turn_seconds
        self._more = True
        self.status = 0
        """Of the response, once it has begun."""
        self.received = self.sent = 0

    # -- from the thread -------------------------------------------------------------------------

    def incoming(self) -> Iterator[bytes]:
        """The pieces of the request. Refused when it is too long or too slow."""
        while self._more:
            data = self._in_loop(self._pull())
            if self.received > self._limits.body_bytes:
                raise Refused(
                    f"the other side takes {self._limits.body_bytes:,} bytes in a turn, no more",
                    hint="sync fewer commits at once, or ask its owner for a higher limit",
                )
            if data:
                yield data

    def push(self, data: bytes) -> None:
        """Send a piece of the response; the first one begins it."""
        self._in_loop(self._push(data))

    def _in_loop(self, work: Coroutine[Any, Any, _T]) -> _T:
        left = self._end - time.monotonic()
        try:
            if left <= 0:  # `wait_for` would still give what is there at once
                work.close()
                raise TimeoutError
            limited = asyncio.wait_for(work, min(self._limits.idle_seconds, left))
            return asyncio.run_coroutine_threadsafe(limited, self._loop).result()
        except TimeoutError:
            if self.status:
                raise ConnectionLost("the caller takes the answer too slowly") from None
            raise Refused(
                f"this turn took too long: {self._limits.idle_seconds:g} s may pass without a"
                f" piece of it, and {self._limits.turn_seconds:g} s in all",
                hint="sync again: what came so far is kept",
            ) from None
        except (RuntimeError, CancelledError, asyncio.CancelledError):
            work.close()
            raise ConnectionLost("the server stops") from None

    # -- in the loop -----------------------------------------------------------------------------

    async def refuse(
        self, status: int, sentence: str, headers: tuple[tuple[bytes, bytes], ...]
    ) -> None:
        """A response that is a sentence."""
        self._media_type = b"text/plain; charset=utf-8"
        await self._begin(status, headers)
        await self._body(sentence.encode())
        await self.finish()

    async def finish(self) -> None:
        """End the response, and let go of what still comes."""
        if self.status and self._more:
            await self._drain()
        if self.status:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _drain(self) -> None:
        end, room = time.monotonic() + _DRAIN_SECONDS, self.received + _DRAIN_BYTES
        while self._more and self.received < room and time.monotonic() < end:
            try:
                await asyncio.wait_for(self._pull(), end - time.monotonic())
            except TimeoutError:
                return

    async def _pull(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._more = False
            return b""
        data: bytes = message.get("body", b"")
        self._more = message.get("more_body", False)
        self.received += len(data)
        return data

    async def _push(self, data: bytes) -> None:
        if not self.status:
            await self._begin(200, ())
        await self._body(data)

    async def _begin(self, status: int, headers: tuple[tuple[bytes, bytes], ...]) -> None:
        self.status = status
        fixed = ((b"content-type", self._media_type), (b"connection", b"close"))
        await self._send(
            {"type": "http.response.start", "status": status, "headers": [*fixed, *headers]}
        )

    async def _body(self, data: bytes) -> None:
        self.sent += len(data)
        await self._send({"type": "http.response.body", "body": data, "more_body": True})
