"""`pyvcs rev-parse`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("rev-parse")
@argument("revisions", nargs=-1, required=True, metavar="REV...", completes="revisions")
@option("--json", "as_json", is_flag=True, help="Print a list of revision and oid as JSON.")
def command(session: Session, revisions: tuple[str, ...], as_json: bool) -> None:
    """Print the full oid of each revision.

    \b
    Example:
      pyvcs rev-parse main HEAD~2
    """
    oids = [session.repository.resolve(revision) for revision in revisions]
    if as_json:
        pairs = zip(revisions, oids, strict=True)
        out_json([{"revision": revision, "oid": str(oid)} for revision, oid in pairs])
        return
    for oid in oids:
        out(str(oid))
