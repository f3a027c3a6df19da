"""What is taken in a short way is, byte for byte, what the long way gives."""

from __future__ import annotations

from random import Random

from drawn_json import drawn_merge
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.json_compare import identical
from pyvcs.merge.json_layout import Spot
from pyvcs.merge.json_style import JsonStyle, dump_json
from pyvcs.merge.json_text import merge_json_text
from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.json_value import NotJson, parse_json
from pyvcs.merge.json_writer import written
from pyvcs.merge.text import merge_text

STYLES = (
    JsonStyle(indent="  ", item_separator=",", ending="\n"),
    JsonStyle(indent="\t", item_separator=",", key_separator=" : "),
    JsonStyle(),
    JsonStyle(item_separator=",", key_separator=":", ending="\n"),
)
seeds = st.integers(0, 2**64)
law = settings(deadline=None, max_examples=250)


def spot(text: bytes, style: JsonStyle) -> Spot:
    return Spot.of(text.decode(), parse_json(text).value, style.indent or "")


@law
@given(seeds, st.sampled_from(STYLES))
def test_a_regular_document_is_merged_into_one(seed: int, style: JsonStyle) -> None:
    """Three texts of one style, as a library writes them, give what it writes of the result."""
    base, ours, theirs = ({"top": side} for side in drawn_merge(Random(seed)))
    texts = [dump_json(side, style) for side in (base, ours, theirs)]
    merged = merge_json_text(base=texts[0], ours=texts[1], theirs=texts[2])
    assert merged.content == dump_json(parse_json(merged.content).value, style)


@law
@given(seeds, st.sampled_from(STYLES))
def test_a_merge_by_lines_that_says_the_merged_value_is_what_would_be_written(
    seed: int, style: JsonStyle
) -> None:
    base, ours, theirs = ({"top": side} for side in drawn_merge(Random(seed)))
    texts = [dump_json(side, style) for side in (base, ours, theirs)]
    merged = merge_json(base=base, ours=ours, theirs=theirs)
    lines = merge_text(base=texts[0], ours=texts[1], theirs=texts[2])
    text = written(
        merged.value,
        base=spot(texts[0], style),
        ours=spot(texts[1], style),
        theirs=spot(texts[2], style),
        style=style,
    )
    assert text + style.ending == dump_json(merged.value, style).decode()
    try:
        says = parse_json(lines.content).value
    except NotJson:
        return
    if lines.is_clean and identical(says, merged.value):
        assert lines.content == (text + style.ending).encode()
