"""Transfer: copying objects from one store to another, trusting nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection

from pyvcs.objects import codec
from pyvcs.objects.commit import Commit
from pyvcs.objects.draft import links, references
from pyvcs.objects.errors import Corrupt, InvalidObject
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.replica import Progress


def transfer(
    giver: ObjectStore,
    receiver: ObjectStore,
    wants: Collection[Oid],
    *,
    check: Callable[[Commit], None],
    progress: Progress,
) -> list[Oid]:
    """Copy what `wants` reach and the receiver lacks, in one pack; the new commits.

    Idea.        Walk down from the wants. What the receiver has is not walked into: it was
                 published whole, so all that it reaches is there as well.
    Invariant.   Bytes are hashed, and decoded in the one form they may have, before they are
                 walked; what they name is there, and of the right kind, before the pack is
                 published; `check` has seen every commit. A damaged or lying giver ends the
                 transfer, and nothing of it is seen.
    Cost.        What is missing, and one question for each object that it names. Memory: the
                 oids of what is missing, and one object or chunk at a time.
    Result.      New commits, in no order.
    """
    commits: list[Oid] = []
    named: list[tuple[Oid, Kind]] = []
    with StoreWriter(receiver) as writer:
        waiting = [oid for oid in wants if not writer.has(oid)]
        kinds: dict[Oid, Kind] = {}
        while waiting:
            oid = waiting.pop()
            if oid in kinds:
                continue
            value = _copy(giver, writer, oid)
            kinds[oid] = codec.kind_of(value)
            if isinstance(value, Commit):
                check(value)
                commits.append(oid)
            named += links(value)
            waiting += [below for below in references(value) if not writer.has(below)]
            progress("receiving objects", writer.count)
        for oid, wanted in named:
            _check_kind(oid, wanted, kinds.get(oid) or receiver.kind(oid))
        writer.publish()
    return commits


def _copy(giver: ObjectStore, writer: StoreWriter, oid: Oid) -> codec.Object:
    """Copy one object; its value, of a chunked blob nothing."""
    chunks = giver.chunks_of(oid)
    if chunks:
        _copy_chunks(giver, writer, oid, chunks)
        return b""
    canonical = giver.canonical(oid)
    _check(oid, codec.oid_of(canonical))
    value = codec.decode_foreign(canonical)
    writer.put_canonical(codec.kind_of(value), canonical)
    return value


def _copy_chunks(
    giver: ObjectStore, writer: StoreWriter, oid: Oid, chunks: Collection[Oid]
) -> None:
    size = giver.blob_size(oid)
    digest = codec.BlobHash(size)
    parts = []
    for chunk in chunks:
        content = giver.blob(chunk)
        _check(chunk, writer.put_canonical(Kind.BLOB, codec.encode(content)))
        digest.update(content)
        parts.append((len(content), chunk))
    _check(oid, digest.oid())
    writer.put_recipe(oid, size, parts)


def _check_kind(oid: Oid, wanted: Kind, found: Kind) -> None:
    if wanted is not found:
        raise InvalidObject(
            f"the other side names {oid} as a {wanted.value}, and it is a {found.value}",
            hint="run `pyvcs fsck` there; nothing of this sync was kept",
        )


def _check(expected: Oid, found: Oid) -> None:
    if expected != found:
        raise Corrupt(
            f"the other side sent bytes with the hash {found} for the object {expected}",
            hint="run `pyvcs fsck` there; nothing of this sync was kept",
        )
