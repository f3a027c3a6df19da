"""Line ends of a whole text: one side may turn them all while the other edits."""

from __future__ import annotations

Texts = tuple[bytes, bytes, bytes]

LF, CRLF, MIXED = b"\n", b"\r\n", b""


def line_ends(content: bytes) -> bytes | None:
    r"""The end that all lines of a content have: LF, CRLF, or MIXED; None without any line end.

    >>> line_ends(b"a\r\nb"), line_ends(b"a\nb\r\n"), line_ends(b"a")
    (b'\r\n', b'', None)
    """
    both, with_cr = content.count(LF), content.count(CRLF)
    if not both:
        return None
    return CRLF if with_cr == both else MIXED if with_cr else LF


def turned_alike(*, base: bytes, ours: bytes, theirs: bytes) -> Texts | None:
    """The three with the line ends to which a side turned the whole text, none when none did.

    None, too, where a text has no line end, or mixed ones: these are kept as they are.
    """
    before, *after = map(line_ends, (base, ours, theirs))
    turned = {end for end in after if end != before}
    if MIXED in (before, *after) or None in (before, *after) or len(turned) != 1:
        return None
    end = turned.pop() or LF
    b, o, t = (side.replace(CRLF, LF).replace(LF, end) for side in (base, ours, theirs))
    return b, o, t
