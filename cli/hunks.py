"""The lines of a unified diff in colour, with the words that changed marked."""

from __future__ import annotations

from pyvcs.cli.colour import Paint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def painted(pieces: Iterable[str | bytes], paint: Paint) -> Iterator[str | bytes]:
    """The pieces of a unified diff with colours, and words that changed marked."""
    if not paint.is_on:
        yield from pieces
        return
    in_hunk = False
    removed: list[bytes] = []
    added: list[bytes] = []
    for piece in pieces:
        line = piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece
        in_hunk |= line.startswith(b"@@")
        if in_hunk and line.startswith(b"-") and not added:
            removed.append(line)
            continue
        if in_hunk and line.startswith(b"+"):
            added.append(line)
            continue
        yield from _painted_change(removed, added, paint)
        removed, added = [], []
        if in_hunk and line.startswith(b"-"):
            removed.append(line)
        elif line.startswith(b"@@"):
            yield paint.bytes("hunk", line)
        else:
            yield line if in_hunk else paint.bytes("file", line)
    yield from _painted_change(removed, added, paint)


def _painted_change(removed: list[bytes], added: list[bytes], paint: Paint) -> Iterator[bytes]:
    from pyvcs.cli.words import changed_words

    bare = [[_bare(line) for line in lines] for lines in (removed, added)]
    words = changed_words(*bare) if removed and added else None
    for number, (style, lines) in enumerate((("removed", removed), ("added", added))):
        for n, line in enumerate(lines):
            if words is None:
                yield paint.bytes(style, line)
                continue
            yield paint.bytes(style, line[:1])
            for piece, changed in words[number][n]:
                yield paint.bytes(f"{style}-word" if changed else style, piece)
            yield line[1 + len(bare[number][n]) :]


def _bare(line: bytes) -> bytes:
    """A line of a hunk without its sign, and without the note that it does not end."""
    return line[1:].partition(b"\n\\ ")[0]
