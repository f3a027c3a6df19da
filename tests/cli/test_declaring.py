"""Commands told as data: what is read without click is what click would have read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from terminal import Terminal

from pyvcs.cli.click_commands import for_click
from pyvcs.cli.declaring import Declared, argument, declared, load, option
from pyvcs.cli.main import COMMANDS


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "work")


TOLD = [name for name in sorted(COMMANDS) if isinstance(load(name), Declared)]


def told(name: str) -> Declared:
    command = load(name)
    assert isinstance(command, Declared)
    return command


def by_click(command: Declared, words: list[str]) -> dict[str, object] | None:
    """What click reads, None when it refuses the words or shows the help."""
    try:
        return for_click(command).make_context(command.name, list(words)).params
    except (click.UsageError, click.exceptions.Exit):
        return None


@pytest.mark.parametrize("name", TOLD)
@given(data=st.data())
def test_words_read_at_once_are_read_as_click_reads_them(name: str, data: st.DataObject) -> None:
    command = told(name)
    names = [each for parameter in command.parameters for each in parameter.names]
    odd = st.sampled_from(
        ["-", "--", "", "-mx", "--message=x", "--help", "--no-such", "ü", "\udc80"]
    )
    words = data.draw(
        st.lists(st.sampled_from(names) | odd | st.text(min_size=1, max_size=3), max_size=6)
    )
    typed = command.read(words)
    if typed is not None:
        assert typed == by_click(command, words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("status", []),
        ("status", ["--short"]),
        ("commit", ["-m", "two words", "a.txt", "b.txt"]),
        ("commit", ["-m", "one", "--message", "more", "--json"]),
        ("clone", ["there"]),
        ("sync", []),
        ("sync", ["--pull", "there"]),
        ("clone", ["--bare", "there", "here"]),
        ("log", ["--oneline", "-n", "5", "main", "--", "a.txt"]),
        ("log", ["-5", "--since", "yesterday", "--color", "never"]),
        ("diff", ["--stat", "main", "topic", "--", "a", "-n"]),
        ("show", ["HEAD~1"]),
        ("merge", ["topic"]),
        ("init", []),
        ("init", ["notes", "--bare"]),
        ("switch", ["-c", "topic", "main~1"]),
        ("switch", ["-"]),
        ("branch", ["-m", "topic", "done"]),
        ("restore", ["--from", "HEAD~1", "a.txt"]),
        ("tag", ["v1", "-m", "one"]),
        ("config", ["--global", "user.name", "Ada"]),
        ("resolve", ["a.json", "--pointer", "/x", "--value", "1"]),
        ("merge", ["-m", "both", "topic", "other", "--json"]),
    ],
)
def test_the_words_of_every_day_need_no_click(name: str, words: list[str]) -> None:
    typed = told(name).read(words)
    assert typed is not None
    assert typed == by_click(told(name), words)


def test_a_parameter_with_a_setting_of_clicks_own_is_left_to_click() -> None:
    @declared("count")
    @option("-n", "--number", type=int, default=3)
    @argument("names", nargs=-1)
    def count(number: int, names: tuple[str, ...]) -> None:
        """Count."""

    assert count.read(["-n", "5"]) is None
    assert by_click(count, ["-n", "5", "a"]) == {"number": 5, "names": ("a",)}


@pytest.mark.parametrize("folder", [[], ["-C", "."], ["-C", "../work"]])
def test_a_misuse_says_where_the_usage_is(terminal: Terminal, folder: list[str]) -> None:
    terminal.run("init")
    done = terminal.run(*folder, "commit", "-m", "x", "-F", "y", check=False)
    assert done.code == 2
    assert "`pyvcs commit --help` shows how it is used" in done.err
    assert "give the message with -m or with -F, not both" in done.err


@pytest.mark.parametrize("words", [[], ["a", "b", "c"], ["a", "-x"]])
def test_too_few_words_or_too_many_are_left_to_click(words: list[str]) -> None:
    assert told("clone").read(words) is None
    assert by_click(told("clone"), words) is None


@pytest.mark.parametrize(
    "words", [["-n", "x"], ["-n", "-1"], ["--color", "pink"], ["--merges"], ["-\u0663"]]
)
def test_values_that_are_none_of_their_kind_are_left_to_click(words: list[str]) -> None:
    assert told("log").read(words) is None


def test_the_commands_of_every_day_run_without_click(terminal: Terminal) -> None:
    terminal.run("init")
    everyday = (
        ["status"], ["commit", "-m", "one"], ["log", "-n", "1"], ["diff"], ["show", "HEAD"],
        ["merge", "HEAD"], ["-C", "../work", "status"], ["commit", "-m", "two"], ["undo"], ["redo"],
        ["switch", "-c", "topic"], ["branch"], ["tag", "v"], ["restore", "a.txt"], ["conflicts"],
        ["heads"], ["rev-parse", "HEAD"], ["cat", "HEAD:a.txt"], ["blame", "a.txt"],
        ["gc"], ["fsck"], ["mv", "a.txt", "b.txt"],
        ["merge-base", "HEAD", "HEAD"], ["rm", "-f", "a.txt"],
    )  # fmt: skip
    for words in everyday:
        terminal.write("a.txt", " ".join(words))
        code = (
            "import sys\nfrom pyvcs.cli.main import run\n"
            f"assert run({words!r}) == 0\nassert 'click' not in sys.modules"
        )
        subprocess.run(
            [sys.executable, "-c", code], cwd=terminal.folder, env=terminal.environ, check=True
        )
