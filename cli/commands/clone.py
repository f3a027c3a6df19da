"""`pyvcs clone`."""

from __future__ import annotations

import os

import click

from pyvcs.cli.completing import folders
from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session


@click.command("clone")
@click.argument("source", shell_complete=folders)
@click.argument("directory", required=False, shell_complete=folders)
@click.option("--bare", is_flag=True, help="Without a working tree.")
@click.option("--json", "as_json", is_flag=True, help="Print path, branch and tip as JSON.")
@pass_session
def command(
    session: Session, source: str, directory: str | None, bare: bool, as_json: bool
) -> None:
    """Make a replica of SOURCE in DIRECTORY: a repository, a plain folder or a bundle.

    The replica has all of SOURCE's history and branches, and SOURCE as its remote `origin`, unless
    that is a bundle.

    \b
    Example:
      pyvcs clone ../notes my-notes
    """
    from pyvcs.cli.shapes import oid_shape
    from pyvcs.repository import Repository
    from pyvcs.sync.transports.opening import is_url

    source = source if is_url(source) else os.path.join(session.folder, source)
    target = directory or os.path.basename(os.path.abspath(source))
    path = os.path.join(session.folder, target)
    repository = Repository.clone(
        source, path, bare=bare, token=session.token, progress=session.shown_progress
    )
    assert repository.place is not None
    folder = os.fsdecode(repository.place.root or repository.place.folder)
    refs = repository.refs
    if as_json:
        branch = refs.position.branch
        out_json({"path": folder, "branch": branch, "tip": oid_shape(repository.tip())})
    else:
        out(f"Cloned into {folder}")
