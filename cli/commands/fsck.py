"""`pyvcs fsck`."""

from __future__ import annotations

from pyvcs.cli.declaring import declared, option
from pyvcs.cli.exit_codes import CORRUPT, DONE
from pyvcs.cli.output import out, out_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session


@declared("fsck")
@option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def command(session: Session, as_json: bool) -> int:
    """Check that the repository is whole.

    Hashes every object, follows every link, and makes every canonical merge again. Exits with 7
    when something is wrong.

    \b
    Example:
      pyvcs fsck
    """
    from pyvcs.checking import check
    from pyvcs.cli.shapes import oid_shape
    from pyvcs.cli.text import counted

    report = check(session.repository)
    if as_json:
        problems, notes = (
            [{"kind": p.kind, "message": p.message, "oid": oid_shape(p.oid)} for p in found]
            for found in (report.problems, report.notes)
        )
        out_json({"objects": report.objects, "problems": problems, "notes": notes})
    else:
        for problem in report.problems:
            out(f"{problem.kind}: {problem.message}")
        for note in report.notes:
            out(f"note: {note.message}")
        found = counted(len(report.problems), "problem") if report.problems else "no problem"
        out(f"{counted(report.objects, 'object')} checked, {found}")
    return DONE if report.is_clean else CORRUPT
