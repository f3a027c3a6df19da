"""`pyvcs help`, and what is said when somebody types a word of git, or mistypes one."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from house import ROOT
from terminal import Terminal

from pyvcs.cli import exit_codes
from pyvcs.cli.explaining import TOPICS, topic_text
from pyvcs.cli.from_git import COMMANDS as GIT_COMMANDS
from pyvcs.cli.from_git import OPTIONS as GIT_OPTIONS
from pyvcs.cli.hooks import HOOKS
from pyvcs.cli.main import COMMANDS, pyvcs
from pyvcs.config import KNOWN_KEYS


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def parse(words: list[str]) -> None:
    """Read a command line as click does, without running it."""
    context = click.Context(pyvcs, info_name="pyvcs")
    while isinstance(context.command, click.Group):
        command = context.command.get_command(context, words[0])
        assert command is not None, words
        name, *words = words
        if not isinstance(command, click.Group):
            command.make_context(name, words, parent=context)
            return
        context = click.Context(command, info_name=name, parent=context)


def check_calls(text: str) -> None:
    """Every command line in a text is one that pyvcs takes."""
    spans = re.findall(r"`pyvcs ([^`]+)`", text)
    lines = [line.strip() for line in text.splitlines() if line.startswith("  pyvcs ")]
    spans += [re.split(r" {2,}|, pyvcs ", line)[0].removeprefix("pyvcs ") for line in lines]
    for span in spans:
        for call in span.split(" && pyvcs "):
            words = [re.sub(r"^(NUMBER|N)$", "1", word) for word in shlex.split(call)]
            if words[0].isupper() or words[0] == "--version":
                continue
            try:
                parse(words)
            except click.MissingParameter:
                assert len(words) <= 2, call  # the name of a command alone is no mistake


@pytest.mark.parametrize("name", sorted(TOPICS))
def test_every_topic_is_short_true_and_has_an_example(terminal: Terminal, name: str) -> None:
    text = topic_text(name)
    assert text is not None
    assert terminal.run("help", name).out == f"{text}\n"
    lines = text.splitlines()
    assert lines[0].endswith((".", ":", ","))
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80 or name == "config"
    assert re.search(r"\nExample:\n  pyvcs ", text)
    check_calls(text)


def test_there_is_a_text_for_every_topic_and_none_more() -> None:
    assert {path.stem for path in (ROOT / "cli" / "topics").glob("*.txt")} == TOPICS.keys()


def test_topics_hold_what_the_program_knows() -> None:
    codes = re.findall(r"^ *(\d+)  ", topic_text("exit-codes") or "", re.MULTILINE)
    names = [name for name in vars(exit_codes) if name.isupper() and name != "CODES"]
    assert sorted(map(int, codes)) == sorted(getattr(exit_codes, name) for name in names)
    assert re.findall(r"^  (\S+-\S+) ", topic_text("hooks") or "", re.MULTILINE) == [*HOOKS]
    settings = topic_text("config") or ""
    assert all(f"  {key} " in settings for key in KNOWN_KEYS)


def test_help_alone_lists_commands_and_topics(terminal: Terminal) -> None:
    out = terminal.run("help").out
    assert all(f"  {name} " in out for name in (*COMMANDS, *TOPICS))


def test_help_of_a_command_is_that_which_the_command_prints(terminal: Terminal) -> None:
    assert terminal.run("help", "switch").out == terminal.run("switch", "--help").out
    assert terminal.run("help", "bisect", "run").out == terminal.run("bisect", "run", "--help").out
    assert "pyvcs sync --help" in terminal.run("help", "sync").out


@pytest.mark.parametrize("name", sorted(GIT_COMMANDS))
def test_a_command_of_git_is_answered_with_what_to_type(terminal: Terminal, name: str) -> None:
    assert name not in COMMANDS
    assert GIT_COMMANDS[name] in terminal.run("help", name).out
    done = terminal.run(name, "--whatever", check=False)
    assert done.code == 2
    assert done.err == f"error: there is no command {name!r}\nhint: {GIT_COMMANDS[name]}\n"
    check_calls(GIT_COMMANDS[name])


@pytest.mark.parametrize(("name", "option"), sorted(GIT_OPTIONS))
def test_an_option_of_git_is_answered_with_what_to_type(
    terminal: Terminal, name: str, option: str
) -> None:
    hint = GIT_OPTIONS[name, option]
    done = terminal.run(name, option, check=False)
    assert done.code == 2
    assert done.err == f"error: there is no option {option}\nhint: {hint}\n"
    check_calls(hint)
    for other in re.findall(r"`(--?[a-z-]+)", hint):
        command = pyvcs.get_command(click.Context(pyvcs), name)
        assert command is not None
        assert any(other in parameter.opts for parameter in command.params), hint


def test_what_is_close_is_offered(terminal: Terminal) -> None:
    assert "did you mean commit?" in terminal.run("comit", check=False).err
    assert "did you mean --oneline?" in terminal.run("log", "--onelin", check=False).err
    done = terminal.run("help", "revison", check=False)
    assert done.code == 4
    assert "did you mean revisions?" in done.err
    done = terminal.run("help", "zzzz", check=False)
    assert done.err == (
        "error: there is no command and no topic 'zzzz'\nhint: `pyvcs help` lists all\n"
    )
    assert terminal.run("help", "bisect", "zzzz", check=False).code == 4


def test_wrong_usage_is_one_sentence_and_says_where_to_read(terminal: Terminal) -> None:
    done = terminal.run("merge", check=False)
    assert done.code == 2
    assert done.err == (
        "error: missing argument 'OTHER...'\nhint: `pyvcs merge --help` shows how it is used\n"
    )


def test_an_alias_stands_for_words(terminal: Terminal) -> None:
    terminal.run("init")
    terminal.write("a", "1\n")
    terminal.run("commit", "-m", "first")
    terminal.run("config", "alias.last", "log -n 1 --oneline")
    terminal.run("config", "--global", "alias.st", "status --short")
    terminal.run("config", "alias.again", "again")
    assert terminal.run("last").out.endswith(" (main) first\n")
    terminal.write("b", "1\n")
    assert terminal.run("st").out == "?? b\n"
    assert terminal.run("st", "a").out == ""
    assert terminal.run("again", check=False).code == 2
    outside = Terminal(terminal.folder.parent / "outside")
    outside.environ["XDG_CONFIG_HOME"] = terminal.environ["XDG_CONFIG_HOME"]
    assert outside.run("st", check=False).code == 3
