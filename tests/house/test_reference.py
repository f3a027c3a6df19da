"""`docs/cli.md` is what the commands say of themselves today."""

from __future__ import annotations

import re

import click
import pytest
import reference


def test_the_page_of_all_commands_is_that_of_the_commands() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), (
        "docs/cli.md is stale: run `make docs`"
    )


@pytest.mark.parametrize("name", reference.every_command())
def test_the_usage_on_the_page_is_what_click_says(name: str) -> None:
    """But for the brackets, which differ between its versions."""
    command = reference.every_command()[name]
    context = click.Context(command, info_name=name)
    found = re.search(rf"^pyvcs {name}(?= \[OPT| COMMAND)(.*)$", reference.page(), re.MULTILINE)
    assert found is not None
    shown, told = (
        [word for word in re.findall(r"[A-Z|a-z-]+", text) if word not in ("OPTIONS", "ARGS")]
        for text in (found[1], _usage(context))
    )
    assert shown == told


def _usage(context: click.Context) -> str:
    return " ".join(context.command.collect_usage_pieces(context))


def test_a_command_without_a_section_is_named() -> None:
    sections = {title: names for title, names in reference.SECTIONS.items() if title != "Begin"}
    with pytest.raises(LookupError, match=r"'clone', .*'init'"):
        reference.page(sections)


def test_help_of_any_shape_becomes_plain_markdown() -> None:
    """What stands for itself in help must not become a link or bold text on the page."""

    @click.command("stir")
    @click.argument("pots", nargs=-1)
    @click.argument("way", type=click.Choice(["left", "right"]))
    @click.option("-s", "--speed", type=int, default=3, show_default=True, help="In [Hz], *2.")
    @click.option("--hard/--soft", help="`a*b` is <code>.")
    def stir(pots: tuple[str, ...], way: str, speed: int, hard: bool) -> None:
        """Stir, see docs/json.md.

        \b
        Example:
          pyvcs stir left
          pyvcs stir right
        """

    told = "\n".join(reference._command("stir", stir))
    assert "\npyvcs stir [OPTIONS] [POTS]... {left|right}\n" in told
    assert "\nStir, see [json.md](json.md).\n" in told
    assert "- `-s`, `--speed SPEED`: In \\[Hz], \\*2. (default: 3)\n" in told
    assert "- `--hard`, `--soft`: `a*b` is \\<code>.\n" in told
    assert "```sh\npyvcs stir left\npyvcs stir right\n```\n" in told
