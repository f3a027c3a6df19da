"""`pyvcs status`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, option
from pyvcs.cli.output import out, out_json, out_pieces, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pyvcs.changes import Change
    from pyvcs.cli.colour import Paint
    from pyvcs.cli.session import Session
    from pyvcs.cli.shapes import Shape
    from pyvcs.remote_branches import Standing
    from pyvcs.status import Status


@declared("status")
@argument("paths", nargs=-1, metavar="[PATH]...", completes="paths")
@option("-s", "--short", is_flag=True, help="One line a path, as git's short form.")
@option("--porcelain", is_flag=True, help="The same for scripts: stable, never in colour.")
@option("-b", "--branch", is_flag=True, help="Begin the short forms with the branch.")
@option("-z", "nul", is_flag=True, help="End each line of --porcelain with NUL; no quotes.")
@option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(
    session: Session,
    paths: tuple[str, ...],
    short: bool,
    porcelain: bool,
    branch: bool,
    nul: bool,
    as_json: bool,
) -> None:
    """Show where the working tree stands and what changed in it, everywhere or at the PATHs.

    How far it is ahead of a remote is told as of the last sync: nobody is asked.

    \b
    Example:
      pyvcs status --short
    """
    from pyvcs.standstill import Moment

    is_plain = not (paths or short or porcelain or branch or nul or as_json)
    moment = Moment.around(session.folder) if is_plain else None
    recalled = None if moment is None else moment.recall(may_fork=True)
    if moment is not None and recalled is not None:
        out(recalled)
        moment.renew()
        return
    from pyvcs.cli.colour import paint_for
    from pyvcs.status import at_paths, status

    looked = None if moment is None else moment.looked
    found = at_paths(status(session.repository, looked), session.paths(paths))
    standings = _standings(session, found)
    if as_json:
        out_json(_shape(found, standings))
    elif short or porcelain or nul:
        from pyvcs.cli.porcelain import porcelain_lines

        paint = paint_for(session, "never" if porcelain or nul else "auto")
        end = "\0" if nul else "\n"
        lines = porcelain_lines(found, standings, branch=branch, quote=not nul, paint=paint)
        out_pieces(f"{line}{end}" for line in lines)
    else:
        text = "\n".join(_lines(found, standings, paint_for(session)))
        out(text)
        if moment is not None and _is_still(found, standings):
            moment.note(session.repository, text)


def _is_still(status: Status, standings: Collection[Standing]) -> bool:
    """Whether the working tree, the refs and what is known of remotes tell all of it."""
    is_in_step = all(each.is_there and not each.ahead and each.behind == 0 for each in standings)
    return status.is_clean and not status.conflicts and not status.is_bisecting and is_in_step


def _standings(session: Session, status: Status) -> list[Standing]:
    if status.branch is None or status.tip is None:
        return []
    from pyvcs.remote_branches import standings

    return standings(session.repository, status.branch, status.heads)


def _lines(status: Status, standings: Collection[Standing], paint: Paint) -> Iterator[str]:
    if status.branch is not None:
        yield f"On branch {status.branch}"
    elif status.commit is not None:
        yield f"Detached at {status.commit.short()}"
    if status.commit is None and status.tip is None:
        yield "No commits yet"
    yield from _branch_lines(status)
    yield from map(_standing_line, standings)
    if status.is_bisecting:
        yield "A bisection is under way; `pyvcs bisect status` says what to test"
    yield from _conflict_lines(status)
    changed = [change for change in status.changes if change.before is not None]
    new = [change for change in status.changes if change.before is None]
    yield from _change_lines("Changed (`pyvcs diff` shows how):", changed, paint, "removed")
    yield from _change_lines("New:", new, paint, "added")
    if status.changes:
        yield "`pyvcs commit` records all of this, `pyvcs commit PATH` a part"
    elif status.is_clean and not status.conflicts:
        yield "Nothing to commit: the working tree is clean"


def _branch_lines(status: Status) -> Iterator[str]:
    if len(status.heads) > 1:
        yield f"The branch has {len(status.heads)} heads; its tip is their canonical merge"
    if status.tip is not None and status.tip != status.commit:
        yield (
            f"The branch has moved to {status.tip.short()}; "
            "commit, then `pyvcs switch` brings the working tree there"
        )


def _standing_line(standing: Standing) -> str:
    name, ahead, behind = standing.remote, standing.ahead, standing.behind
    if standing.is_there and not ahead and behind == 0:
        return f"In step with {name}, as of the last sync"
    from pyvcs.cli.text import counted
    from pyvcs.remotes import DEFAULT_REMOTE

    command = "pyvcs sync" if name == DEFAULT_REMOTE else f"pyvcs sync {name}"
    if not standing.is_there:
        return f"{name} does not have this branch; `{command}` gives it"
    if behind is None:
        return f"{name} has commits that are not here; `{command}` takes them in"
    if not ahead:
        return f"Behind {name} by {counted(behind, 'commit')}; `{command}` catches up"
    if not behind:
        return f"Ahead of {name} by {counted(ahead, 'commit')}; `{command}` gives what is new"
    return f"Ahead of {name} by {counted(ahead, 'commit')}, behind by {behind}; `{command}`"


def _conflict_lines(status: Status) -> Iterator[str]:
    if not status.conflicts and not status.resolved:
        return
    from pyvcs.cli.text import conflict_line, counted

    if status.resolved:
        yield f"{counted(status.resolved, 'conflict')} resolved; `pyvcs commit` records that"
    if status.conflicts:
        yield (
            f"{counted(len(status.conflicts), 'conflict')} to resolve"
            " (`pyvcs conflicts` shows the sides, `pyvcs resolve` takes one):"
        )
        yield from (f"  {conflict_line(conflict)}" for conflict in status.conflicts)


def _change_lines(
    title: str, changes: Collection[Change], paint: Paint, style: str
) -> Iterator[str]:
    if changes:
        yield title
    for change in changes:
        yield f"  {paint(style, change.kind.value)} {path_text(change.path)}"


def _shape(status: Status, standings: Collection[Standing]) -> Shape:
    from pyvcs.cli.shapes import change_shape, conflict_shape, oid_shape

    return {
        "branch": status.branch,
        "commit": oid_shape(status.commit),
        "tip": oid_shape(status.tip),
        "heads": [str(oid) for oid in status.heads],
        "changes": [change_shape(change) for change in status.changes],
        "conflicts": [conflict_shape(conflict) for conflict in status.conflicts],
        "resolved": status.resolved,
        "remotes": [
            {
                "remote": standing.remote,
                "seen": standing.seen_ms,
                "ahead": standing.ahead,
                "behind": standing.behind,
                "has_branch": standing.is_there,
            }
            for standing in standings
        ],
        "bisecting": status.is_bisecting,
    }
