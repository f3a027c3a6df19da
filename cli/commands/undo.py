"""`pyvcs undo`."""

from __future__ import annotations

from pyvcs.cli.declaring import declared, option
from pyvcs.cli.output import out, out_json, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session
    from pyvcs.cli.shapes import Shape
    from pyvcs.repository import Repository
    from pyvcs.undoing import Undone


@declared("undo")
@option("--json", "as_json", is_flag=True, help="Print what was taken back as JSON.")
def command(session: Session, as_json: bool) -> None:
    """Take back the last command that moved a branch, a tag or the working tree.

    Run it again to go further back; `pyvcs redo` does again what was taken back last. A commit
    is taken back without touching a file. Undoing is local: the commits stay, and what other
    replicas have of them comes back with the next sync.

    \b
    Example:
      pyvcs undo
    """
    undone = session.repository.undo()
    print_undone(session.repository, undone, "Took back", as_json=as_json)
    if not as_json and any(each.command.startswith("sync") for each in undone.operations):
        say("hint: the next sync brings it back; work on, or `pyvcs redo`")


def print_undone(repository: Repository, undone: Undone, verb: str, *, as_json: bool) -> None:
    """What was taken back or done again, and where the working tree stands now."""
    from pyvcs.cli.text import when_text

    if as_json:
        out_json(undone_shape(undone))
        return
    for operation in undone.operations:
        out(f"{verb} operation {operation.number} of {when_text(operation.milliseconds)}:")
        out(f"  {operation.command}")
    position = undone.refs.position
    where = "no commit" if position.commit is None else position.commit.short()
    if repository.has_worktree:
        out(f"Now on {'no branch' if position.branch is None else position.branch} at {where}")


def undone_shape(undone: Undone) -> Shape:
    """The same as JSON."""
    from pyvcs.cli.shapes import oid_shape, operation_shape

    position = undone.refs.position
    return {
        "operations": [operation_shape(operation) for operation in undone.operations],
        "branch": position.branch,
        "commit": oid_shape(position.commit),
    }
