"""`pyvcs sync`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out, out_json, say
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.sync.replicate import Moved, Received, SyncReport


@click.command("sync")
@click.argument("remote", default="origin", metavar="[REMOTE-OR-PATH]")
@click.option("--pull", is_flag=True, help="Only take in what the other has.")
@click.option("--push", is_flag=True, help="Only give what we have.")
@click.option(
    "--allow-unrelated-histories",
    "allow_unrelated",
    is_flag=True,
    help="Also when the two have no commit in common.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what moved on both sides as JSON.")
@pass_session
def command(
    session: Session, remote: str, pull: bool, push: bool, allow_unrelated: bool, as_json: bool
) -> int:
    """Exchange commits with another replica, both ways, and merge what is concurrent.

    REMOTE-OR-PATH is a configured remote (`origin` by default) or the folder of a repository.
    Afterwards both hold the same commits and the same tips. Exits with 1 when a tip that moved
    here holds conflicts.

    \b
    Example:
      pyvcs sync ../laptop/notes
    """
    from pyvcs.remotes import remote_called

    repository = session.repository
    where = remote if remote_called(repository, remote) else session.beside(remote)
    report = repository.sync(
        where, pull=pull or not push, push=push or not pull, allow_unrelated=allow_unrelated
    )
    if as_json:
        out_json(_shape(report))
    else:
        _print(report)
    if not report.followed:
        say("hint: edits keep the working tree where it is; commit, and it joins the branch")
    return CONFLICTS if report.conflicts else DONE


def _shape(report: SyncReport) -> Shape:
    from pyvcs.cli.shapes import conflict_shape

    return {
        "remote": report.remote,
        "pulled": _received_shape(report.pulled),
        "pushed": _received_shape(report.pushed),
        "followed": report.followed,
        "conflicts": [conflict_shape(conflict) for conflict in report.conflicts],
    }


def _received_shape(received: Received) -> Shape:
    from pyvcs.cli.shapes import oid_shape

    return {
        "commits": received.commits,
        "moved": [
            {
                "branch": move.branch,
                "before": oid_shape(move.before),
                "after": oid_shape(move.after),
                "heads": [str(oid) for oid in move.heads],
            }
            for move in received.moved
        ],
    }


def _print(report: SyncReport) -> None:
    from pyvcs.cli.text import conflict_line, counted

    out(f"pulled {counted(report.pulled.commits, 'commit')} from {report.remote}")
    for move in report.pulled.moved:
        out(_move_line(move))
    out(f"pushed {counted(report.pushed.commits, 'commit')}")
    for move in report.pushed.moved:
        out(_move_line(move))
    for conflict in report.conflicts:
        out(f"Conflict: {conflict_line(conflict)}")


def _move_line(move: Moved) -> str:
    if move.after is None:
        return f"  {move.branch}: deleted"
    heads = f" ({len(move.heads)} heads)" if len(move.heads) > 1 else ""
    before = "new" if move.before is None else move.before.short()
    return f"  {move.branch}: {before} -> {move.after.short()}{heads}"
