"""Merging branches or commits into the current branch."""

from __future__ import annotations

from enum import Enum

from pyvcs.committing import Recording, authored
from pyvcs.merge.canonical import merge_of
from pyvcs.moving import publish, with_heads
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.draft import Draft
from pyvcs.objects.errors import Usage
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass
from pyvcs.refs import Position, Refs
from pyvcs.replica import Replica
from pyvcs.revision import resolve_revision
from pyvcs.switching import stand
from pyvcs.unresolved import sorted_conflicts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class MergeKind(Enum):
    """How a merge came out; the value is what `--json` says."""

    UP_TO_DATE = "up-to-date"
    FAST_FORWARD = "fast-forward"
    CANONICAL = "canonical"
    AUTHORED = "authored"


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """What a merge did: the tip before and after, and the conflicts that the new tip holds."""

    kind: MergeKind
    before: Oid | None
    tip: Oid
    conflicts: tuple[Conflict, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is in conflict."""
        return not self.conflicts


def merge(replica: Replica, *others: str, message: str | None = None) -> MergeOutcome:
    """Merge branches (all their heads) or commits into the current branch, all at once.

    Without a message the heads of all are put together: the tip is then the other one when
    it is ahead, else the canonical merge, the same on every replica. With a message it is a
    commit of its own with a parent for each. Conflicts are part of the result, not an error: they
    are recorded, and resolved by a later commit. WouldOverwrite, before anything changed, when an
    edit in the working tree is in the way.
    """
    with replica.locked("merge"):
        refs = replica.refs
        command = " ".join(("merge", *others))
        branch = refs.position.branch
        if branch is None:
            raise Usage("no branch to merge into", hint="switch to a branch first")
        before = refs.tips.get(branch)
        coming = [oid for other in others for oid in _heads_of(replica, refs, other)]
        if before is not None and all(replica.history.is_ancestor(oid, before) for oid in coming):
            if replica.has_worktree and refs.position.commit != before:
                # A sync left it behind: because of edits, or because it was told not to merge.
                stand(replica, refs, refs, Position(branch, before), command)
                return _outcome(replica, MergeKind.FAST_FORWARD, refs.position.commit, before)
            return _outcome(replica, MergeKind.UP_TO_DATE, before, before)
        heads = {*refs.branch(branch).oids, *coming}
        if message is not None and before is not None:
            parents = (before, *_tips_beyond(replica, refs, before, others))
            heads |= {_authored_merge(replica, refs, parents, message)}
        moved = with_heads(replica, refs, branch, heads)
        tip = moved.tips[branch]
        stand(replica, refs, moved, Position(branch, tip), command)
        replica.collect_if_many()
    return _outcome(replica, _kind(replica, before, tip), before, tip)


def _heads_of(replica: Replica, refs: Refs, other: str) -> tuple[Oid, ...]:
    if other in refs.tips:
        return refs.branch(other).oids
    return (resolve_revision(replica, refs, other),)


def _tips_beyond(replica: Replica, refs: Refs, before: Oid, others: Sequence[str]) -> list[Oid]:
    """What was named, but for what `before` or another one that was named has already."""
    named = dict.fromkeys(
        refs.tips.get(other) or resolve_revision(replica, refs, other) for other in others
    )
    return [
        oid
        for oid in named
        if not any(
            oid != other and replica.history.is_ancestor(oid, other) for other in (before, *named)
        )
    ]


def _authored_merge(replica: Replica, refs: Refs, parents: tuple[Oid, ...], message: str) -> Oid:
    """A merge with an author: the same tree as the canonical one, the parents in their order."""
    draft = Draft(replica.store)
    merged = merge_of(draft, replica.history, sorted(parents))
    recording = Recording(refs, parents, merged.conflicts, message, replica.identity())
    oid = draft.put(authored(replica, recording, merged.tree))
    publish(replica, draft, oid)
    return oid


def _kind(replica: Replica, before: Oid | None, tip: Oid) -> MergeKind:
    commit = replica.store.commit(tip)
    if commit.is_canonical:
        return MergeKind.CANONICAL
    if before is not None and len(commit.parents) > 1 and commit.parents[0] == before:
        return MergeKind.AUTHORED
    return MergeKind.FAST_FORWARD


def _outcome(replica: Replica, kind: MergeKind, before: Oid | None, tip: Oid) -> MergeOutcome:
    conflicts = sorted_conflicts(replica.store, replica.store.commit(tip).conflicts)
    return MergeOutcome(kind, before, tip, conflicts)
