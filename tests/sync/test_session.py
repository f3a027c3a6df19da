"""The table of states, the document that draws it, and sessions that are used against it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyvcs.objects.clock import ReplicaId
from pyvcs.objects.errors import RemoteProtocolError, UnsupportedFormat
from pyvcs.sync.frames import HEAD, MAX_BODY, frame
from pyvcs.sync.messages import (
    Answer,
    Ask,
    Failure,
    Haves,
    Held,
    Hello,
    Message,
    Objects,
    Over,
    RefStates,
    Report,
    Status,
    encode_message,
)
from pyvcs.sync.ref_digest import digest_of
from pyvcs.sync.session import (
    CALLERS_STATES,
    TRANSITIONS,
    LocalProtocolError,
    Role,
    Session,
    State,
)

WIRE = Path(__file__).parents[2] / "docs" / "formats" / "wire.md"
NOTHING = digest_of([], 1)
HELLO = Hello(1, 1, ReplicaId("0a" * 16))
SAMPLES: dict[type, Message] = {
    Hello: HELLO,
    Ask: Ask(NOTHING, pull=True, push=True),
    Haves: Haves((), complete=True),
    Held: Held(()),
    RefStates: RefStates(()),
    Objects: Objects(b"", last=True),
    Answer: Answer(Status.READY, NOTHING.root, (), ()),
    Report: Report(True, NOTHING.root, 0, ()),
    Over: Over(),
}


def diagram() -> str:
    """The table of states as the document shows it."""
    drawn = [s for s in State if s is not State.FAILED]
    lines = ["stateDiagram-v2", *(f'    state "{s.value}" as {s.name}' for s in drawn)]
    lines.append("    [*] --> IDLE")
    lines += [
        f"    {state.name} --> {following.name}: {message.__name__}"
        for state in drawn
        for message, following in TRANSITIONS[state].items()
    ]
    return "\n".join(lines) + "\n"


def test_the_document_draws_the_table() -> None:
    block = re.compile(r"^```state-diagram\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    (found,) = block.findall(WIRE.read_text(encoding="utf-8"))
    assert found == diagram()


def test_the_example_of_a_hello_is_one() -> None:
    block = re.compile(r"^```hello-example\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    (found,) = block.findall(WIRE.read_text(encoding="utf-8"))
    data = bytes.fromhex("".join(line.partition("#")[0] for line in found.splitlines()))
    (hello,) = Session(Role.ANSWERER).receive(data)
    assert hello == Hello(1, 1, ReplicaId("3d81fdabf4ef560374d7cfe1786d92a5"))
    assert frame(*encode_message(hello)) == data


def test_the_table_is_whole() -> None:
    assert TRANSITIONS.keys() == set(State)
    reached = {following for row in TRANSITIONS.values() for following in row.values()}
    assert reached | {State.FAILED} == set(State)
    for state, row in TRANSITIONS.items():
        for message, following in row.items():
            passes = (state in CALLERS_STATES) != (following in CALLERS_STATES)
            assert passes == (message is Over)


def at(state: State, role: Role) -> Session:
    session = Session(role)
    session.state = state
    return session


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("sort", SAMPLES)
def test_what_the_table_does_not_allow_fails_on_both_ends(state: State, sort: type) -> None:
    message = SAMPLES[sort]
    speaker = Role.CALLER if state in CALLERS_STATES else Role.ANSWERER
    listener = Role.ANSWERER if speaker is Role.CALLER else Role.CALLER
    data = frame(*encode_message(message))
    allowed = sort in TRANSITIONS[state]
    for role in Role:
        session = at(state, role)
        if allowed and role is speaker:
            assert session.send(message) == data
            assert session.state is TRANSITIONS[state][sort]
        else:
            with pytest.raises(LocalProtocolError):
                session.send(message)
            assert session.state is State.FAILED
        session = at(state, role)
        if allowed and role is listener:
            session.receive(data)
            assert session.state is TRANSITIONS[state][sort]
        else:
            with pytest.raises(RemoteProtocolError, match=sort.__name__):
                session.receive(data)
            assert session.state is State.FAILED


@pytest.mark.parametrize("state", State)
def test_a_failure_ends_the_talk_at_any_moment(state: State) -> None:
    one, other = at(state, Role.CALLER), at(state, Role.ANSWERER)
    failure = Failure("Refused", "no", "go away")
    assert one.receive(other.send(failure)) == [failure]
    assert one.state is other.state is State.FAILED


@pytest.mark.parametrize(
    ("newest", "oldest", "words"),
    [(9, 8, "needs version 8 .* use a newer pyvcs here"), (0, 0, "version 0 .* newer pyvcs there")],
)
def test_an_end_that_is_too_old_is_told_in_a_sentence(newest: int, oldest: int, words: str) -> None:
    data = frame(*encode_message(Hello(newest, oldest, HELLO.replica)))
    with pytest.raises(UnsupportedFormat) as caught:
        Session(Role.ANSWERER).receive(data)
    assert re.search(words, f"{caught.value.message} {caught.value.hint}")


def test_a_newer_hello_may_say_more() -> None:
    code, body = encode_message(HELLO)
    session = Session(Role.ANSWERER)
    assert session.receive(frame(code, body + b"what version 2 adds")) == [HELLO]


def test_bytes_may_come_one_by_one() -> None:
    session = Session(Role.ANSWERER)
    data = frame(*encode_message(HELLO)) + frame(*encode_message(SAMPLES[Ask]))
    events = [event for byte in data for event in session.receive(bytes([byte]))]
    assert events == [HELLO, SAMPLES[Ask]]


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        HEAD.pack(1, MAX_BODY + 1),
        HEAD.pack(99, 0),
        frame(1, b"pyvcsSY\x02" + bytes(22)),
        frame(1, b"pyvcsSY"),
    ],
)
def test_what_is_no_talk_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        Session(Role.ANSWERER).receive(data)
