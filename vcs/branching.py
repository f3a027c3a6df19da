"""Making and deleting branches."""

from __future__ import annotations

from dataclasses import replace

from pyvcs.moving import swap, with_heads
from pyvcs.objects.errors import Refused, RevisionUnknown
from pyvcs.objects.oid import Oid
from pyvcs.refs import check_ref_name
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
        head = resolve_revision(replica.store, refs, start)
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
        stamp = replica.stamp(refs)
        moved = refs.with_branch(name, refs.branch(name).moved([], stamp), None)
        swap(replica, refs, replace(moved, clock=stamp.clock), f"branch --delete {name}")
    return tip
