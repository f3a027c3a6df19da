"""Commands told as data, as click has them: for help, rarer spellings, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyvcs.cli import completing
from pyvcs.cli.session import pass_session

if TYPE_CHECKING:
    from pyvcs.cli.declaring import Declared


class Command(click.Command):
    """A command that is told as data: paths after `--` are set aside before click reads."""

    told: Declared

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; click would not tell the paths from what stands before."""
        before, after = self.told.parted(args)
        if self.told.with_paths:
            ctx.params["after"] = after
        return super().parse_args(ctx, before)


def for_click(told: Declared) -> Command:
    """The same command for click."""
    built = pass_session(told.function)
    for parameter in reversed(told.parameters):
        decorate = click.option if parameter.is_option else click.argument
        settings = dict(parameter.settings)
        if kind := settings.pop("kind", None):
            settings["type"] = kind.for_click()
        if completes := settings.pop("completes", None):
            settings["shell_complete"] = getattr(completing, completes)
        built = decorate(*parameter.names, **settings)(built)
    command = click.command(told.name, cls=Command)(built)
    command.told = told
    return command
