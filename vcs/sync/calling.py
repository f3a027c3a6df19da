"""The calling end of a talk: asks, takes in, gives. One round trip when the peer is known."""

from __future__ import annotations

from pyvcs.objects.clock import ReplicaId
from pyvcs.objects.errors import ConnectionLost, RemoteProtocolError
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass
from pyvcs.refs import Position, Refs
from pyvcs.replica import BYTES, Replica
from pyvcs.sharing import note_shared
from pyvcs.sync.acquaintance import Acquaintance, newest, recall, remember
from pyvcs.sync.blocks import short
from pyvcs.sync.failures import error_of
from pyvcs.sync.frames import PIECE_BYTES
from pyvcs.sync.introducing import introduction_to, take_in_peers
from pyvcs.sync.joining import commits_here, unrelated
from pyvcs.sync.known_peers import KnownPeers
from pyvcs.sync.messages import (
    MAX_HELD,
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
)
from pyvcs.sync.negotiate import brief_haves, full_haves
from pyvcs.sync.receiving import intake_of, publish
from pyvcs.sync.ref_digest import (
    NamedRef,
    RefDigest,
    bucket_count,
    digest_of,
    in_buckets,
    named_refs,
    refs_of,
)
from pyvcs.sync.report import Moved, Received, Wish, stands_on_tip
from pyvcs.sync.session import Block, Event, Role, Session
from pyvcs.sync.speaking import changed_since, gift, heads_in, heads_outside, hello
from pyvcs.sync.taking import Intake
from pyvcs.sync.transports.base import Transport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_GUESS = 256 * 1024
"""What is given before the peer has said what it lacks: no more than one chunk, for it may be in
vain."""


@dataclass(frozen=True, slots=True)
class _Ours:
    """Our refs at one moment, with their digest."""

    refs: list[NamedRef]
    digest: RefDigest


class _Reply:
    """What the answering end said in one turn."""

    def __init__(self) -> None:
        self.replica: ReplicaId | None = None
        self.peers: KnownPeers | None = None
        self.answer: Answer | None = None
        self.report: Report | None = None
        self.held: tuple[bytes, ...] = ()
        self.refs: list[NamedRef] = []


