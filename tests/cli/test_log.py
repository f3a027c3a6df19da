"""`pyvcs log` as people type it: forms, filters, files, and the pager of a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pseudo_terminal import on_a_terminal
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A history with a merge, and a file that was renamed."""
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    terminal.write("old", "a\nb\nc\nd\n")
    terminal.run("commit", "-m", "one", "--date", "2020-01-01 12:00")
    terminal.run("switch", "-c", "side")
    terminal.write("beside", "x\n")
    terminal.run("commit", "-m", "on the side", "--author", "Bob <bob@example.org>")
    terminal.run("switch", "main")
    (terminal.folder / "old").rename(terminal.folder / "new")
    terminal.run("commit", "-m", "renamed")
    terminal.run("merge", "side", "-m", "merged")
    terminal.write("new", "a\nB\nc\nd\ne\n")
    terminal.run("commit", "-m", "last")
    return terminal


def subjects(terminal: Terminal, *arguments: str) -> list[str]:
    out = terminal.run("log", "--oneline", *arguments).out
    return [re.sub(r"^\w+ (\([^)]*\) )?", "", line) for line in out.splitlines()]


def test_filters_and_ranges(terminal: Terminal) -> None:
    everything = subjects(terminal)
    assert everything[:2] == ["last", "merged"]
    assert set(everything) == {"last", "merged", "renamed", "on the side", "one"}
    assert subjects(terminal, "-2") == ["last", "merged"]
    assert subjects(terminal, "-n", "0") == []
    assert subjects(terminal, "--author", "bob@") == ["on the side"]
    assert subjects(terminal, "--grep", "LAST", "-i", "--grep", "^one") == ["last", "one"]
    assert subjects(terminal, "--merges") == ["merged"]
    assert subjects(terminal, "side") == ["on the side", "one"]
    assert subjects(terminal, "main~1..") == ["last"]
    assert subjects(terminal, "main", "^main~1") == ["last"]
    assert set(subjects(terminal, "main~2...side")) == {"renamed", "on the side"}
    assert subjects(terminal, "--since", "2 days ago", "--until", "1 day ago") == []
    assert subjects(terminal, "--all", "--no-merges", "-1") == ["last"]


def test_paths_follow_renames(terminal: Terminal) -> None:
    assert subjects(terminal, "--", "new") == ["last", "renamed", "one"]
    assert subjects(terminal, "new") == ["last", "renamed", "one"]
    assert subjects(terminal, "--", "old") == ["renamed", "one"]
    assert subjects(terminal, "side", "--", "beside") == ["on the side"]
    assert subjects(terminal, "--", "nowhere") == []


def test_a_graph_with_and_without_text(terminal: Terminal) -> None:
    out = terminal.run("log", "--graph", "--oneline").out
    picture = [re.sub(r"\w{12}", "oid", line) for line in out.splitlines()]
    assert picture == [
        "* oid (main) last",
        "*   oid merged",
        "├─╮",
        "│ * oid (side) on the side",
        "* │ oid renamed",
        "├─╯",
        "* oid one",
    ]
    lines = terminal.run("log", "--graph").out.splitlines()
    assert next(line for line in lines if "Merge:" in line).startswith("├─╮ Merge:")
    assert sum(line.startswith(("*", "│ *")) for line in lines) == 5
    followed = terminal.run("log", "--graph", "--oneline", "--", "new").out
    assert [line[0] for line in followed.splitlines()] == ["*", "*", "*"]
    terminal.environ["LC_ALL"] = "C"
    assert "+-." in terminal.run_process("log", "--graph", "--oneline").out


def test_counts_lines(terminal: Terminal) -> None:
    out = terminal.run("log", "-1", "--stat").out
    assert " new | 3 ++-\n 1 file changed, 2 insertions(+), 1 deletion(-)\n" in out
    shape = json.loads(terminal.run("log", "-1", "--stat", "--json").out)
    assert shape["files"] == [
        {"path": "new", "added": 2, "removed": 1, "bytes_before": 8, "bytes_after": 10}
    ]
    assert "files" not in json.loads(terminal.run("log", "-1", "--json").out)


def test_a_text_is_found_where_it_came_and_went(terminal: Terminal) -> None:
    assert subjects(terminal, "-S", "B") == ["last"]
    assert subjects(terminal, "-S", "b\n") == ["last", "one"]
    assert subjects(terminal, "-S", "c") == ["one"]
    assert subjects(terminal, "-S", "x", "--all") == ["on the side"]
    assert subjects(terminal, "-S", "B", "--", "beside") == []
    assert subjects(terminal, "-S", "no such text") == []


def test_names_of_what_changed(terminal: Terminal) -> None:
    lines = terminal.run("log", "--oneline", "--name-status").out.splitlines()
    assert lines[1:2] == ["M\tnew"]
    assert "R\told\tnew" in lines
    assert lines[-1] == "A\told"
    lines = terminal.run("log", "--name-only", "-n", "1").out.splitlines()
    assert lines[-3:] == ["", "new", ""]


def test_the_oldest_first(terminal: Terminal) -> None:
    assert subjects(terminal, "--reverse") == subjects(terminal)[::-1]
    assert subjects(terminal, "--reverse", "-n", "2") == ["merged", "last"]


def test_colour_when_it_is_wanted(terminal: Terminal) -> None:
    assert "\x1b[33m" in terminal.run("log", "-1", "--color", "always").out
    assert "\x1b" not in terminal.run("log", "-1").out


def test_a_terminal_gets_colour_and_a_pager(terminal: Terminal) -> None:
    code, shown = on_a_terminal(terminal, "log", "--oneline", PYVCS_PAGER="sed s/^/paged:/")
    assert code == 0
    assert len(shown.splitlines()) == 5
    assert all(line.startswith("paged:\x1b[33m") for line in shown.splitlines())
    code, shown = on_a_terminal(terminal, "log", "-1", "--oneline", PAGER="cat", NO_COLOR="1")
    assert (code, shown) == (0, terminal.run("log", "-1", "--oneline").out)


def test_a_pager_that_is_left_early_is_no_error(terminal: Terminal) -> None:
    for number in range(30):
        terminal.run("commit", "--amend", "-m", f"{number} " + "long\n" * 3000)
    code, shown = on_a_terminal(terminal, "log", PYVCS_PAGER="head -n 1")
    assert code == 0
    assert shown.count("\n") == 1
