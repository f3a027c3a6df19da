"""All commands as click sees them: help, every spelling of an option, and what is wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from pyvcs.cli import exit_codes
from pyvcs.cli.click_commands import for_click
from pyvcs.cli.declaring import Declared, load
from pyvcs.cli.output import out, say
from pyvcs.cli.overview import FOLDER, VERSION, overview

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from click.shell_completion import CompletionItem


class Commands(click.Group):
    """The group of the commands in a table, which imports one when it is asked for."""

    table: Mapping[str, str] = {}

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted(self.table)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is none of that name."""
        if cmd_name not in self.table:
            return None
        command = load(cmd_name)
        return for_click(command) if isinstance(command, Declared) else command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed, by its name or an alias. A usage error with what is close."""
        if args[0] in self.table or args[0].startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from pyvcs.cli.misuse import unknown_command

        words = _alias(ctx, args[0])
        if not words or words[0] not in self.table:
            raise unknown_command(ctx, args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, [*words, *args[1:]])

    def format_help(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, for which no command is imported."""
        formatter.write(overview(self.table, formatter.width))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, with what they do; options where one is begun."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        found = [CompletionItem(name, help=self.table[name]) for name in names]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def answer_shell(self) -> None:
        """Tell a shell that asks what may be typed next."""
        from pyvcs.cli.shell import VARIABLE, answer

        out(answer(self, os.environ[VARIABLE]))

    def run(self, words: Sequence[str]) -> object:
        """Run a command line; what the command returns."""
        with self.make_context("pyvcs", list(words)) as context:
            return self.invoke(context)

    def code_of(self, error: Exception, words: Sequence[str]) -> int | None:
        """The exit code when it was click that ended a command, after showing why; else None."""
        if isinstance(error, click.exceptions.Exit):
            return error.exit_code
        if not isinstance(error, click.ClickException):
            return None
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # of click 8.2
            out(error.format_message())
            return exit_codes.USAGE
        if isinstance(error, click.UsageError) and error.ctx is None:
            error.ctx = self._context(words)
        from pyvcs.cli.misuse import explain

        message, hint = explain(error)
        say(f"error: {message}")
        if hint:
            say(f"hint: {hint}")
        return exit_codes.USAGE

    def _context(self, words: Sequence[str]) -> click.Context | None:
        """That of a command whose words were read without click, to show how it is used."""
        above = click.Context(self, info_name="pyvcs")
        name = words[2] if words[0] == "-C" else words[0]
        command = self.get_command(above, name)
        return click.Context(command, parent=above, info_name=name) if command else None


def _alias(ctx: click.Context, name: str) -> list[str]:
    """The words that the setting alias.NAME stands for; none without one."""
    import shlex

    from pyvcs.cli.session import Session
    from pyvcs.objects.errors import Usage

    try:
        return shlex.split(str(Session(ctx.params["folder"]).setting(f"alias.{name}") or ""))
    except (Usage, ValueError):
        return []


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from pyvcs import __version__

        out(f"pyvcs {__version__}")
        ctx.exit()


def group_of(table: Mapping[str, str]) -> Commands:
    """The whole of pyvcs for click."""

    @click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
    @click.option("-C", "folder", metavar="DIR", default=".", help=FOLDER)
    @click.option(
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help=VERSION,
    )
    @click.pass_context
    def pyvcs(ctx: click.Context, folder: str) -> None:
        from pyvcs.cli.session import Session

        if not os.path.isdir(folder):
            raise click.BadParameter(f"{folder!r} is not a folder", param_hint="-C")
        ctx.obj = Session(folder)
        ctx.call_on_close(ctx.obj.close)

    assert isinstance(pyvcs, Commands)
    pyvcs.table = table
    return pyvcs
