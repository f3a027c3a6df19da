"""`pyvcs resolve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyvcs.cli.output import out, out_json, path_text, say
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.open_conflicts import SideName


@click.command("resolve")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--ours", is_flag=True, help="Take our side.")
@click.option("--theirs", is_flag=True, help="Take their side.")
@click.option("--base", is_flag=True, help="Take what was there before.")
@click.option("--pointer", metavar="P", help="Only the place P of a JSON document (RFC 6901).")
@click.option("--value", metavar="JSON", help="Put this value at the pointer.")
@click.option("--json", "as_json", is_flag=True, help="Print the resolved conflicts as JSON.")
@pass_session
def command(
    session: Session,
    paths: tuple[str, ...],
    ours: bool,
    theirs: bool,
    base: bool,
    pointer: str | None,
    value: str | None,
    as_json: bool,
) -> None:
    """Mark the conflicts in PATH as resolved, taking a side if one is given.

    `pyvcs conflicts` shows which side is ours and which is theirs. A text is changed only where
    its markers are, a JSON document only at the place of the conflict. The next commit records it.

    \b
    Example:
      pyvcs resolve package.json --pointer /version --theirs
    """
    from pyvcs.cli.shapes import conflict_shape
    from pyvcs.cli.text import conflict_line
    from pyvcs.resolving import resolve
    from pyvcs.unresolved import has_markers

    if ours + theirs + base > 1:
        raise click.UsageError("take one side")
    take: SideName | None = "ours" if ours else "theirs" if theirs else "base" if base else None
    if value is not None and (pointer is None or take is not None):
        raise click.UsageError("--value goes with --pointer and without a side")
    content = None if value is None else value.encode("utf-8", "surrogateescape")
    done = [
        item
        for path in session.paths(paths)
        for item in resolve(session.repository, path, pointer=pointer, take=take, value=content)
    ]
    if as_json:
        out_json([{"oid": str(item.oid), **conflict_shape(item.conflict)} for item in done])
        return
    for item in done:
        out(f"resolved {conflict_line(item.conflict)}")
        content = session.repository.worktree.read(item.conflict.path)
        if content is not None and has_markers(item.conflict, content):
            say(f"note: there are conflict markers in {path_text(item.conflict.path)} still")
    say("hint: `pyvcs commit` records it")
