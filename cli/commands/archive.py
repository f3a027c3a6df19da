"""`pyvcs archive`."""

from __future__ import annotations

import os

import click

from pyvcs.cli.completing import revisions
from pyvcs.cli.output import out, out_json
from pyvcs.cli.selection import WithPaths
from pyvcs.cli.session import Session


@click.command("archive", cls=WithPaths)
@click.argument("revision", default="HEAD", shell_complete=revisions)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["tar", "tar.gz", "zip"]),
    help="By default what the name of FILE ends with.",
)
@click.option("--prefix", default="", metavar="FOLDER/", help="Put before every path.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
@click.pass_context
def command(
    ctx: click.Context, revision: str, output: str, form: str | None, prefix: str, as_json: bool
) -> None:
    """Write the files of REVISION to an archive: a tar, tar.gz or zip file.

    The same commit gives the same bytes. PATHs to take may follow after `--`. A FILE that is there
    is replaced, whole or not at all.

    \b
    Example:
      pyvcs archive v1.0 -o soup-1.0.tar.gz --prefix soup-1.0/
    """
    from pyvcs.archiving import FORMATS, write_archive
    from pyvcs.cli.text import counted
    from pyvcs.replacing import replacing_file

    session = ctx.ensure_object(Session)
    repository = session.repository
    commit = repository.resolve(revision)
    found = form or next(
        (name for name, ends in FORMATS.items() if output.lower().endswith(ends)), None
    )
    if found is None:
        raise click.UsageError(f"{output} is no .tar, .tar.gz, .tgz or .zip: say --format")
    paths = session.paths(WithPaths.paths_after(ctx))
    where = session.beside(output)
    with replacing_file(where) as stream:
        count = write_archive(
            repository.store, commit, stream, form=found, prefix=prefix, paths=paths
        )
    if as_json:
        size = os.path.getsize(where)
        out_json({"path": output, "format": found, "files": count, "bytes": size})
    else:
        out(f"wrote {counted(count, 'file')} of {commit.short()} to {output}")
