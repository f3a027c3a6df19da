"""`pyvcs show`."""

from __future__ import annotations

import click

from pyvcs.cli.output import out, out_json, out_pieces
from pyvcs.cli.session import Session, pass_session


@click.command("show")
@click.argument("revision", default="HEAD")
@click.option("--json", "as_json", is_flag=True, help="Print commit and changed paths as JSON.")
@pass_session
def command(session: Session, revision: str, as_json: bool) -> None:
    """Show a commit and what it changed against its first parent.

    \b
    Example:
      pyvcs show HEAD~1
    """
    from pyvcs.cli.shapes import commit_shape, conflict_shape
    from pyvcs.cli.text import commit_lines, conflict_line, names_text
    from pyvcs.diffing import diff_commits, unified

    repository = session.repository
    oid = repository.resolve(revision)
    commit = repository.store.commit(oid)
    branches, tags = repository.branches_at(oid), repository.tags_at(oid)
    conflicts = [repository.store.conflict(conflict) for conflict in commit.conflicts]
    files = diff_commits(repository, commit.parents[0] if commit.parents else None, oid)
    if as_json:
        from pyvcs.cli.commands.diff import file_diff_shape

        shape = commit_shape(oid, commit, branches, tags)
        shape["conflicts"] = [conflict_shape(conflict) for conflict in conflicts]
        shape["files"] = [file_diff_shape(file) for file in files]
        out_json(shape)
        return
    for line in commit_lines(oid, commit, names_text(branches, tags)):
        out(line)
    for conflict in conflicts:
        out(f"Conflict: {conflict_line(conflict)}")
    for file in files:
        out_pieces(unified(file))
