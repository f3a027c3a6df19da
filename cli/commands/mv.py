"""`pyvcs mv`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.output import out, out_json, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("mv")
@argument("sources", nargs=-1, required=True, metavar="PATH...", completes="paths")
@argument("target", metavar="TARGET", completes="paths")
@option("--json", "as_json", is_flag=True, help="Print what was moved as JSON.")
def command(session: Session, sources: tuple[str, ...], target: str, as_json: bool) -> None:
    """Move files and folders to TARGET: a folder that is there, or a new path.

    It is a shorthand: a commit records a move however it was made, edits included. Nothing is
    written over. `pyvcs undo` moves things back.

    \b
    Example:
      pyvcs mv menu.json menus/spring.json
    """
    from pyvcs.cli.shapes import path_shape
    from pyvcs.renaming import move

    done = move(session.repository, session.paths(sources), session.path(target))
    if as_json:
        out_json(
            [{"path": path_shape(each.target), "source": path_shape(each.source)} for each in done]
        )
        return
    for each in done:
        out(f"moved {path_text(each.source)} to {path_text(each.target)}")
