"""`pyvcs cherry-pick`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from pyvcs.cli.completing import revisions
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.reused import reusing, say_reused
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.picking import Picked


@click.command("cherry-pick")
@click.argument("revisions", nargs=-1, required=True, metavar="REV...", shell_complete=revisions)
@click.option(
    "--parent", type=click.IntRange(min=1), metavar="N", help="For a merge: against parent N."
)
@click.option("--json", "as_json", is_flag=True, help="Print the new commits as JSON.")
@pass_session
def command(session: Session, revisions: tuple[str, ...], parent: int | None, as_json: bool) -> int:
    """Apply what each REV changed, as a new commit with its message and author.

    A conflict is recorded in the new commit, and the commits after it are left for later; the
    exit code is then 1.

    \b
    Example:
      pyvcs cherry-pick topic~2 topic
    """
    from pyvcs.picking import cherry_pick

    repository = session.repository
    picked = (cherry_pick(repository, revision, parent=parent) for revision in revisions)
    return report(session, picked, revisions, as_json=as_json)


def report(
    session: Session, picked: Iterable[Picked], revisions: tuple[str, ...], *, as_json: bool
) -> int:
    """Print each commit as it is made; stop after one with conflicts."""
    done: list[Picked] = []
    with reusing(session) as reused:
        _print_picked(session, picked, done, as_json=as_json)
    if as_json:
        out_json([_shape(each) for each in done])
    say_reused(session, reused)
    if not (done and done[-1].conflicts):
        return DONE
    left = " ".join(revisions[len(done) :])
    say("hint: resolve the conflicts and commit" + (f", then go on with {left}" if left else ""))
    return CONFLICTS


def _print_picked(
    session: Session, picked: Iterable[Picked], done: list[Picked], *, as_json: bool
) -> None:
    from pyvcs.cli.text import conflict_line

    for each in picked:
        done.append(each)
        if not as_json:
            subject = session.repository.store.commit(each.oid).subject
            branch = session.repository.refs.position.branch or "detached"
            out(f"[{branch} {each.oid.short()}] {subject}")
            for conflict in each.conflicts:
                out(f"Conflict: {conflict_line(conflict)}")
        if each.conflicts:
            break


def _shape(picked: Picked) -> Shape:
    from pyvcs.cli.shapes import conflict_shape, oid_shape

    return {
        "id": str(picked.oid),
        "source": oid_shape(picked.source),
        "conflicts": [conflict_shape(conflict) for conflict in picked.conflicts],
    }
