"""Help: every command has it, with an example that uses it, and starts without loading much."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from pyvcs.cli.main import COMMANDS, pyvcs


def command_called(name: str) -> click.Command:
    found = pyvcs.get_command(click.Context(pyvcs), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example_of_itself(name: str) -> None:
    text = command_called(name).help
    assert text is not None
    first, _, rest = text.partition("\n")
    assert first.endswith((".", ":"))
    assert f"pyvcs {name}" in rest.partition("Example:")[2]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_says_what_it_is(name: str) -> None:
    command = command_called(name)
    assert command.name == name
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "kind":
            assert parameter.help, parameter.name


@pytest.mark.parametrize("line", COMMANDS.values())
def test_the_first_lines_are_short_imperative_and_without_a_full_stop(line: str) -> None:
    assert line[0].isupper()
    assert not line.endswith(".")
    assert len(line) <= 60


def loaded_by(*arguments: str) -> set[str]:
    """The modules that one run of pyvcs loads."""
    code = (
        "import sys\nfrom pyvcs.cli.main import run\n"
        f"run({list(arguments)!r})\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_loads_no_part_of_pyvcs_that_it_does_not_need() -> None:
    """Start-up is part of every command; the cap stands here so that it does not grow unseen."""
    bare = set(
        subprocess.run(
            [sys.executable, "-c", "import sys, click\nprint('\\n'.join(sys.modules))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
    )
    ours = {name for name in loaded_by("--help") - bare if name.startswith("pyvcs")}
    assert ours == {
        "pyvcs",
        "pyvcs.cli",
        "pyvcs.cli.exit_codes",
        "pyvcs.cli.main",
        "pyvcs.cli.output",
        "pyvcs.cli.session",
        "pyvcs.objects",
        "pyvcs.objects.errors",
    } - {"pyvcs.cli.session"}
    heavy = {"json", "blake3", "dataclasses", "tomllib", "asyncio", "logging", "subprocess"}
    assert not heavy & (loaded_by("--help") - bare)
