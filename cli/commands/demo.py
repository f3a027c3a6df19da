"""`pyvcs demo`."""

from __future__ import annotations

import os

import click

from pyvcs.cli.output import out
from pyvcs.cli.session import Session, pass_session


@click.command("demo")
@click.argument("directory", required=False, type=click.Path())
@pass_session
def command(session: Session, directory: str | None) -> None:
    """Show two replicas edit, merge and converge.

    Works in DIRECTORY, which must be new or empty and is kept; without it in a folder that is
    removed at the end. Every command is shown and really run.

    \b
    Example:
      pyvcs demo /tmp/tides
    """
    import tempfile
    from pathlib import Path

    from pyvcs.cli.demonstration import demonstrate
    from pyvcs.objects.errors import Refused

    if directory is None:
        with tempfile.TemporaryDirectory(prefix="pyvcs-demo-") as folder:
            demonstrate(Path(folder))
        return
    path = Path(session.folder, directory).resolve()
    if path.exists() and (not path.is_dir() or os.listdir(path)):
        raise Refused(f"{path} is there and not empty", hint="name a new folder")
    path.mkdir(parents=True, exist_ok=True)
    demonstrate(path)
    out(f"\nLook around in {path}")
