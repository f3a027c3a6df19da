"""Joining: what another replica says of branches and tags is checked, and joined with ours."""

from __future__ import annotations

from pyvcs.moving import with_joined
from pyvcs.objects.clock import Clock, check_drift
from pyvcs.objects.errors import InvalidObject, Refused, Usage
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.values import replace
from pyvcs.refs import Ref, Refs, check_ref_name
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def check_refs(refs: Refs, now_ms: int) -> None:
    """Raise InvalidObject unless the names and clocks of another replica's refs may be ours."""
    for name in (*refs.branches, *refs.tags):
        try:
            check_ref_name(name)
        except Usage as error:
            raise InvalidObject(
                f"the other side has a ref of a bad name: {error.message}"
            ) from None
    stamps = [s for ref in all_refs(refs) for head in ref.heads.values() for s in head]
    for clock in (*_clocks(refs), *(stamp.clock for stamp in stamps)):
        check_drift(clock, now_ms=now_ms)


def joined(receiver: Replica, refs: Refs, theirs: Refs) -> Refs:
    """`refs` of the receiver with all that `theirs` know; their commits are in its store."""
    result = refs
    for name, ref in theirs.branches.items():
        if result.branches.get(name) != ref:
            result = with_joined(receiver, result, name, ref)
    for name, ref in theirs.tags.items():
        result = result.with_tag(name, result.tag(name).join(ref))
    return replace(result, clock=max([refs.clock, *_clocks(theirs)]))


def unrelated() -> Refused:
    """The error for two replicas that both have commits, and none in common."""
    return Refused(
        "the two repositories have no commit in common",
        hint="if they belong together all the same: `pyvcs sync --allow-unrelated-histories`",
    )


def all_refs(refs: Refs) -> list[Ref]:
    """Branches and tags, the deleted ones too."""
    return [*refs.branches.values(), *refs.tags.values()]


def heads_of(refs: Refs) -> set[Oid]:
    """Every head of a branch or tag."""
    return {oid for ref in all_refs(refs) for oid in ref.heads}


def branch_heads(refs: Refs) -> set[Oid]:
    """Every head of a branch."""
    return {oid for ref in refs.branches.values() for oid in ref.heads}


def commits_of(store: ObjectStore, refs: Refs) -> set[Oid]:
    """Every commit that is a head, or that a tag leads to."""
    found = {store.peeled(oid) for oid in heads_of(refs)}
    return {oid for oid in found if store.kind(oid) is Kind.COMMIT}


def commits_here(store: ObjectStore, oids: Iterable[Oid]) -> list[Oid]:
    """The commits behind heads that are here; a tag object stands for what it leads to."""
    found = (store.peeled(oid) for oid in oids if store.has(oid))
    return [oid for oid in dict.fromkeys(found) if store.kind(oid) is Kind.COMMIT]


def _clocks(refs: Refs) -> Iterable[Clock]:
    return [clock for ref in all_refs(refs) for clock in ref.seen.values()]
