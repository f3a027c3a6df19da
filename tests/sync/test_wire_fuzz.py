"""Recorded talks with some bytes changed: an answer, or a refusal in a sentence."""

from __future__ import annotations

import json

from house import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from replicas import START_MS, assert_whole

from pyvcs.objects.errors import ConnectionLost, PyvcsError
from pyvcs.repository import Repository
from pyvcs.sync.answering import Answerer
from pyvcs.sync.messages import Failure, Report
from pyvcs.sync.session import Role, Session, State

TURNS = [
    (bytes.fromhex(turn["up"]), bytes.fromhex(turn["down"]))
    for path in sorted((ROOT / "fixtures" / "wire").glob("*.json"))
    for turn in json.loads(path.read_text(encoding="utf-8"))["turns"]
]


@st.composite
def damaged(draw: st.DrawFn, stream: bytes) -> bytes:
    """A stream after a few bytes were set, put in, or taken out; or cut off."""
    data = bytearray(stream)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        kind = draw(st.sampled_from(["set", "insert", "delete", "cut", "repeat"]))
        if kind == "set":
            data[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
        elif kind == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=8))
        elif kind == "delete":
            del data[at : at + draw(st.integers(1, 8))]
        elif kind == "cut":
            del data[at:]
        else:
            data[at:at] = data[at : at + 40]
    return bytes(data)


@settings(deadline=None)
@given(st.data())
def test_an_answering_end_survives_a_damaged_turn(data: st.DataObject) -> None:
    turn = data.draw(st.sampled_from(TURNS).flatmap(lambda both: damaged(both[0])))
    replica = Repository.in_memory(now_ms=lambda: START_MS + 10**7)
    before = replica.refs
    caller = Session(Role.CALLER)
    caller.state = State.HEARD
    events: list[object] = []
    try:
        for piece in Answerer(replica).answer([turn]):
            events += caller.receive(piece)
    except ConnectionLost:
        pass
    if not any(isinstance(event, Report) and event.taken for event in events):
        assert replica.refs.branches == before.branches
        assert list(replica.store.oids()) == []
    for event in events:
        if isinstance(event, Failure):
            assert event.message
    assert_whole([replica])


@settings(deadline=None)
@given(st.data())
def test_a_calling_end_survives_a_damaged_answer(data: st.DataObject) -> None:
    down = data.draw(st.sampled_from(TURNS).flatmap(lambda both: damaged(both[1])))
    caller = Session(Role.CALLER)
    caller.state = State.HEARD
    told = "nothing was wrong"
    try:
        caller.receive(down)
    except PyvcsError as error:
        told = error.message
    assert told
    assert told == "nothing was wrong" or caller.state is State.FAILED
