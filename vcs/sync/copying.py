"""Copying: the packs of a repository on this disk, for a replica that is being made.

Idea.        Both stores are here, and one has nothing. So blocks go as they lie, in the order of
             the packs, and what objects name is looked up once, at the end. Of a large pack two
             processes check the blocks, from both ends.
Invariant.   Each object is hashed, and read in the one form that it may have, before anything
             refers to it; what objects name is there, and of the right kind, before the pack
             appears. A damaged store ends the copying, and nothing of it is seen.
Cost.        One hash of each object, one reading of each tree and commit; bytes are written as they
             were read. Memory: the oids, and one block; PART_BYTES where two processes check.
Result.      The facts of all commits, and whether more came than the wants reach.
Not handled. Garbage: it is copied, and a gc of the copy lets it go.
"""

from __future__ import annotations

from pyvcs.both_ends import from_both_ends
from pyvcs.objects import codec
from pyvcs.objects.backends.base import BackendWriter
from pyvcs.objects.chunking import MAX_CHUNK
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit_graph import Facts
from pyvcs.objects.errors import Corrupt, InvalidObject
from pyvcs.objects.foreign import read_foreign
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import (
    BLOCK,
    MAGIC,
    MAX_BLOCK_BYTES,
    block_lengths,
    decode_recipe,
    open_block,
)
from pyvcs.objects.pack_index import CODES, PLAIN_BLOB, RECIPE
from pyvcs.objects.pack_reader import PackReader
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.whole_store import WholeStore
from pyvcs.replica import BYTES
from pyvcs.sync.recipes import checked_chunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import Self

MOST_PACKS = 8
"""Each pack is flushed to the disk on its own; many are better sent as one."""

PART_BYTES = 32 * 1024 * 1024
"""So many bytes of a pack are read, and then checked, at once."""

MUCH = 20_000
"""So many objects are worth a second process. Where the second processor is but another thread of
the first, hashing 10,000 files gains nothing by it."""

_KINDS = {code: kind for kind, code in CODES.items()}
_Found = tuple[int, int, int, bytes]
"""An object of a block: start, length, code of its kind, oid."""

_Block = tuple[int, bytes, list[_Found]]
"""A block: where it lies, its bytes as they are there, and its objects in their order."""

_RECIPE, _CHUNK, _SMALL = "recipe", "chunk", "small"
_Oids = dict[str, set[bytes]]
"""By the word of their kind; blobs in chunks and those chunks by words of their own."""

_CommitRow = tuple[bytes, tuple[bytes, ...], int, int]
"""Oid, parents, seconds and flags."""

_Seen = tuple[_Oids, _Oids, list[_CommitRow]]
"""What is in a block: oids that are there, oids that are named, and commits."""


def suits(giver: ObjectStore) -> bool:
    """Whether a store has few enough packs and objects to be copied."""
    return 0 < len(giver.packs) <= MOST_PACKS and WholeStore.suits(giver)


