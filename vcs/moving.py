"""Moving refs: what every command does last, once all objects are in the store."""

from __future__ import annotations

from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pyvcs.objects import codec
    from pyvcs.objects.clock import Stamp
    from pyvcs.objects.draft import Draft
    from pyvcs.objects.oid import Oid
    from pyvcs.ref_store import FileChanges
    from pyvcs.refs import Ref, Refs
    from pyvcs.replica import Replica


def with_heads(replica: Replica, refs: Refs, branch: str, heads: Collection[Oid]) -> Refs:
    """`refs` with a branch moved to just these heads, and its canonical tip, which is published.

    Heads are flattened first: a branch never has a canonical merge among its heads.
    """
    real = _real_heads(replica, heads)
    stamp = replica.stamp(refs, *real)
    tip = _publish_tip(replica, real)
    moved = refs.with_branch(branch, refs.branch(branch).moved(real, stamp), tip)
    return replace(moved, clock=stamp.clock)


def with_joined(replica: Replica, refs: Refs, branch: str, other: Ref) -> Refs:
    """`refs` with what another replica knows of a branch joined in. No event of ours: no stamp."""
    joined = refs.branch(branch).join(_with_real_heads(replica, other))
    real = _real_heads(replica, joined.oids)
    joined = joined.without(set(joined.heads) - set(real))
    return refs.with_branch(branch, joined, _publish_tip(replica, real))


def _real_heads(replica: Replica, heads: Collection[Oid]) -> tuple[Oid, ...]:
    """The heads, flattened; what merges is loaded only when there is a canonical merge."""
    if not any(replica.store.commit(oid).is_canonical for oid in heads):
        return replica.history.heads(set(heads))
    from pyvcs.merge.canonical import flatten

    return flatten(replica.store, replica.history, heads)


def _with_real_heads(replica: Replica, ref: Ref) -> Ref:
    """A ref of another replica, its canonical merges replaced by the heads behind them.

    An honest replica has none among its heads. They keep the stamps: a merge is no event.
    """
    heads: dict[Oid, frozenset[Stamp]] = {}
    for oid, stamps in ref.heads.items():
        for real in _real_heads(replica, [oid]):
            heads[real] = stamps | heads.get(real, frozenset())
    return replace(ref, heads=heads)


def _publish_tip(replica: Replica, real: tuple[Oid, ...]) -> Oid | None:
    """The canonical tip of heads that are flattened, in the store; None when there are none."""
    if not real:
        return None
    if len(real) == 1:
        replica.history.graph.extend(real)
        return real[0]
    from pyvcs.kept_bases import KeptBases  # heavy, and most tips are one head
    from pyvcs.merge.canonical import canonical_merge
    from pyvcs.objects.draft import Draft

    draft = Draft(replica.store)
    made = KeptBases(replica.backend, draft)
    tip = canonical_merge(draft, replica.history, real, made=made)
    publish(replica, draft, tip)
    made.save(replica.store.has)
    return tip


def publish(replica: Replica, draft: Draft, commit: Oid) -> None:
    """Write what a new commit reaches to the store, and the commit to the graph."""
    with StoreWriter(replica.store) as writer:
        draft.keep(commit, writer)
        writer.publish()
    replica.history.graph.extend([commit])


def publish_object(replica: Replica, value: codec.Object) -> Oid:
    """Write one object, whose references are in the store, to a pack of its own; its oid."""
    with StoreWriter(replica.store) as writer:
        oid = writer.put(value)
        writer.publish()
    return oid


def swap(
    replica: Replica, old: Refs, new: Refs, command: str, *, files: FileChanges | None = None
) -> Refs:
    """Replace the refs by compare-and-swap, logged under `command`; what is now there.

    `files` are those of the working tree into which the command put something.
    """
    if new == old and not files:
        return old
    return replica.ref_store.swap(
        old, new, command=command, now_ms=replica.now_ms(), files=files or {}
    )


def reachable_heads(refs: Refs) -> Iterable[Oid]:
    """Every commit or tag that the refs name: what a collection must keep."""
    for ref in (*refs.branches.values(), *refs.tags.values()):
        yield from ref.heads
    yield from refs.tips.values()
    if refs.position.commit is not None:
        yield refs.position.commit
