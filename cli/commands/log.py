"""`pyvcs log`."""

from __future__ import annotations

from itertools import islice

import click

from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session


@click.command("log")
@click.argument("revision", default="HEAD")
@click.option("-n", "--max-count", type=click.IntRange(min=0), metavar="N", help="At most N.")
@click.option("--oneline", is_flag=True, help="Short oid and subject, one line a commit.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, a line a commit.")
@pass_session
def command(
    session: Session, revision: str, max_count: int | None, oneline: bool, as_json: bool
) -> None:
    """Show the history of REVISION (where the working tree stands by default), newest first.

    \b
    Example:
      pyvcs log --oneline -n 10 main
    """
    from pyvcs.cli.shapes import commit_shape
    from pyvcs.cli.text import commit_lines

    repository = session.repository
    refs = repository.refs
    names = {oid: repository.branches_at(oid, refs) for oid in refs.tips.values()}
    for entry in islice(repository.log(revision), max_count):
        branches = names.get(entry.oid, [])
        shown = f" ({', '.join(branches)})" if branches else ""
        if as_json:
            out_json(commit_shape(entry.oid, entry.commit, branches), line=True)
        elif oneline:
            out(f"{entry.oid.short()}{shown} {entry.commit.subject}")
        else:
            for line in commit_lines(entry.oid, entry.commit, shown):
                out(line)
