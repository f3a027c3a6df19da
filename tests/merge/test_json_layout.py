"""Merged JSON keeps the bytes of what nobody changed, however irregular its layout is."""

from __future__ import annotations

import json
from random import Random

import pytest
from drawn_json import drawn_merge
from hypothesis import example, given
from hypothesis import strategies as st

from pyvcs.merge.json_compare import identical
from pyvcs.merge.json_layout import Spot
from pyvcs.merge.json_text import merge_json_text
from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.json_value import Json, parse_json

IRREGULAR = """\
{
  "name" : "x",   "v": 1.50,

  "list": [1, 2,
           3],
  "points": [[1,2],[3,4]],
\t"object": {"a": 1e0, "b": "\\u00e9\\/"},
  "empty": { },
  "rows": [
    {"id": 1,   "n": 1},
    {"id": 2,   "n": 2}
  ]
}
"""


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        pytest.param([("1.50", "2")], [('"x"', '"y"')], [("1.50", "2"), ('"x"', '"y"')], id="two"),
        pytest.param(
            [('"a": 1e0', '"a": 9')],
            [('\\/"}', '\\/", "c": {"x": 1}}')],
            [('"a": 1e0, "b": "\\u00e9\\/"}', '"a": 9, "b": "\\u00e9\\/", "c": {"x": 1}}')],
            id="a member beside an edit",
        ),
        pytest.param(
            [("3],\n", "3, 4],\n"), ('"v": 1.50,\n', '"v": 1.50,')],
            [("[3,4]", "[3,4],[5,6]"), ('"n": 2}', '"n": 3}')],
            [
                ("3],\n", "3, 4],\n"),
                ('"v": 1.50,\n', '"v": 1.50,'),
                ("[3,4]", "[3,4],[5,6]"),
                ('"n": 2}', '"n": 3}'),
            ],
            id="lists in their own layout, and a blank line",
        ),
        pytest.param(
            [('    {"id": 1,   "n": 1},\n', "")],
            [('"n": 2}', '"n": 2},\n    {"id": 3,   "n": 3}')],
            [
                ('    {"id": 1,   "n": 1},\n', ""),
                ('"n": 2}', '"n": 2},\n    {"id": 3,   "n": 3}'),
            ],
            id="a row gone and a row new",
        ),
        pytest.param(
            [('"empty": { }', '"empty": { "k": 1 }')],
            [('"v": 1.50', '"v": 2')],
            [('"empty": { }', '"empty": { "k": 1 }'), ('"v": 1.50', '"v": 2')],
            id="an empty object filled",
        ),
    ],
)
def test_only_what_changed_changes(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], merged: list[tuple[str, str]]
) -> None:
    versions = []
    for edits in (ours, theirs, merged):
        text = IRREGULAR
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        versions.append(text.encode())
    base = IRREGULAR.encode()
    for one, other in (versions[:2], versions[1::-1]):
        found = merge_json_text(base=base, ours=one, theirs=other)
        assert found.is_clean
        assert found.content.decode() == versions[2].decode()


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        pytest.param(
            '{"a": 1, "b": [1,  2]}',
            '{"a": 2, "b": [1,  2]}',
            '{\n    "a": 1,\n    "b": [1, 2]\n}\n',
            '{\n    "a": 2,\n    "b": [1, 2]\n}\n',
            id="one edits, the other lays all out anew",
        ),
        pytest.param(
            '{\n  "a": {\n    "x": 1\n  },\n  "b": 1\n}',
            '{\n  "a": {\n    "x": 1,\n    "y": {\n      "z": [1,2]\n    }\n  },\n  "b": 1\n}',
            '{\n    "a": {\n        "x": 1\n    },\n    "b": 2\n}',
            '{\n    "a": {\n        "x": 1,\n        "y": {\n'
            '            "z": [1,2]\n        }\n    },\n    "b": 2\n}',
            id="what is new takes the indentation of its surroundings",
        ),
        pytest.param(
            '{"a":1,"b":1}', '{"a":2,"b":1}', '{"a":1,"b":1,"c":{"d":[1,2]}}',
            '{"a":2,"b":1,"c":{"d":[1,2]}}', id="on one line",
        ),
        pytest.param(
            '{\r\n "a": 1,\r\n "b": [ 1 ]\r\n}', '{\r\n "a": 2,\r\n "b": [ 1 ]\r\n}',
            '{\n "a": 1,\n "b": [ 1 ],\n "c": 3\n}', '{\n "a": 2,\n "b": [ 1 ],\n "c": 3\n}',
            id="other line ends",
        ),
        pytest.param(
            "[ 1, 2 ]", "[ 1, 2, 3 ]", "[ 0, 1, 2 ]", "[ 0, 1, 2, 3 ]", id="inner spaces",
        ),
    ],
)  # fmt: skip
def test_layout_and_value_merge_each_on_its_own(
    base: str, ours: str, theirs: str, expected: str
) -> None:
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge_json_text(base=base.encode(), ours=one.encode(), theirs=other.encode())
        assert merged.content.decode() == expected


def scattered(rng: Random, value: Json, depth: int = 0) -> str:
    """A value as JSON with white space of any kind anywhere."""

    def space() -> str:
        return rng.choice(["", "", " ", "\n" + "  " * depth, "\t", "\n\n"])

    if isinstance(value, dict):
        inside = [
            f"{space()}{json.dumps(key)}{space()}:{space()}{scattered(rng, item, depth + 1)}"
            for key, item in value.items()
        ]
        return "{" + f"{space()},".join(inside) + space() + "}"
    if isinstance(value, list):
        inside = [space() + scattered(rng, item, depth + 1) for item in value]
        return "[" + f"{space()},".join(inside) + space() + "]"
    return json.dumps(value, ensure_ascii=rng.random() < 0.5)


seeds = st.integers(0, 10**12)


@example(616221886)  # an empty object on lines of other indentations on both sides
@given(seeds)
def test_whatever_the_layout_the_text_is_that_of_the_merged_value(seed: int) -> None:
    rng = Random(seed)
    texts = [scattered(rng, value).encode() for value in drawn_merge(rng)]
    base, ours, theirs = texts
    merged = merge_json_text(base=base, ours=ours, theirs=theirs)
    assert merged.content == merge_json_text(base=base, ours=theirs, theirs=ours).content
    old, one, other = (parse_json(text).value for text in texts)
    expected = merge_json(base=old, ours=one, theirs=other)
    found = parse_json(merged.content).value
    assert merged.is_clean or identical(found, expected.value)


@given(seeds)
def test_members_and_gaps_are_the_whole_text(seed: int) -> None:
    rng = Random(seed)
    value = drawn_merge(rng)[0]
    text = scattered(rng, value)
    spot = Spot.of(text, value)
    if not isinstance(value, (dict, list)):
        return
    members = spot.members()
    parts = [f"{each.gap}{each.name}{text[each.value_start : each.end]}" for each in members]
    assert text[spot.start] + "".join(parts) + spot.tail(members) + text[spot.end - 1] == spot.raw
    items = list(value.values()) if isinstance(value, dict) else value
    for member, item in zip(members, items, strict=True):
        assert identical(parse_json(spot.spot_of(member, item).raw.encode()).value, item)
