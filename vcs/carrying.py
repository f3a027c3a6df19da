"""Carrying edits: what is changed in the working tree is merged with a commit that came in.

An edit is no commit, so it may not become a conflict: either every edited file that is in the way
merges cleanly and the edits stay edits, now on top of the new commit, or nothing happens at all.
"""

from __future__ import annotations

from pyvcs.checkout import CheckoutPlan, carry_out, is_blocked, standing_at
from pyvcs.merge.entries import MAX_MERGE_BYTES, Place, merge_entries
from pyvcs.objects.draft import Draft
from pyvcs.objects.errors import ChangedWhileRead
from pyvcs.objects.listing import Difference, File, commit_differences
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.tree import TreeEntry, display
from pyvcs.objects.values import dataclass
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.worktree import Found, Worktree

_LABELS = ("what the working tree stood on", "the working tree", "what came in")


@dataclass(frozen=True, slots=True)
class CarriedEdit:
    """An edited file: what stands there, its bytes, and what becomes of it on the new commit."""

    path: bytes
    found: Found
    content: bytes
    merged: File
    after: File


@dataclass(frozen=True, slots=True)
class CarryingPlan:
    """The way to a commit with all edits: what nobody edited, what is merged, what cannot be.

    `draft` holds the merged contents. The plan may be carried out when nothing is `in_the_way`.
    """

    checkout: CheckoutPlan
    edits: tuple[CarriedEdit, ...]
    in_the_way: tuple[bytes, ...]
    draft: Draft


def plan_carrying(replica: Replica, worktree: Worktree, cache: StatCache, to: Oid) -> CarryingPlan:
    """How the working tree, with its edits, gets from the cache's commit to `to`.

    Idea.        Only files that differ between the two commits matter. One that stands as either
                 commit has it is checked out; any other is an edit, and merged by the rules of
                 every merge: base is the commit that is left, theirs the new one.
    Result.      `in_the_way` names each edit that would be in conflict: changed at the same place,
                 deleted here or there and changed on the other side, over 64 MiB, or in a file
                 with a recorded conflict, which only a commit can say to be resolved.
    Cost.        The differences of the two commits. Memory: the edited files among them.
    """
    draft = Draft(replica.store)
    found = list(commit_differences(draft, cache.commit, to))
    leaving = {difference.path for difference in found if difference.after is None}
    disputed = _disputed(draft, cache.commit) | _disputed(draft, to)
    plain: list[Difference] = []
    edits: list[CarriedEdit] = []
    in_the_way: list[bytes] = []
    for difference in found:
        if difference.after is not None and is_blocked(worktree, difference.path, leaving):
            in_the_way.append(difference.path)
        elif standing_at(worktree, cache, difference.path) in _either(difference):
            plain.append(difference)
        elif (edit := _merged(draft, worktree, difference, disputed)) is not None:
            edits.append(edit)
        else:
            in_the_way.append(difference.path)
    return CarryingPlan(CheckoutPlan.of(plain, to), tuple(edits), tuple(in_the_way), draft)


def carry_edits(replica: Replica, worktree: Worktree, cache: StatCache, plan: CarryingPlan) -> None:
    """Change the working tree as planned, and the cache with it.

    What stood in an edited file goes into the store before it is written over. A crash leaves
    some files merged and others not: the same plan, made again, goes on from there.
    ChangedWhileRead, before anything changed, when somebody edits one of the files just now.
    """
    for edit in plan.edits:
        if worktree.look(edit.path) != edit.found:
            raise ChangedWhileRead(
                f"{display(edit.path)} was edited while it was merged", hint="try again"
            )
    with StoreWriter(replica.store) as writer:
        for edit in plan.edits:
            writer.put(edit.content)
        writer.publish()
    carry_out(replica.store, worktree, cache, plan.checkout, replica.progress)
    for edit in plan.edits:
        mode, oid = edit.merged
        worktree.write(edit.path, mode, [plan.draft.blob(oid)])
        cache.put(edit.path, edit.after, None)


def _either(difference: Difference) -> tuple[File | None, ...]:
    """What may stand at a path without being an edit. A missing file is one, unless it is due."""
    return difference.before, difference.after


def _disputed(objects: ObjectReader, commit: Oid | None) -> set[bytes]:
    """The paths of the conflicts that a commit holds."""
    if commit is None:
        return set()
    found = map(objects.conflict, objects.commit(commit).conflicts)
    return {path for conflict in found for path in conflict.paths}


def _merged(
    draft: Draft, worktree: Worktree, difference: Difference, disputed: set[bytes]
) -> CarriedEdit | None:
    """The edit at a path merged with what came in, or None when that is not clean."""
    path, before, after = difference
    found = worktree.look(path)
    if found is None or after is None or path in disputed or found.stat.size > MAX_MERGE_BYTES:
        return None
    content = worktree.reader(found)()
    name = path.rpartition(b"/")[2]
    place = Place(
        path,
        None if before is None else TreeEntry(name, *before),
        TreeEntry(name, found.mode, draft.put(content)),
        TreeEntry(name, *after),
        labels=_LABELS,
    )
    entry, conflicts = merge_entries(draft, place)
    if conflicts or entry is None:
        return None
    return CarriedEdit(path, found, content, (entry.mode, entry.oid), after)
