"""Which commits of git are here, by git's names."""

from __future__ import annotations

from pyvcs.git.commits import sha_in
from pyvcs.git.git_objects import Sha
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack_index import CODES
from pyvcs.objects.store import ObjectStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def known_commits(store: ObjectStore, exported: Mapping[Oid, Sha]) -> dict[Sha, Oid]:
    """The commits that came from git, and those that were given to it, by git's names.

    Also those that no ref reaches: an import that broke off has left them, whole.
    """
    known: dict[Sha, Oid] = {}
    for oid in _commits(store):
        sha = exported.get(oid) or sha_in(store.canonical(oid))
        if sha is not None:
            known[sha] = oid
    return known


def _commits(store: ObjectStore) -> Iterator[Oid]:
    """All commits, as they lie in their packs: each block is read once."""
    commit = CODES[Kind.COMMIT]
    for pack in list(store.packs.values()):
        found: list[tuple[int, int, bytes]] = []
        for oids, places in pack.index.table():
            rows = zip(oids, places, strict=False)
            found += [(place[0], place[1], oid) for oid, place in rows if place[3] == commit]
        for _, _, oid in sorted(found):
            yield Oid(oid)
