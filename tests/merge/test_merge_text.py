"""Text merged by lines: drawn cases."""

from __future__ import annotations

import pytest

from pyvcs.merge.text import Labels, LineConflict, is_binary, merge_text, split_lines


def test_edits_of_different_lines_are_both_kept() -> None:
    merged = merge_text(base=b"a\nb\nc\n", ours=b"A\nb\nc\n", theirs=b"a\nb\nC\n")
    assert merged.is_clean
    assert merged.content == b"A\nb\nC\n"


def test_a_conflict_tells_its_lines_and_where_they_start() -> None:
    merged = merge_text(base=b"a\nb\n", ours=b"0\na\nX\n", theirs=b"a\nY\n", labels=Labels())
    assert merged.conflicts == (LineConflict(1, 2, 1, (b"b\n",), (b"X\n",), (b"Y\n",)),)
    assert merged.conflicts[0].kind == "contents"
    assert merged.content.startswith(b"0\na\n<<<<<<< ours\nX\n||||||| base\n")


def test_a_clean_result_that_quotes_markers_is_clean() -> None:
    quoting = b"<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"
    merged = merge_text(
        base=b"1\n" + quoting, ours=b"2\n" + quoting, theirs=b"1\n" + quoting + b"3\n"
    )
    assert merged.is_clean
    assert merged.content == b"2\n" + quoting + b"3\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        (b"a\r\nb\r\nc\r\n", b"A\r\nb\r\nc\r\n", b"a\r\nb\r\nC\r\n", b"A\r\nb\r\nC\r\n"),
        (b"a\r\nb\nc", b"A\r\nb\nc", b"a\r\nb\nc\n", b"A\r\nb\nc\n"),
        (b"a\nb\nc", b"a\nb\nc\n", b"A\nb\nc", b"A\nb\nc\n"),
        (b"\xef\xbb\xbfa\nb\nc\n", b"a\nb\nc\n", b"\xef\xbb\xbfa\nb\nC\n", b"a\nb\nC\n"),
        (b"\xff\nb\n\xfe\n", b"\xfa\nb\n\xfe\n", b"\xff\nb\n\xfb\n", b"\xfa\nb\n\xfb\n"),
        (b"", b"a\n", b"a\n", b"a\n"),
        (b"a\n", b"", b"", b""),
        (b"a\rb\nc\nd\n", b"a\rB\nc\nd\n", b"a\rb\nc\nD\n", b"a\rB\nc\nD\n"),
    ],
)
def test_lines_keep_their_ends_and_bytes(
    base: bytes, ours: bytes, theirs: bytes, expected: bytes
) -> None:
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge_text(base=base, ours=one, theirs=other)
        assert merged.is_clean
        assert merged.content == expected


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"a", b"a\n\nb", b"a\r\n\r\n", b"\r", b"a\x0bb\x0c"]
)
def test_lines_put_together_are_the_content(content: bytes) -> None:
    lines = split_lines(content)
    assert b"".join(lines) == content
    assert all(line.count(b"\n") == line.endswith(b"\n") for line in lines)
    assert all(line.endswith(b"\n") for line in lines[:-1])


def test_a_nul_among_the_first_8000_bytes_makes_a_content_binary() -> None:
    assert is_binary(b"a\0b")
    assert not is_binary(b"plain")
    assert is_binary(b"x" * 7_999 + b"\0")
    assert not is_binary(b"x" * 8_000 + b"\0")
