"""`pyvcs gc`."""

from __future__ import annotations

from pyvcs.cli.declaring import declared, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("gc")
@option("--prune", is_flag=True, help="Also leave out what nothing reaches.")
@option("--json", "as_json", is_flag=True, help="Print counts before and after as JSON.")
def command(session: Session, prune: bool, as_json: bool) -> None:
    """Merge all packs into one and rebuild the commit graph.

    Without --prune nothing is ever removed. With it, objects go that no branch, tag, working tree
    or earlier state of them in the operation log reaches.

    \b
    Example:
      pyvcs gc
    """
    from pyvcs.cli.text import counted
    from pyvcs.collecting import collect

    done = collect(session.repository, prune=prune)
    if as_json:
        out_json(
            {
                "packs_before": done.packs_before,
                "packs_after": done.packs_after,
                "bytes_before": done.bytes_before,
                "bytes_after": done.bytes_after,
                "pruned": done.pruned,
            }
        )
        return
    out(
        f"{counted(done.packs_before, 'pack')} ({done.bytes_before:,} bytes) became "
        f"{counted(done.packs_after, 'pack')} ({done.bytes_after:,} bytes)"
    )
    if prune:
        out(f"{counted(done.pruned, 'object')} left out")
