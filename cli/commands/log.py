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
    from pyvcs.cli.text import commit_lines, names_text
    from pyvcs.tagging import tags_by_commit

    repository = session.repository
    refs = repository.refs
    names = {oid: repository.branches_at(oid, refs) for oid in refs.tips.values()}
    tagged = tags_by_commit(repository.tags(refs))
    for entry in islice(repository.log(revision), max_count):
        branches = names.get(entry.oid, [])
        tags = tagged.get(entry.oid, [])
        shown = names_text(branches, tags)
        if as_json:
            out_json(commit_shape(entry.oid, entry.commit, branches, tags), line=True)
        elif oneline:
            out(f"{entry.oid.short()}{shown} {entry.commit.subject}")
        else:
            for line in commit_lines(entry.oid, entry.commit, shown):
                out(line)
