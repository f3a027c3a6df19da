"""`pyvcs remote`."""

from __future__ import annotations

import click

from pyvcs.cli.completing import remotes
from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session


@click.command("remote")
@click.argument("action", type=click.Choice(["list", "add", "remove"]), default="list")
@click.argument("name", required=False, shell_complete=remotes)
@click.argument("url", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the remotes as JSON.")
@pass_session
def command(
    session: Session, action: str, name: str | None, url: str | None, as_json: bool
) -> None:
    """List the remotes, add one, or remove one.

    A path that is not absolute is seen from the root of this repository.

    \b
    Example:
      pyvcs remote add laptop ../laptop/notes
    """
    from pyvcs.remotes import add_remote, remotes, remove_remote

    repository = session.repository
    if action == "add":
        if name is None or url is None:
            raise click.UsageError("remote add takes a NAME and a path")
        add_remote(repository, name, url)
    elif action == "remove":
        if name is None or url is not None:
            raise click.UsageError("remote remove takes a NAME")
        remove_remote(repository, name)
    elif name is not None:
        raise click.UsageError("remote list takes no argument")
    found = remotes(repository)
    if as_json:
        out_json([{"name": remote.name, "url": remote.url} for remote in found])
    elif action == "list":
        for remote in found:
            out(f"{remote.name}\t{remote.url}")
