"""`pyvcs resolve`."""

from __future__ import annotations

from pyvcs.cli.declaring import argument, declared, misused, option
from pyvcs.cli.output import out, out_json, path_text, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.cli.session import Session
    from pyvcs.open_conflicts import OpenConflict, SideName


@declared("resolve")
@argument("paths", nargs=-1, metavar="PATH...", completes="conflicted_paths")
@option("--ours", is_flag=True, help="Take our side.")
@option("--theirs", is_flag=True, help="Take their side.")
@option("--base", is_flag=True, help="Take what was there before.")
@option("--pointer", metavar="P", help="Only the place P of a JSON document (RFC 6901).")
@option("--value", metavar="JSON", help="Put this value at the pointer.")
@option("--tool", metavar="CMD", help="Run CMD on the files $BASE $OURS $THEIRS $MERGED.")
@option("--list", "show_all", is_flag=True, help="List what is resolved (R) and not (U).")
@option("--forget", is_flag=True, help="Forget how the open conflicts were settled before.")
@option("--json", "as_json", is_flag=True, help="Print the resolved conflicts as JSON.")
def command(
    session: Session,
    paths: tuple[str, ...],
    ours: bool,
    theirs: bool,
    base: bool,
    pointer: str | None,
    value: str | None,
    tool: str | None,
    show_all: bool,
    forget: bool,
    as_json: bool,
) -> None:
    """Mark the conflicts in PATH as resolved, taking a side if one is given.

    `pyvcs conflicts` shows which side is ours and which is theirs. A text is changed only where
    its markers are, a JSON document only at the place of the conflict. The next commit records it.
    The same conflict, met again elsewhere, is resolved the same way; --forget, and the setting
    `resolve.reuse`, are how not to.

    \b
    Example:
      pyvcs resolve package.json --pointer /version --theirs
    """
    sides = [name for name, taken in (("ours", ours), ("theirs", theirs), ("base", base)) if taken]
    if len(sides) + (value is not None) + (tool is not None) > 1:
        raise misused("take one side, or give a --value or a --tool")
    if value is not None and pointer is None:
        raise misused("--value goes with --pointer and without a side")
    if show_all:
        _list(session, paths, as_json=as_json)
        return
    if not paths:
        raise misused("say which PATH; `pyvcs conflicts` lists what is in conflict")
    if forget:
        _forget(session, paths)
        return
    take: SideName | None = sides[0] if sides else None  # type: ignore[assignment]
    if len(paths) > 1:  # all are looked at before anything is done
        for path in session.paths(paths):
            _matching(session, path, pointer)
    if tool is None:
        done = _resolved(session, paths, pointer, take, value)
    else:
        done = _with_tool(session, paths, pointer, tool)
    _print(session, done, take, as_json=as_json)


def _resolved(
    session: Session,
    paths: tuple[str, ...],
    pointer: str | None,
    take: SideName | None,
    value: str | None,
) -> list[OpenConflict]:
    from pyvcs.resolving import resolve

    content = None if value is None else value.encode("utf-8", "surrogateescape")
    return [
        item
        for path in session.paths(paths)
        for item in resolve(session.repository, path, pointer=pointer, take=take, value=content)
    ]


def _with_tool(
    session: Session, paths: tuple[str, ...], pointer: str | None, tool: str
) -> list[OpenConflict]:
    """Run a tool on each conflict, and resolve it with what the tool made."""
    from pyvcs.cli.merge_tool import run_tool
    from pyvcs.resolving import resolve, resolve_with_content

    repository = session.repository
    done = []
    for path in session.paths(paths):
        for item in _matching(session, path, pointer):
            made = run_tool(repository, item, tool)
            place, at = item.conflict.path, item.conflict.pointer
            if at is None:
                resolve_with_content(repository, place, made)
            else:
                resolve(repository, place, pointer=at, value=made)
            done.append(item)
    return done


def _matching(session: Session, path: bytes, pointer: str | None) -> list[OpenConflict]:
    from pyvcs.resolving import conflicts_at

    return conflicts_at(session.repository, path, pointer)


def _print(
    session: Session, done: list[OpenConflict], take: SideName | None, *, as_json: bool
) -> None:
    from pyvcs.cli.conflict_text import side_line
    from pyvcs.cli.shapes import conflict_shape
    from pyvcs.cli.text import conflict_line
    from pyvcs.unresolved import has_markers

    if as_json:
        out_json([{"oid": str(item.oid), **conflict_shape(item.conflict)} for item in done])
        return
    repository = session.repository
    for item in done:
        out(f"resolved {conflict_line(item.conflict)}")
        if take is not None:
            say(f"  took {take}: {side_line(repository, item, take)}")
        content = repository.worktree.read(item.conflict.path)
        if content is not None and has_markers(item.conflict, content):
            say(f"note: there are conflict markers in {path_text(item.conflict.path)} still")
    say("hint: `pyvcs commit` records it")


def _list(session: Session, paths: tuple[str, ...], *, as_json: bool) -> None:
    """The conflicts of the commit that the working tree stands on, resolved or not."""
    from pyvcs.cli.shapes import conflict_shape
    from pyvcs.cli.text import conflict_line
    from pyvcs.resolving import conflicts_here
    from pyvcs.worktree import is_below

    wanted = session.paths(paths)
    found = [
        each
        for each in conflicts_here(session.repository)
        if not wanted or any(is_below(each.conflict.path, path) for path in wanted)
    ]
    if as_json:
        out_json(
            [
                {
                    "oid": str(each.oid),
                    **conflict_shape(each.conflict),
                    "resolved": each.is_resolved,
                }
                for each in found
            ]
        )
        return
    for each in found:
        out(f"{'R' if each.is_resolved else 'U'} {conflict_line(each.conflict)}")


def _forget(session: Session, paths: tuple[str, ...]) -> None:
    from pyvcs.cli.text import conflict_line
    from pyvcs.resolutions import forget

    for path in session.paths(paths):
        for item in _matching(session, path, None):
            if forget(session.repository, item.conflict):
                out(f"forgot how {conflict_line(item.conflict)} was settled")
