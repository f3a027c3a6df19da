"""Conflict markers: written, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.markers import Labels, Marked, Piece, Plain, Style, marker_length, parse, render
from pyvcs.merge.text import split_lines

LABELS = Labels(base="old", ours="left", theirs="right")


def rendered(base: bytes, ours: bytes, theirs: bytes, style: Style = "diff3") -> bytes:
    merged = diff3(base=split_lines(base), ours=split_lines(ours), theirs=split_lines(theirs))
    return render(merged.chunks, labels=LABELS, style=style)


def test_style_diff3_shows_ours_base_and_theirs() -> None:
    assert rendered(b"a\nb\nc\n", b"a\nX\nc\n", b"a\nY\nc\n") == (
        b"a\n<<<<<<< left\nX\n||||||| old\nb\n=======\nY\n>>>>>>> right\nc\n"
    )


def test_style_merge_leaves_the_base_out_and_shrinks() -> None:
    assert rendered(b"a\nb\nc\n", b"a\n1\nX\n2\nc\n", b"a\n1\nY\n2\nc\n", "merge") == (
        b"a\n1\n<<<<<<< left\nX\n=======\nY\n>>>>>>> right\n2\nc\n"
    )


def test_style_zdiff3_shrinks_and_keeps_the_base() -> None:
    assert rendered(b"a\nb\nc\n", b"a\n1\nX\nc\n", b"a\n1\nY\nc\n", "zdiff3") == (
        b"a\n1\n<<<<<<< left\nX\n||||||| old\nb\n=======\nY\n>>>>>>> right\nc\n"
    )


def test_empty_labels_leave_no_space_behind() -> None:
    merged = diff3(base=[b"b\n"], ours=[b"X\n"], theirs=[b"Y\n"])
    assert render(merged.chunks, labels=Labels("", "", "")) == (
        b"<<<<<<<\nX\n|||||||\nb\n=======\nY\n>>>>>>>\n"
    )


def test_markers_outgrow_those_that_the_content_quotes() -> None:
    quoting = b"<<<<<<<< quoted\nx\n=========\n"
    content = rendered(quoting + b"b\n", quoting + b"X\n", quoting + b"Y\n")
    assert content == quoting + (
        b"<<<<<<<<<< left\nX\n|||||||||| old\nb\n==========\nY\n>>>>>>>>>> right\n"
    )
    assert parse(content) == (Plain(quoting), Marked(b"b\n", b"X\n", b"Y\n"))


def test_markers_have_the_least_length_that_is_asked_for_or_more() -> None:
    merged = diff3(base=[b"b\n"], ours=[b"====\n"], theirs=[b"Y\n"])
    for least, length in ((1, 5), (4, 5), (5, 5), (9, 9)):
        content = render(merged.chunks, labels=Labels("", "", ""), least=least)
        assert content.startswith(b"<" * length + b"\n====\n"), least
        assert content.endswith(b"\nY\n" + b">" * length + b"\n"), least
    with pytest.raises(ValueError, match="at least one sign"):
        render(merged.chunks, labels=LABELS, least=0)


@given(
    st.lists(st.text("<|=>a\r\n", max_size=20), max_size=6),
    st.integers(1, 5),
)
def test_markers_are_longer_than_any_run_of_signs_that_begins_a_line(
    texts: list[str], least: int
) -> None:
    lines = [line for text in texts for line in text.split("\n")]
    runs = [
        len(line) - len(line.lstrip(line[0])) for line in lines if line[:1] in ("<", "|", "=", ">")
    ]
    expected = max([least, *(run + 1 for run in runs if run >= least)])
    assert marker_length([text.encode() for text in texts], least) == expected


def test_markers_end_as_the_lines_of_the_conflict_do() -> None:
    content = rendered(b"b\r\n", b"X\r\n", b"Y\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 7
    assert parse(content) == (Marked(b"b\r\n", b"X\r\n", b"Y\r\n"),)


def test_a_side_without_a_final_newline_gets_one_before_the_marker() -> None:
    assert parse(rendered(b"b", b"X", b"Y\n")) == (Marked(b"b\n", b"X\n", b"Y\n"),)


def test_sides_may_be_empty() -> None:
    assert parse(rendered(b"b\n", b"", b"Y\n")) == (Marked(b"b\n", b"", b"Y\n"),)
    assert parse(rendered(b"b\n", b"", b"Y\n", "merge")) == (Marked(None, b"", b"Y\n"),)


@pytest.mark.parametrize(
    ("content", "pieces"),
    [
        (b"", ()),
        (b"plain\n", (Plain(b"plain\n"),)),
        (b"<<<<<<< left\nX\n", (Plain(b"<<<<<<< left\nX\n"),)),
        (b"<<<<<<< x\na\n=======\nb\n>>>>>>> y", (Marked(None, b"a\n", b"b\n"),)),
        (b"<<<<<<\na\n======\nb\n>>>>>>\n", (Plain(b"<<<<<<\na\n======\nb\n>>>>>>\n"),)),
    ],
)
def test_what_is_no_whole_conflict_is_plain(content: bytes, pieces: tuple[Piece, ...]) -> None:
    assert parse(content) == pieces


def test_with_labels_only_markers_that_bear_them_count() -> None:
    foreign = b"<<<<<<<<< other\na\n=========\nb\n>>>>>>>>> another\n"
    mine = rendered(b"b\n", b"X\n", b"Y\n")
    assert parse(foreign + mine, labels=LABELS) == (Plain(foreign), Marked(b"b\n", b"X\n", b"Y\n"))
    assert parse(mine, labels=Labels(ours="some commit")) == (Plain(mine),)


def test_a_label_is_one_line() -> None:
    with pytest.raises(ValueError, match="one line"):
        Labels(ours="two\nlines")


def test_labels_that_are_not_utf_8_survive() -> None:
    labels = Labels(ours=b"\xff".decode("utf-8", "surrogateescape"))
    assert labels.as_bytes() == (b"base", b"\xff", b"theirs")


def test_a_long_file_without_an_end_of_conflict_parses_in_linear_time() -> None:
    content = b"<<<<<<< a\n" * 20_000 + b"x\n" * 20_000
    assert parse(content) == (Plain(content),)
