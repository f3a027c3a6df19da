"""One end of a talk between two replicas, without a socket: what may be said when, and the bytes.

A talk goes in turns. The caller says what it wants, has and gives, and ends with Over; then the
answering end says what it found, did and gives, and ends with Over. So a talk fits a pipe as well
as requests over HTTP, and neither end ever waits for the other while that waits for it.

Rules
1. Both ends run the same table, TRANSITIONS. A state says who speaks; a message leads to a state.
2. To send what the table does not allow is our fault: LocalProtocolError. To receive it is theirs:
   RemoteProtocolError. Both leave the session FAILED: nothing more is said.
3. A Failure may come from either end at any moment, and ends the talk.
4. Every turn begins with Hello and stands for itself: an answering end may forget everything
   between two turns.
5. Nothing here knows what the messages mean: see `calling` and `answering`. Nothing here waits:
   deadlines are the transports'.

The table is drawn in docs/formats/wire.md; a test compares them.

>>> from pyvcs.objects.clock import ReplicaId
>>> from pyvcs.sync.messages import Ask, Answer, Haves, Hello, Over, Status
>>> from pyvcs.sync.ref_digest import digest_of
>>> ada, bob = Session(Role.CALLER), Session(Role.ANSWERER)
>>> nothing = digest_of([], 1)
>>> turn = [Hello(1, 1, ReplicaId("0a" * 16)), Ask(nothing, pull=True, push=True),
...         Haves((), complete=True), Over()]
>>> stream = b"".join(map(ada.send, turn))
>>> [type(event).__name__ for event in bob.receive(stream)]
['Hello', 'Ask', 'Haves', 'Over']
>>> reply = [Hello(1, 1, ReplicaId("0b" * 16)), Answer(Status.READY, nothing.root, (), ()), Over()]
>>> for message in reply:
...     ada.receive(bob.send(message))[0] == message
True
True
True
>>> ada.state is bob.state is State.IDLE
True
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType

from pyvcs.objects.errors import InvalidObject, RemoteProtocolError, UnsupportedFormat
from pyvcs.objects.typed import TypeVar
from pyvcs.objects.values import dataclass
from pyvcs.sync.blocks import MAX_BLOCK
from pyvcs.sync.frames import FrameReader, frame
from pyvcs.sync.known_peers import KnownPeers
from pyvcs.sync.messages import (
    OLDEST,
    VERSION,
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
    decode_message,
    encode_message,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

_Error = TypeVar("_Error", bound=Exception)

MAX_REFS = 250_000
"""In one turn. All refs of a repository are one value; with so many it takes 50 MB."""


class Role(Enum):
    """Who begins the talk, and who answers."""

    CALLER = "caller"
    ANSWERER = "answerer"


class State(Enum):
    """Where a talk is: the value says it in words."""

    IDLE = "idle"
    CALLED = "called"
    INTRODUCED = "introduced"
    ASKED = "asked"
    SAMPLED = "sampled"
    HOLDING = "holding"
    GIVING_REFS = "giving refs"
    GIVING = "giving objects"
    HEARD = "heard"
    ANSWERING = "answering"
    INTRODUCING = "introducing"
    REPORTED = "reported"
    ANSWERED = "answered"
    KEEPING = "keeping"
    RETURNING_REFS = "returning refs"
    RETURNING = "returning objects"
    FAILED = "failed"


S = State
TRANSITIONS: Mapping[State, Mapping[type, State]] = MappingProxyType(
    {
        # The caller speaks.
        S.IDLE: {Hello: S.CALLED},
        S.CALLED: {KnownPeers: S.INTRODUCED, Ask: S.ASKED, RefStates: S.GIVING_REFS},
        S.INTRODUCED: {Ask: S.ASKED},
        S.ASKED: {Haves: S.SAMPLED},
        S.SAMPLED: {Held: S.HOLDING, RefStates: S.GIVING_REFS, Over: S.HEARD},
        S.HOLDING: {RefStates: S.GIVING_REFS, Over: S.HEARD},
        S.GIVING_REFS: {RefStates: S.GIVING_REFS, Objects: S.GIVING, Over: S.HEARD},
        S.GIVING: {Objects: S.GIVING, Over: S.HEARD},
        # The answering end speaks.
        S.HEARD: {Hello: S.ANSWERING},
        S.ANSWERING: {KnownPeers: S.INTRODUCING, Report: S.REPORTED, Answer: S.ANSWERED},
        S.INTRODUCING: {Report: S.REPORTED, Answer: S.ANSWERED},
        S.REPORTED: {Answer: S.ANSWERED, Over: S.IDLE},
        S.ANSWERED: {Held: S.KEEPING, RefStates: S.RETURNING_REFS, Over: S.IDLE},
        S.KEEPING: {RefStates: S.RETURNING_REFS, Over: S.IDLE},
        S.RETURNING_REFS: {RefStates: S.RETURNING_REFS, Objects: S.RETURNING, Over: S.IDLE},
        S.RETURNING: {Objects: S.RETURNING, Over: S.IDLE},
        S.FAILED: {},
    }
)
"""From a state, by the message, to the next. Not in the table: a Failure leads to FAILED."""

CALLERS_STATES = frozenset(
    {
        *(S.IDLE, S.CALLED, S.INTRODUCED, S.ASKED, S.SAMPLED, S.HOLDING),
        *(S.GIVING_REFS, S.GIVING),
    }
)


class LocalProtocolError(ValueError):
    """This program said what the protocol does not allow: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of objects that came whole; nothing in it has been looked at."""

    content: bytes


Event: TypeAlias = (
    Hello | KnownPeers | Ask | Haves | Held | RefStates | Block | Answer | Report | Failure | Over
)


class Session:
    """One end of a talk. `send` gives bytes for the transport; `receive` takes those that came."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.state = State.IDLE
        self.version = VERSION
        """The version that both speak, as far as the other has said Hello."""
        self.sent_bytes = 0
        self.received_bytes = 0
        self.turns = 0
        """How often the talk came back to the caller: round trips."""
        self._frames = FrameReader()
        self._pieces = bytearray()
        self._refs = 0

    @property
    def is_ours(self) -> bool:
        """Whether it is our turn to speak."""
        return (self.state in CALLERS_STATES) == (self.role is Role.CALLER)

    def send(self, message: Message) -> bytes:
        """The bytes of a message that the state allows. LocalProtocolError for another."""
        following = self._following(message, is_ours=True)
        if following is None:
            raise self._fail(LocalProtocolError(self._wrong(message, "we cannot send")))
        self._go(following, message)
        # Blocks of objects are compressed already.
        data = frame(*encode_message(message), pack=not isinstance(message, Objects))
        self.sent_bytes += len(data)
        return data

    def receive(self, data: bytes) -> list[Event]:
        """What the other end said with these bytes, as far as it is whole.

        RemoteProtocolError, InvalidObject or UnsupportedFormat when it should not have.
        """
        self.received_bytes += len(data)
        events: list[Event] = []
        try:
            for code, body in self._frames.feed(data):
                events += self._received(decode_message(code, body))
        except (RemoteProtocolError, InvalidObject, UnsupportedFormat) as error:
            raise self._fail(error) from None
        return events

    def _received(self, message: Message) -> list[Event]:
        following = self._following(message, is_ours=False)
        if following is None:
            raise RemoteProtocolError(self._wrong(message, "the other side sent"))
        if isinstance(message, Hello):
            self._agree(message)
        if isinstance(message, RefStates):
            self._refs += len(message.refs)
            if self._refs > MAX_REFS:
                raise RemoteProtocolError(f"the other side sent more than {MAX_REFS} refs")
        if isinstance(message, Over | Answer | Report) and self._pieces:
            raise RemoteProtocolError("the other side ended its turn inside a block of objects")
        self._go(following, message)
        return self._whole_block(message) if isinstance(message, Objects) else [message]

    def _whole_block(self, message: Objects) -> list[Event]:
        self._pieces += message.piece
        if len(self._pieces) > MAX_BLOCK:
            raise RemoteProtocolError(f"the other side sent a block of more than {MAX_BLOCK} bytes")
        if not message.last:
            return []
        block = Block(bytes(self._pieces))
        self._pieces.clear()
        return [block]

    def _following(self, message: Message, *, is_ours: bool) -> State | None:
        if isinstance(message, Failure):
            return State.FAILED
        return TRANSITIONS[self.state].get(type(message)) if self.is_ours == is_ours else None

    def _go(self, following: State, message: Message) -> None:
        if isinstance(message, Over):
            self._refs = 0
            self.turns += following is State.IDLE
        self.state = following

    def _agree(self, hello: Hello) -> None:
        self.version = min(VERSION, hello.newest)
        if hello.newest < OLDEST:
            raise UnsupportedFormat(
                f"the other side speaks version {hello.newest} of the sync protocol, and this"
                f" pyvcs needs {OLDEST} or newer",
                hint="use a newer pyvcs there",
            )
        if hello.oldest > VERSION:
            raise UnsupportedFormat(
                f"the other side needs version {hello.oldest} of the sync protocol, and this"
                f" pyvcs speaks {VERSION}",
                hint="use a newer pyvcs here",
            )

    def _wrong(self, message: Message, what: str) -> str:
        return f"{what} a {type(message).__name__} while the talk is {self.state.value!r}"

    def _fail(self, error: _Error) -> _Error:
        self.state = State.FAILED
        return error
