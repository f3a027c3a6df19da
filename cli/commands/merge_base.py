"""`pyvcs merge-base`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("merge-base")
@argument("revisions", nargs=-1, required=True, metavar="A B...", completes="revisions")
@option("-a", "--all", "show_all", is_flag=True, help="All merge bases, not only one.")
@option("--is-ancestor", is_flag=True, help="Whether A is an ancestor of B: exit 0 or 1.")
@option("--json", "as_json", is_flag=True, help="Print the merge bases as JSON.")
def command(
    session: Session,
    revisions: tuple[str, ...],
    show_all: bool,
    is_ancestor: bool,
    as_json: bool,
) -> int:
    """Find the merge bases of A and B: their lowest common ancestors.

    With more than one B they count as one side. Exits with 1 when there is no merge base.
    --json also says how A stands to one B: before, after, equal or concurrent.

    \b
    Example:
      pyvcs merge-base --all main topic
    """
    if len(revisions) < 2 or (is_ancestor and len(revisions) > 2):
        raise misused("give two revisions")
    repository = session.repository
    ours, *theirs = (repository.resolve(revision) for revision in revisions)
    if is_ancestor:
        found = repository.history.is_ancestor(ours, theirs[0])
        if as_json:
            out_json({"is_ancestor": found})
        return DONE if found else CONFLICTS
    bases = repository.history.merge_bases([ours], theirs)
    shown = bases if show_all else bases[:1]
    if as_json:
        relation = repository.history.relation(ours, theirs[0]).value if not theirs[1:] else None
        out_json({"merge_bases": [str(oid) for oid in shown], "relation": relation})
    for oid in () if as_json else shown:
        out(str(oid))
    return DONE if bases else CONFLICTS
