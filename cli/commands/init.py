"""`pyvcs init`."""

from __future__ import annotations

import os

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("init")
@argument("directory", required=False, completes="folders")
@option("--bare", is_flag=True, help="Without a working tree.")
@option("--folder", is_flag=True, help="A plain folder to sync through, no repository.")
@option("-b", "--initial-branch", metavar="NAME", help="The first branch; main if not said.")
@option("--json", "as_json", is_flag=True, help="Print path, branch and replica as JSON.")
def command(
    session: Session,
    directory: str | None,
    bare: bool,
    folder: bool,
    initial_branch: str | None,
    as_json: bool,
) -> None:
    """Make a new repository in DIRECTORY (here by default).

    With --folder it is no repository but a plain folder for replicas to `pyvcs sync` through, which
    any tool may copy: a stick, a folder that Syncthing or Dropbox keeps in step, a network disk.

    \b
    Example:
      pyvcs init notes
    """
    from pyvcs.config import Config
    from pyvcs.repository import Repository

    path = os.path.join(session.folder, directory or os.curdir)
    if folder:
        _make_folder(path, as_json)
        return
    branch = initial_branch or str(Config.load(None, os.environ).get("init.branch") or "main")
    repository = Repository.init(path, branch=branch, bare=bare)
    assert repository.place is not None
    place = os.fsdecode(repository.place.folder)
    if as_json:
        shape = {"path": place, "branch": branch, "replica": repository.id}
        out_json(shape)
    else:
        out(f"Made an empty repository in {place}")


def _make_folder(path: str, as_json: bool) -> None:
    from pyvcs.sync.transports.folder import Folder

    made = Folder.make(path)
    if as_json:
        out_json({"path": str(made.root)})
    else:
        out(f"Made a folder to sync through in {made.root}")
