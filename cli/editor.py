"""Messages written in an editor, as git does it: lines that begin with `#` do not count."""

from __future__ import annotations

import os
import sys

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyvcs.repository import Repository

_RULE = "Write a message. Lines that begin with '#' do not count; an empty message ends it."


def write_message(
    repository: Repository, start: str, notes: Iterable[str], *, is_template: bool = False
) -> str:
    """The message that a person writes, beginning with `start`; a usage error when it is empty.

    So it is when all that is there is a template.

    The editor is PYVCS_EDITOR, the setting core.editor, VISUAL or EDITOR.
    """
    editor = editor_of(repository)
    if editor is None and not sys.stdin.isatty():
        raise click.UsageError("say with -m what the commit is about, or set EDITOR")
    comments = "".join(f"# {note}".rstrip() + "\n" for note in (_RULE, "", *notes))
    written = click.edit(f"{start}\n\n{comments}", editor=editor, extension=".txt")
    message = without_comments(f"{start}\n" if written is None else written)
    unchanged = is_template and message == without_comments(f"{start}\n")
    if not message.strip() or unchanged:
        raise click.UsageError("the message is empty: nothing was recorded")
    return message


def editor_of(repository: Repository) -> str | None:
    """The editor that a person has chosen, if any."""
    environ = os.environ
    chosen = environ.get("PYVCS_EDITOR") or repository.config.get("core.editor")
    return str(chosen or environ.get("VISUAL") or environ.get("EDITOR") or "") or None


def without_comments(text: str) -> str:
    """The lines of a message that count, without empty ones at either end."""
    lines = [line.rstrip() for line in text.splitlines() if not line.startswith("#")]
    return "\n".join(lines).strip("\n") + "\n"
