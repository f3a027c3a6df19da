"""JSON documents merged as texts: bytes that must come out, styles, unknown places."""

from __future__ import annotations

from typing import Any

import pytest

from pyvcs.merge.json_text import merge_json_text, with_unknown, with_value
from pyvcs.merge.json_value import UNKNOWN, Json, NotJson, parse_json


def merged(base: bytes | None, ours: bytes, theirs: bytes) -> bytes:
    """The clean merge, the same both ways."""
    result = merge_json_text(base=base, ours=ours, theirs=theirs)
    assert result.is_clean
    assert merge_json_text(base=base, ours=theirs, theirs=ours) == result
    return result.content


def test_different_keys_are_both_kept_where_lines_would_conflict() -> None:
    assert merged(
        b'{\n  "a": 1,\n  "b": 1\n}\n',
        b'{\n  "a": 2,\n  "b": 1\n}\n',
        b'{\n  "a": 1,\n  "b": 2\n}\n',
    ) == (b'{\n  "a": 2,\n  "b": 2\n}\n')


def test_both_sides_add_a_key_at_the_end() -> None:
    assert merged(
        b'{\n  "a": 1\n}\n', b'{\n  "a": 1,\n  "b": 1\n}\n', b'{\n  "a": 1,\n  "c": 1\n}\n'
    ) == (b'{\n  "a": 1,\n  "b": 1,\n  "c": 1\n}\n')


def test_the_text_of_a_side_that_says_the_merged_value_is_taken_as_it_is() -> None:
    odd = b'{ "a": 2 ,\n\n"b":1}'
    assert merged(b'{"a": 1, "b": 1}', odd, b'{"a": 1, "b": 1}') == odd
    assert merged(b"[ 1 ,1]", b"[ 2 ,1]", b"[ 2 ,1] ") == b"[ 2 ,1] "


def test_a_clean_merge_by_lines_keeps_the_layout_that_no_style_describes() -> None:
    base = b'{\n  "point": [1, 2],\n\n  "mid": {"x": 1},\n  "b":   1\n}\n'
    ours = base.replace(b"[1, 2]", b"[1, 3]")
    theirs = base.replace(b'"b":   1', b'"b":   2')
    assert merged(base, ours, theirs) == ours.replace(b'"b":   1', b'"b":   2')


def test_a_side_too_short_to_show_a_style_has_not_changed_it() -> None:
    """Theirs has no comma and no blank; what ours edited, and theirs removed, is shown."""
    result = merge_json_text(
        base=b'{"top":{"f":{"c":[1],"d":[{"id":4,"v":0}]}}}',
        ours=b'{"top":{"f":{"c":[],"d":[{"id":4,"v":0}]}}}',
        theirs=b'{"top":{"c":[]}}',
    )
    assert result.content == b'{"top":{"c":[],"f":{"c":[],"d":[{"id":4,"v":0}]}}}'


@pytest.mark.parametrize("between", [",", ", "])
def test_a_second_item_on_one_line_stands_as_in_other_lists_that_do(between: str) -> None:
    before = f'{{\n  "symfony": ["5.4"{between}"6.4"],\n  "php": ["8.2"]\n}}\n'
    value: Json = {"symfony": ["5.4", "6.4"], "php": ["8.2", "8.3"]}
    after = before.replace('["8.2"]', f'["8.2"{between}"8.3"]')
    assert with_value(before.encode(), value) == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'{"k":1,"e":{},"l":[]}\n', b'{"k":1,"e":{"a":1,"b":2},"l":[3,4]}\n'),
        (b'{"k": 1, "e": {}, "l": []}\n', b'{"k": 1, "e": {"a": 1, "b": 2}, "l": [3, 4]}\n'),
    ],
)
def test_members_of_what_was_empty_stand_as_others_on_its_line(before: bytes, after: bytes) -> None:
    assert with_value(before, parse_json(after).value) == after


def test_where_nobody_shows_a_comma_it_is_written_as_tightly_as_the_colon() -> None:
    assert merged(b'{"top":{}}', b'{"top":{"a":1}}', b'{"top":{"b":2}}') == (
        b'{"top":{"a":1,"b":2}}'
    )
    assert merged(b'{"top": {}}', b'{"top": {"a": 1}}', b'{"top": {"b": 2}}') == (
        b'{"top": {"a": 1, "b": 2}}'
    )


def test_a_layout_that_one_side_changed_stays_beside_the_value_that_the_other_changed() -> None:
    """The text of the side with the new value says the merged value, and lacks the layout."""
    base = b'{\n  "a": 1,\n  "b":1,\n  "mid": "x",\n  "tags": ["t", "u"],\n  "c": [1, 2]\n}\n'
    ours = base.replace(b'"a": 1', b'"a": 2')
    theirs = base.replace(b'["t", "u"]', b'[\n    "t",\n    "u"\n  ]')
    spaced = base.replace(b'"b":1', b'"b": 1').replace(b'"x"', b'"x" ')
    assert merged(base, ours, theirs) == theirs.replace(b'"a": 1', b'"a": 2')
    assert merged(base, base.replace(b"[1, 2]", b"[1, 3]"), spaced) == spaced.replace(
        b"[1, 2]", b"[1, 3]"
    )


