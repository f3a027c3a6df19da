"""What both ends say alike: refs and objects as messages."""

from __future__ import annotations

from pyvcs.objects.oid import Oid
from pyvcs.replica import Replica
from pyvcs.sync.blocks import ShortOid
from pyvcs.sync.frames import PIECE_BYTES
from pyvcs.sync.giving import blocks_to_give
from pyvcs.sync.joining import commits_here
from pyvcs.sync.messages import OLDEST, VERSION, Hello, Objects, RefStates
from pyvcs.sync.negotiate import known
from pyvcs.sync.ref_digest import NamedRef, RefDigest, bucket_of
from pyvcs.sync.ref_states import in_messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


def hello(replica: Replica) -> Hello:
    """How a replica begins a turn."""
    return Hello(VERSION, OLDEST, replica.id)


def heads_in(refs: Iterable[NamedRef]) -> list[Oid]:
    """Every head of these refs, each once."""
    return list(dict.fromkeys(oid for named in refs for oid in named.ref.heads))


def heads_outside(refs: Iterable[NamedRef], differing: Collection[int], buckets: int) -> list[Oid]:
    """The heads of those refs that are in none of the differing buckets: both ends have them."""
    wanted = set(differing)
    return heads_in(named for named in refs if bucket_of(named, buckets) not in wanted)


def gift(
    replica: Replica,
    refs: Collection[NamedRef],
    *,
    common: Collection[Oid],
    held: Collection[ShortOid],
    with_objects: bool = True,
) -> Iterator[RefStates | Objects]:
    """Refs, and then the objects that they need and the receiver lacks."""
    for row in in_messages(refs):
        yield RefStates(row)
    if with_objects:
        store = replica.store
        blocks = blocks_to_give(
            store,
            replica.history,
            wants=heads_in(refs),
            common=[*commits_here(store, common), *known(store, held).values()],
            held=held,
            progress=replica.progress,
        )
        for block in blocks:
            yield from pieces(block)


def pieces(block: bytes) -> Iterator[Objects]:
    """A block as messages."""
    for start in range(0, len(block), PIECE_BYTES):
        end = start + PIECE_BYTES
        yield Objects(block[start:end], last=end >= len(block))


def changed_since(now: RefDigest, before: tuple[bytes, ...]) -> list[int]:
    """The buckets that are not as they were; all of them when the numbers of buckets differ."""
    if len(before) != len(now.buckets):
        return list(range(len(now.buckets)))
    pairs = enumerate(zip(now.buckets, before, strict=True))
    return [number for number, (new, old) in pairs if new != old]
