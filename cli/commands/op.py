"""`pyvcs op`: the operation log."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from pyvcs.cli.commands.undo import print_undone
from pyvcs.cli.declaring import COUNT
from pyvcs.cli.output import out, out_json
from pyvcs.cli.session import Session, pass_session

if TYPE_CHECKING:
    from pyvcs.ref_store import Operation


@click.group("op")
def command() -> None:
    """List the operations on this repository, or go back to one.

    \b
    Example:
      pyvcs op log -n 5
    """


@command.command("log")
@click.option("-n", "--max-count", type=COUNT.for_click(), metavar="N", help="At most N.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, newest first.")
@pass_session
def log(session: Session, max_count: int | None, as_json: bool) -> None:
    """List what was done here, newest first: number, time, command, and what moved.

    \b
    Example:
      pyvcs op log -n 5
    """
    from pyvcs.cli.shapes import operation_shape
    from pyvcs.cli.text import when_text

    operations = reversed(list(session.repository.ref_store.operations()))
    for operation in islice(operations, max_count):
        if as_json:
            out_json(operation_shape(operation), line=True)
            continue
        out(f"{operation.number}  {when_text(operation.milliseconds)}  {operation.command}")
        for line in _moves(operation):
            out(f"      {line}")


@command.command("restore")
@click.argument("number", type=COUNT.for_click())
@click.option("--json", "as_json", is_flag=True, help="Print where that is as JSON.")
@pass_session
def restore(session: Session, number: int, as_json: bool) -> None:
    """Bring branches, tags and working tree to where operation NUMBER left them.

    \b
    Example:
      pyvcs op restore 12
    """
    undone = session.repository.restore_operation(number)
    print_undone(session.repository, undone, "Restored", as_json=as_json)


def _moves(operation: Operation) -> list[str]:
    """`main 480a34a1 -> 93c1b2e4`, a line for each branch whose tip moved."""
    before, after = (state.get("tips", {}) for state in (operation.before, operation.after))
    return [
        f"{name} {(before.get(name) or 'nothing')[:8]} -> {(after.get(name) or 'nothing')[:8]}"
        for name in sorted({*before, *after})
    ]
