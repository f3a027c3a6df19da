"""`pyvcs cherry-pick`."""

from __future__ import annotations

from functools import partial

from pyvcs.cli.declaring import argument, declared, number, option
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.reused import reusing, say_reused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pyvcs.cli.session import Session
    from pyvcs.cli.shapes import Shape
    from pyvcs.picking import Picked, Picking
    from pyvcs.repository import Repository


@declared("cherry-pick")
@argument("revisions", nargs=-1, required=True, metavar="REV...", completes="revisions")
@option("--parent", kind=number(1), metavar="N", help="For a merge: against parent N.")
@option("--json", "as_json", is_flag=True, help="Print the new commits as JSON.")
def command(session: Session, revisions: tuple[str, ...], parent: int | None, as_json: bool) -> int:
    """Apply what each REV changed, as a new commit with its message and author.

    A..B stands for the commits in it, the oldest first. One whose changes are all here already is
    skipped. A conflict is recorded in the new commit, and the commits after it are left for later;
    the exit code is then 1. `pyvcs undo` takes all of them back.

    \b
    Example:
      pyvcs cherry-pick topic~2 topic
      pyvcs cherry-pick main..topic
    """
    from pyvcs.cli.selection import commits_of
    from pyvcs.picking import cherry_pick

    sources = commits_of(session, revisions, newest_first=False)
    return report(
        session, "cherry-pick", partial(cherry_pick, sources=sources, parent=parent), as_json
    )


def report(
    session: Session, name: str, pick: Callable[[Repository], Picking], as_json: bool
) -> int:
    """Pick commits by the command `name`, and print each that was made; the exit code."""
    with reusing(session) as reused:
        picking = pick(session.repository)
    if as_json:
        out_json([_shape(each) for each in picking.made])
    else:
        _print_picked(session, picking.made)
    store = session.repository.store
    for oid in picking.skipped:
        say(f"skipped {oid.short()} {store.commit(oid).subject}: it changes nothing here")
    say_reused(session, reused)
    if not picking.made[-1].conflicts:
        return DONE
    left = " ".join(oid.short() for oid in picking.left)
    then = f", then go on with `pyvcs {name} {left}`" if left else ""
    say(f"hint: resolve the conflicts and commit{then}")
    return CONFLICTS


def _print_picked(session: Session, made: tuple[Picked, ...]) -> None:
    from pyvcs.cli.text import conflict_line

    branch = session.repository.refs.position.branch or "detached"
    for each in made:
        subject = session.repository.store.commit(each.oid).subject
        out(f"[{branch} {each.oid.short()}] {subject}")
        for conflict in each.conflicts:
            out(f"Conflict: {conflict_line(conflict)}")


def _shape(picked: Picked) -> Shape:
    from pyvcs.cli.shapes import conflict_shape, oid_shape

    return {
        "id": str(picked.oid),
        "source": oid_shape(picked.source),
        "conflicts": [conflict_shape(conflict) for conflict in picked.conflicts],
    }
