"""`pyvcs restore`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.output import out, out_json, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("restore")
@argument("paths", nargs=-1, required=True, metavar="PATH...", completes="changed_paths")
@option(
    "--from",
    "revision",
    metavar="REV",
    help="HEAD by default.",
    completes="revisions",
)
@option("--json", "as_json", is_flag=True, help="Print what was restored as JSON.")
def command(session: Session, paths: tuple[str, ...], revision: str | None, as_json: bool) -> None:
    """Bring files back as they are in a commit.

    An edit that is in no commit is kept in the store first; its oid is printed, and `pyvcs cat`
    shows it. A new file is removed (and kept) only when it is named itself.

    \b
    Example:
      pyvcs restore --from HEAD~1 settings.json
    """
    from pyvcs.cli.shapes import oid_shape, path_shape
    from pyvcs.restoring import restore

    done = restore(session.repository, session.paths(paths), revision=revision or "HEAD")
    if as_json:
        out_json(
            [
                {
                    "path": path_shape(file.path),
                    "kept": oid_shape(file.kept),
                    "removed": file.removed,
                }
                for file in done
            ]
        )
        return
    for file in done:
        word = "removed" if file.removed else "restored"
        kept = "" if file.kept is None else f" (what was there: pyvcs cat {file.kept.short()})"
        out(f"{word} {path_text(file.path)}{kept}")