class Copying:
    """One copying: `add` each pack, then `check_whole`, then `publish`."""

    def __init__(
        self,
        receiver: ObjectStore,
        *,
        check: Callable[[Clock], None],
        progress: Callable[[str, int], None],
        may_fork: bool = False,
    ) -> None:
        self._may_fork = may_fork
        self._receiver = receiver
        self._check = check
        self._progress = progress
        self._streams: list[AbstractContextManager[BackendWriter]] = []
        self._written: list[tuple[str, BackendWriter]] = []
        self._copied = 0
        self._known: dict[Kind, set[bytes]] = {kind: set() for kind in Kind}
        self._named: dict[Kind, set[bytes]] = {kind: set() for kind in Kind}
        self._recipes: set[bytes] = set()
        self._chunks: set[bytes] = set()
        self.commits: dict[Oid, Facts] = {}
        self.has_small_recipe = False
        """Whether a blob that may be a chunk of another is in chunks itself: not to be copied."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._streams:
            try:
                self._streams.pop().__exit__(None, None, None)
            finally:
                self.__exit__()

    def add(self, pack: PackReader, giver: ObjectStore) -> None:
        """Check a pack of `giver`, and write what was read."""
        stream = self._receiver.backend.writer()
        out = stream.__enter__()
        self._streams.append(stream)
        end = out.write(MAGIC)
        is_much = self._may_fork and len(pack.index) >= MUCH
        for part in _parts(pack, PART_BYTES if is_much else 0):
            for seen in self._checked(part, pack, giver, may_fork=is_much):
                self._take(seen)
            for offset, raw, _ in part:
                if offset != end:
                    raise Corrupt(f"{pack.key} has bytes before {offset} that no object lies in")
                end += out.write(raw)
            self._progress(BYTES, self._copied + end)
            self._progress("receiving objects", sum(map(len, self._known.values())))
        pack.index.verify(pack.key)
        if pack.index.offset != end:
            raise Corrupt(f"{pack.key} has bytes before its index that no object lies in")
        out.write(pack.index.tail())
        self._copied += end
        self._written.append((pack.key, out))

    def _checked(
        self, part: Sequence[_Block], pack: PackReader, giver: ObjectStore, *, may_fork: bool
    ) -> Iterator[_Seen]:
        """What is in the blocks of a part, in their order."""

        def look(blocks: Iterable[_Block]) -> list[_Seen]:
            return [self._look(raw, objects, pack, giver) for _, raw, objects in blocks]

        first, *last = from_both_ends(look, part, may_fork=may_fork)
        yield from first
        for seen in last:
            yield from reversed(seen)

    def _look(
        self, raw: bytes, objects: list[_Found], pack: PackReader, giver: ObjectStore
    ) -> _Seen:
        """Hash the objects of a block, and read those that may name others."""
        encoding, stored, length = block_lengths(raw[: BLOCK.size], pack.key)
        content = open_block(encoding, raw[BLOCK.size : BLOCK.size + stored], length, pack.key)
        whole = [found for found in objects if found[2] != RECIPE]
        view = memoryview(content)
        digests = codec.digests([view[start : start + size] for start, size, _, _ in whole])
        if digests != [found[3] for found in whole]:
            raise _wrong_hash(whole, digests, pack)
        heads = [_heads.get((code, length)) or _head(code, length) for _, length, code, _ in whole]
        if not all(map(content.startswith, heads, [found[0] for found in whole])):
            raise Corrupt(f"the index of {pack.key} says of an object what it does not")
        known: _Oids = {kind.value: set() for kind in Kind}
        named: _Oids = {kind.value: set() for kind in Kind}
        commits: list[_CommitRow] = []
        known[Kind.BLOB.value] = {oid for _, _, code, oid in whole if code == PLAIN_BLOB}
        for start, size, code, oid in whole:
            if code != PLAIN_BLOB:  # nearly all are
                kind = _KINDS[code]
                known[kind.value].add(oid)
                links, facts = read_foreign(kind, content[start : start + size])
                for wanted, oids in links:
                    named[wanted.value].update(oids)
                if facts is not None:
                    self._check(facts.clock)
                    commits.append((oid, facts.parents, facts.seconds, int(facts.is_canonical)))
        if len(whole) < len(objects):
            known[_RECIPE] = set()
            named[_CHUNK] = set()
        for start, length, code, oid in objects if len(whole) < len(objects) else ():
            if code == RECIPE:
                record = content[start : start + length]
                named[_CHUNK].update(checked_chunks(Oid(oid), record, giver.record))
                known[_RECIPE].add(oid)
                if decode_recipe(record)[1] <= MAX_CHUNK:
                    known[_SMALL] = {oid}
        return known, named, commits

    def _take(self, seen: _Seen) -> None:
        known, named, commits = seen
        for kind in Kind:
            self._known[kind].update(known[kind.value])
            self._named[kind].update(named[kind.value])
        self._recipes |= known.get(_RECIPE, set())
        self._chunks |= named.get(_CHUNK, set())
        self.has_small_recipe = self.has_small_recipe or _SMALL in known
        for oid, parents, seconds, flags in commits:
            self.commits[Oid(oid)] = tuple(map(Oid, parents)), seconds, flags

    def check_whole(self, wants: Collection[Oid]) -> None:
        """Raise unless all that is named or wanted is there, and of the right kind."""
        for chunk in map(Oid, sorted(self._chunks - self._known[Kind.BLOB])):
            raise Corrupt(
                f"the chunk {chunk} of a blob is in no pack that was copied, or in chunks"
            )
        self._known[Kind.BLOB] |= self._recipes
        for kind, names in self._named.items():
            lacking = names - self._known[kind]
            if lacking:
                oid = Oid(min(lacking))
                if not self._has(oid):
                    raise _missing(oid)
                raise InvalidObject(f"{oid} is named as a {kind.value}, and is none")
        for oid in wants:
            if not self._has(oid):
                raise _missing(oid)

    def _has(self, oid: Oid) -> bool:
        return any(oid in known for known in self._known.values())

    def has_more_than(self, wants: Collection[Oid]) -> bool:
        """Whether there is what `wants` do not reach: none names it, nor is it wanted."""
        names = [*self._named.values(), self._chunks]
        return any(known.difference(wants, *names) for known in self._known.values())

    def publish(self) -> None:
        """Let all of it appear."""
        for key, out in self._written:
            out.publish(key)
        self._receiver.refresh()


def _missing(oid: Oid) -> InvalidObject:
    from pyvcs.sync.taking import missing

    return missing(oid)


def _head(code: int, length: int) -> bytes:
    """How an object of so many bytes begins; what none begins with when there is no such object."""
    kind = _KINDS.get(code)
    if kind is not None:
        rest = length - len(kind.value) - 2  # a space, and a zero byte
        for digits in range(1, min(rest, 20) + 1):
            if len(str(rest - digits)) == digits:
                if len(_heads) >= _MOST_HEADS:
                    _heads.clear()
                _heads[code, length] = found = codec.header(kind, rest - digits)
                return found
    return b"\0"


_heads: dict[tuple[int, int], bytes] = {}
_MOST_HEADS = 8192


def _wrong_hash(objects: list[_Found], digests: list[bytes], pack: PackReader) -> Corrupt:
    for (_, _, _, expected), oid in zip(objects, digests, strict=True):
        if oid != expected:
            return Corrupt(f"{pack.key} has the object {Oid(oid)} where {Oid(expected)} should be")
    raise AssertionError("all hashes are right")


def _parts(pack: PackReader, most: int) -> Iterator[list[_Block]]:
    """The blocks of a pack in their order: so many at once that they have `most` bytes, or one."""
    part: list[_Block] = []
    size = 0
    blocks = _blocks(pack)
    offsets = sorted(blocks)
    for offset, end in zip(offsets, [*offsets[1:], pack.index.offset], strict=False):
        objects = sorted(blocks[offset])  # as they lie there: commits come after their parents
        raw, _ = pack.raw_block(offset, min(end - offset, MAX_BLOCK_BYTES))
        part.append((offset, raw, objects))
        size += len(raw)
        if size >= most:
            yield part
            part, size = [], 0
    if part:
        yield part


def _blocks(pack: PackReader) -> dict[int, list[_Found]]:
    """The objects of a pack by the block that they lie in."""
    blocks: dict[int, list[_Found]] = {}
    for oids, rows in pack.index.table():
        for oid, (block, start, length, code) in zip(oids, rows, strict=True):
            if block in blocks:
                blocks[block].append((start, length, code, oid))
            else:
                blocks[block] = [(start, length, code, oid)]
    return blocks
