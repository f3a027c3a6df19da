"""`pyvcs conflicts`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("conflicts")
@argument("paths", nargs=-1, metavar="[PATH]...", completes="conflicted_paths")
@option("--json", "as_json", is_flag=True, help="Print kind, place and sides as JSON.")
def command(session: Session, paths: tuple[str, ...], as_json: bool) -> None:
    """List what is in conflict in the working tree, with base and both sides.

    Each side comes with the commit that made it so, and each conflict with what to do. Inside a
    JSON document each place has a conflict of its own; the document shows one side.

    \b
    Example:
      pyvcs conflicts package.json
    """
    from pyvcs.cli.conflict_text import SIDES, advice, open_conflict_shape, side_line
    from pyvcs.cli.text import conflict_line
    from pyvcs.open_conflicts import open_conflicts
    from pyvcs.worktree import is_below

    repository = session.repository
    wanted = session.paths(paths)
    found = [
        item
        for item in open_conflicts(repository)
        if not wanted or any(is_below(item.conflict.path, path) for path in wanted)
    ]
    if as_json:
        out_json([open_conflict_shape(repository, item) for item in found])
        return
    for item in found:
        out(conflict_line(item.conflict))
        for name in SIDES:
            out(f"  {name + ':':7} {side_line(repository, item, name)}")
        out(f"  {'to do:':7} {advice(item.conflict.kind)}")
