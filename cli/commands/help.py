"""`pyvcs help`."""

from __future__ import annotations

import click

from pyvcs.cli.output import out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _topics_and_commands(
    _ctx: click.Context, _param: click.Parameter, beginning: str
) -> list[CompletionItem[str]]:
    """What this explains, of all that begins so."""
    from click.shell_completion import CompletionItem

    from pyvcs.cli.explaining import TOPICS
    from pyvcs.cli.main import COMMANDS

    known = sorted({*TOPICS, *COMMANDS})
    return [CompletionItem(each) for each in known if each.startswith(beginning)]


@click.command("help")
@click.argument("words", nargs=-1, metavar="[COMMAND|TOPIC]", shell_complete=_topics_and_commands)
@click.pass_context
def command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Explain a COMMAND, a TOPIC, or what a command of git is called here.

    \b
    Example:
      pyvcs help revisions
    """
    from pyvcs.cli.explaining import overview, topic_text

    root = ctx.find_root()
    if not words:
        out(root.command.get_help(root))
        out(overview())
        return
    text = topic_text(words[0]) if len(words) == 1 else None
    out(text if text is not None else _help_of(root, words))


def _help_of(root: click.Context, words: tuple[str, ...]) -> str:
    """The help of a command, as `--help` shows it. NotFound, with what is close, without one."""
    from pyvcs.cli.explaining import not_explained

    context = root
    for number, word in enumerate(words):
        group = context.command
        found = group.get_command(context, word) if isinstance(group, click.Group) else None
        if found is None:
            raise not_explained(" ".join(words[: number + 1]))
        context = click.Context(found, info_name=word, parent=context)
    return context.command.get_help(context)
