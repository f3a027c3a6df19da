"""`pyvcs conflicts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.objects.conflict import Conflict, ConflictSide
    from pyvcs.open_conflicts import OpenConflict
    from pyvcs.repository import Repository

_SHOWN = 60


@click.command("conflicts")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--json", "as_json", is_flag=True, help="Print kind, place and sides as JSON.")
@pass_session
def command(session: Session, paths: tuple[str, ...], as_json: bool) -> None:
    """List what is in conflict in the working tree, with base and both sides.

    Inside a JSON document each place has a conflict of its own; the document shows one side.

    \b
    Example:
      pyvcs conflicts package.json
    """
    from pyvcs.cli.text import conflict_line
    from pyvcs.open_conflicts import open_conflicts
    from pyvcs.worktree import is_below

    repository = session.repository
    wanted = session.paths(paths)
    found = [
        item
        for item in open_conflicts(repository)
        if not wanted or any(is_below(item.conflict.path, path) for path in wanted)
    ]
    if as_json:
        out_json([_shape(item) for item in found])
        return
    for item in found:
        out(conflict_line(item.conflict))
        for name in ("base", "ours", "theirs"):
            out(f"  {name + ':':7} {_side_text(repository, item, item.side(name))}")


def _shape(item: OpenConflict) -> Shape:
    from pyvcs.cli.shapes import conflict_shape

    sides = item.conflict.sides
    which = {"ours": sides.index(item.ours), "theirs": sides.index(item.theirs)}
    return {"oid": str(item.oid), **conflict_shape(item.conflict), **which}


def _side_text(repository: Repository, item: OpenConflict, side: ConflictSide) -> str:
    """What a side holds, and whose it is."""
    if side.oid is None or side.mode is None:
        held = "(nothing)"
    elif item.conflict.pointer is not None:
        text = repository.store.blob(side.oid).decode("utf-8", "replace").strip()
        held = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    else:
        held = f"{side.mode.word} {side.oid.short()}"
    return f"{held}  [{_label_text(repository, item.conflict, side)}]"


def _label_text(repository: Repository, conflict: Conflict, side: ConflictSide) -> str:
    from pyvcs.merge.entries import marker_label
    from pyvcs.open_conflicts import label_commits

    commits = label_commits(repository, conflict, side)
    if len(commits) != 1:
        return marker_label(side.label)
    commit = repository.store.commit(commits[0])
    author = "canonical merge" if commit.author is None else commit.author.name
    return f"{commits[0].short()} {author}: {commit.subject}"