class Caller:
    """Talks to the peer behind a transport for a replica."""

    def __init__(self, here: Replica, transport: Transport, wish: Wish) -> None:
        self._here = here
        self._transport = transport
        self._wish = wish
        self.session = Session(Role.CALLER)
        self._pushed = Received()
        self._bytes = 0
        self.branch = ""
        """The branch that the other end stands on, once it has answered; "" for none."""
        self.theirs = Refs(Position(None))
        """What the other end knows of branches and tags, once the talk is over."""

    def talk(self) -> tuple[Received, Received]:
        """Pull and push as wished; what we took in, and what the other end took in."""
        here, wish = self._here, self._wish
        here.store.refresh()
        peer = recall(here.backend, self._transport.address)
        before = self._ours()
        pulled, reply, answer, haves = self._pull(peer, before)
        after = self._ours(len(before.digest.buckets))
        root = answer.root
        if wish.push and after.digest.root != root:
            self._push(reply, answer, haves, before, after)
            self._remember(reply, after.refs, self._ours().digest.buckets)
        elif after.digest.root == root:
            self._remember(reply, after.refs, self._ours().digest.buckets)
        else:
            self._remember(reply, reply.refs, () if peer is None else peer.buckets)
        self.theirs = _known_there(before, answer, reply, after if wish.push else None)
        return pulled, self._pushed

    def _ours(self, buckets: int = 0) -> _Ours:
        refs = named_refs(self._here.refs)
        return _Ours(refs, digest_of(refs, buckets or bucket_count(len(refs))))

    # -- the first turn --------------------------------------------------------------------------

    def _pull(
        self, peer: Acquaintance | None, ours: _Ours
    ) -> tuple[Received, _Reply, Answer, list[Oid]]:
        with intake_of(self._here) as intake:
            haves = self._haves(peer, ours)
            reply = self._exchange(self._asking(peer, ours, haves, intake), intake)
            if reply.answer is not None and reply.answer.status is Status.MORE:
                haves = self._haves(None, ours)
                reply = self._exchange(self._asking(None, ours, haves, intake), intake)
            answer = reply.answer
            if answer is None:
                raise RemoteProtocolError("the other side answers nothing that it was asked")
            self.branch = answer.branch
            if answer.status is not Status.READY:
                raise unrelated()
            received = Received()
            if self._wish.pull and (reply.refs or not stands_on_tip(self._here)):
                received = publish(
                    self._here,
                    intake,
                    refs_of(reply.refs),
                    worktree=self._wish.worktree,
                    merge=self._wish.merge,
                )
            return received, reply, answer, haves

    def _haves(self, peer: Acquaintance | None, ours: _Ours) -> list[Oid]:
        store = self._here.store
        heads = commits_here(store, heads_in(ours.refs))
        if peer is None:
            return full_haves(store, self._here.history, heads)
        return brief_haves(store, peer.heads, heads)

    def _asking(
        self, peer: Acquaintance | None, ours: _Ours, haves: Sequence[Oid], intake: Intake
    ) -> Iterator[Message]:
        wish = self._wish
        yield hello(self._here)
        yield introduction_to(self._here, peer)
        yield Ask(ours.digest, wish.pull, wish.push, wish.allow_unrelated)
        yield Haves(tuple(map(short, haves)), complete=peer is None)
        tops = intake.partial.tops() if wish.pull else []
        if tops:
            yield Held(tuple(map(short, tops))[:MAX_HELD])
        if peer is not None and peer.buckets and wish.push:
            yield from self._guess(peer, ours)
        yield Over()

    def _guess(self, peer: Acquaintance, ours: _Ours) -> list[RefStates | Objects]:
        """What the peer lacks if it is as we left it: given at once if it is little."""
        buckets = len(peer.buckets)  # we may have more refs by now, and would take more buckets
        changed = changed_since(digest_of(ours.refs, buckets), peer.buckets)
        news = in_buckets(ours.refs, changed, buckets)
        common = [*peer.heads, *heads_outside(ours.refs, changed, buckets)]
        messages: list[RefStates | Objects] = []
        for message in gift(self._here, news, common=common, held=()) if news else ():
            messages.append(message)
            if len(messages) > MAX_GUESS // PIECE_BYTES:
                return []
        return messages

    # -- the second turn -------------------------------------------------------------------------

    def _push(
        self, reply: _Reply, answer: Answer, haves: Sequence[Oid], before: _Ours, after: _Ours
    ) -> None:
        """Give what the other end lacks, now that we know what it has."""
        buckets = len(after.digest.buckets)
        differing = {*answer.differing, *after.digest.differing(before.digest)}
        theirs = {named[:2]: named.ref for named in reply.refs}
        ours = in_buckets(after.refs, differing, buckets)
        news = [named for named in ours if theirs.get(named[:2]) != named.ref]
        common = [
            *(haves[number] for number in answer.known if number < len(haves)),
            *heads_in(reply.refs),
            *heads_outside(after.refs, differing, buckets),
        ]
        if news:
            self._exchange(self._giving(news, common, reply.held), None)

    def _giving(
        self, news: list[NamedRef], common: list[Oid], held: tuple[bytes, ...]
    ) -> Iterator[Message]:
        yield hello(self._here)
        yield from gift(self._here, news, common=common, held=held)
        yield Over()

    def _remember(self, reply: _Reply, refs: list[NamedRef], buckets: tuple[bytes, ...]) -> None:
        """Note that the peer has these refs, however they came there: in a guess, say."""
        here = self._here
        commits = commits_here(here.store, heads_in(refs))
        note_shared(here, commits)
        heads = newest(commits, here.history.graph)
        if reply.replica is not None:
            told = {} if reply.peers is None else reply.peers.digest
            peer = Acquaintance(reply.replica, heads, buckets, told)
            remember(here.backend, self._transport.address, peer)

    # -- one turn --------------------------------------------------------------------------------

    def _exchange(self, turn: Iterable[Message], intake: Intake | None) -> _Reply:
        reply = _Reply()
        for event in self._events(turn):
            if isinstance(event, Hello):
                reply.replica = event.replica
            elif isinstance(event, KnownPeers):
                reply.peers = event
                take_in_peers(self._here, event.entries)
            elif isinstance(event, Answer):
                reply.answer = event
            elif isinstance(event, Report):
                reply.report = event
                self._note(event)
            elif isinstance(event, Held):
                reply.held = event.objects
            elif isinstance(event, RefStates):
                reply.refs += event.refs
            elif isinstance(event, Block):
                if intake is None or not self._wish.pull:
                    raise RemoteProtocolError("the other side sends objects that nobody asked for")
                intake.add(event.content)
        return reply

    def _events(self, turn: Iterable[Message]) -> Iterator[Event]:
        for data in self._transport.exchange(self._sent(turn)):
            self._show_bytes(len(data))
            for event in self.session.receive(data):
                if isinstance(event, Failure):
                    raise error_of(event)
                yield event
                if isinstance(event, Over):
                    return
        raise ConnectionLost(
            f"{self._transport.address} went away in the middle of the sync",
            hint="sync again: what came so far is kept",
        )

    def _sent(self, turn: Iterable[Message]) -> Iterator[bytes]:
        for message in turn:
            data = self.session.send(message)
            self._show_bytes(len(data))
            yield data

    def _show_bytes(self, count: int) -> None:
        self._bytes += count
        self._here.progress(BYTES, self._bytes)

    def _note(self, report: Report) -> None:
        moved = tuple(Moved(m.branch, m.before, m.after, m.heads) for m in report.moved)
        commits = self._pushed.commits + report.commits
        self._pushed = Received(commits, self._pushed.moved + moved)


def _known_there(before: _Ours, answer: Answer, reply: _Reply, given: _Ours | None) -> Refs:
    """What the other end knows after a talk: its refs, those that were no other than ours, and
    what it was given."""
    buckets = len(before.digest.buckets)
    same = set(range(buckets)).difference(answer.differing)
    known = {ref[:2]: ref for ref in (*in_buckets(before.refs, same, buckets), *reply.refs)}
    for named in given.refs if given is not None else ():
        there = known.get(named[:2])
        ref = named.ref if there is None else there.ref.join(named.ref)
        known[named[:2]] = named._replace(ref=ref)
    return refs_of(known.values())
