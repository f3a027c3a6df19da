"""One path merged: which kind of merge, and what it reports."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pyvcs.merge.driver import FileConflict, MergedFile, json_form, merge_file
from pyvcs.merge.json_value import NotJson
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.text import Labels

LABELS = Labels(base="b", ours="o", theirs="t")


def merged(path: bytes, base: bytes | None, ours: bytes, theirs: bytes) -> MergedFile:
    return merge_file(path, base=base, ours=ours, theirs=theirs, labels=LABELS)


@pytest.mark.parametrize("content", [b"", b"text\n", b'{"a": 1}', b"\0\1", b"{broken"])
def test_what_one_side_changed_is_taken_without_a_look_at_it(content: bytes) -> None:
    for base, ours, theirs in ((b"old", b"old", content), (b"old", content, b"old")):
        assert merged(b"a.json", base, ours, theirs) == MergedFile(content, (), "same")
    assert merged(b"a.json", b"old", content, content) == MergedFile(content, (), "same")


def test_json_paths_merge_as_json() -> None:
    result = merged(b"dir/a.JSON", b'{"a": 1}', b'{"a": 1, "b": 1}', b'{"a": 1, "c": 1}')
    assert result == MergedFile(b'{"a": 1, "b": 1, "c": 1}', (), "json")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (b"a.json", True),
        (b"x/nb.ipynb", True),
        (b"map.GeoJSON", True),
        (b"site.webmanifest", True),
        (b"x/composer.lock", True),
        (b"yarn.lock", False),
        (b"a.json5", False),
        (b"a.json/readme", False),
        (b"json", False),
        (b"\xff.json", True),
    ],
)
def test_names_tell_which_files_are_tried_as_json(path: bytes, expected: bool) -> None:
    assert (json_form(path) == "json") is expected


def test_a_json_conflict_names_its_place_and_holds_json_texts() -> None:
    result = merged(b"a.json", b'{"a": {"x": 1.0}}', b"{}", b'{"a": {"x": 1.0, "y": [2]}}')
    assert result.content == b'{"a": {"x": 1.0, "y": [2]}}'
    assert result.conflicts == (
        FileConflict(ConflictKind.VALUE_DELETE, "/a", b'{"x":1.0}', None, b'{"x":1.0,"y":[2]}'),
    )
    assert not result.is_clean


def test_what_is_no_json_merges_as_text_and_the_note_says_why() -> None:
    result = merged(b"a.json", b"{\n'c'\n}\n", b"{\n'd'\n}\n", b"{\n'c'\n}\n\n")
    assert result.content == b"{\n'd'\n}\n\n"
    assert result.kind_used == "text"
    assert result.note.startswith("merged as text: not JSON:")


def test_asked_for_json_it_is_json_or_an_error() -> None:
    good, bad = (b"{}", b'{"a": 1}', b'{"b": 1}'), b"{"
    result = merge_file(
        b"a.txt", base=good[0], ours=good[1], theirs=good[2], labels=LABELS, kind="json"
    )
    assert result.content == b'{"a": 1, "b": 1}'
    for n in range(3):
        base, ours, theirs = (bad if m == n else content for m, content in enumerate(good))
        with pytest.raises(NotJson):
            merge_file(b"a", base=base, ours=ours, theirs=theirs, labels=LABELS, kind="json")


def test_asked_for_text_json_is_text() -> None:
    result = merge_file(
        b"a.json", base=b"[1]\n", ours=b"[2]\n", theirs=b"[3]\n", labels=LABELS, kind="text"
    )
    assert result.kind_used == "text"
    assert result.conflicts == (FileConflict(ConflictKind.CONTENTS),)
    assert result.content.startswith(b"<<<<<<< o\n")


def test_a_text_added_on_both_sides_is_a_conflict_of_its_own_kind() -> None:
    result = merged(b"a", None, b"1\nsame\n", b"2\nsame\n")
    assert result.conflicts == (FileConflict(ConflictKind.ADD_ADD),)
    assert merged(b"a", None, b"same\n", b"same\n").is_clean


def test_a_document_added_on_both_sides_merges_as_if_base_were_empty() -> None:
    assert merged(b"a.json", None, b'{"a": 1}', b'{"b": 1}').content == b'{"a": 1, "b": 1}'
    result = merged(b"a.json", None, b"[1]", b"[2]")
    assert result.conflicts == (FileConflict(ConflictKind.VALUE, "", None, b"[1]", b"[2]"),)


def test_a_binary_file_changed_on_both_sides_shows_the_side_that_sorts_last() -> None:
    for ours, theirs in ((b"\0a", b"\0b"), (b"\0b", b"\0a")):
        result = merged(b"x.bin", b"\0", ours, theirs)
        assert result == MergedFile(b"\0b", (FileConflict(ConflictKind.BINARY),), "binary")


def test_an_unknown_base_lets_neither_side_win_alone() -> None:
    known = {"base": b'{"a": 1}', "ours": b'{"a": 1}', "theirs": b'{"a": 2}', "labels": LABELS}
    result = merge_file(b"a.json", **known, unknown=["/a"])  # type: ignore[arg-type]
    assert result.conflicts == (FileConflict(ConflictKind.VALUE, "/a", None, b"1", b"2"),)
    result = merge_file(b"a.json", **known, unknown=[""])  # type: ignore[arg-type]
    assert result.conflicts == (FileConflict(ConflictKind.VALUE, "", None, b'{"a":1}', b'{"a":2}'),)
    result = merge_file(
        b"a.json", base=b"x\n", ours=b"x\n", theirs=b"y\n", labels=LABELS, unknown=["/a"]
    )
    assert (result.kind_used, result.is_clean) == ("text", False)


def test_importing_the_library_does_not_load_what_reads_json() -> None:
    code = "import sys, pyvcs.merge; print('json' in sys.modules, pyvcs.merge.merge_json.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False merge_json\n"


def test_the_library_door_is_whole() -> None:
    import pyvcs.merge

    assert set(pyvcs.merge.__all__) >= set(pyvcs.merge._HOMES)
    assert len(set(pyvcs.merge.__all__)) == len(pyvcs.merge.__all__)
    for name in pyvcs.merge.__all__:
        assert getattr(pyvcs.merge, name).__class__.__name__ != "module", name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pyvcs.merge.nothing  # noqa: B018


TWICE = b'{\n  "a": 1,\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4,\n  "e": 5\n}\n'


@pytest.mark.parametrize("note", [b"", b"// a note\n"])
def test_a_key_that_both_sides_added_at_two_places_is_a_conflict_when_lines_are_merged(
    note: bytes,
) -> None:
    """A key stands twice before, so that the value cannot be told; git doubles another one."""
    base = note + TWICE
    ours = base.replace(b'  "b": 2,\n', b'  "b": 2,\n  "new": 1,\n')
    theirs = base.replace(b'  "e": 5\n', b'  "new": 2,\n  "e": 5\n')
    found = merged(b"x.json", base, ours, theirs)
    assert [conflict.kind for conflict in found.conflicts] == [ConflictKind.KEY]
    assert found.content.count(b'"new"') == 2
    assert "'new' twice" in found.note
    assert merged(b"x.json", base, theirs, ours).conflicts == found.conflicts


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (TWICE.replace(b'"b": 2', b'"b": 3'), TWICE.replace(b'"e": 5', b'"e": 6')),
        (TWICE.replace(b'  "a": 1,\n', b"", 1), TWICE.replace(b'"e": 5', b'"e": 6')),
        (
            TWICE.replace(b'  "b": 2,\n', b'  "b": 2,\n  "b": 2,\n'),
            TWICE.replace(b'"e": 5', b'"e": 6'),
        ),
        (
            TWICE.replace(b'  "a": 1,\n', b"", 1).replace(b'"e": 5', b'"e": 6'),
            TWICE.replace(b'  "a": 1,\n', b"", 1).replace(b'"c": 3', b'"c": 4'),
        ),
    ],
)
def test_a_key_that_stood_twice_or_that_one_side_doubled_is_no_conflict(
    ours: bytes, theirs: bytes
) -> None:
    assert merged(b"x.json", TWICE, ours, theirs).is_clean


def test_where_all_is_text_no_key_is_looked_for() -> None:
    base = b"a\n{\n" + TWICE[2:]
    ours = base.replace(b'  "b": 2,\n', b'  "b": 2,\n  "new": 1,\n')
    theirs = base.replace(b'  "e": 5\n', b'  "new": 2,\n  "e": 5\n')
    assert merged(b"x.json", base, ours, theirs).is_clean
