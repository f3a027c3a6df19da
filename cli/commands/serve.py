"""`pyvcs serve`."""

from __future__ import annotations

import sys

import click

from pyvcs.cli.session import Session, pass_session


@click.command("serve")
@click.argument("directory", default=".")
@click.option("--stdio", is_flag=True, required=True, help="Talk on standard input and output.")
@click.option("--read-only", is_flag=True, help="Refuse what callers give.")
@pass_session
def command(session: Session, directory: str, stdio: bool, read_only: bool) -> None:  # noqa: ARG001
    """Let other replicas sync with the repository in DIRECTORY.

    `pyvcs sync ssh://HOST/PATH` runs this on HOST. The format of the talk: docs/formats/wire.md.

    \b
    Example:
      pyvcs serve --stdio /srv/notes
    """
    from pyvcs.objects.errors import PyvcsError
    from pyvcs.repository import Repository
    from pyvcs.sync.failures import failure_of
    from pyvcs.sync.session import Role
    from pyvcs.sync.session import Session as Talk
    from pyvcs.sync.transports.pipe import serve_pipe, write_all

    incoming, outgoing = sys.stdin.fileno(), sys.stdout.fileno()
    try:
        repository = Repository.open(session.beside(directory), search=False)
    except PyvcsError as error:
        write_all(outgoing, Talk(Role.ANSWERER).send(failure_of(error)))
        raise
    serve_pipe(repository, incoming, outgoing, read_only=read_only)
