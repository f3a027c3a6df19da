"""Picking: what commits changed, applied to where the working tree stands, or taken out of it.

Both are three-way merges. To apply a commit: base is its parent, ours the working tree's commit,
theirs the commit. To revert it: base is the commit, theirs its parent. What cannot be had at once
is recorded as conflicts in the new commit, as in any merge, and ends the row of commits there. The
branch moves and the working tree changes once, when all commits are made.
"""

from __future__ import annotations

from pyvcs.committing import Recording, authored
from pyvcs.merge.canonical import side_of
from pyvcs.merge.sides import Side
from pyvcs.merge.trees import merge_trees
from pyvcs.moving import publish, with_heads
from pyvcs.objects.commit import Commit
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.draft import Draft
from pyvcs.objects.errors import NothingToCommit, Usage
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import EMPTY
from pyvcs.objects.values import dataclass, replace
from pyvcs.refs import Position, Refs
from pyvcs.replica import Replica
from pyvcs.switching import stand
from pyvcs.unresolved import sorted_conflicts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Picked:
    """The new commit, the one that it applies or reverts, and the conflicts that it holds."""

    oid: Oid
    source: Oid
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Picking:
    """What became of several commits, in the order in which they were given.

    `skipped` change nothing here. `left` come after one that is in conflict, the last of `made`.
    """

    made: tuple[Picked, ...]
    skipped: tuple[Oid, ...]
    left: tuple[Oid, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    """What a new commit does: the way from one commit to another, None for no files at all."""

    source: Oid
    before: Oid | None
    after: Oid | None
    message: str
    by: Commit | None
    """The commit whose author and time the new one has."""


def cherry_pick(replica: Replica, sources: Sequence[Oid], *, parent: int | None = None) -> Picking:
    """Apply what commits changed; each new commit keeps the message, author and time.

    `parent` (from 1) says against which parent, for a merge. Usage for a merge without it,
    NothingToCommit when all of it is there already, WouldOverwrite when an edit in the working tree
    is in the way; nothing has changed then.
    """
    changes = []
    for source in sources:
        commit = replica.store.commit(source)
        before, message = _parent_of(replica, source, parent), f"{commit.message.rstrip()}\n"
        changes.append(_Change(source, before, source, message, by=commit))
    return _pick_all(replica, changes, "cherry-pick")


def revert(replica: Replica, sources: Sequence[Oid], *, parent: int | None = None) -> Picking:
    """Take out what commits changed, each in a new commit of one's own. Errors as above."""
    changes = []
    for source in sources:
        subject = replica.store.commit(source).subject
        message = f'Revert "{subject}"\n\nThis reverts commit {source}.\n'
        after = _parent_of(replica, source, parent)
        changes.append(_Change(source, source, after, message, by=None))
    return _pick_all(replica, changes, "revert")


def _parent_of(replica: Replica, oid: Oid, number: int | None) -> Oid | None:
    """The parent against which a commit is taken; None for a first commit."""
    parents = replica.store.commit(oid).parents
    if number is None and len(parents) > 1:
        raise Usage(
            f"{oid.short()} is a merge of {len(parents)} commits",
            hint="leave it out, or say with --parent N against which of them its changes count",
        )
    if number is not None and not 1 <= number <= len(parents):
        raise Usage(f"{oid.short()} has {len(parents)} parents, and no number {number}")
    return parents[(number or 1) - 1] if parents else None


def _pick_all(replica: Replica, changes: Sequence[_Change], command: str) -> Picking:
    """Make one commit after the other, and then stand on the last one."""
    with replica.locked(command):
        refs = replica.refs
        here = refs.position.commit
        if here is None:
            raise Usage("there is no commit to apply it to", hint="make one with `pyvcs commit`")
        made: list[Picked] = []
        skipped: list[Oid] = []
        left = list(changes)
        while left and not (made and made[-1].conflicts):
            change = left.pop(0)
            replica.progress("applying commits", len(changes) - len(left))
            picked = _pick(replica, refs, made[-1].oid if made else here, change)
            if picked is None:
                skipped.append(change.source)
            else:
                made.append(picked)
        if not made:
            names = ", ".join(oid.short() for oid in skipped)
            raise NothingToCommit(f"nothing to do: {names} changes nothing here")
        _advance(replica, refs, made[-1].oid, f"{command} {_summary(made)}")
    return Picking(tuple(made), tuple(skipped), tuple(change.source for change in left))


def _summary(made: Sequence[Picked]) -> str:
    return made[0].source.short() if len(made) == 1 else f"{len(made)} commits"


def _pick(replica: Replica, refs: Refs, here: Oid, change: _Change) -> Picked | None:
    """Merge a change into a commit, as a new one, which is published; None if nothing changes."""
    draft = Draft(replica.store)
    base, theirs = (_side(draft, oid) for oid in (change.before, change.after))
    merged = merge_trees(draft, base=base, ours=side_of(draft, here), theirs=theirs)
    current = replica.store.commit(here)
    if (merged.tree, merged.conflicts) == (current.tree, current.conflicts):
        return None
    recording = Recording(refs, (here,), merged.conflicts, change.message, replica.identity())
    commit = authored(replica, recording, merged.tree)
    oid = draft.put(_by_author_of(change.by, commit) if change.by else commit)
    publish(replica, draft, oid)
    new = [conflict for conflict in merged.conflicts if conflict not in current.conflicts]
    return Picked(oid, change.source, sorted_conflicts(replica.store, new))


def _side(draft: Draft, oid: Oid | None) -> Side:
    return Side(EMPTY, "nothing") if oid is None else side_of(draft, oid)


def _by_author_of(source: Commit, made: Commit) -> Commit:
    """The new commit with the author and time of the one that it applies."""
    if source.author is None:
        return made
    return replace(made, author=source.author, authored=source.authored)


def _advance(replica: Replica, refs: Refs, oid: Oid, command: str) -> None:
    """Let the branch and the working tree stand on the new commit."""
    branch = refs.position.branch
    moved, tip = refs, oid
    if branch is not None:
        moved = with_heads(replica, refs, branch, {*refs.branch(branch).oids, oid})
        tip = moved.tips[branch]
    stand(replica, refs, moved, Position(branch, tip), command)
    replica.collect_if_many()
