"""`pyvcs commit`: messages from an editor, amendments, times."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click import BadParameter
from terminal import Terminal

from pyvcs.cli.editor import without_comments
from pyvcs.cli.times import parse_time
from pyvcs.objects.commit import Timestamp

NOW = Timestamp(1_700_000_000, 60)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path)
    made.run("init")
    made.write("a", "1\n")
    return made


def use_editor(terminal: Terminal, script: str, name: str = "EDITOR") -> None:
    """Let an editor be Python that gets the file as `path`."""
    folder = terminal.folder
    program = folder.parent / f"{folder.name}-editor.py"
    program.write_text(f"import sys\npath = sys.argv[1]\n{script}\n", encoding="utf-8")
    terminal.environ[name] = f"{sys.executable} {program}"


def message(terminal: Terminal) -> str:
    found: str = json.loads(terminal.run("show", "--json").out)["message"]
    return found


def test_the_editor_is_shown_what_will_be_recorded(terminal: Terminal) -> None:
    script = (
        "text = open(path).read()\nassert '# A a' in text, text\n"
        "open(path, 'w').write('subject\\n\\nbody \\n\\n' + text)"
    )
    use_editor(terminal, script, "PYVCS_EDITOR")
    terminal.run("commit")
    assert message(terminal) == "subject\n\nbody\n"


def test_an_empty_message_records_nothing(terminal: Terminal) -> None:
    use_editor(terminal, "open(path, 'a').write('\\n# only this\\n')")
    done = terminal.run("commit", check=False)
    assert done.code == 2
    assert "the message is empty: nothing was recorded" in done.err
    assert "No commits yet" in terminal.run("status").out


def test_without_an_editor_or_a_change_nobody_is_asked(terminal: Terminal) -> None:
    for name in ("PYVCS_EDITOR", "VISUAL", "EDITOR"):
        terminal.environ.pop(name, None)
    assert "say with -m" in terminal.run_process("commit", check=False).err
    terminal.run("commit", "-m", "first")
    use_editor(terminal, "open(path, 'w').write('written in vain')")
    assert "nothing to commit" in terminal.run("commit", check=False).err


def test_a_template_begins_the_message_and_is_none_by_itself(terminal: Terminal) -> None:
    terminal.write("../template", "Ticket: \n")
    terminal.run("config", "commit.template", "../template")
    use_editor(terminal, "")
    assert "the message is empty" in terminal.run("commit", check=False).err
    use_editor(terminal, "open(path, 'r+').write('Ticket: 7')")
    terminal.run("commit")
    assert message(terminal) == "Ticket: 7\n"


def test_verbose_shows_the_editor_the_difference_of_the_paths(terminal: Terminal) -> None:
    terminal.write("b", "1\n")
    script = (
        "text = open(path).read()\nassert '\\n# +1\\n' in text and '# A b' not in text, text\n"
        "open(path, 'w').write('first')"
    )
    use_editor(terminal, script)
    terminal.run("commit", "--verbose", "a")
    assert terminal.run("status", "--porcelain").out == "?? b\n"


def test_amend_offers_the_old_message(terminal: Terminal) -> None:
    terminal.run("commit", "-m", "frist")
    mend = "text = open(path).read().replace('frist', 'first')\nopen(path, 'w').write(text)"
    use_editor(terminal, mend, "VISUAL")
    terminal.run("commit", "--amend")
    assert message(terminal) == "first\n"
    assert len(terminal.run("log", "--oneline").out.splitlines()) == 1


def test_no_edit_keeps_the_message_and_asks_nobody(terminal: Terminal) -> None:
    terminal.run("commit", "-m", "first")
    use_editor(terminal, "sys.exit(1)")
    terminal.write("a", "2\n")
    terminal.run("commit", "--amend", "--no-edit")
    assert message(terminal) == "first\n"
    assert terminal.run("show", "HEAD:a").out == "2\n"
    assert terminal.run("commit", "--no-edit", check=False).code == 2


def test_nobody_writes_a_message_for_what_cannot_be_amended(terminal: Terminal) -> None:
    terminal.run("commit", "-m", "first")
    terminal.run("clone", ".", f"../{terminal.folder.name}-other")
    use_editor(terminal, "open(path + '.seen', 'w').close()")
    terminal.write("a", "2\n")
    done = terminal.run("commit", "--amend", check=False)
    assert done.code == 5
    assert "was synced" in done.err
    assert not list(terminal.folder.rglob("*.seen"))


def test_paragraphs_files_and_dates(terminal: Terminal) -> None:
    terminal.run("commit", "-m", "subject", "-m", "body", "--date", "2020-02-03 04:05 +0100")
    assert message(terminal) == "subject\n\nbody\n"
    assert "Date:   Mon Feb  3 04:05:00 2020 +0100\n" in terminal.run("log").out
    assert json.loads(terminal.run("show", "--json").out)["authored"] == "2020-02-03T04:05:00+01:00"
    assert terminal.run("blame", "a").out.split()[2] == "2020-02-03"
    terminal.write("message", "from a file\n")
    terminal.run("commit", "-F", "message")
    assert message(terminal) == "from a file\n"
    assert terminal.run("commit", "-m", "x", "-F", "y", check=False).code == 2
    assert terminal.run("commit", "-m", "x", "--date", "soon", check=False).code == 2


@pytest.mark.parametrize(
    ("text", "seconds", "offset"),
    [
        ("@5", 5, 0),
        ("1700000000 -0130", 1_700_000_000, -90),
        ("2023-11-14T22:13:20Z", 1_700_000_000, 0),
        ("2023-11-14 23:13:20", 1_700_000_000, 60),
        ("2023-11-15 00:13:20+02:00", 1_700_000_000, 120),
        ("Tue, 14 Nov 2023 22:13:20 +0000", 1_700_000_000, 0),
        ("now", 1_700_000_000, 60),
        ("yesterday", 1_700_000_000 - 86_400, 60),
        ("2 weeks ago", 1_700_000_000 - 14 * 86_400, 60),
        ("1.hour.ago", 1_700_000_000 - 3600, 60),
    ],
)
def test_times_are_read_as_people_write_them(text: str, seconds: int, offset: int) -> None:
    assert parse_time(text, now=NOW, option="--date") == Timestamp(seconds, offset)


@pytest.mark.parametrize("text", ["", "soon", "2023-13-01", "12", "9" * 30, "1 eon ago", "+1"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadParameter):
        parse_time(text, now=NOW, option="--date")


def test_rules_that_cannot_be_read_are_told_of(terminal: Terminal) -> None:
    terminal.write(".pyvcs.toml", "version = 1\n[[file]]\n")
    done = terminal.run("commit", "-m", "rules")
    assert "warning: .pyvcs.toml counts as empty: a [[file]] needs a path" in done.err
    terminal.write(".pyvcs.toml", "version = 1\n[[file]]\npath = 'a'\ndriver = 'union'\n")
    assert terminal.run("commit", "-m", "rules").err == ""


def test_comments_do_not_count() -> None:
    assert without_comments("\n\na\n# b\n\nc  \n#d\n\n") == "a\n\nc\n"
