"""Help: every command has it, with an example that uses it, and starts without loading much."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from command_lines import calls, usage_problem
from reference import every_command, examples

from pyvcs.cli.main import COMMANDS

ALL = every_command()


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_help_with_an_example_of_itself(name: str) -> None:
    text = ALL[name].help
    assert text is not None
    first, _, rest = text.partition("\n")
    assert first.endswith((".", ":"))
    assert f"pyvcs {name}" in rest.partition("Example:")[2]


@pytest.mark.parametrize("name", ALL)
def test_the_example_of_every_command_is_one_that_it_takes(name: str) -> None:
    found = [words for line in examples(ALL[name]) for words in calls(line)]
    assert found
    assert {" ".join(words): usage_problem(words) for words in found if usage_problem(words)} == {}


def test_an_example_that_is_wrong_would_be_seen() -> None:
    line = "cd x && pyvcs log --never | pyvcs commit -m 'a && b' > x; pyvcs bisect sideways"
    assert list(calls(line)) == [
        ["log", "--never"],
        ["commit", "-m", "a && b"],
        ["bisect", "sideways"],
    ]
    problems = [usage_problem(words) or "" for words in calls(line)]
    assert "No such option" in problems[0]
    assert problems[1] == ""
    assert "No such command" in problems[2]
    assert "Missing argument" in (usage_problem(["clone"]) or "")


@pytest.mark.parametrize("name", ALL)
def test_every_option_says_what_it_is(name: str) -> None:
    command = ALL[name]
    assert command.name == name.split()[-1]
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


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["--version"]], ids=str)
def test_the_overview_loads_neither_click_nor_any_part_that_it_does_not_need(
    words: list[str],
) -> None:
    """Start-up is part of every command; the cap stands here so that it does not grow unseen."""
    bare = subprocess.run(
        [sys.executable, "-c", "import sys\nprint('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert loaded_by(*words) - set(bare) == {
        "pyvcs",
        "pyvcs.cli",
        "pyvcs.cli.exit_codes",
        "pyvcs.cli.main",
        "pyvcs.cli.output",
        "pyvcs.cli.overview",
        "pyvcs.objects",
        "pyvcs.objects.errors",
    }
