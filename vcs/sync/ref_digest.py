"""Digests of refs: two replicas find the branches and tags in which they differ, and send those.

Idea.        Every ref falls into one of B buckets by the hash of its name. A bucket's digest is a
             hash of the states in it, the root one of all states. Who asks sends its digests; who
             answers sends the refs of those buckets alone whose digest is another here.
Invariant.   Equal digests are equal states: a state is hashed whole, with all heads, stamps and
             what it has seen. Nothing has to be remembered, and nothing that was forgotten,
             restored from a backup or joined in another order can hide a difference.
Cost.        Of n refs about 4·√n digests of 8 bytes, and √n/4 refs for each that differs.
Result.      The same digests on every replica that holds the same refs.
Source.      Merkle, "A digital signature based on a conventional encryption function" (CRYPTO
             1987), of one level. A version number for each replica (scuttlebutt) would be smaller,
             and is sound only if a replica's events always arrive without gaps: here a branch can
             be known without another one.
Not handled. Two states of one bucket that share 8 bytes of hash: the root is then another all the
             same, and all buckets are taken for different.
"""

from __future__ import annotations

import json

from blake3 import blake3

from pyvcs.objects.typed import NamedTuple
from pyvcs.objects.values import dataclass
from pyvcs.ref_codec import encode_ref
from pyvcs.refs import Position, Ref, Refs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

BUCKET_DIGEST_BYTES = 8
ROOT_BYTES = 32
MAX_BUCKETS = 4096
"""Enough for a million refs; a digest then takes 32 KiB."""

BRANCH, TAG = "branch", "tag"


class NamedRef(NamedTuple):
    """A branch or tag with its name: `sort` is BRANCH or TAG."""

    sort: str
    name: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class RefDigest:
    """The digest of all refs, and one for each bucket; the number of buckets is a power of 2."""

    root: bytes
    buckets: tuple[bytes, ...]

    def differing(self, other: RefDigest) -> list[int]:
        """The buckets in which two digests of as many buckets differ."""
        if self.root == other.root:
            return []
        pairs = zip(self.buckets, other.buckets, strict=True)
        found = [number for number, (ours, theirs) in enumerate(pairs) if ours != theirs]
        return found or list(range(len(self.buckets)))


def named_refs(refs: Refs) -> list[NamedRef]:
    """All branches and tags, deleted ones too, sorted by their names."""
    branches = [NamedRef(BRANCH, name, ref) for name, ref in refs.branches.items()]
    tags = [NamedRef(TAG, name, ref) for name, ref in refs.tags.items()]
    return sorted(branches + tags, key=lambda named: (named.sort, named.name))


def refs_of(named: Iterable[NamedRef]) -> Refs:
    """Branches and tags as refs that can be joined; no working tree, no tips."""
    sorts: dict[str, dict[str, Ref]] = {BRANCH: {}, TAG: {}}
    for sort, name, ref in named:
        sorts[sort][name] = ref
    return Refs(Position(None), branches=sorts[BRANCH], tags=sorts[TAG])


def bucket_count(refs: int) -> int:
    """How many buckets are fair for so many refs.

    >>> [bucket_count(n) for n in (0, 1, 10, 1_000, 100_000)]
    [1, 4, 16, 128, 2048]
    """
    count = 1
    while count * count < 16 * refs and count < MAX_BUCKETS:
        count *= 2
    return count


def digest_of(refs: Iterable[NamedRef], buckets: int) -> RefDigest:
    """The digest of refs that are sorted, in so many buckets."""
    root = blake3()
    inside = [blake3() for _ in range(buckets)]
    for named in refs:
        state = _state_digest(named)
        root.update(state)
        inside[bucket_of(named, buckets)].update(state)
    digests = (bucket.digest(length=BUCKET_DIGEST_BYTES) for bucket in inside)
    return RefDigest(root.digest(), tuple(digests))


def digest_of_all(refs: Refs) -> RefDigest:
    """The digest of all branches and tags, in as many buckets as are fair."""
    named = named_refs(refs)
    return digest_of(named, bucket_count(len(named)))


def bucket_of(named: NamedRef, buckets: int) -> int:
    """The bucket that a ref falls into."""
    if buckets == 1:
        return 0
    name = f"{named.sort} {named.name}".encode()
    return int.from_bytes(blake3(name).digest(length=4), "little") % buckets


def in_buckets(refs: Iterable[NamedRef], wanted: Iterable[int], buckets: int) -> list[NamedRef]:
    """The refs that fall into the wanted ones of so many buckets."""
    chosen = set(wanted)
    return [named for named in refs if bucket_of(named, buckets) in chosen]


def _state_digest(named: NamedRef) -> bytes:
    state = [named.sort, named.name, encode_ref(named.ref)]
    return blake3(json.dumps(state, sort_keys=True).encode()).digest()
