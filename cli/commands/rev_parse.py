"""`pyvcs rev-parse`."""

from __future__ import annotations

import click

from pyvcs.cli.completing import revisions
from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session


@click.command("rev-parse")
@click.argument("revisions", nargs=-1, required=True, metavar="REV...", shell_complete=revisions)
@click.option("--json", "as_json", is_flag=True, help="Print a list of revision and oid as JSON.")
@pass_session
def command(session: Session, revisions: tuple[str, ...], as_json: bool) -> None:
    """Print the full oid of each revision.

    \b
    Example:
      pyvcs rev-parse main HEAD~2
    """
    oids = [session.repository.resolve(revision) for revision in revisions]
    if as_json:
        pairs = zip(revisions, oids, strict=True)
        out_json([{"revision": revision, "oid": str(oid)} for revision, oid in pairs])
        return
    for oid in oids:
        out(str(oid))
