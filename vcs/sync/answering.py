"""The answering end of a talk: it hears a turn, takes in what it is given, and answers.

It remembers nothing from one turn to the next, so one of these can serve a pipe as well as single
requests. Its repository is locked only while what came is published.
"""

from __future__ import annotations

from contextlib import suppress

from pyvcs.objects.errors import ConnectionLost, PyvcsError, Refused
from pyvcs.objects.oid import Oid
from pyvcs.refs import Ref
from pyvcs.replica import Replica
from pyvcs.sharing import note_shared
from pyvcs.sync.blocks import short
from pyvcs.sync.failures import failure_of
from pyvcs.sync.introducing import introduction, take_in_peers
from pyvcs.sync.joining import commits_here
from pyvcs.sync.known_peers import KnownPeers
from pyvcs.sync.messages import (
    MAX_HELD,
    MAX_MOVED,
    Answer,
    Ask,
    BranchMoved,
    Failure,
    Haves,
    Held,
    Over,
    RefStates,
    Report,
    Status,
)
from pyvcs.sync.negotiate import known
from pyvcs.sync.receiving import intake_of, publish
from pyvcs.sync.ref_digest import (
    BRANCH,
    NamedRef,
    RefDigest,
    digest_of,
    in_buckets,
    named_refs,
    refs_of,
)
from pyvcs.sync.report import Received
from pyvcs.sync.rights import ALL_RIGHTS, Rights
from pyvcs.sync.session import Block, Event, Role, Session
from pyvcs.sync.speaking import gift, heads_in, heads_outside, hello
from pyvcs.sync.taking import Intake, ObjectsLacking

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NO_HAVES = Haves((), complete=True)


class _Turn:
    """What the caller said in one turn.

    `lacking` is why what was given could not be taken: the caller guessed wrong what is here.
    """

    def __init__(self) -> None:
        self.peers: KnownPeers | None = None
        self.ask: Ask | None = None
        self.haves: Haves = _NO_HAVES
        self.held: tuple[bytes, ...] = ()
        self.gives = False
        self.refs: list[NamedRef] = []
        self.lacking: ObjectsLacking | None = None


