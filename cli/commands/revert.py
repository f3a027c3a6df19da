"""`pyvcs revert`."""

from __future__ import annotations

from functools import partial

from pyvcs.cli.commands.cherry_pick import report
from pyvcs.cli.declaring import argument, declared, number, option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("revert")
@argument("revisions", nargs=-1, required=True, metavar="REV...", completes="revisions")
@option("--parent", kind=number(1), metavar="N", help="For a merge: against parent N.")
@option("--json", "as_json", is_flag=True, help="Print the new commits as JSON.")
def command(session: Session, revisions: tuple[str, ...], parent: int | None, as_json: bool) -> int:
    """Take out what each REV changed, in new commits.

    A..B stands for the commits in it, the newest first. One whose changes are all gone already is
    skipped. A conflict is recorded in the new commit, and the commits after it are left for later;
    the exit code is then 1. `pyvcs undo` takes all of them back.

    \b
    Example:
      pyvcs revert HEAD~1
      pyvcs revert v1..HEAD
    """
    from pyvcs.cli.selection import commits_of
    from pyvcs.picking import revert

    sources = commits_of(session, revisions, newest_first=True)
    return report(session, "revert", partial(revert, sources=sources, parent=parent), as_json)
