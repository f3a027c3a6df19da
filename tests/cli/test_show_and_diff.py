"""`diff` and `show`: hunks with words, JSON by values, counts, names, and operations that apply."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import jsonpatch
import pytest
from drawn_json import drawn_document, edited
from hypothesis import given, settings
from hypothesis import strategies as st
from terminal import Terminal

from pyvcs.cli.colour import Paint
from pyvcs.cli.hunks import painted
from pyvcs.cli.words import changed_words
from pyvcs.diffing import unified_lines
from pyvcs.merge.json_compare import same
from pyvcs.merge.json_diff import diff_json
from pyvcs.merge.json_patch import patch_json, patch_steps
from pyvcs.merge.json_value import Missing
from pyvcs.merge.pointer import look
from pyvcs.merge.text import split_lines

BEFORE = {
    "title": "Soup",
    "steps": ["boil", "season", "serve"],
    "old": {"long": "x" * 40},
    "text": "one\ntwo\n",
    "big": 1,
    "gone": 1,
}
AFTER = {
    "title": "Leek soup",
    "steps": ["serve", "boil", "season"],
    "new": {"long": "x" * 40},
    "text": "one\n2\n",
    "big": 2,
    "came": [True],
}


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path / "here")
    terminal.run("init")
    terminal.write("data.json", json.dumps(BEFORE, indent=2) + "\n")
    terminal.write("text", "one\nthe old word\nthree\n")
    terminal.write("bytes", b"\0" * 10)
    terminal.run("commit", "-m", "before")
    terminal.write("data.json", json.dumps(AFTER, indent=2).replace("2,", "2.50e1,") + "\n")
    terminal.write("text", "one\nthe new word\nthree\n")
    terminal.write("bytes", b"\0" * 12)
    return terminal


def test_shows_values_of_json_and_hunks_of_text(terminal: Terminal) -> None:
    assert terminal.run("diff").out.splitlines() == [
        "diff a/bytes b/bytes",
        "Binary files differ (10 and 12 bytes)",
        "diff a/data.json b/data.json",
        "- /gone: 1",
        "> /old -> /new",
        "+ /came: [true]",
        '~ /title: "Soup" -> "Leek soup"',
        "> /steps/2 -> /steps/0",
        "~ /text:",
        "    @@ -1,2 +1,2 @@",
        "     one",
        "    -two",
        "    +2",
        "~ /big: 1 -> 2.50e1",
        "diff a/text b/text",
        "--- a/text",
        "+++ b/text",
        "@@ -1,3 +1,3 @@",
        " one",
        "-the old word",
        "+the new word",
        " three",
    ]
    assert '+  "title": "Leek soup",' in terminal.run("diff", "--text", "data.json").out
    assert "+\0\0" in terminal.run("diff", "--text", "bytes").out


def test_names_and_counts(terminal: Terminal) -> None:
    terminal.run("commit", "-m", "after")
    assert terminal.run("diff", "--name-status", "HEAD~1..").out == (
        "M\tbytes\nM\tdata.json\nM\ttext\n"
    )
    assert terminal.run("diff", "--name-only", "HEAD~1", "HEAD", "--", "text").out == "text\n"
    assert terminal.run("show", "--stat", "--", "bytes", "text").out.splitlines()[-3:] == [
        " bytes | Bin 10 -> 12 bytes",
        " text  |   2 +-",
        " 2 files changed, 1 insertion(+), 1 deletion(-)",
    ]
    assert terminal.run("diff", "HEAD~1", "HEAD~1").out == ""
    patch = terminal.run("log", "-p", "-1", "--oneline", "--", "text").out
    assert patch.splitlines()[-3:] == ["-the old word", "+the new word", " three"]


def test_json_has_operations_that_apply(terminal: Terminal) -> None:
    shapes = {shape["path"]: shape for shape in json.loads(terminal.run("diff", "--json").out)}
    operations = shapes["data.json"]["operations"]
    assert jsonpatch.apply_patch(BEFORE, operations) == AFTER | {"big": 25.0}
    assert "2.50e1" in terminal.run("diff", "--json").out
    assert shapes["text"]["operations"] is None
    assert (shapes["text"]["added"], shapes["text"]["removed"]) == (1, 1)
    assert shapes["bytes"]["added"] is None
    assert shapes["bytes"]["bytes_after"] == 12
    terminal.run("commit", "-m", "after")
    shown = json.loads(terminal.run("show", "--json").out)
    assert shown["files"] == list(shapes.values())


def test_what_is_no_json_is_shown_in_lines_and_a_new_layout_is_named(terminal: Terminal) -> None:
    terminal.write("data.json", '{"title": ')
    assert '+{"title": \n' in terminal.run("diff", "data.json").out
    terminal.write("data.json", json.dumps(BEFORE))
    assert "only its layout changed" in terminal.run("diff", "data.json").out


def test_a_tag_is_shown_with_its_message(terminal: Terminal) -> None:
    terminal.run("tag", "v1", "-m", "the first one")
    shown = terminal.run("show", "v1", "--name-only").out
    assert shown.startswith("tag v1\nTagger: Ada <ada@example.org>\n")
    assert "the first one" in shown
    assert "    before" in shown
    assert terminal.run("show", "main..v1", check=False).code == 2
    assert terminal.run("diff", "main", "main", "main", check=False).code == 4


def test_a_renamed_file_is_one_file(terminal: Terminal) -> None:
    terminal.run("commit", "-m", "after")
    terminal.write("many", "".join(f"line {n}\n" for n in range(10)))
    terminal.write("link", "text\n")
    terminal.run("commit", "-m", "more")
    (terminal.folder / "many").rename(terminal.folder / "moved")
    (terminal.folder / "data.json").rename(terminal.folder / "d.json")
    terminal.write("d.json", json.dumps(AFTER | {"big": 3}, indent=2))
    terminal.write("moved", "".join(f"line {n}\n" for n in range(1, 10)))
    (terminal.folder / "link").unlink()
    terminal.write("other", "nothing like it\n")
    terminal.run("status")
    assert terminal.run("diff", "--name-status").out == (
        "R\tdata.json\td.json\nD\tlink\nR\tmany\tmoved\nA\tother\n"
    )
    worktree = terminal.run("diff").out
    assert "rename from data.json\nrename to d.json\n~ /big: 2.50e1 -> 3\n" in worktree
    assert "--- a/many\n+++ b/moved\n@@ -1,4 +1,3 @@\n-line 0\n line 1\n" in worktree
    shapes = {shape["path"]: shape for shape in json.loads(terminal.run("diff", "--json").out)}
    assert shapes["moved"]["source"] == "many"
    assert shapes["moved"]["change"] == "renamed"
    assert shapes["other"]["source"] is None
    terminal.run("commit", "-m", "renames")
    assert terminal.run("show", "--text").out.split("\n\n", 2)[2] == (
        terminal.run("diff", "HEAD~1", "HEAD", "--text").out
    )
    assert " many => moved       | 1 -\n" in terminal.run("log", "-1", "--stat").out


def test_marks_words_that_changed(terminal: Terminal) -> None:
    shown = terminal.run("diff", "--color", "always", "text").out
    assert "\x1b[31mthe \x1b[m\x1b[7;31mold\x1b[m\x1b[31m word\x1b[m\n" in shown
    assert "\x1b[32mthe \x1b[m\x1b[7;32mnew\x1b[m\x1b[32m word\x1b[m\n" in shown
    assert changed_words([b"one\n"], [b"wholly different\n"]) is None
    assert changed_words([], [b"a"]) is None


LINES = st.lists(
    st.sampled_from([b"a b\n", b"a c d\n", b"\xc3\xa9 x\r\n", b"-\n", b"\n", b"a\tb  c\n"]),
    max_size=8,
).map(b"".join)


@settings(deadline=None)
@given(LINES, LINES, st.booleans())
def test_colours_change_nothing_else(old: bytes, new: bytes, cut: bool) -> None:
    new = new.removesuffix(b"\n") if cut else new
    pieces = list(unified_lines(split_lines(old), split_lines(new)))
    plain, coloured = (
        b"".join(p.encode() if isinstance(p, str) else p for p in each)
        for each in (pieces, painted(pieces, Paint(is_on=True)))
    )
    assert re.sub(rb"\x1b\[[\d;]*m", b"", coloured) == plain


@pytest.mark.parametrize("seed", range(30))
def test_every_step_says_what_it_takes_away(seed: int) -> None:
    rng = Random(seed)
    before = drawn_document(rng)
    operations = diff_json(before, edited(rng, before))
    for n, step in enumerate(patch_steps(before, operations)):
        assert step.operation == operations[n]
        if step.operation.op in ("replace", "remove"):
            there = look(patch_json(before, operations[:n]), step.operation.path)
            assert not isinstance(there, Missing)
            assert not isinstance(step.before, Missing)
            assert same(there, step.before)


def test_show_prints_a_file_or_folder_of_a_commit(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.run("init")
    terminal.write("d/a", b"\xff\n")
    terminal.run("commit", "-m", "first")
    assert terminal.run("show", "HEAD:d").out == "a\n"
    assert terminal.run("show", "main:d/a").out == terminal.run("cat", "HEAD:d/a").out
    assert terminal.run("show", ":/first").out.startswith("commit ")
    assert terminal.run("show", "HEAD:x", check=False).code == 4
