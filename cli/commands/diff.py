"""`pyvcs diff`."""

from __future__ import annotations

from pyvcs.cli.colour import paint_for
from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.difference import Form, file_diff_shape, form_options, print_files
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out_exact_json
from pyvcs.cli.selection import ranges_and_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyvcs.cli.session import Session
    from pyvcs.diffing import FileDiff
    from pyvcs.objects.oid import Oid


@declared("diff", with_paths=True)
@argument(
    "arguments",
    nargs=-1,
    metavar="[A [B]] [-- PATH...]",
    completes="revisions_and_paths",
)
@form_options
@option("--exit-code", is_flag=True, help="Exit with 1 when there are differences.")
@option("--json", "as_json", is_flag=True, help="Print the changed paths as JSON.")
def command(
    session: Session,
    arguments: tuple[str, ...],
    stat: bool,
    name_status: bool,
    name_only: bool,
    text: bool,
    color: str,
    exit_code: bool,
    as_json: bool,
    after: list[str] | None,
) -> int:
    """Show what changed: in the working tree, since A, or from A to B.

    A..B is A B, and A...B is from their merge base to B. What is no revision is a path. Of a JSON
    document the values that changed are shown: `+` came, `-` went, `~` changed, `>` moved.

    \b
    Example:
      pyvcs diff main topic -- locale/
    """
    from pyvcs.cli.pager import pager
    from pyvcs.renamed_files import with_renames

    paint = paint_for(session, color)
    found = with_renames(_differences(session, arguments, after))
    with pager(session):
        if as_json:
            out_exact_json([file_diff_shape(file) for file in found])
        else:
            print_files(found, Form(stat, name_status, name_only, text), paint)
    return CONFLICTS if exit_code and found else DONE


def _differences(
    session: Session, words: Sequence[str], after: Sequence[str] | None
) -> Iterator[FileDiff]:
    from pyvcs.diffing import diff_commits, diff_worktree

    repository = session.repository
    ranges, paths = ranges_and_paths(session, words, after, most=2)
    if any(not each.tips for each in ranges):
        raise misused("^A names no commit to compare with; write A B")
    if any(len(each.tips) == 2 and len(each.ends) == 1 for each in ranges):
        raise misused(f"the two sides of {words[0]} have no common ancestor")
    ends: list[Oid] = [oid for each in ranges for oid in each.ends]
    if len(ends) > 2:
        raise misused("a difference is of two commits; name no more")
    if len(ends) == 2:
        return diff_commits(repository, ends[0], ends[1], paths)
    before = ends[0] if ends else repository.refs.position.commit
    return diff_worktree(repository, before, paths)
