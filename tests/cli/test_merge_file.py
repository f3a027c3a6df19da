"""`pyvcs merge-file`: types, keys, rules, labels and styles, and how the result is written."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import Terminal

LINES = ("a\nb\nc\n", "a\nB\nc\n", "a\n8\nc\n")
DOCUMENTS = ('{"a": 1, "b": 1}\n', '{"a": 2, "b": 1}\n', '{"a": 1, "b": 2}\n')
MERGED = '{"a": 2, "b": 2}\n'
FILES = ("base", "ours", "theirs")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "work")


def write(terminal: Terminal, contents: tuple[str, str, str], suffix: str = "") -> list[str]:
    names = [name + suffix for name in FILES]
    for name, content in zip(names, contents, strict=True):
        terminal.write(name, content)
    return names


@pytest.mark.parametrize("suffix", ["", ".json", ".tmp", ".txt"])
def test_json_is_known_by_name_or_content(terminal: Terminal, suffix: str) -> None:
    done = terminal.run("merge-file", *write(terminal, DOCUMENTS, suffix))
    assert (done.out, done.err) == (MERGED, "")


def test_one_name_is_enough_and_out_counts(terminal: Terminal) -> None:
    names = write(terminal, ('{"a": 1}', "{", "{}"))
    done = terminal.run("merge-file", *names, "-o", "package.json", check=False)
    assert done.code == 1
    assert "note: merged as text" in done.err


def test_what_only_begins_as_json_is_text_without_a_note(terminal: Terminal) -> None:
    names = write(terminal, ("[x]\n1\n\n2\n", "[x]\n3\n\n2\n", "[x]\n1\n\n4\n"))
    done = terminal.run("merge-file", *names)
    assert (done.out, done.err) == ("[x]\n3\n\n4\n", "")


def test_a_text_without_conflicts_loads_neither_re_nor_what_reads_json(terminal: Terminal) -> None:
    names = write(terminal, ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"))
    code = (
        "import sys\nfor name in ('re', 'json'): sys.modules.pop(name, None)\n"
        f"from pyvcs.cli.main import run\nassert run(['merge-file', *{names!r}]) == 0\n"
        "assert not {'re', 'json', 'pyvcs.merge.json_text'} & set(sys.modules)"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=terminal.folder, check=True, capture_output=True, text=True)
    assert done.stdout == "A\nb\nC\n"


def test_type_text_wins_over_the_name(terminal: Terminal) -> None:
    names = write(terminal, DOCUMENTS, ".json")
    done = terminal.run("merge-file", "--type", "text", *names, check=False)
    assert done.code == 1
    assert done.err == "Conflict: contents: ours.json\n"


def test_an_empty_base_means_that_both_added_the_file(terminal: Terminal) -> None:
    names = write(terminal, ("", '{"a": 1}\n', '{"b": 2}\n'), ".json")
    assert json.loads(terminal.run("merge-file", *names).out) == {"a": 1, "b": 2}


def test_keys_tell_items_apart(terminal: Terminal) -> None:
    base = '{"l": [{"sku": 1, "n": 1, "m": 1}, {"sku": 2, "n": 1, "m": 1}]}'
    ours = '{"l": [{"sku": 2, "n": 5, "m": 5}, {"sku": 1, "n": 1, "m": 1}]}'
    theirs = '{"l": [{"sku": 1, "n": 7, "m": 7}, {"sku": 2, "n": 1, "m": 1}]}'
    names = write(terminal, (base, ours, theirs))
    done = terminal.run("merge-file", *names, "--key", "/l=sku")
    merged = [{"sku": 2, "n": 5, "m": 5}, {"sku": 1, "n": 7, "m": 7}]
    assert json.loads(done.out) == {"l": merged}


def test_rules_of_a_file_count(terminal: Terminal) -> None:
    terminal.write("my.toml", 'version = 1\n[[file]]\npath = "*"\ndriver = "union"\n')
    names = write(terminal, LINES)
    done = terminal.run("merge-file", *names, "--rules", "my.toml")
    assert sorted(done.out.split()) == ["8", "B", "a", "c"]
    terminal.write("my.toml", "version = 1\n[[file]]\n")
    done = terminal.run("merge-file", *names, "--rules", "my.toml", check=False)
    assert done.code == 8
    assert done.err.startswith("error: my.toml: ")


@pytest.mark.parametrize(
    ("style", "labels", "markers"),
    [
        ("merge", [], ["<<<<<<< ours", "=======", ">>>>>>> theirs"]),
        ("diff3", ["-L", "B"], ["<<<<<<< ours", "||||||| B", "=======", ">>>>>>> theirs"]),
        (
            "zdiff3",
            ["-L", "B", "--labels", "O", "-L", "T 1"],
            ["<<<<<<< O", "||||||| B", "=======", ">>>>>>> T 1"],
        ),
    ],
)
def test_styles_and_labels_of_markers(
    terminal: Terminal, style: str, labels: list[str], markers: list[str]
) -> None:
    names = write(terminal, LINES)
    done = terminal.run("merge-file", *names, "--style", style, *labels, check=False)
    assert done.code == 1
    found = [line for line in done.out.splitlines() if line[:7] in {c * 7 for c in "<|=>"}]
    assert found == markers


USAGE = [
    (["--key", "/a"], "POINTER=FIELD"),
    (["--key", "/a="], "POINTER=FIELD"),
    (["--key", "a=id"], "no pointer"),
    (["-L", "1", "-L", "2", "-L", "3", "-L", "4"], "three files"),
    (["-L", "1\n2"], "one line"),
    (["--style", "x"], "--style"),
]


@pytest.mark.parametrize(("options", "message"), USAGE)
def test_wrong_usage_is_named(terminal: Terminal, options: list[str], message: str) -> None:
    done = terminal.run("merge-file", *write(terminal, LINES), *options, check=False)
    assert done.code == 2
    assert message in done.err


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize(
    ("name", "message"), [("nowhere", "No such file"), ("folder", "Is a directory")]
)
def test_an_input_that_cannot_be_read_is_named(
    terminal: Terminal, place: int, name: str, message: str
) -> None:
    names = write(terminal, LINES)
    (terminal.folder / "folder").mkdir()
    names[place] = name
    done = terminal.run("merge-file", *names, "-o", "out", check=False)
    assert (done.code, done.out) == (9, "")
    assert f"error: {name}: {message}" in done.err
    assert not (terminal.folder / "out").exists()


@pytest.mark.parametrize("out", ["base", "ours", "theirs", "new"])
def test_out_may_be_one_of_the_inputs(terminal: Terminal, out: str) -> None:
    names = write(terminal, DOCUMENTS)
    done = terminal.run("merge-file", *names, "-o", out)
    assert (done.out, terminal.read(out)) == ("", MERGED)
    assert set(os.listdir(terminal.folder)) == {*names, out}


def test_out_keeps_its_permissions_and_its_link(terminal: Terminal) -> None:
    names = write(terminal, DOCUMENTS)
    terminal.write("deep/real", "old")
    (terminal.folder / "deep/real").chmod(0o640)
    (terminal.folder / "link").symlink_to("deep/real")
    terminal.run("merge-file", *names, "-o", "link")
    assert os.readlink(terminal.folder / "link") == "deep/real"
    assert terminal.read("deep/real") == MERGED
    assert stat.S_IMODE((terminal.folder / "deep/real").stat().st_mode) == 0o640
    assert os.listdir(terminal.folder / "deep") == ["real"]


def test_out_that_cannot_be_written_is_named_and_stays(terminal: Terminal) -> None:
    names = write(terminal, DOCUMENTS)
    (terminal.folder / "folder").mkdir()
    for out in ("folder", "nowhere/out", "ours/out"):
        done = terminal.run("merge-file", *names, "-o", out, check=False)
        assert (done.code, done.out) == (9, "")
        assert done.err.startswith(f"error: {out}: ")
    assert set(os.listdir(terminal.folder)) == {*names, "folder"}
    assert os.listdir(terminal.folder / "folder") == []


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="there is no /dev/null here")
def test_a_device_is_written_into_and_not_replaced(terminal: Terminal) -> None:
    terminal.run("merge-file", *write(terminal, DOCUMENTS), "-o", os.devnull)
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)


def test_json_output_says_what_a_rule_settled(terminal: Terminal) -> None:
    manifests = ('{"version": "1.0.0"}', '{"version": "1.0.1"}', '{"version": "1.1.0"}')
    for name, content in zip(FILES, manifests, strict=True):
        terminal.write(f"{name}/package.json", content)
    names = [f"{name}/package.json" for name in FILES]
    found = json.loads(terminal.run("merge-file", *names, "--json").out)
    assert [each["pointer"] for each in found["settled"]] == ["/version"]
    assert terminal.run("merge-file", *names).err.startswith("note: ")
