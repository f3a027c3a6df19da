"""Patches of JSON values: the cases of RFC 6902 and RFC 6901 in our own words."""

from __future__ import annotations

import json

import pytest

from pyvcs.merge.json_compare import same
from pyvcs.merge.json_patch import Operation, PatchError, patch_json
from pyvcs.merge.json_value import Json, NotJson, parse_json
from pyvcs.merge.pointer import look

DONE: dict[str, tuple[str, str, str]] = {
    "a member is added": ('{"x":1}', '[{"op":"add","path":"/y","value":2}]', '{"x":1,"y":2}'),
    "an added member takes the place of one": (
        '{"x":1}', '[{"op":"add","path":"/x","value":null}]', '{"x":null}'
    ),
    "an item is put between": (
        '{"l":["p","r"]}', '[{"op":"add","path":"/l/1","value":"q"}]', '{"l":["p","q","r"]}'
    ),
    "an item is put behind the last": (
        '["p"]', '[{"op":"add","path":"/-","value":["q",["r"]]}]', '["p",["q",["r"]]]'
    ),
    "an item is put at the length": ('["p"]', '[{"op":"add","path":"/1","value":0}]', '["p",0]'),
    "an object is added whole": (
        '{"x":1}', '[{"op":"add","path":"/o","value":{"p":{}}}]', '{"x":1,"o":{"p":{}}}'
    ),
    "a member is removed": ('{"x":1,"y":2}', '[{"op":"remove","path":"/x"}]', '{"y":2}'),
    "an item is removed": ('["p","q","r"]', '[{"op":"remove","path":"/1"}]', '["p","r"]'),
    "a value is replaced": (
        '{"x":1,"y":2}', '[{"op":"replace","path":"/x","value":"n"}]', '{"x":"n","y":2}'
    ),
    "the whole document": ('{"x":1}', '[{"op":"replace","path":"","value":[]}]', '[]'),
    "a value moves to another object": (
        '{"f":{"b":1,"w":2},"q":{"c":3}}',
        '[{"op":"move","from":"/f/w","path":"/q/t"}]',
        '{"f":{"b":1},"q":{"c":3,"t":2}}',
    ),
    "an item moves": ('[1,2,3,4]', '[{"op":"move","from":"/1","path":"/3"}]', '[1,3,4,2]'),
    "a move to where it is": ('{"x":1}', '[{"op":"move","from":"/x","path":"/x"}]', '{"x":1}'),
    "a copy is another value": (
        '{"x":[1]}',
        '[{"op":"copy","from":"/x","path":"/y"},{"op":"add","path":"/y/-","value":2}]',
        '{"x":[1],"y":[1,2]}',
    ),
    "a copy after a change": (
        '{"x":[1]}',
        '[{"op":"add","path":"/x/-","value":2},{"op":"copy","from":"/x","path":"/y"}]',
        '{"x":[1,2],"y":[1,2]}',
    ),
    "tests that hold": (
        '{"s":"v","l":["a",2,"c"]}',
        '[{"op":"test","path":"/s","value":"v"},{"op":"test","path":"/l/1","value":2.0}]',
        '{"s":"v","l":["a",2,"c"]}',
    ),
    "tildes and slashes in keys": (
        '{"/":9,"~1":10}',
        '[{"op":"test","path":"/~01","value":10},{"op":"remove","path":"/~1"}]',
        '{"~1":10}',
    ),
    "members that mean nothing pass": (
        '{}', '[{"op":"add","path":"/a","value":1,"why":0,"from":"/b"}]', '{"a":1}'
    ),
}  # fmt: skip

