"""`pyvcs revert`."""

from __future__ import annotations

import click

from pyvcs.cli.commands.cherry_pick import report
from pyvcs.cli.completing import revisions
from pyvcs.cli.session import Session, pass_session


@click.command("revert")
@click.argument("revisions", nargs=-1, required=True, metavar="REV...", shell_complete=revisions)
@click.option(
    "--parent", type=click.IntRange(min=1), metavar="N", help="For a merge: against parent N."
)
@click.option("--json", "as_json", is_flag=True, help="Print the new commits as JSON.")
@pass_session
def command(session: Session, revisions: tuple[str, ...], parent: int | None, as_json: bool) -> int:
    """Take out what each REV changed, in new commits.

    A conflict is recorded in the new commit, and the commits after it are left for later; the
    exit code is then 1.

    \b
    Example:
      pyvcs revert HEAD~1
    """
    from pyvcs.picking import revert

    repository = session.repository
    done = (revert(repository, revision, parent=parent) for revision in revisions)
    return report(session, done, revisions, as_json=as_json)
