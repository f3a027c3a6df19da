"""Words that no command takes: what is wrong in one sentence, and what to type instead."""

from __future__ import annotations

from difflib import get_close_matches

import click


def explain(error: click.ClickException) -> tuple[str, str]:
    """What to say of an error of click: the message, and the hint."""
    message = error.format_message().rstrip(".")
    if message[1:2].islower():  # not START or A..B
        message = message[0].lower() + message[1:]
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = getattr(error, "hint", "") or ""
    if isinstance(error, click.NoSuchOption):
        message = f"there is no option {error.option_name}"
        hint = _option_hint(error, context)
    if context is not None and not hint:
        hint = f"`{context.command_path} --help` shows how it is used"
    return message, hint


def unknown_command(context: click.Context, name: str, known: list[str]) -> click.UsageError:
    """The error for a word that is no command."""
    from pyvcs.cli.from_git import COMMANDS

    close = get_close_matches(name, known, n=3)
    error = click.UsageError(f"there is no command {name!r}", ctx=context)
    if name in COMMANDS:
        hint = COMMANDS[name]
    elif close:
        hint = f"did you mean {' or '.join(close)}?"
    else:
        hint = "`pyvcs help` lists all"
    error.hint = hint  # type: ignore[attr-defined]
    return error


def _option_hint(error: click.NoSuchOption, context: click.Context | None) -> str:
    from pyvcs.cli.from_git import OPTIONS

    name = "" if context is None else str(context.command.name)
    if (known := OPTIONS.get((name, error.option_name))) is not None:
        return known
    return f"did you mean {' or '.join(error.possibilities)}?" if error.possibilities else ""
