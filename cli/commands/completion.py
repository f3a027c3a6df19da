"""`pyvcs completion`."""

from __future__ import annotations

import click

from pyvcs.cli.output import out
from pyvcs.cli.shell import SHELLS


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print what lets a shell complete commands, options, revisions, paths and remotes.

    For bash put this line into ~/.bashrc: eval "$(pyvcs completion bash)". For zsh, into ~/.zshrc,
    behind `autoload -Uz compinit && compinit`: eval "$(pyvcs completion zsh)". Fish reads a file.

    \b
    Example:
      pyvcs completion fish > ~/.config/fish/completions/pyvcs.fish
    """
    from pyvcs.cli.shell import script

    out(script(ctx.find_root().command, shell).strip("\n"))
