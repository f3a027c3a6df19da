"""`pyvcs status`."""

from __future__ import annotations

from pyvcs.cli.declaring import declared, option
from pyvcs.cli.output import out, out_json, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session
    from pyvcs.status import Status


@declared("status")
@option("-s", "--short", is_flag=True, help="One line a path, as git's short form.")
@option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(session: Session, short: bool, as_json: bool) -> None:
    """Show where the working tree stands and what changed in it.

    \b
    Example:
      pyvcs status --short
    """
    from pyvcs.cli.shapes import change_shape, conflict_shape, oid_shape

    status = session.repository.status()
    if as_json:
        out_json(
            {
                "branch": status.branch,
                "commit": oid_shape(status.commit),
                "tip": oid_shape(status.tip),
                "heads": [str(oid) for oid in status.heads],
                "changes": [change_shape(change) for change in status.changes],
                "conflicts": [conflict_shape(conflict) for conflict in status.conflicts],
                "resolved": status.resolved,
            }
        )
        return
    if not short:
        _say_where(status)
    for change in status.changes:
        out(f"{change.kind.value} {path_text(change.path)}")
    if not short and status.is_clean:
        out("nothing to commit, the working tree is clean")


def _say_where(status: Status) -> None:
    from pyvcs.cli.text import conflict_line, counted

    out(f"On branch {status.branch}" if status.branch else f"Detached at {status.commit}")
    if status.commit is None and status.tip is None:
        out("No commits yet")
    if len(status.heads) > 1:
        out(f"The branch has {len(status.heads)} heads; its tip is their canonical merge")
    if status.tip is not None and status.tip != status.commit:
        out(
            f"The branch has moved to {status.tip.short()}; "
            "commit, then `pyvcs switch` brings the working tree there"
        )
    if status.resolved:
        out(f"{counted(status.resolved, 'conflict')} resolved; `pyvcs commit` records that")
    if status.conflicts:
        out(f"{counted(len(status.conflicts), 'conflict')} to resolve (`pyvcs conflicts`):")
        for conflict in status.conflicts:
            out(f"  {conflict_line(conflict)}")
