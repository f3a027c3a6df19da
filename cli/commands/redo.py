"""`pyvcs redo`."""

from __future__ import annotations

from pyvcs.cli.commands.undo import print_undone
from pyvcs.cli.declaring import declared, option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("redo")
@option("--json", "as_json", is_flag=True, help="Print what was done again as JSON.")
def command(session: Session, as_json: bool) -> None:
    """Do again what the last `pyvcs undo` took back.

    Refused when something else was done since.

    \b
    Example:
      pyvcs undo && pyvcs redo
    """
    undone = session.repository.redo()
    print_undone(session.repository, undone, "Did again", as_json=as_json)
