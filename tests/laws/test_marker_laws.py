"""What is written with conflict markers reads back, in every style and whatever it quotes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.markers import STYLES, Labels, Marked, Plain, Style, parse, render
from pyvcs.merge.result import Chunk
from pyvcs.merge.text import merge_text

LABELS = Labels(base="b", ours="o", theirs="t")
QUOTES = [b"<<<<<<< o\n", b"||||||| b\n", b"=======\n", b">>>>>>> t\n", b"<<<<<<<< o\n", b"=\n"]
lines = st.lists(st.sampled_from([b"1\n", b"2\n", b"3\n", b"4\n", *QUOTES]), max_size=8)
law = settings(deadline=None, max_examples=150)


def pieces_of(chunks: tuple[Chunk[bytes], ...]) -> list[Plain | Marked]:
    """What `parse` should find in chunks rendered in style diff3."""
    pieces: list[Plain | Marked] = []
    for chunk in chunks:
        if chunk.is_conflict:
            pieces.append(Marked(*(b"".join(s) for s in (chunk.base, chunk.ours, chunk.theirs))))
        elif chunk.result and pieces and isinstance(pieces[-1], Plain):
            pieces[-1] = Plain(pieces[-1].content + b"".join(chunk.result))
        elif chunk.result:
            pieces.append(Plain(b"".join(chunk.result)))
    return pieces


@law
@given(lines, lines, lines)
def test_a_rendered_conflict_parses_to_its_sides(
    base: list[bytes], ours: list[bytes], theirs: list[bytes]
) -> None:
    merged = diff3(base=base, ours=ours, theirs=theirs)
    content = render(merged.chunks, labels=LABELS, style="diff3")
    if merged.is_clean:
        assert content == b"".join(merged.result)
    else:
        assert (
            list(parse(content)) == list(parse(content, labels=LABELS)) == pieces_of(merged.chunks)
        )


@law
@given(lines, lines, lines, st.sampled_from(STYLES))
def test_in_every_style_the_sides_can_be_had_back(
    base: list[bytes], ours: list[bytes], theirs: list[bytes], style: Style
) -> None:
    merged = diff3(base=base, ours=ours, theirs=theirs)
    if merged.is_clean:
        return
    pieces = parse(render(merged.chunks, labels=LABELS, style=style))
    side = b"".join(p.content if isinstance(p, Plain) else p.ours for p in pieces)
    resolved = (line for c in merged.chunks for line in (c.ours if c.is_conflict else c.result))
    assert side == b"".join(resolved)
    assert sum(isinstance(piece, Marked) for piece in pieces) == len(merged.conflicts)


@law
@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40))
def test_text_merges_are_symmetric_and_keep_a_single_change(
    base: bytes, ours: bytes, theirs: bytes
) -> None:
    assert merge_text(base=base, ours=base, theirs=theirs).content == theirs
    assert merge_text(base=base, ours=ours, theirs=base).content == ours
    assert merge_text(base=base, ours=ours, theirs=ours).content == ours
    one = merge_text(base=base, ours=ours, theirs=theirs)
    other = merge_text(base=base, ours=theirs, theirs=ours)
    assert one.is_clean == other.is_clean
    if one.is_clean:
        assert one.content == other.content
