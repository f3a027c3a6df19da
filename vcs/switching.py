"""Switching: standing on another branch or commit."""

from __future__ import annotations

from pyvcs.checkout import CheckoutPlan, carry_out, plan_checkout
from pyvcs.moving import swap, with_heads
from pyvcs.objects.errors import Refused, RevisionUnknown, WouldOverwrite
from pyvcs.objects.listing import commit_differences
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import display
from pyvcs.objects.values import replace
from pyvcs.refs import Position, Refs, check_ref_name
from pyvcs.replica import Replica
from pyvcs.revision import resolve_revision
from pyvcs.stat_cache import StatCache
from pyvcs.worktree_filling import can_fill, fill_tree


def switch(
    replica: Replica,
    name: str,
    *,
    create: bool = False,
    detach: bool = False,
    start: str = "HEAD",
    merge: bool = False,
) -> Oid | None:
    """Stand on a branch (`create` makes it at `start` first), or `detach` at any revision.

    The working tree goes along; edits that the way does not touch stay. WouldOverwrite, before
    anything changed, when the way would run over some; with `merge` only when they cannot be
    merged with what is there. The commit that it stands on then.
    """
    with replica.locked("switch"):
        refs = replica.refs
        if detach:
            target: Oid | None = resolve_revision(replica, refs, name)
            position = Position(None, target)
            return stand(replica, refs, refs, position, f"switch {name}", merge=merge)
        moved = _with_new_branch(replica, refs, name, start) if create else refs
        if name not in moved.tips and name != moved.position.branch:
            raise RevisionUnknown(
                f"there is no branch {name!r}",
                hint=f"`pyvcs switch --create {name}` makes it, `pyvcs branch` lists what there is",
            )
        position = Position(name, moved.tips.get(name))
        return stand(replica, refs, moved, position, f"switch {name}", merge=merge)


def previous_branch(replica: Replica) -> str:
    """The branch that the working tree was on before this one. RevisionUnknown without one."""
    current = replica.refs.position.branch
    for operation in reversed(list(replica.ref_store.operations())):
        before = operation.before.get("head", {}).get("branch")
        if before not in (None, current):
            return str(before)
    raise RevisionUnknown("the working tree was on no other branch before this one")


def _with_new_branch(replica: Replica, refs: Refs, name: str, start: str) -> Refs:
    check_ref_name(name)
    if name in refs.tips:
        raise Refused(f"the branch {name!r} is there already", hint=f"`pyvcs switch {name}`")
    if not refs.tips and start == "HEAD" and refs.position.commit is None:
        return replace(refs, position=Position(name))  # no commit yet: nothing to point to
    return with_heads(replica, refs, name, [resolve_revision(replica, refs, start)])


def stand(
    replica: Replica,
    old: Refs,
    new: Refs,
    position: Position,
    command: str,
    *,
    merge: bool = False,
) -> Oid | None:
    """Bring the working tree (if there is one) to `position`, then the refs to `new` with it.

    A crash in between leaves files of the new commit on the old one: the same command goes on
    from there, for such files are safe to replace.
    """
    if not replica.has_worktree:
        position = Position(position.branch)
    else:
        bring_worktree(replica, old.position.commit, position.commit, merge=merge)
    arrive(replica, old, new, position, command)
    return position.commit


def bring_worktree(
    replica: Replica, before: Oid | None, after: Oid | None, *, merge: bool = False
) -> None:
    """Change the files of the working tree from one commit's to another's; edits stay.

    WouldOverwrite, before anything changed, when an edit is in the way; with `merge` when it
    cannot be merged with what comes.
    """
    if before == after:
        return
    store, worktree = replica.store, replica.worktree
    cache = StatCache.load(replica.backend, store, before)
    if merge and after is not None:
        from pyvcs.carrying import carry_edits, plan_carrying

        carrying = plan_carrying(replica, worktree, cache, after)
        if carrying.in_the_way:
            names = ", ".join(map(display, carrying.in_the_way))
            raise WouldOverwrite(
                f"edits are in the way: {names}", hint="commit them, and try again"
            )
        carry_edits(replica, worktree, cache, carrying)
        cache.save(replica.backend)
        return
    plan = plan_checkout(store, worktree, cache, to=after)
    carry_out(store, worktree, cache, plan, replica.progress)
    cache.save(replica.backend)


def arrive(replica: Replica, old: Refs, new: Refs, position: Position, command: str) -> None:
    """Let the refs say where the working tree stands; marks of resolved conflicts go along."""
    there = replica.store.commit(position.commit).conflicts if position.commit else ()
    resolved = tuple(oid for oid in old.position.resolved if oid in there)
    position = replace(position, resolved=resolved)
    swap(replica, old, replace(new, position=position), command)


def fill(replica: Replica) -> None:
    """Write the tip into the empty working tree of a replica that is just being made."""
    refs = replica.refs
    branch = refs.position.branch
    tip = refs.tips.get(branch or "")
    if tip is None:
        return
    if can_fill(replica.store):
        root, may_fork = replica.worktree.root, replica.may_fork
        cache = fill_tree(replica.store, root, tip, replica.progress, may_fork=may_fork)
    else:
        cache = StatCache.load(replica.backend, replica.store, None)
        plan = CheckoutPlan.of(list(commit_differences(replica.store, None, tip)), tip)
        carry_out(replica.store, replica.worktree, cache, plan, replica.progress, is_new=True)
    cache.save(replica.backend)
    arrive(replica, refs, refs, Position(branch, tip), f"follow {branch}")
