"""Making, renaming and deleting branches."""

from __future__ import annotations

from pyvcs.moving import swap, with_heads
from pyvcs.objects.errors import Refused, RevisionUnknown
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import replace
from pyvcs.refs import Refs, check_ref_name
from pyvcs.replica import Replica
from pyvcs.revision import resolve_revision


def create_branch(replica: Replica, name: str, start: str = "HEAD") -> Oid:
    """Make a branch at a revision; its tip. Refused when there is one of this name."""
    check_ref_name(name)
    with replica.locked("branch"):
        refs = replica.refs
        if name in refs.tips:
            raise Refused(
                f"there is a branch {name!r} already", hint=f"`pyvcs switch {name}` goes there"
            )
        head = resolve_revision(replica, refs, start)
        moved = with_heads(replica, refs, name, [head])
        swap(replica, refs, moved, f"branch {name}")
    return moved.tips[name]


def delete_branch(replica: Replica, name: str) -> Oid:
    """Delete a branch, here and by the next syncs everywhere; the tip that it had.

    Refused for the branch on which the working tree stands, RevisionUnknown for an unknown one.
    """
    with replica.locked("branch"):
        refs = replica.refs
        if name not in refs.tips:
            raise RevisionUnknown(f"there is no branch {name!r}", hint="`pyvcs branch` lists them")
        if name == refs.position.branch:
            raise Refused(
                f"{name!r} is the branch that you are on", hint="switch to another one first"
            )
        tip = refs.tips[name]
        swap(replica, refs, _without(replica, refs, name), f"branch --delete {name}")
    return tip


def rename_branch(replica: Replica, old: str, new: str) -> Oid | None:
    """Give a branch another name, here and by the next syncs everywhere; its tip.

    That is a new branch with the same heads, and the old one deleted, in one step. A commit that
    somebody makes on the old one at the same time stays there, under the old name, to be merged.
    A working tree on the branch stays on it; None for one without a commit. Refused when the new
    name is taken, RevisionUnknown when there is no such branch.
    """
    check_ref_name(new)
    with replica.locked("branch"):
        refs = replica.refs
        stands_here = refs.position.branch == old
        if old not in refs.tips and not stands_here:
            raise RevisionUnknown(f"there is no branch {old!r}", hint="`pyvcs branch` lists them")
        if new in refs.tips or new == old:
            raise Refused(
                f"there is a branch {new!r} already", hint=f"`pyvcs merge {new}` merges the two"
            )
        moved = refs
        if old in refs.tips:
            moved = with_heads(replica, refs, new, refs.branch(old).oids)
            moved = _without(replica, moved, old)
        if stands_here:
            moved = replace(moved, position=replace(refs.position, branch=new))
        swap(replica, refs, moved, f"branch --move {old} {new}")
    return moved.tips.get(new)


def _without(replica: Replica, refs: Refs, name: str) -> Refs:
    """The refs with a branch deleted: an event of its own."""
    stamp = replica.stamp(refs)
    deleted = refs.with_branch(name, refs.branch(name).moved([], stamp), None)
    return replace(deleted, clock=stamp.clock)
