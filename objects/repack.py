"""Merging packs: many small ones become one, so that looking for an object stays quick."""

from __future__ import annotations

from pyvcs.objects.codec import oid_of
from pyvcs.objects.contexts import suppress
from pyvcs.objects.errors import Corrupt
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import PackWriter, decode_recipe
from pyvcs.objects.pack_index import Place
from pyvcs.objects.pack_reader import PackReader
from pyvcs.objects.store import MANY_PACKS, ObjectStore, pack_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

_GROWTH = 2


def packs_to_merge(sizes: Mapping[str, int], *, most: int = MANY_PACKS) -> list[str]:
    """Which packs to merge into one, by their sizes in bytes; none while they are few.

    Idea.        From the smallest up, take every pack that is not at least twice as large as all
                 those before it together. What is left doubles from pack to pack.
    Cost.        An object is moved about log2(bytes in the store / bytes of a commit) times.
    Result.      Keys, smallest first: none, or two and more.
    Source.      git repack --geometric.

    >>> packs_to_merge({"a": 1, "b": 1, "c": 1, "d": 100}, most=3)
    ['a', 'b', 'c']
    """
    if len(sizes) <= most:
        return []
    ordered = sorted(sizes, key=lambda key: (sizes[key], key))
    total, end = 0, 0
    for position, key in enumerate(ordered):
        if sizes[key] < _GROWTH * total:
            end = position + 1
        total += sizes[key]
    return ordered[:end]


def merge_packs(
    store: ObjectStore, keys: Collection[str], *, keep: Callable[[Oid], bool] = lambda _: True
) -> int:
    """Write the objects of some packs as one and remove those; how many objects `keep` left out.

    The new pack is there before an old one goes. Readers in other processes list the packs again
    when one is gone. A pack in which something is damaged stays where it is, for fsck to name: its
    bytes are not passed on, and the only sound copy of an object is never removed for a bad one.
    Needs the repository's lock: no two may do this at once.
    """
    left_out = 0
    merged = ""
    done: list[str] = []
    second: dict[Oid, bytes] = {}  # recipes of blobs that are somewhere whole: that copy is kept
    with store.backend.writer() as out:
        writer = PackWriter(out)
        for key in keys:
            with suppress(Corrupt):
                for oid, place, record in _records(store.packs[key]):
                    if not keep(oid):
                        left_out += 1
                    elif place.chunked and not store.is_chunked(oid):
                        second[oid] = record
                    elif not writer.has(oid):
                        writer.add(oid, place.kind, record, chunked=place.chunked)
                done.append(key)
        for oid, record in second.items():
            if not writer.has(oid):  # it lies in a pack that is damaged, or is not merged
                writer.add(oid, Kind.BLOB, record, chunked=True)
        if not writer.is_empty:
            merged = pack_key(writer.finish())
            out.publish(merged)
    for key in done:
        if key != merged:
            store.backend.delete(key)
    store.refresh()
    return left_out


def _records(pack: PackReader) -> Iterator[tuple[Oid, Place, bytes]]:
    """All objects of a pack in the order in which they lie there, each block read once.

    Corrupt at the first that is not what its oid says.
    """
    offset, block = -1, b""
    for oid, place in pack.index.by_place():
        if place.block != offset:
            offset, block = place.block, pack.read_block(place.block)
        record = block[place.start : place.start + place.length]
        if oid != (decode_recipe(record)[0] if place.chunked else oid_of(record)):
            raise Corrupt(f"{pack.key} has other bytes where the object {oid} should be")
        yield oid, place, record
