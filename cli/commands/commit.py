"""`pyvcs commit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.objects.commit import Identity


@click.command("commit")
@click.option("-m", "--message", required=True, metavar="MSG", help="What the commit is about.")
@click.option("--author", metavar="'NAME <EMAIL>'", help="Who made it, if not you.")
@click.option("--json", "as_json", is_flag=True, help="Print the commit as JSON.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@pass_session
def command(
    session: Session, message: str, author: str | None, as_json: bool, paths: tuple[str, ...]
) -> None:
    """Record the working tree, or only the PATHs given.

    There is no staging area: every change is recorded, and every new file that is not ignored.
    Exits with 1 when there is nothing to record.

    \b
    Example:
      pyvcs commit -m "translate the menu" locale/
    """
    from pyvcs.cli.shapes import commit_shape
    from pyvcs.cli.text import counted

    if not message.strip():
        raise click.UsageError("the message is empty; say with -m what the commit is about")
    repository = session.repository
    oid = repository.commit(
        message, paths=session.paths(paths), author=None if author is None else _person(author)
    )
    commit = repository.store.commit(oid)
    if as_json:
        out_json(commit_shape(oid, commit, repository.branches_at(oid)))
        return
    out(f"[{repository.refs.position.branch or 'detached'} {oid.short()}] {commit.subject}")
    if commit.conflicts:
        say(f"{counted(len(commit.conflicts), 'conflict')} still to resolve (`pyvcs conflicts`)")


def _person(text: str) -> Identity:
    from pyvcs.objects.commit import Identity

    name, separator, rest = text.partition("<")
    if not separator or not rest.endswith(">"):
        raise click.BadParameter("write it as 'NAME <EMAIL>'", param_hint="--author")
    return Identity(name.strip(), rest[:-1].strip())
