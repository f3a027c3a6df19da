"""`pyvcs cat`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared
from pyvcs.cli.stored import print_stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("cat")
@argument("what", metavar="REV:PATH|OID", completes="revisions")
def command(session: Session, what: str) -> None:
    """Print the file at PATH in a revision, or any object, as it is stored.

    Of a folder, the names in it. A blob is printed byte for byte.

    \b
    Example:
      pyvcs cat HEAD~1:package.json
    """
    print_stored(session.repository, what)
