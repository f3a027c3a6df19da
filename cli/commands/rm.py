"""`pyvcs rm`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.output import out, out_json, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("rm")
@argument("paths", nargs=-1, required=True, metavar="PATH...", completes="paths")
@option("-r", "recursive", is_flag=True, help="Remove what the commit has in folders.")
@option("-f", "--force", is_flag=True, help="Edited files too; the store keeps the edits.")
@option("--json", "as_json", is_flag=True, help="Print what was removed as JSON.")
def command(
    session: Session, paths: tuple[str, ...], recursive: bool, force: bool, as_json: bool
) -> None:
    """Remove files from the working tree.

    It is a shorthand: the next commit records that they are gone, however they went. A file whose
    content is in no commit stays. `pyvcs undo` brings back what was removed.

    \b
    Example:
      pyvcs rm old.json
    """
    from pyvcs.cli.shapes import oid_shape, path_shape
    from pyvcs.removing import remove

    done = remove(session.repository, session.paths(paths), recursive=recursive, force=force)
    if as_json:
        out_json([{"path": path_shape(file.path), "kept": oid_shape(file.kept)} for file in done])
        return
    for file in done:
        kept = "" if file.kept is None else f" (what was there: pyvcs cat {file.kept.short()})"
        out(f"removed {path_text(file.path)}{kept}")
