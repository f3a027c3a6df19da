"""Reads lines of a shell as far as pyvcs is called in them: do those commands exist, and parse?"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

import click

from pyvcs.cli.main import pyvcs

_BETWEEN_COMMANDS = {"&&", "||", "|", ";", "&"}
_BEFORE_A_FILE = {">", ">>", "<"}


def calls(line: str) -> Iterator[list[str]]:
    """The arguments of each call of pyvcs in a line."""
    tokens = shlex.shlex(line, posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    words: list[str] = []
    for token in [*tokens, ";"]:
        if token not in _BETWEEN_COMMANDS:
            words.append(token)
            continue
        if words and words[0] == "pyvcs":
            yield list(_without_files(words[1:]))
        words = []


def usage_problem(words: Sequence[str]) -> str | None:
    """Why pyvcs does not take these arguments, or None. Nothing is run."""
    command: click.Command = pyvcs
    context, rest = click.Context(pyvcs, info_name="pyvcs"), list(words)
    try:
        while isinstance(command, click.Group):
            _, rest, _ = command.make_parser(context).parse_args(rest)
            name, found, rest = command.resolve_command(context, rest)
            assert found is not None, name
            command, parent = found, context
            context = click.Context(command, info_name=name, parent=parent)
        command.make_context(context.info_name, rest, parent=context.parent)
    except click.exceptions.Exit:  # of --help and --version
        return None
    except click.UsageError as error:
        return error.format_message()
    return None


def _without_files(words: Sequence[str]) -> Iterator[str]:
    """The words that are arguments: without `> FILE`."""
    before = ""
    for word in words:
        if word not in _BEFORE_A_FILE and before not in _BEFORE_A_FILE:
            yield word
        before = word
