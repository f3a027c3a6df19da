"""Whole packs, for a replica that has nothing: their blocks go as they lie in the store.

Idea.        Oids are hashes, so no object names itself by way of others. When each object of a
             store is wanted, or named by another one that is there, the wants reach all of them.
             One look at each tree and commit shows whether it is so; then no block has to be
             taken apart, nor compressed again.
Invariant.   As in `giving`: all that a block names is in it, or in a block that was given before.
Cost.        One reading of trees and commits. Memory: the oids, and one block.
Result.      Blocks; None when the store has something that is not wanted (a branch that not
             everybody may see, leftovers of before a gc), lacks something, has an object twice,
             or when its blocks cannot be put in order. `WholeHistory` then picks the objects.
Source.      git sends the objects of a pack as they are; it picks them one by one.
"""

from __future__ import annotations

from pyvcs.objects.foreign import read_foreign
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import decode_recipe, encode_block
from pyvcs.objects.pack_index import PLAIN_BLOB, RECIPE, Place, PlaceFields
from pyvcs.objects.pack_reader import PackReader
from pyvcs.objects.store import ObjectStore
from pyvcs.sync.blocks import recipe_head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


class _Part:
    """The files of a block of a pack, or all else that is in it; with the parts that it names."""

    def __init__(self, pack: PackReader, block: int) -> None:
        self.pack = pack
        self.block = block
        self.places: list[PlaceFields] = []
        self.named: set[int] = set()

    def wire_block(self) -> bytes:
        """The part as a block of the wire: the one that is in the pack, if that is all of it."""
        if not any(place[3] == RECIPE for place in self.places):
            raw, length = self.pack.raw_block(self.block)
            if length == sum([place[2] for place in self.places]):
                return raw
        content = self.pack.read_block(self.block)
        pieces = []
        for chunked, start, length in sorted(
            (place[3] == RECIPE, *place[1:3]) for place in self.places
        ):
            record = content[start : start + length]
            pieces += [recipe_head(record), record] if chunked else [record]
        return encode_block(b"".join(pieces))


def whole_packs(store: ObjectStore, wants: Collection[Oid]) -> Iterator[bytes] | None:
    """The blocks of all packs, if that is what `wants` reach: see the module."""
    parts, part_of = _parts(store)
    if len(part_of) < sum(len(part.places) for part in parts):
        return None
    unnamed = set(part_of)
    for part in parts:
        names = set().union(*_names(part))
        unnamed -= names
        try:
            part.named = set(map(part_of.__getitem__, names))
        except KeyError:
            return None
    order = _in_order([part.named for part in parts])
    if order is None or not unnamed.issubset(wants) or not part_of.keys() >= set(wants):
        return None
    return (parts[number].wire_block() for number in order)


def _parts(store: ObjectStore) -> tuple[list[_Part], dict[bytes, int]]:
    """All parts, and the number of the part that an object is in."""
    parts: list[_Part] = []
    part_of: dict[bytes, int] = {}
    for pack in store.packs.values():
        numbers: dict[tuple[int, bool], int] = {}
        for oids, rows in pack.index.table():
            for oid, place in zip(oids, rows, strict=True):
                key = place[0], place[3] in (PLAIN_BLOB, RECIPE)
                number = numbers.get(key)
                if number is None:
                    number = numbers[key] = len(parts)
                    parts.append(_Part(pack, place[0]))
                parts[number].places.append(place)
                part_of[oid] = number
    return parts, part_of


def _names(part: _Part) -> list[Collection[bytes]]:
    """What the objects of a part name."""
    content = b""
    found: list[Collection[bytes]] = []
    for place in part.places:
        if place[3] == PLAIN_BLOB:
            continue
        content = content or part.pack.read_block(part.block)
        _, start, length, kind, chunked = Place.of(place)
        record = content[start : start + length]
        if chunked:
            found.append([chunk for _, chunk in decode_recipe(record)[2]])
        else:
            found += [oids for _, oids in read_foreign(kind, record).named]
    return found


def _in_order(named: Sequence[set[int]]) -> list[int] | None:
    """Numbers so that each comes after those that it names; None when there is no such order.

    >>> _in_order([{1, 0}, {2}, set()])
    [2, 1, 0]
    >>> _in_order([{1}, {0}]) is None
    True
    """
    order: dict[int, None] = {}
    open_ones: set[int] = set()
    waiting = list(range(len(named)))[::-1]
    while waiting:
        number = waiting[-1]
        lacking = sorted(named[number] - order.keys() - {number})
        if number in order or not lacking:
            order[waiting.pop()] = None
            open_ones.discard(number)
        elif number in open_ones:
            return None
        else:
            open_ones.add(number)
            waiting += reversed(lacking)
    return list(order)
