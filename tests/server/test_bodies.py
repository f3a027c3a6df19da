"""The body of a request that never ends: its time is limited, however steadily it comes."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from pyvcs.objects.errors import Refused
from pyvcs.server.bodies import Bodies
from pyvcs.server.limits import Limits


def read_all(limits: Limits) -> None:
    """Read a body that goes on and on, a byte at a time."""

    async def drip() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def ignore(message: MutableMapping[str, Any]) -> None:
        del message

    async def serve() -> None:
        bodies = Bodies(drip, ignore, limits, media_type="text/plain")
        await asyncio.to_thread(lambda: [None for _ in bodies.incoming()])

    asyncio.run(serve())


def test_a_slow_drip_is_cut_when_the_time_of_a_turn_is_over() -> None:
    with pytest.raises(Refused, match="this turn took too long"):
        read_all(Limits(idle_seconds=60.0, turn_seconds=0.2))


def test_a_body_without_a_length_is_cut_at_the_limit() -> None:
    with pytest.raises(Refused, match="takes 50 bytes in a turn, no more"):
        read_all(Limits(body_bytes=50))
