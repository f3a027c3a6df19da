"""Picking: what one commit changed, applied to where the working tree stands, or taken out of it.

Both are three-way merges. To apply a commit: base is its parent, ours the working tree's commit,
theirs the commit. To revert it: base is the commit, theirs its parent. What cannot be had at once
is recorded as conflicts in the new commit, as in any merge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyvcs.collecting import collect_if_many
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
from pyvcs.refs import Position, Refs
from pyvcs.replica import Replica
from pyvcs.revision import resolve_revision
from pyvcs.switching import stand
from pyvcs.unresolved import sorted_conflicts


@dataclass(frozen=True, slots=True)
class Picked:
    """The new commit, the one that it applies or reverts, and the conflicts that it holds."""

    oid: Oid
    source: Oid
    conflicts: tuple[Conflict, ...]


def cherry_pick(replica: Replica, revision: str, *, parent: int | None = None) -> Picked:
    """Apply what a commit changed; the new commit keeps its message, author and time.

    `parent` (from 1) says against which parent, for a merge. NothingToCommit when all of it is
    there already, WouldOverwrite when an edit in the working tree is in the way.
    """
    with replica.locked("cherry-pick"):
        refs = replica.refs
        source = resolve_revision(replica, refs, revision)
        commit = replica.store.commit(source)
        before = _parent_of(replica, source, parent)
        message = f"{commit.message.rstrip()}\n"
        return _pick(replica, refs, source, (before, source), message, keep_author=True)


def revert(replica: Replica, revision: str, *, parent: int | None = None) -> Picked:
    """Take out what a commit changed, in a new commit of one's own. Errors as in `cherry_pick`."""
    with replica.locked("revert"):
        refs = replica.refs
        source = resolve_revision(replica, refs, revision)
        before = _parent_of(replica, source, parent)
        subject = replica.store.commit(source).subject
        message = f'Revert "{subject}"\n\nThis reverts commit {source}.\n'
        return _pick(replica, refs, source, (source, before), message, keep_author=False)


def _parent_of(replica: Replica, oid: Oid, number: int | None) -> Oid | None:
    """The parent against which a commit is taken; None for a first commit."""
    parents = replica.store.commit(oid).parents
    if number is None and len(parents) > 1:
        raise Usage(
            f"{oid.short()} is a merge of {len(parents)} commits",
            hint="say with --parent N against which of them its changes count",
        )
    if number is not None and not 1 <= number <= len(parents):
        raise Usage(f"{oid.short()} has {len(parents)} parents, and no number {number}")
    return parents[(number or 1) - 1] if parents else None


def _pick(
    replica: Replica,
    refs: Refs,
    source: Oid,
    change: tuple[Oid | None, Oid | None],
    message: str,
    *,
    keep_author: bool,
) -> Picked:
    """Merge the change (from, to) into the working tree's commit, and stand on the result."""
    here = refs.position.commit
    if here is None:
        raise Usage("there is no commit to apply it to", hint="make one with `pyvcs commit`")
    draft = Draft(replica.store)
    base, theirs = (_side(draft, oid) for oid in change)
    merged = merge_trees(draft, base=base, ours=side_of(draft, here), theirs=theirs)
    current = replica.store.commit(here)
    if (merged.tree, merged.conflicts) == (current.tree, current.conflicts):
        raise NothingToCommit(f"nothing to do: {source.short()} changes nothing here")
    recording = Recording(refs, (here,), merged.conflicts, message, replica.identity())
    made = authored(replica, recording, merged.tree)
    oid = draft.put(_by_author_of(replica.store.commit(source), made) if keep_author else made)
    publish(replica, draft, oid)
    _advance(replica, refs, oid, f"{'cherry-pick' if keep_author else 'revert'} {source.short()}")
    new = [oid for oid in merged.conflicts if oid not in current.conflicts]
    return Picked(oid, source, sorted_conflicts(replica.store, new))


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
    collect_if_many(replica)