def test_a_layout_within_a_member_stays_beside_the_value_on_the_next_line() -> None:
    """Also where the style of the whole document, and with it all of one side's text, would do."""
    head = b'{\n  "first": ["a"],\n'
    assert merged(
        head + b'  "says": "old",\n  "names": [\n    "x"\n  ]\n}\n',
        head + b'  "says": "new",\n  "names": [\n    "x"\n  ]\n}\n',
        head + b'  "says": "old",\n  "names": ["x"]\n}\n',
    ) == (head + b'  "says": "new",\n  "names": ["x"]\n}\n')


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        # one side edits, the other only reformats: both are kept
        (b'{"a": 1}', b'{"a": 2}', b'{\n  "a": 1\n}\n', b'{\n  "a": 2\n}\n'),
        (b'{"a":1,"b":2}', b'{"a":1,"b":3}', b'{"a": 1, "b": 2}', b'{"a": 1, "b": 3}'),
        (b"[\n 1,\n [0]\n]\n", b"[\n 2,\n [0]\n]", b"[\n 1,\n [0],\n 3\n]\n",
         b"[\n 2,\n [0],\n 3\n]"),
        (b'["\\u00e9", 1]', b'["\\u00e9", 2]', '["é", 1]'.encode(), '["é", 2]'.encode()),
        (b"[1.50, [1]]", b"[1.50, [2]]", b"[1.5, [1]]", b"[1.5, [2]]"),
        (b'{"a": 1, "b": 2}', b'{"b": 2, "a": 1}', b'{"a": 1, "b": 3}', b'{"b": 3, "a": 1}'),
        (b'{"n": 1E400, "b": 1, "c": 1}', b'{"n": 1E400, "b": 2, "c": 1}',
         b'{"n": 1E400, "b": 1, "c": 2}', b'{"n": 1E400, "b": 2, "c": 2}'),
        (b'\xef\xbb\xbf{"a": 1}', b'{"a": 1}', b'\xef\xbb\xbf{"a": 2}', b'{"a": 2}'),
    ],
)  # fmt: skip
def test_style_and_value_merge_each_on_its_own(
    base: bytes, ours: bytes, theirs: bytes, expected: bytes
) -> None:
    assert merged(base, ours, theirs) == expected


def test_a_document_added_on_both_sides_needs_no_base() -> None:
    assert merged(None, b'{"a": 1}', b'{"b": 2}') == b'{"a": 1, "b": 2}'
    assert not merge_json_text(base=None, ours=b"[1]", theirs=b"[2]").is_clean


def test_a_conflict_leaves_the_document_valid() -> None:
    result = merge_json_text(base=b'{"a": 1}', ours=b'{"a": 2}', theirs=b'{"a": 3}')
    assert result.content == b'{"a": 3}'
    assert [(c.kind.value, c.pointer) for c in result.conflicts] == [("value", "/a")]


@pytest.mark.parametrize("bad", range(3))
def test_a_side_that_is_no_json_is_refused(bad: int) -> None:
    sides = [b'{"a": 1}', b'{"a": 2}', b'{"a": 3}']
    sides[bad] = b"{a: 1}"
    with pytest.raises(NotJson):
        merge_json_text(base=sides[0], ours=sides[1], theirs=sides[2])
    with pytest.raises(NotJson):
        merge_json_text(base=b"{}", ours=b"{a: 1}", theirs=b"{a: 1}")


def test_an_unknown_place_of_the_base_agrees_with_no_side() -> None:
    base, ours, theirs = b'{"a": 1, "b": 1}', b'{"a": 1, "b": 2}', b'{"a": 3, "b": 1}'
    assert merge_json_text(base=base, ours=ours, theirs=theirs).is_clean
    result = merge_json_text(base=base, ours=ours, theirs=theirs, unknown=["/a"])
    assert [(c.pointer, c.base) for c in result.conflicts] == [("/a", UNKNOWN)]
    assert parse_json(result.content).value == {"a": 3, "b": 2}
    assert not merge_json_text(base=base, ours=base, theirs=theirs, unknown=["/a"]).is_clean
    assert merge_json_text(base=base, ours=theirs, theirs=theirs, unknown=["/a"]).is_clean


def test_unknown_places_are_named_by_pointers() -> None:
    value: Any = {"a": [1, {"x/y": 2}], "b": 3}
    assert with_unknown(value, ["/a/1/x~1y"]) == {"a": [1, {"x/y": UNKNOWN}], "b": 3}
    assert with_unknown(value, ["/a/0", "/b"]) == {"a": [UNKNOWN, {"x/y": 2}], "b": UNKNOWN}
    assert with_unknown(value, ["/a/7"]) == {"a": UNKNOWN, "b": 3}
    assert with_unknown(value, ["/new"]) == {**value, "new": UNKNOWN}
    assert with_unknown(value, ["/b/below/a/scalar"]) == {**value, "b": UNKNOWN}
    assert with_unknown(value, [""]) is UNKNOWN
    assert with_unknown(value, ["/a", "/a/0"]) == {"a": UNKNOWN, "b": 3}
    assert value == {"a": [1, {"x/y": 2}], "b": 3}
