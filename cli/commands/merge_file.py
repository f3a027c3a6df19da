"""`pyvcs merge-file`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

import click

from pyvcs.cli.exit_codes import CONFLICTS, DONE
from pyvcs.cli.output import out_bytes, out_json, say
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.cli.shapes import Shape
    from pyvcs.merge.driver import FileConflict, MergedFile


@click.command("merge-file")
@click.argument("base", type=click.Path())
@click.argument("ours", type=click.Path())
@click.argument("theirs", type=click.Path())
@click.option(
    "-o", "--output", metavar="OUT", type=click.Path(), help="Write there, not to stdout."
)
@click.option("--type", "kind", type=click.Choice(["auto", "json", "text"]), default="auto")
@click.option("--json", "as_json", is_flag=True, help="Print result and conflicts as JSON.")
@pass_session
def command(
    session: Session,
    base: str,
    ours: str,
    theirs: str,
    output: str | None,
    kind: Literal["auto", "json", "text"],
    as_json: bool,
) -> int:
    """Merge three files, without any repository.

    The result goes to stdout. A text in conflict is shown with markers; a JSON document stays
    valid and shows one side. Exits with 1 when there are conflicts, which stderr names.

    \b
    Example:
      pyvcs merge-file base.json ours.json theirs.json -o merged.json
    """
    from pyvcs.merge.driver import merge_file
    from pyvcs.merge.markers import Labels
    from pyvcs.objects.errors import InvalidObject

    contents = [_read(session, path) for path in (base, ours, theirs)]
    try:
        merged = merge_file(
            os.fsencode(ours),
            base=contents[0],
            ours=contents[1],
            theirs=contents[2],
            labels=Labels(base, ours, theirs),
            kind=kind,
        )
    except ValueError as error:
        raise InvalidObject(str(error), hint="merge it with --type text") from None
    if output is not None:
        _write(os.path.join(session.folder, output), merged.content)
    if as_json:
        out_json(_shape(merged))
    elif output is None:
        out_bytes(merged.content)
    if merged.note:
        say(f"note: {merged.note}")
    for conflict in () if as_json else merged.conflicts:
        say(f"Conflict: {_line(conflict, ours)}")
    return CONFLICTS if merged.conflicts else DONE


def _read(session: Session, path: str) -> bytes:
    with open(os.path.join(session.folder, path), "rb") as file:
        return file.read()


def _write(path: str, content: bytes) -> None:
    """Write a file whole or not at all."""
    aside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(aside, "xb") as file:
            file.write(content)
        os.replace(aside, path)
    except BaseException:
        if os.path.exists(aside):
            os.unlink(aside)
        raise


def _line(conflict: FileConflict, path: str) -> str:
    return f"{conflict.kind}: {path}" + (f" at {conflict.pointer}" if conflict.pointer else "")


def _shape(merged: MergedFile) -> Shape:
    return {
        "type": merged.kind_used,
        "note": merged.note,
        "clean": not merged.conflicts,
        "content": merged.content.decode("utf-8", "surrogateescape"),
        "conflicts": [
            {
                "kind": conflict.kind,
                "pointer": conflict.pointer,
                "base": _side(conflict.base),
                "ours": _side(conflict.ours),
                "theirs": _side(conflict.theirs),
            }
            for conflict in merged.conflicts
        ],
    }


def _side(text: bytes | None) -> str | None:
    return None if text is None else text.decode("utf-8", "surrogateescape")