REFUSED: dict[str, tuple[str, str, str]] = {
    "no parent": ('{"x":1}', '[{"op":"add","path":"/y/z","value":1}]', "nothing at '/y/z'"),
    "below a scalar": ('{"x":1}', '[{"op":"add","path":"/x/z","value":1}]', "into a scalar"),
    "past the end": ("[1]", '[{"op":"add","path":"/2","value":1}]', "no index 2"),
    "far past the end": (
        "[1]", '[{"op":"add","path":"/' + "9" * 5000 + '","value":1}]', "no index"
    ),
    "remove past the end": ("[]", '[{"op":"remove","path":"/0"}]', "no index 0"),
    "remove behind the last": ("[1]", '[{"op":"remove","path":"/-"}]', "'-' in '/-' is no index"),
    "a leading zero": ("[1,2]", '[{"op":"test","path":"/01","value":2}]', "'01' in '/01'"),
    "a sign": ("[1,2]", '[{"op":"test","path":"/+1","value":2}]', "no index"),
    "other digits": ("[1,2]", '[{"op":"test","path":"/\\u0661","value":2}]', "no index"),
    "nothing to remove": ("{}", '[{"op":"remove","path":"/a"}]', "nothing at '/a'"),
    "nothing to replace": ("{}", '[{"op":"replace","path":"/a","value":1}]', "nothing at '/a'"),
    "no document left": ("{}", '[{"op":"remove","path":""}]', "cannot be removed"),
    "a test that fails": ('{"a":1}', '[{"op":"test","path":"/a","value":"1"}]', "failed"),
    "true is not 1": ('{"a":1}', '[{"op":"test","path":"/a","value":true}]', "failed"),
    "into itself": ('{"a":{}}', '[{"op":"move","from":"/a","path":"/a/b"}]', "into itself"),
    "a pointer without slash": ("{}", '[{"op":"add","path":"a","value":1}]', "no JSON pointer"),
    "an unknown operation": ("{}", '[{"op":"spam","path":""}]', "'spam' is no operation"),
    "no value": ("{}", '[{"op":"add","path":"/a"}]', "'add' has a 'value'"),
    "no source": ("{}", '[{"op":"move","path":"/a"}]', "'move' has a 'from'"),
    "no path": ("{}", '[{"op":"add","value":1}]', "has an 'op' and a 'path'"),
    "no object": ("{}", "[1]", "an operation is an object"),
}  # fmt: skip

POINTED: dict[str, Json] = {
    "": {
        "foo": ["bar", "baz"],
        "": 0,
        "a/b": 1,
        "c%d": 2,
        "e^f": 3,
        "g|h": 4,
        "i\\j": 5,
        'k"l': 6,
        " ": 7,
        "m~n": 8,
    },
    "/foo": ["bar", "baz"],
    "/foo/0": "bar",
    "/": 0,
    "/a~1b": 1,
    "/c%d": 2,
    "/e^f": 3,
    "/g|h": 4,
    "/i\\j": 5,
    '/k"l': 6,
    "/ ": 7,
    "/m~0n": 8,
}


def patched(before: str, operations: str) -> Json:
    return patch_json(json.loads(before), map(Operation.from_json, json.loads(operations)))


@pytest.mark.parametrize("name", DONE)
def test_a_patch_is_done(name: str) -> None:
    before, operations, after = DONE[name]
    assert same(patched(before, operations), json.loads(after))


@pytest.mark.parametrize("name", REFUSED)
def test_a_patch_that_does_not_fit_is_refused(name: str) -> None:
    before, operations, message = REFUSED[name]
    with pytest.raises(PatchError, match=message.replace("+", r"\+")):
        patched(before, operations)


@pytest.mark.parametrize("pointer", POINTED)
def test_pointers_lead_to_values(pointer: str) -> None:
    assert look(POINTED[""], pointer) == POINTED[pointer]


def test_a_patch_that_says_a_thing_twice_is_no_json() -> None:
    with pytest.raises(NotJson, match="the key 'op' stands twice"):
        parse_json(b'[{"op":"add","path":"/b","value":"q","op":"remove"}]')


def test_copies_of_copies_neither_grow_without_bound_nor_nest_too_deep() -> None:
    doubling = [Operation("copy", "/-", source="")] * 60
    assert isinstance(patch_json([1], doubling), list)
    with pytest.raises(ValueError, match="nested deeper"):
        patch_json([1], doubling * 2)


def test_the_value_and_the_operations_stay_as_they_are() -> None:
    added: Json = {"l": []}
    add = Operation("add", "/new", added)
    before: Json = {"old": [0]}
    put_in = (Operation("add", "/new/l/-", 1), Operation("add", "/old/-", 1))
    assert patch_json(before, [add, *put_in]) == {"old": [0, 1], "new": {"l": [1]}}
    assert (before, added) == ({"old": [0]}, {"l": []})
