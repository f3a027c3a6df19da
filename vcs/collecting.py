"""gc: fewer packs, and a commit graph made anew."""

from __future__ import annotations

from pyvcs.moving import reachable_heads
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.replica import Replica


@dataclass(frozen=True, slots=True)
class Collected:
    """Packs and their bytes before and after, and how many objects were left out."""

    packs_before: int
    packs_after: int
    bytes_before: int
    bytes_after: int
    pruned: int


def collect(replica: Replica, *, prune: bool = False) -> Collected:
    """Merge all packs into one and make the commit graph anew.

    With `prune` also leave out what nothing reaches: no ref, no earlier state in the operation
    log, not the working tree. Nothing else is ever removed.
    """
    from pyvcs import kept_outlines
    from pyvcs.objects.partial import remove_partial
    from pyvcs.objects.repack import merge_packs

    with replica.locked("gc"):
        store = replica.store
        replica.backend.sweep()
        remove_partial(replica.backend)
        store.refresh()
        before = {key: pack.size for key, pack in store.packs.items()}
        if prune:
            # First all into one pack: what is left out then goes with one file, and no crash can
            # leave a commit here whose tree went with another pack.
            merge_packs(store, list(before))
        kept = _reachable(replica) if prune else None
        pruned = merge_packs(store, list(store.packs), keep=lambda oid: kept is None or oid in kept)
        after = [pack.size for pack in store.packs.values()]
        commits = [oid for oid, kind in store.oids() if kind is Kind.COMMIT]
        replica.history.graph.rebuild(commits)
        replica.backend.delete(kept_outlines.KEY)  # of the graph before, and of what was pruned
    return Collected(len(before), len(after), sum(before.values()), sum(after), pruned)


def _reachable(replica: Replica) -> set[Oid]:
    """Everything that the refs and the operation log lead to, chunks of blobs included."""
    from pyvcs.objects.draft import references

    store = replica.store
    waiting = [*reachable_heads(replica.refs), *_logged(replica)]
    kept: set[Oid] = set()
    while waiting:
        oid = waiting.pop()
        if oid in kept:
            continue
        kept.add(oid)
        if store.kind(oid) is Kind.BLOB:
            kept.update(store.chunks_of(oid))
        else:
            waiting += references(store.value(oid))
    return kept


def _logged(replica: Replica) -> list[Oid]:
    """The commits that earlier states of the refs named, as far as they are still there."""
    found: set[str] = set()
    for operation in replica.ref_store.operations():
        for state in (operation.before, operation.after):
            for part in ("branches", "tags"):
                for ref in state.get(part, {}).values():
                    found.update((ref or {}).get("heads", {}))
            found.update(tip for tip in state.get("tips", {}).values() if tip)
            found.add(state.get("head", {}).get("commit") or "")
            found.update(file["oid"] for file in state.get("files", {}).values() if file)
    oids = (Oid.from_hex(text) for text in found if text)
    return [oid for oid in oids if replica.store.has(oid)]
