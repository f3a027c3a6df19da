"""`pyvcs init`."""

from __future__ import annotations

import os

import click

from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session


@click.command("init")
@click.argument("directory", default=".", type=click.Path())
@click.option("--bare", is_flag=True, help="Without a working tree.")
@click.option("-b", "--initial-branch", default="main", metavar="NAME", help="The first branch.")
@click.option("--json", "as_json", is_flag=True, help="Print path, branch and replica as JSON.")
@pass_session
def command(
    session: Session, directory: str, bare: bool, initial_branch: str, as_json: bool
) -> None:
    """Make a new repository in DIRECTORY (here by default).

    \b
    Example:
      pyvcs init notes
    """
    from pyvcs.repository import Repository

    path = os.path.join(session.folder, directory)
    repository = Repository.init(path, branch=initial_branch, bare=bare)
    assert repository.place is not None
    folder = os.fsdecode(repository.place.folder)
    if as_json:
        shape = {"path": folder, "branch": initial_branch, "replica": repository.id}
        out_json(shape)
    else:
        out(f"Made an empty repository in {folder}")
