"""Line ends turned by one side while the other edits."""

from __future__ import annotations

import pytest

from pyvcs.merge.line_ends import turned_alike
from pyvcs.merge.text import merge_text

BASE = b"a\nb\nc\nd\n"


def crlf(content: bytes) -> bytes:
    return content.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("base", "turned", "edited", "expected"),
    [
        (BASE, crlf(BASE), b"a\nB\nc\nd\ne\n", crlf(b"a\nB\nc\nd\ne\n")),
        (crlf(BASE), BASE, crlf(b"a\nB\nc\nd\n"), b"a\nB\nc\nd\n"),
        (BASE, crlf(b"A\nb\nc\nd\n"), b"a\nb\nc\nD\n", crlf(b"A\nb\nc\nD\n")),
    ],
)
def test_an_edit_takes_the_line_ends_that_the_other_side_turned_to(
    base: bytes, turned: bytes, edited: bytes, expected: bytes
) -> None:
    for ours, theirs in ((turned, edited), (edited, turned)):
        merged = merge_text(base=base, ours=ours, theirs=theirs)
        assert merged.is_clean
        assert merged.content == expected


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (b"a\r\nb\n", b"a\nb\n", b"a\r\nb\r\n"),
        (b"a\nb\n", b"a\r\nb\r\n", b"a\nB\r\n"),
        (b"a", b"a\r\n", b"b"),
    ],
)
def test_mixed_and_missing_line_ends_are_kept(base: bytes, ours: bytes, theirs: bytes) -> None:
    assert turned_alike(base=base, ours=ours, theirs=theirs) is None


def test_what_both_changed_is_still_a_conflict() -> None:
    merged = merge_text(base=BASE, ours=crlf(b"a\nX\nc\nd\n"), theirs=b"a\nY\nc\nd\n")
    assert [conflict.base for conflict in merged.conflicts] == [(b"b\r\n",)]
