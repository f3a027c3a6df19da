"""`pyvcs archive`."""

from __future__ import annotations

import os

from pyvcs.cli.declaring import argument, choice, declared, misused, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("archive", with_paths=True)
@argument("revision", default="HEAD", completes="revisions")
@option("-o", "--output", required=True, metavar="FILE", help="Where to write it.")
@option(
    "--format",
    "form",
    kind=choice("tar", "tar.gz", "zip"),
    help="By default what the name of FILE ends with.",
)
@option("--prefix", default="", metavar="FOLDER/", help="Put before every path.")
@option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(
    session: Session,
    revision: str,
    output: str,
    form: str | None,
    prefix: str,
    as_json: bool,
    after: list[str] | None,
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

    repository = session.repository
    commit = repository.resolve(revision)
    found = form or next(
        (name for name, ends in FORMATS.items() if output.lower().endswith(ends)), None
    )
    if found is None:
        raise misused(f"{output} is no .tar, .tar.gz, .tgz or .zip: say --format")
    paths = session.paths(after or ())
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
