"""`pyvcs merge`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.hooks import telling_of_moves
from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.reused import reusing, say_reused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyvcs.cli.session import Session
    from pyvcs.objects.conflict import Conflict

_WORDS = {
    "up-to-date": "Already up to date",
    "fast-forward": "Fast-forward to",
    "canonical": "Merged into",
    "authored": "Merged into",
}


@declared("merge")
@argument("others", metavar="OTHER...", nargs=-1, required=True, completes="revisions")
@option("-m", "--message", metavar="MSG", help="Make a merge commit of your own.")
@option("--json", "as_json", is_flag=True, help="Print tip and conflicts as JSON.")
def command(session: Session, others: tuple[str, ...], message: str | None, as_json: bool) -> int:
    """Merge branches or commits into the current branch, several of them at once.

    Without -m the result is the canonical merge: every replica that merges the same commits gets
    the same one. With -m it is a commit of yours. Conflicts are recorded, and resolved by a later
    commit; the exit code is then 1.

    \b
    Example:
      pyvcs merge topic
      pyvcs merge -m "Bring in both" topic other
    """
    with telling_of_moves(session, "post-merge"), reusing(session) as reused:
        outcome = session.repository.merge(*others, message=message)
    if as_json:
        from pyvcs.cli.shapes import merge_shape

        out_json(merge_shape(outcome))
    else:
        out(f"{_WORDS[outcome.kind.value]} {outcome.tip.short()}")
        _tell_conflicts(outcome.conflicts)
    say_reused(session, reused)
    if len(outcome.conflicts) > len(reused) and not as_json:
        say("hint: edit the files or use `pyvcs resolve`, then `pyvcs commit`")
    return CONFLICTS if outcome.conflicts else DONE


def _tell_conflicts(conflicts: Sequence[Conflict]) -> None:
    if conflicts:
        from pyvcs.cli.text import conflict_line

        for conflict in conflicts:
            out(f"Conflict: {conflict_line(conflict)}")
