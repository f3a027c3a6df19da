"""What is JSON and what is not, at the edges where parsers differ."""

from __future__ import annotations

import pytest

from pyvcs.merge.json_value import MAX_DEPTH, NotJson, parse_json

IS_JSON = [
    *(b"0", b"-0", b"0.0", b"-0.0e-0", b"1E5", b"1e+05", b"0e1", b"[1e0,1E-2]", b"1.50"),
    *(b"null", b" true\n", b"\t[ ]\r\n", b"{ }", b'""', b'"\\u0000"', b'"\x7f"', b'"\\/"'),
    *(b'"\\ud83d\\ude00"', b'"\xe2\x80\xa8"', b'"\xef\xbf\xbf"', b'"\\uFFFF"', b'"\\\\u12"'),
    *(b'{"":0}', b'{"a":{},"b":[]}', b'{"a\\u0000b":1}', b"[[],[[]],{}]", b"1e9999", b"-1e-9999"),
    *(b"123456789012345678901234567890", b"\xef\xbb\xbf{}", b"[" * MAX_DEPTH + b"]" * MAX_DEPTH),
]

NO_JSON = [
    *(b"", b" ", b"\xef\xbb\xbf", b"\xef\xbb{}", b"{}\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf1"),
    *(
        b"01",
        b"-01",
        b"+1",
        b".5",
        b"1.",
        b"-.5",
        b"-",
        b"--1",
        b"1e",
        b"1e+",
        b"1.e1",
        b"0x1",
        b"1_0",
    ),
    *(
        b"1 000",
        b"\xef\xbc\x91",
        b"\xd9\xa1",
        b"NaN",
        b"-Infinity",
        b"Infinity",
        b"nan",
        b"1a",
        b"1/2",
    ),
    *(b"True", b"nul", b"nulll", b"undefined", b"truefalse", b"[tru]", b"'a'", b"a", b'"a', b'a"'),
    *(
        b'"\t"',
        b'"\n"',
        b'"\x00"',
        b'"\x1f"',
        b'"\\x41"',
        b'"\\\'"',
        b'"\\u12"',
        b'"\\u12G4"',
        b'"\\U0041"',
    ),
    *(b'"\\u+041"', b'"\\u 041"', b'"\\u00_1"', b'"\\', b'"\\"', b'"\\ud800"', b'"\\udc00\\ud800"'),
    *(
        b'"\\ud800\\n"',
        b'{"\\udead":1}',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b'"\xc0\xaf"',
        b'"\xf4\x90\x80\x80"',
    ),
    *(
        b"[1,]",
        b"[,1]",
        b"[1,,2]",
        b"[1 2]",
        b"[1",
        b"1]",
        b"[1}",
        b"[]]",
        b"[1:2]",
        b"[\x0b]",
        b"[\xc2\xa0]",
    ),
    *(
        b'{"a":1,}',
        b'{,"a":1}',
        b'{"a" 1}',
        b'{"a"}',
        b'{"a":}',
        b"{:1}",
        b"{1:1}",
        b"{a:1}",
        b"{'a':1}",
    ),
    *(
        b'{"a":1 "b":2}',
        b'{"a":1',
        b'{"a":1}}',
        b'{"a","b"}',
        b'{"a"::1}',
        b"{null:1}",
        b'{"a":1;"b":2}',
    ),
    *(
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b"{}{}",
        b"1 2",
        b"[] x",
        b"{} //",
        b"/**/1",
        b"1 /* */",
    ),
    *(b"# c\n1", b"\xe2\x81\xa0[]", b"\x0c[]", b"[1]\x00", b"\x001", b"<a/>", b"*", b"[*]", b"&1"),
    *("[1]".encode("utf-16"), "[1]".encode("utf-16-be"), b"9" * 1_001, b"1e" + b"9" * 1_000),
    *(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), b"[" * 100_000, b'{"a":' * 100_000),
]


@pytest.mark.parametrize("content", IS_JSON, ids=lambda content: repr(content[:20]))
def test_is_read(content: bytes) -> None:
    parse_json(content)


@pytest.mark.parametrize("content", NO_JSON, ids=lambda content: repr(content[:20]))
def test_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(NotJson) as refused:
        parse_json(content)
    assert len(str(refused.value)) > len("not JSON: ")


def test_keys_that_differ_in_unicode_composition_are_two() -> None:
    assert parse_json('{"\u00e9":1,"e\u0301":2}'.encode()).value == {"\u00e9": 1, "e\u0301": 2}
