"""`pyvcs clone`."""

from __future__ import annotations

import os

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("clone")
@argument("source", completes="folders")
@argument("directory", required=False, completes="folders")
@option("--bare", is_flag=True, help="Without a working tree.")
@option("--json", "as_json", is_flag=True, help="Print path, branch and tip as JSON.")
def command(
    session: Session, source: str, directory: str | None, bare: bool, as_json: bool
) -> None:
    """Make a replica of SOURCE in DIRECTORY: a repository, a plain folder or a bundle.

    The replica has all of SOURCE's history and branches, and SOURCE as its remote `origin`, unless
    that is a bundle.

    \b
    Example:
      pyvcs clone ../notes my-notes
    """
    from pyvcs.remotes import is_url
    from pyvcs.repository import Repository

    source = source if is_url(source) else os.path.join(session.folder, source)
    target = directory or os.path.basename(os.path.abspath(source))
    path = os.path.join(session.folder, target)
    repository = Repository.clone(
        source,
        path,
        bare=bare,
        token=session.token,
        progress=session.shown_progress,
        may_fork=True,
    )
    assert repository.place is not None
    folder = os.fsdecode(repository.place.root or repository.place.folder)
    refs = repository.refs
    if as_json:
        from pyvcs.cli.shapes import oid_shape

        branch = refs.position.branch
        out_json({"path": folder, "branch": branch, "tip": oid_shape(repository.tip())})
    else:
        out(f"Cloned into {folder}")
