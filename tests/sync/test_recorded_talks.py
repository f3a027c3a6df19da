"""Talks that were recorded once: every version of this program reads them, and says them again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from house import ROOT

from pyvcs.sync.frames import FrameReader, frame
from pyvcs.sync.messages import decode_message, encode_message
from pyvcs.sync.session import Role, Session, State

TALKS = sorted((ROOT / "fixtures" / "wire").glob("*.json"))


def turns_of(path: Path) -> list[tuple[bytes, bytes]]:
    """The turns of a recorded talk: what went up, and what came down."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return [(bytes.fromhex(turn["up"]), bytes.fromhex(turn["down"])) for turn in document["turns"]]


def test_there_are_recorded_talks() -> None:
    assert [path.stem for path in TALKS] == ["acquaintances", "clone", "strangers"]


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
def test_a_recorded_talk_is_read_and_said_again(path: Path) -> None:
    caller, answerer = Session(Role.CALLER), Session(Role.ANSWERER)
    said = []
    for up, down in turns_of(path):
        for speaker, listener, stream in ((caller, answerer, up), (answerer, caller, down)):
            for code, body in FrameReader().feed(stream):
                message = decode_message(code, body)
                assert encode_message(message) == (code, body)
                assert speaker.send(message) == frame(code, body)
                said.append(type(message).__name__)
            listener.receive(stream)
        assert caller.state is answerer.state is State.IDLE
    assert said == json.loads(path.read_text(encoding="utf-8"))["messages"]
