"""`pyvcs grep`."""

from __future__ import annotations

import re

from pyvcs.cli.colour import color_option, paint_for
from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyvcs.cli.colour import Paint
    from pyvcs.cli.session import Session
    from pyvcs.grepping import FoundLine


@declared("grep", with_paths=True)
@argument("revision", metavar="REVISION", completes="revisions")
@argument("pattern", metavar="PATTERN", required=False)
@option("-i", "--ignore-case", is_flag=True, help="Upper or lower case is all the same.")
@option("-F", "--fixed-strings", is_flag=True, help="The pattern is a plain text.")
@option("-l", "--files-with-matches", "names", is_flag=True, help="Only the paths.")
@color_option
@option("--json", "as_json", is_flag=True, help="Print the lines as a JSON list.")
def command(
    session: Session,
    revision: str,
    pattern: str | None,
    ignore_case: bool,
    fixed_strings: bool,
    names: bool,
    color: str,
    as_json: bool,
    after: list[str] | None,
) -> int:
    """Print the lines of the files of REVISION in which the regular expression PATTERN is found.

    PATHs to look in may follow after `--`. Exits with 1 when there is none.

    \b
    Example:
      pyvcs grep main 'leek|potato' -- recipes/
    """
    from pyvcs.cli.pager import pager
    from pyvcs.cli.shapes import path_shape
    from pyvcs.grepping import grep

    if pattern is None:
        raise misused(f"say in which commit to look: `pyvcs grep HEAD {revision!r}`")
    store = session.repository.store
    tree = store.commit(session.repository.resolve(revision)).tree
    wanted = _pattern(pattern, ignore_case=ignore_case, fixed=fixed_strings)
    found = grep(store, tree, wanted, session.paths(after or ()))
    paint = paint_for(session, color)
    if as_json:
        lines = list(found)
        out_json(
            [
                {"path": path_shape(line.path), "line": line.number, "text": line.text}
                for line in lines
            ]
        )
        return DONE if lines else CONFLICTS
    with pager(session):
        if names:
            return _print_names(found, paint)
        return _print_lines(found, paint)


def _pattern(text: str, *, ignore_case: bool, fixed: bool) -> re.Pattern[str]:
    try:
        return re.compile(re.escape(text) if fixed else text, re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        hint = "-F takes it as a plain text"
        raise misused(f"{text!r} is no regular expression: {error}; {hint}") from None


def _print_names(found: Iterable[FoundLine], paint: Paint) -> int:
    names = dict.fromkeys(line.path for line in found)
    for name in names:
        out(paint("place", path_text(name)))
    return DONE if names else CONFLICTS


def _print_lines(found: Iterable[FoundLine], paint: Paint) -> int:
    code = CONFLICTS
    for line in found:
        code = DONE
        name = paint("place", path_text(line.path))
        out(f"{name}:{line.number}:{line.text}" if line.number else f"Binary file {name} matches")
    return code
