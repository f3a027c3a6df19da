"""Writes `cli.md`, the page of all commands, from the commands themselves: `make docs`.

Nothing is taken from wrapped help texts, so that the page is the same with every width of a
terminal and every version of click.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from pyvcs.cli.main import COMMANDS, pyvcs

PAGE = Path(__file__).with_name("cli.md")

SECTIONS = {
    "Begin": ["init", "clone", "config", "help", "completion", "demo"],
    "Record your work": ["status", "commit", "diff", "restore", "mv", "rm"],
    "Look back": ["log", "show", "cat", "blame", "grep", "bisect"],
    "Branches and tags": ["branch", "switch", "merge", "tag", "cherry-pick", "revert"],
    "Conflicts": ["conflicts", "resolve", "merge-file"],
    "Take it back": ["undo", "redo", "op"],
    "Other replicas": ["sync", "remote", "peers", "bundle", "serve", "token"],
    "From git and back": ["git"],
    "Keep it whole": ["fsck", "gc"],
    "For scripts": ["archive", "rev-parse", "heads", "merge-base"],
}
"""The commands by the kind of work they do."""

HEAD = """\
# All commands

<!-- Written by `make docs` from the help of the commands. Change that, not this page. -->

What `pyvcs COMMAND --help` says, on one page. `pyvcs -C DIR COMMAND` runs a command as if started
in DIR. Commands that list something have `--json` ([fields](json.md)); what a command ended with is
in its [exit code](exit-codes.md). New here? The [tutorial](tutorial.md) takes an hour; if you know
git, [this table](for-git-users.md) has what you would type.
"""

TEXT_OR_CODE = re.compile(r"(`[^`]*`)")
OUR_DOCUMENT = re.compile(r"\bdocs/([\w./-]+\.md)")


def every_command() -> dict[str, click.Command]:
    """All commands that people see, by what is typed: `commit`, `bisect start`."""
    root = click.Context(pyvcs, info_name="pyvcs")
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = pyvcs.get_command(root, name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            below = command.commands.items()
            found |= {f"{name} {sub}": part for sub, part in below if not part.hidden}
    return found


def page(sections: Mapping[str, list[str]] = SECTIONS) -> str:
    """The whole page, as Markdown."""
    placed = [name for names in sections.values() for name in names]
    if missing := sorted({*COMMANDS} ^ {*placed}):
        raise LookupError(f"SECTIONS in docs/reference.py and the commands differ by {missing}")
    return "\n".join([HEAD, *_contents(sections), *_blocks(sections)])


def examples(command: click.Command) -> list[str]:
    """The lines of the example in the help of a command."""
    _, _, example = _help(command).partition("Example:\n")
    return [line.strip() for line in example.splitlines() if line.strip()]


def _contents(sections: Mapping[str, list[str]]) -> Iterator[str]:
    for title, names in sections.items():
        links = ", ".join(f"[{name}](#pyvcs-{name})" for name in names)
        yield f"- [{title}](#{title.lower().replace(' ', '-')}): {links}"
    yield ""


def _blocks(sections: Mapping[str, list[str]]) -> Iterator[str]:
    commands = every_command()
    for title, names in sections.items():
        yield f"## {title}\n"
        for name in names:
            for path, command in commands.items():
                if path.split()[0] == name:
                    yield from _command(path, command)


def _command(path: str, command: click.Command) -> Iterator[str]:
    """What the page says of one command, in blocks that end with an empty line."""
    yield f"{'####' if ' ' in path else '###'} pyvcs {path}\n"
    yield f"```text\n{_usage(path, command)}\n```\n"
    for paragraph in _help(command).partition("Example:\n")[0].split("\n\n"):
        if paragraph.strip():
            yield _prose(paragraph) + "\n"
    options = [part for part in command.params if isinstance(part, click.Option)]
    if options:
        yield "\n".join(map(_option, options)) + "\n"
    yield "```sh\n" + "\n".join(examples(command)) + "\n```\n"


def _usage(path: str, command: click.Command) -> str:
    arguments = [part for part in command.params if isinstance(part, click.Argument)]
    words = ["pyvcs", *path.split(), "[OPTIONS]", *map(_argument, arguments)]
    if isinstance(command, click.Group):
        words[-1:] = ["COMMAND", "..."]
    return " ".join(words)


def _argument(argument: click.Argument) -> str:
    """`NAME`, `[NAME]`, `NAME...`: as click writes it, which differs from version to version."""
    if argument.metavar is not None:
        return argument.metavar
    kind = argument.type
    choices = "|".join(map(str, kind.choices)) if isinstance(kind, click.Choice) else ""
    word = choices or (argument.name or "").upper()
    left, right = ("{}" if choices else ("", "")) if argument.required else "[]"
    word = f"{left}{word}{right}"
    return word if argument.nargs == 1 else f"{word}..."


def _option(option: click.Option) -> str:
    """An item of a list: the spellings, what it takes, what it does."""
    names = [*option.opts, *option.secondary_opts]
    value = "" if option.is_flag or option.count else f" {_value(option)}"
    spellings = ", ".join(f"`{name}`" for name in names[:-1])
    last = f"`{names[-1]}{value}`"
    facts = ["required"] if option.required else []
    if option.show_default and option.default is not None:
        facts.append(f"default: {option.default}")
    extra = f" ({', '.join(facts)})" if facts else ""
    return f"- {spellings}{', ' if spellings else ''}{last}: {_prose(option.help or '')}{extra}"


def _value(option: click.Option) -> str:
    if option.metavar:
        return option.metavar
    if isinstance(option.type, click.Choice):
        return f"[{'|'.join(map(str, option.type.choices))}]"
    return (option.name or "").upper().replace("_", "-")


def _help(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").replace("\b\n", "")


def _prose(text: str) -> str:
    """A paragraph of help as Markdown: nothing but its code spans and links has a meaning."""
    parts = TEXT_OR_CODE.split(" ".join(text.split()))
    parts[::2] = [re.sub(r"([*<\[])", r"\\\1", part) for part in parts[::2]]
    parts[::2] = [OUR_DOCUMENT.sub(r"[\1](\1)", part) for part in parts[::2]]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
