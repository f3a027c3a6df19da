"""Bad input: one sentence on stderr, the documented exit code, no traceback, nothing changed."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from house import ROOT
from terminal import Terminal

from pyvcs.cli import exit_codes
from pyvcs.cli.main import run

CASES: list[tuple[list[str], int, str]] = [
    (["log", "nowhere"], 4, "'nowhere' names no branch"),
    (["log", "HEAD~99"], 4, "beyond the history"),
    (["log", "HEAD^2"], 4, "has no parent"),
    (["log", "--graph", "--reverse"], 2, "leave --reverse out"),
    (["log", "HEAD~999999999999"], 4, "names no branch"),
    (["log", "\udcff"], 4, "names no branch"),
    (["show", "0000"], 4, "names no branch"),
    (["show", "main:nowhere"], 4, "nothing at nowhere"),
    (["cat", "main:nowhere"], 4, "nothing at nowhere"),
    (["cat", "main:a/b"], 4, "nothing at a/b"),
    (["cat", "zzzz"], 4, "is no object"),
    (["diff", "nowhere"], 4, "it is no path either"),
    (["diff", "main", "nowhere"], 4, "it is no path either"),
    (["diff", "a", "nowhere"], 4, "neither a revision nor a path"),
    (["diff", "^main"], 2, "names no commit to compare"),
    (["show", "main..HEAD"], 2, "log -p"),
    (["log", "main..nowhere"], 4, "names no branch"),
    (["log", "--since", "soon"], 2, "is no time"),
    (["log", "--grep", "("], 2, "no regular expression"),
    (["log", "../outside"], 4, "outside the repository"),
    (["commit", "-m", "x"], 1, "nothing to commit"),
    (["commit", "-m", " "], 2, "the message is empty"),
    (["commit"], 1, "nothing to commit"),
    (["commit", "-m", "x", "nowhere"], 4, "neither in the commit nor in the working tree"),
    (["commit", "-m", "x", "../outside"], 4, "outside the repository"),
    (["commit", "-m", "x", "--author", "nobody"], 2, "NAME <EMAIL>"),
    (["branch", "bad..name"], 2, "cannot name a branch"),
    (["branch", "main"], 5, "already"),
    (["branch", "x", "nowhere"], 4, "names no branch"),
    (["branch", "--delete", "main"], 5, "the branch that you are on"),
    (["branch", "--delete", "nowhere"], 4, "no branch 'nowhere'"),
    (["switch", "nowhere"], 4, "no branch 'nowhere'"),
    (["switch", "--detach", "nowhere"], 4, "names no branch"),
    (["merge", "nowhere"], 4, "names no branch"),
    (["merge-base", "main"], 2, "two revisions"),
    (["merge-file", "a", "a", "nowhere"], 9, "No such file"),
    (["merge-file", "--type", "json", "a", "b", "c"], 8, "JSON"),
    (["resolve", "a"], 4, "no conflict in 'a'"),
    (["resolve", "a", "--value", "1"], 2, "goes with --pointer"),
    (["restore", "nowhere"], 4, "neither in the commit nor in the working tree"),
    (["rev-parse", ""], 0, ""),
    (["heads", "nowhere"], 4, "no branch 'nowhere'"),
    (["clone", "nowhere", "x"], 3, "is not a pyvcs repository"),
    (["clone", ".", "."], 5, "not empty"),
    (["sync"], 3, "neither a remote (there are: none yet)"),
    (["sync", "nowhere"], 3, "pyvcs remote add"),
    (["resolve", "a", "--ours", "--theirs"], 2, "take one side"),
    (["switch", "--create", "x", "--detach"], 2, "START goes with --create"),
    (["switch", "main", "HEAD~0"], 2, "START goes with --create"),
    (["branch", "--delete", "x", "y"], 2, "takes one NAME"),
    (["diff", "../outside"], 4, "outside the repository"),
    (["remote", "add", "x"], 2, "NAME and a path"),
    (["remote", "remove", "x"], 4, "no remote 'x'"),
    (["remote", "add", "a.b", "c"], 2, "no dot"),
    (["config", "nodot"], 2, "no key of a setting"),
    (["config", "--unset", "user.nothing"], 4, "is not set"),
    (["init"], 3, "already"),
    (["init", "--initial-branch", "a b", "new"], 2, "cannot name a branch"),
    (["blame"], 2, "name one PATH"),
    (["blame", "nowhere"], 4, "has no file 'nowhere'"),
    (["blame", "a", "--pointer", "/x"], 8, "is no JSON document"),
    (["blame", "a", "-L", "9,3"], 2, "-L takes two"),
    (["grep", "leek"], 2, "pyvcs grep HEAD 'leek'"),
    (["grep", "main", "("], 2, "no regular expression"),
    (["grep", "nowhere", "x"], 4, "names no branch"),
    (["grep", "main", "nothing like it"], 1, ""),
    (["git", "import", "file:///nowhere"], 9, "'/nowhere' does not appear to be a git repo"),
    (["archive", "-o", "x.rar"], 2, "say --format"),
    (["archive", "-o", "nowhere/x.zip"], 9, "nowhere/x.zip"),
    *((["log", "-n", "9" * digits], 0, "") for digits in (30, 5_000)),
    (["log", "-" + "9" * 30], 0, ""),
    *((["op", "log", "-n", "9" * digits], 0, "") for digits in (30, 5_000)),
    *(
        (["git", "replay", ".", "--limit", "9" * digits], 3, "no repository")
        for digits in (30, 5_000)
    ),
    (["op", "restore", "9" * 5_000], 4, "no operation"),
    (["config", "x.y", "9" * 5_000], 0, ""),
    *((["serve", "--http", f"127.0.0.1:{port}"], 2, "HOST:PORT") for port in ("²", "9" * 5_000)),
    (["sync", "--watch", "--every", "inf"], 2, "--every"),
    (["sync", "--watch", "--every", "nan"], 2, "--every"),
    (["sync", "--watch", "--every", "0"], 2, "--every"),
    (["serve", "--http", "127.0.0.1:0", "--every", "1e30"], 2, "--every"),
    (["serve", "--http", "127.0.0.1:0", "--idle", "nan"], 2, "--idle"),
    (["serve", "--http", "127.0.0.1:0", "--max-rate", "0"], 2, "--max-rate"),
    (["serve", "--http", "127.0.0.1:0", "--max-body", "-1"], 2, "--max-body"),
    (["serve", "--http", "127.0.0.1:0", "--peer", "a\nb"], 2, "a\\nb"),
    (["serve", "--http", "127.0.0.1:0", "--tls-cert", "nowhere"], 9, "nowhere: No such file"),
    (["serve", "--http", "127.0.0.1:0", "--tls-cert", "a"], 9, "a: "),
    (["nonsense"], 2, "there is no command"),
    (["log", "--nonsense"], 2, "there is no option"),
    (["-C", "nowhere", "log"], 2, "is not a folder"),
]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    for name in "abc":
        terminal.write(name, f"{name}\n")
    terminal.run("commit", "-m", "first")
    return terminal


@pytest.mark.parametrize(
    ("arguments", "code", "words"), CASES, ids=[" ".join(c[0])[:60] for c in CASES]
)
def test_says_what_is_wrong_in_one_sentence(
    terminal: Terminal, arguments: list[str], code: int, words: str
) -> None:
    refs = terminal.read(".pyvcs/refs")
    done = terminal.run(*arguments, check=False)
    assert done.code == code, done
    assert words in done.err
    assert "Traceback" not in done.err
    assert "a fault of pyvcs itself" not in done.err
    assert terminal.read(".pyvcs/refs") == refs


def test_outside_a_repository_every_command_says_so(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    for arguments in (["status"], ["log"], ["commit", "-m", "x"], ["fsck"], ["sync"], ["remote"]):
        done = terminal.run(*arguments, check=False)
        assert done.code == exit_codes.NOT_A_REPOSITORY
        assert "pyvcs init" in done.err


def test_a_repository_of_a_newer_format_is_named_as_such(terminal: Terminal) -> None:
    terminal.write(".pyvcs/format", "pyvcs repository, format 99\n")
    done = terminal.run("log", check=False)
    assert done.code == exit_codes.INVALID
    assert "format 99" in done.err
    assert "newer pyvcs" in done.err


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"format": 1}', b"[" * 100_000])
def test_refs_that_are_damaged_are_named_as_such(terminal: Terminal, content: bytes) -> None:
    terminal.write(".pyvcs/refs", content)
    done = terminal.run("log", check=False)
    assert done.code in (exit_codes.CORRUPT, exit_codes.INVALID)
    assert done.err.startswith("error: the refs")


def test_rules_with_a_number_of_too_many_digits_are_told(terminal: Terminal) -> None:
    terminal.write("rules", "a = " + "9" * 5_000)
    done = terminal.run("merge-file", "--rules", "rules", "a", "b", "c", check=False)
    assert done.code == exit_codes.INVALID
    assert "4300 digits" in done.err


def test_settings_that_are_no_toml_are_named_with_their_file(terminal: Terminal) -> None:
    terminal.write(".pyvcs/config", "user = [")
    done = terminal.run("config", "--list", check=False)
    assert done.code == exit_codes.INVALID
    assert ".pyvcs" in done.err
    assert "TOML" in done.err


class Interrupted(io.TextIOWrapper):
    """A stream that is made ready just when somebody presses Ctrl-C."""

    def reconfigure(self, **_: object) -> None:
        """Be interrupted."""
        raise KeyboardInterrupt


def test_an_interrupt_before_anything_is_read_is_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with contextlib.redirect_stdout(Interrupted(io.BytesIO())):
        assert run(["log"]) == exit_codes.INTERRUPTED
    assert capsys.readouterr().err == "error: interrupted; nothing is half-done\n"


def test_a_reader_that_goes_away_ends_it_quietly(terminal: Terminal) -> None:
    for number in range(300):
        terminal.write(f"many/{number}", "x" * 100)
    terminal.run("commit", "-m", "many files " + "x" * 60_000)
    done = subprocess.run(
        f"{sys.executable} -m pyvcs show | head -n 1; exit ${{PIPESTATUS[0]}}",
        cwd=terminal.folder,
        env=terminal.environ,
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == exit_codes.BROKEN_PIPE


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", ["status", "commit -m more", "nonsense"])
def test_streams_that_are_closed_lead_nowhere(terminal: Terminal, words: str, closed: str) -> None:
    terminal.write("a", "more\n")
    done = subprocess.run(
        f"{sys.executable} -m pyvcs {words} {closed}",
        cwd=terminal.folder,
        env=terminal.environ,
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (exit_codes.USAGE if words == "nonsense" else exit_codes.DONE), done
    assert "fault" not in done.stderr
    assert terminal.run("fsck").code == exit_codes.DONE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere: nothing is read-only")
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    done = Terminal(tmp_path).run("init", check=False)
    assert done.code == exit_codes.SYSTEM
    assert "Permission denied" in done.err


def test_the_table_of_exit_codes_is_that_of_the_document() -> None:
    text = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    names = [name for name in vars(exit_codes) if name.isupper() and name != "CODES"]
    assert documented == {getattr(exit_codes, name) for name in names}
    assert set(exit_codes.CODES.values()) <= documented