class Answerer:
    """Answers talks for a replica. The caller sees and moves what its rights allow."""

    def __init__(self, replica: Replica, *, rights: Rights = ALL_RIGHTS) -> None:
        self._replica = replica
        self._rights = rights
        self.session = Session(Role.ANSWERER)

    def answer(self, incoming: Iterable[bytes]) -> Iterator[bytes]:
        """Hear one turn from `incoming`, which is read no further than its end, and answer it.

        Nothing comes back when `incoming` ends before the turn begins. ConnectionLost when it
        ends in its middle; all other errors are told to the caller.
        """
        try:
            with intake_of(self._replica) as intake:
                turn = self._hear(incoming, intake)
                if turn is None:
                    return
                received = self._take(turn, intake)
            yield from self._reply(turn, received)
        except ConnectionLost:
            raise
        except (PyvcsError, OSError) as error:
            yield self.session.send(failure_of(error))

    def _hear(self, incoming: Iterable[bytes], intake: Intake) -> _Turn | None:
        turn = _Turn()
        some = False
        self._replica.store.refresh()
        for data in incoming:
            some = some or bool(data)
            for event in self.session.receive(data):
                self._note(event, turn, intake)
                if isinstance(event, Failure):
                    return None
                if isinstance(event, Over):
                    return turn
        if some:
            raise ConnectionLost("the other side went away in the middle of its turn")
        return None

    def _note(self, event: Event, turn: _Turn, intake: Intake) -> None:
        if isinstance(event, KnownPeers):
            turn.peers = event
        elif isinstance(event, Ask):
            turn.ask = event
        elif isinstance(event, Haves):
            turn.haves = event
        elif isinstance(event, Held):
            turn.held = event.objects
        elif isinstance(event, RefStates):
            self._check_rights(event)
            turn.gives = True
            turn.refs += event.refs
        elif isinstance(event, Block) and turn.lacking is None:
            try:
                intake.add(event.content)
            except ObjectsLacking as error:
                self._lack(turn, error)

    def _check_rights(self, states: RefStates) -> None:
        rights = self._rights
        if not rights.move:
            raise Refused("this repository may be read here, not written")
        refused = [named for named in states.refs if not rights.may_move(named)]
        ours = {named[:2]: named.ref for named in named_refs(self._replica.refs)} if refused else {}
        for named in refused:
            here = ours.get(named[:2])
            if here is None or here.join(named.ref) != here:
                raise Refused(
                    f"the {named.sort} {named.name!r} may not be moved with these rights,"
                    f" only: {', '.join(rights.move)}",
                    hint="`pyvcs sync --pull` only takes in",
                )

    def _lack(self, turn: _Turn, error: ObjectsLacking) -> None:
        if turn.ask is None:
            raise error
        turn.lacking = error

    def _take(self, turn: _Turn, intake: Intake) -> Received:
        if turn.gives and turn.lacking is None:
            try:
                return publish(self._replica, intake, refs_of(turn.refs))
            except ObjectsLacking as error:
                self._lack(turn, error)
        return Received()

    # -- answering -------------------------------------------------------------------------------

    def _reply(self, turn: _Turn, received: Received) -> Iterator[bytes]:
        send = self.session.send
        yield send(hello(self._replica))
        if turn.peers is not None:
            may_tell = bool(self._rights.move)
            if may_tell:
                take_in_peers(self._replica, turn.peers.entries)
            yield send(introduction(self._replica, turn.peers, is_trusted=may_tell))
        known_refs = self._replica.refs
        refs = self._rights.seen(named_refs(known_refs))
        buckets = len(turn.ask.digest.buckets) if turn.ask is not None else 1
        digest = digest_of(refs, buckets)
        if turn.gives:
            yield send(_report(turn, received, digest))
        if turn.ask is not None:
            branch = known_refs.position.branch or ""
            if not self._rights.may_see(NamedRef(BRANCH, branch, Ref())):
                branch = ""
            yield from self._answer(turn.ask, turn, refs, digest, branch)
        yield send(Over())

    def _answer(
        self, ask: Ask, turn: _Turn, refs: list[NamedRef], digest: RefDigest, branch: str
    ) -> Iterator[bytes]:
        send = self.session.send
        store = self._replica.store
        differing = digest.differing(ask.digest)
        buckets = len(ask.digest.buckets)
        had = known(store, turn.haves.commits)
        common = [*had.values(), *heads_outside(refs, differing, buckets)]
        if turn.lacking is None:
            common += heads_in(turn.refs)
        status = self._status(ask, turn.haves, refs, common)
        yield send(Answer(status, digest.root, tuple(differing), tuple(had), branch))
        if ask.push and (tops := intake_of(self._replica).partial.tops()):
            yield send(Held(tuple(map(short, tops))[:MAX_HELD]))
        if status is Status.READY:
            wanted = in_buckets(refs, differing, buckets)
            gifts = gift(
                self._replica,
                wanted,
                common=common,
                held=turn.held,
                with_objects=ask.pull,
            )
            for message in gifts:
                yield send(message)
            if ask.pull:
                with suppress(OSError):  # of a repository that can only be read
                    note_shared(self._replica, commits_here(store, heads_in(wanted)))

    def _status(self, ask: Ask, haves: Haves, refs: list[NamedRef], common: list[Oid]) -> Status:
        store = self._replica.store
        if commits_here(store, common) or not haves.commits:
            return Status.READY
        if not commits_here(store, heads_in(refs)):
            return Status.READY
        if not haves.complete:
            return Status.MORE
        return Status.READY if ask.allow_unrelated else Status.UNRELATED


def _report(turn: _Turn, received: Received, digest: RefDigest) -> Report:
    moved = tuple(
        BranchMoved(move.branch, move.before, move.after, move.heads)
        for move in received.moved[:MAX_MOVED]
    )
    return Report(turn.lacking is None, digest.root, received.commits, moved)
