"""Reading JSON strictly, comparing values, writing them back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.merge.json_check import check_json
from pyvcs.merge.json_compare import Keys, canonical, identical, same
from pyvcs.merge.json_number import Number, decimal
from pyvcs.merge.json_value import (
    ABSENT,
    MAX_BYTES,
    MAX_DEPTH,
    UNKNOWN,
    Json,
    NotJson,
    dump_json,
    holds_unknown,
    parse_json,
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Expecting value"),
        (b"[1,]", "not JSON"),
        (b"[1] 2", "Extra data"),
        (b"{'a': 1}", "not JSON"),
        (b"[01]", "not JSON"),
        (b"[.5]", "not JSON"),
        (b"// c\n[]", "not JSON"),
        (b'"\x01"', "control character"),
        (b"[NaN]", "NaN is not a JSON value"),
        (b"[-Infinity]", "-Infinity is not a JSON value"),
        (b'{"a": 1, "b": 2, "a": 1}', "'a' stands twice"),
        (b'["\\ud800"]', "lone surrogate"),
        (b'{"\\udc00": 1}', "lone surrogate"),
        (b'"\xff"', "not UTF-8 at byte 1"),
        ('"x"'.encode("utf-16"), "not UTF-8"),
        (b"[" * 100_000, "nested deeper"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested deeper"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nested deeper"),
        (b"[" + b"9" * 1_001 + b"]", "at most 1,000 characters"),
        (b" " * (MAX_BYTES + 1), "more than"),
    ],
)
def test_what_is_no_json_is_refused_and_the_reason_told(content: bytes, why: str) -> None:
    with pytest.raises(NotJson, match=why):
        parse_json(content)


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b' [true,false,null,"\\u0000"] \r\n',
        b'"\\ud83d\\ude00"',
        b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH,
        b"[1e999999999999999999999, -1E-99999]",
        b'{"": 0, "a\\"b": {}}',
        b'{"__proto__": 1, "#*=x": 2}',
    ],
)
def test_what_is_json_is_read(content: bytes) -> None:
    assert parse_json(dump_json(parse_json(content).value)) is not None


@pytest.mark.parametrize(
    "content",
    [
        b'{\n  "a": 1,\n  "b": [\n    1.50,\n    {}\n  ]\n}\n',
        b'{\n\t"a": {\n\t\t"b": []\n\t}\n}',
        b'{"a":1,"b":[1,2]}',
        b'{"a": 1, "b": [1, 2]}\n',
        b'{"a" : 1,"b" : 2}\r\n',
        b'[\r\n  1,\r\n  "x"\r\n]\r\n',
        b'\xef\xbb\xbf{\n "a": -0\n}\n',
        b'["\\u00e9", "\\u4e2d"]',
        '["é", "中"]'.encode(),
        b'{"url": "http:\\/\\/a\\/b"}',
        b"[1E5, 1.0, 10000000000000000000000, -0.0, 0.0, 1e-7]\n\n",
        b'["", "a, b", "{\\"x\\" : 1}"]',
    ],
)
def test_a_regular_document_is_written_back_as_it_was(content: bytes) -> None:
    document = parse_json(content)
    assert dump_json(document.value, document.style) == content


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (Number("1e0"), 1),
        (Number("1.50"), 1.5),
        (Number("100"), Number("1E+2")),
        (Number("-0"), 0),
        (Number("1" + "0" * 30), Number("1e30")),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}),
        ([{"x": True}], [{"x": True}]),
    ],
)
def test_spellings_of_one_value_are_the_same(one: Json, other: Json) -> None:
    assert same(one, other)
    keys = Keys()
    assert keys.of(one) == keys.of(other)
    assert hash(keys.of(one)) == hash(keys.of(other))
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (False, 0),
        ([True], [1.0]),
        ({"a": {"b": False}}, {"a": {"b": 0}}),
        (Number("1.0"), True),
        (Number("1e400"), Number("1e401")),
        (Number("9007199254740993"), Number("9007199254740992")),
        ("1", 1),
        (None, False),
        ([], {}),
        ([1, 2], [2, 1]),
        (UNKNOWN, None),
    ],
)
def test_different_values_are_not_the_same(one: Json, other: Json) -> None:
    assert not same(one, other)
    keys = Keys()
    assert keys.of(one) != keys.of(other)
    assert canonical(one) != canonical(other)


_SCALARS = st.sampled_from([None, True, False, 0, 1, 1.0, -0.0, 2, "1", "", Number("1.0"), UNKNOWN])
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=6,
)


@given(st.lists(_VALUES, max_size=8))
def test_keys_of_one_instance_are_equal_just_for_values_that_are_the_same(
    values: list[Json],
) -> None:
    keys = Keys()
    found = [keys.of(value) for value in values]
    for one, key in zip(values, found, strict=True):
        assert keys.of(one) == key
        assert [same(one, other) for other in values] == [key == other for other in found]


def test_identical_values_have_their_keys_in_order_and_their_numbers_spelled_alike() -> None:
    assert identical({"a": [1, Number("1.0")]}, {"a": [1, Number("1.0")]})
    assert not identical({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not identical([1], [1.0])
    assert not identical([Number("1.0")], [Number("1.00")])
    assert not identical([0.0], [-0.0])


def test_a_number_is_checked_and_never_computed() -> None:
    assert decimal(Number("1e9999999999999999999")) == (False, "1", 9999999999999999999)
    assert hash(Number("1e9999999999999999999")) == hash(Number("10e9999999999999999998"))
    for spelling in ("", "+1", "1.", "0x1", "1e", "NaN", "1 ", "٣"):
        with pytest.raises(ValueError, match="no JSON number"):
            Number(spelling)


@pytest.mark.parametrize(
    "value",
    [(1, 2), {1: 2}, b"x", {"a": object()}, float("nan"), [float("inf")], 1 << 4_000, ABSENT],
)
def test_what_is_no_json_value_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"no JSON|keys of an object|at most"):
        check_json(value)


def test_a_list_that_contains_itself_is_refused() -> None:
    loop: list[object] = []
    loop.extend([loop, loop])
    with pytest.raises(ValueError, match="nested deeper"):
        check_json(loop)


def test_unknown_is_allowed_where_a_base_is_meant() -> None:
    assert holds_unknown(check_json({"a": [UNKNOWN]}, unknown=True))
    assert not holds_unknown(check_json({"a": [1]}))
    with pytest.raises(ValueError, match="Missing is no JSON value"):
        check_json([UNKNOWN])


@pytest.mark.parametrize(
    ("text", "inline"),
    [
        ('{\n "a": [1, 2]\n}', ", "),
        ('{\n "a": [1,2]\n}', ","),
        ('{\n "a": ["[", 2]\n}', ", "),
        ('{\n "a": [\n  1\n ]\n}', None),
        ('{\n "[1, 2]": "[3,4]",\n "b": [5,6]\n}', ","),
        ('{\n "\\"[1, 2]": [{"x": [true,null]}]\n}', ","),
        ('{\n "a": [[], {}, [7]],\n "b": "[8,9]"\n}', ", "),
        ('{\n "a": [],\n "b": [{}]\n}', None),
        ('{\n "a": "[1, 2]"\n}', None),
    ],
)
def test_lists_are_laid_out_as_the_first_one_of_scalars_is(text: str, inline: str | None) -> None:
    assert parse_json(text.encode()).style.inline_lists == inline
