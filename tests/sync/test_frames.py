"""Frames: messages in whatever pieces they come, and compressed ones within bounds."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.objects.compression import compressed
from pyvcs.objects.errors import RemoteProtocolError
from pyvcs.sync.frames import HEAD, MAX_BODY, PACKED, FrameReader, frame

BODIES = st.binary(max_size=40) | st.builds(
    lambda piece, times: piece * times, st.binary(min_size=1, max_size=40), st.integers(30, 3000)
)


@given(st.lists(st.tuples(st.integers(1, 20), BODIES, st.booleans())), st.integers(1, 5000))
def test_what_went_in_comes_out(messages: list[tuple[int, bytes, bool]], step: int) -> None:
    stream = b"".join(frame(code, body, pack=pack) for code, body, pack in messages)
    reader = FrameReader()
    found = [
        each for at in range(0, len(stream), step) for each in reader.feed(stream[at : at + step])
    ]
    assert found == [(code, body) for code, body, _ in messages]
    assert reader.is_between


def test_only_what_becomes_smaller_is_compressed() -> None:
    alike, unlike = b"refs/heads/" * 500, bytes(range(256)) * 3
    assert len(frame(5, alike, pack=True)) < len(alike) // 20
    assert frame(5, alike) == HEAD.pack(5, len(alike)) + alike
    assert frame(5, unlike, pack=True) == HEAD.pack(5, len(unlike)) + unlike


def packed(length: int, content: bytes) -> bytes:
    body = struct.pack("<I", length) + content
    return HEAD.pack(5 | PACKED, len(body)) + body


@pytest.mark.parametrize(
    "data",
    [
        packed(1000, compressed(bytes(50_000_000))),
        packed(MAX_BODY, compressed(bytes(50_000_000))),
        packed(MAX_BODY + 1, compressed(bytes(MAX_BODY + 1))),
        packed(2**32 - 1, compressed(b"x")),
        packed(3, compressed(b"xy")),
        packed(2, compressed(b"xy") + b"more"),
        packed(2, b"no frame"),
        HEAD.pack(5 | PACKED, 2) + b"xy",
    ],
    ids=["bomb", "large bomb", "too long", "huge", "short", "trailing", "noise", "no length"],
)
def test_a_compressed_message_that_lies_is_refused_before_room_is_made(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError, match="the other side sent"):
        list(FrameReader().feed(data))
