"""Transfer: copying objects from one store to another, trusting nothing.

Idea.        Walk down from the wants. What the receiver has is not walked into: it was published
             whole, so all that it reaches is there as well.
Invariant.   Bytes are hashed, and read in the one form they may have, before they are walked; what
             they name is there, and of the right kind, before the pack is published; `check` has
             seen the clock of every commit. A damaged or lying giver ends the transfer, and nothing
             of it is seen.
Cost.        What is missing, and one question for each object that it names. Memory: the oids of
             what is missing and of what it names, one object or chunk, and the trees above it.
Result.      A pack in which each object comes after all that it names; and the new commits, parents
             before children, with what the graph keeps of them.
"""

from __future__ import annotations

from pyvcs.objects import codec
from pyvcs.objects.chunking import MAX_CHUNK
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit_graph import Facts
from pyvcs.objects.errors import InvalidObject, ObjectMissing
from pyvcs.objects.foreign import read_foreign
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import decode_recipe
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.sync.recipes import Read, check_oid, checked_chunk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import TracebackType
    from typing import Self, TypeAlias

    from pyvcs.replica import Progress, Replica

_Waiting: TypeAlias = tuple[Oid, Kind | None, bytes]
"""What is to be copied; with its kind, and its bytes unless it is a commit, when that has begun."""


class Transfer:
    """A context: `copy` puts objects aside, `publish` makes them visible."""

    def __init__(
        self,
        read: Read,
        receiver: ObjectStore,
        *,
        check: Callable[[Clock], None],
        progress: Progress,
    ) -> None:
        self._read = read
        self._receiver = receiver
        self._check = check
        self._progress = progress
        self._writer = StoreWriter(receiver)
        self._kinds: dict[Oid, Kind] = {}  # of what was copied, or waits
        self._here: dict[Kind, set[bytes]] = {kind: set() for kind in Kind}
        self._awaited: dict[Kind, set[Oid]] = {kind: set() for kind in Kind}
        self._waiting: list[_Waiting] = []
        self._facts: dict[Oid, Facts] = {}
        self.commits: dict[Oid, Facts] = {}
        """The new ones, parents before children."""

    def __enter__(self) -> Self:
        self._writer.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._writer.__exit__(kind, error, traceback)

    def copy(self, wants: Collection[Oid], *, commits: Collection[Oid] = ()) -> None:
        """Copy what `wants` and `commits` reach and the receiver lacks; the latter must be that."""
        for oid in wants:
            kind = self._receiver.kind_here(oid)
            if kind is None:
                self._waiting.append((oid, None, b""))
            else:
                self._here[kind].add(oid)
        self._name(Kind.COMMIT, commits)
        while self._waiting:
            oid, kind, record = self._waiting.pop()
            if kind is not None:
                self._write(oid, kind, record)
            elif oid not in self._kinds:
                self._kinds[oid] = self._begin(oid)
        for wanted, oids in self._awaited.items():
            for each in oids:
                _check_kind(each, wanted, self._kinds[each])

    def _begin(self, oid: Oid) -> Kind:
        """Check an object, and let it wait for what it names; its kind."""
        place, record = self._read(oid)
        if place.chunked:
            self._copy_chunks(oid, record)
            return Kind.BLOB
        check_oid(oid, codec.oid_of(record))
        kind, _ = codec.split(record)
        if kind is Kind.BLOB:
            self._write(oid, kind, record)
            return kind
        named, commit = read_foreign(kind, record)
        if commit is not None:
            self._check(commit.clock)
            self._facts[oid] = commit.parents, commit.seconds, int(commit.is_canonical)
            record = b""  # all of a history may wait for its beginning
        self._waiting.append((oid, kind, record))
        for wanted, oids in named:
            self._name(wanted, oids)
        return kind

    def _write(self, oid: Oid, kind: Kind, record: bytes) -> None:
        if kind is Kind.COMMIT:
            record = self._read(oid)[1]
            check_oid(oid, codec.oid_of(record))
            self.commits[oid] = self._facts.pop(oid)
        self._writer.put_hashed(oid, kind, record)
        self._progress("receiving objects", self._writer.count)

    def _name(self, wanted: Kind, named: Collection[bytes]) -> None:
        """Look up what is named: it is here, was copied, or comes before what names it."""
        here, awaited = self._here[wanted], self._awaited[wanted]
        for oid in [Oid(each) for each in named if each not in here][::-1]:
            kind = None if oid in awaited else self._receiver.kind_here(oid)
            if kind is not None:
                _check_kind(oid, wanted, kind)
                here.add(oid)
            else:
                awaited.add(oid)
                if oid not in self._kinds:
                    self._waiting.append((oid, None, b""))

    def _copy_chunks(self, oid: Oid, recipe: bytes) -> None:
        named, length, parts = decode_recipe(recipe)
        check_oid(oid, named)
        is_small, whole = length <= MAX_CHUNK, bytearray()
        digest = codec.BlobHash(length)
        for size, chunk in parts:
            record, content = checked_chunk(oid, size, chunk, self._read)
            digest.update(content)
            if is_small:
                whole += content
            else:
                self._writer.put_chunk(chunk, record)
                if self._receiver.has(chunk):
                    self._here[Kind.BLOB].add(chunk)
        check_oid(oid, digest.oid())
        if is_small:  # it may be a chunk of another, and no chunk is stored in chunks itself
            self._write(oid, Kind.BLOB, codec.encode(bytes(whole)))
        else:
            self._writer.put_recipe(oid, length, parts)

    def publish(self) -> None:
        """Let all of it appear, in one pack. The caller holds the lock of the receiver, if any."""
        if self._receiver.refresh():  # a gc may have removed what was here when we looked
            for oid in map(Oid, set().union(*self._here.values())):
                if not self._receiver.has(oid):
                    raise ObjectMissing(
                        f"the object {oid} was removed in the meantime", hint="try again"
                    )
        self._writer.publish()


def write_objects(giver: Replica, into: ObjectStore, wants: Collection[Oid]) -> list[Oid]:
    """Write to a store what `wants` reach and it lacks; the commits among that."""

    def show(_what: str, done: int) -> None:
        giver.progress("writing objects", done)

    transfer = Transfer(giver.store.record, into, check=lambda _: None, progress=show)
    with transfer:
        transfer.copy(sorted(wants))
        transfer.publish()
    return list(transfer.commits)


def _check_kind(oid: Oid, wanted: Kind, found: Kind) -> None:
    if wanted is not found:
        raise InvalidObject(
            f"the other side names {oid} as a {wanted.value}, and it is a {found.value}",
            hint="run `pyvcs fsck` there; nothing of this sync was kept",
        )
