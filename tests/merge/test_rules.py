"""Rules: patterns, what each kind of rule does to a merge, and the file that they are read from."""

from __future__ import annotations

import json
import re

import pytest
from house import ROOT

from pyvcs.merge.driver import MergedFile, merge_file
from pyvcs.merge.json_tree import merge_json
from pyvcs.merge.json_value import Json
from pyvcs.merge.markers import Labels
from pyvcs.merge.path_rules import rules_for
from pyvcs.merge.rules import FileRules, PlaceRule, PointerPattern, Rules
from pyvcs.merge.rules_file import InvalidRules, read_rules
from pyvcs.merge.types import MERGERS

DOCUMENT = (ROOT / "docs" / "formats" / "rules.md").read_text(encoding="utf-8")
LABELS = Labels("base", "ours", "theirs")


def example() -> bytes:
    found = re.search(r"```rules-example\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return found[1].encode()


def with_place(pointer: str, rule: PlaceRule) -> FileRules:
    return FileRules(places=((PointerPattern.parse(pointer), rule),), is_builtin=False)


@pytest.mark.parametrize(
    ("pattern", "steps", "matches"),
    [
        ("", (), True),
        ("", ("a",), False),
        ("/a/*", ("a", 0), True),
        ("/a/*", ("a",), False),
        ("/a/*", ("a", 0, 1), False),
        ("/**", (), True),
        ("/**", ("a", "b"), True),
        ("/**/c", ("a", "b", "c"), True),
        ("/**/c", ("c",), True),
        ("/**/c", ("c", "d"), False),
        ("/a/**/b/**", ("a", "x", "b"), True),
        ("/a~1b/m~0n", ("a/b", "m~n"), True),
        ("/packages//version", ("packages", "", "version"), True),
    ],
)
def test_pointer_patterns(pattern: str, steps: tuple[str | int, ...], matches: bool) -> None:
    assert PointerPattern.parse(pattern).matches(steps) is matches


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    pattern = PointerPattern.parse("/**/a" * 40)
    assert not pattern.matches(("a",) * 39 + ("b",))


def test_the_documented_example_is_read() -> None:
    rules = read_rules(example(), lambda path: b"{}" if path == b"schemas/stats.json" else None)
    assert rules.off == {"package-versions"}
    locale = rules_for(rules, b"locale/de.json")
    assert locale.driver == "json"
    assert locale.at(("keywords",)).sorted_by == ""
    assert locale.at(("entries",)).identity == "key"
    assert rules_for(rules, b"other/de.json").places == ()
    stats = rules_for(rules, b"deep/below/stats.json")
    assert stats.schema == b"{}"
    assert stats.at(("visits",)).merger is MERGERS["counter"]
    assert stats.at(("people", "ada")).name == "register"
    assert rules_for(rules, b"CHANGES").driver == "union"
    assert not any(rule.merger for _, rule in rules_for(rules, b"package.json").places)
    assert rules_for(Rules(), b"web/package.json").places


def test_every_word_of_the_document_is_known_and_the_other_way_round() -> None:
    named = set(re.findall(r"^\| (`[^|]*`) \|", DOCUMENT, re.MULTILINE))
    words = {word for cell in named for word in re.findall(r"`([a-z-]+)`", cell)}
    assert {*MERGERS, "register"} <= words
    assert {"auto", "json", "text", "binary", "union", "ours-never"} <= words


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff", "not TOML"),
        (b"version = ", "not TOML"),
        (b"", "it says version = None"),
        (b"version = 2", "it says version = 2"),
        (b"version = true", "it says version = True"),
        (b"version = 1\nbuiltin.notebooks = 'no'", "notebooks is true or false"),
        (b"version = 1\nbuiltin.notebook = false", "'notebook' means nothing; known are geojson"),
        (b"version = 1\n[[file]]\npath = 'data/'", "a path names files"),
        (b"version = 1\n[[file]]\npath = '!x.json'", "a path names files"),
        (b"version = 1\nfiles = 1", "'files' means nothing"),
        (b"version = 1\nfile = 1", "is a list of tables"),
        (b"version = 1\n[[file]]\ndriver = 'text'", "needs a path"),
        (b"version = 1\n[[file]]\npath = 'a'\ndriver = 'magic'", "no driver 'magic'"),
        (b"version = 1\n[[file]]\npath = 'a'\ninsertions = 'all'", "no insertions 'all'"),
        (b"version = 1\n[[file]]\npath = 'a'\nschema = 'gone'", "there is no schema at 'gone'"),
        (b"version = 1\n[[file]]\npath = 'a'\n[[file.place]]\nmerge = 'max'", "needs a pointer"),
        (b"version = 1\n[[file]]\npath = 'a'\n[[file.place]]\npointer = 'x'", "is no pointer"),
        (
            b"version = 1\n[[file]]\npath = 'a'\n[[file.place]]\npointer = ''\ntogether = [1]",
            "together is a text, or a list of texts",
        ),
        (
            b"version = 1\n[[file]]\npath = 'a'\n[[file.place]]\npointer = ''\nmerge = 'magic'",
            "no merge 'magic'",
        ),
        (
            b"version = 1\n[[file]]\npath = 'a'\n[[file.place]]\npointer = ''\nmerge = 'register'",
            "needs by = FIELD",
        ),
        (
            b"version = 1\n[[file]]\npath = 'a'\n[[file.place]]\npointer = ''\norder = 'up'",
            "no order 'up'",
        ),
        (b"version = 1\n[[file]]\npath = 1", "path is a text"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, why: str) -> None:
    with pytest.raises(InvalidRules, match=re.escape(why)):
        read_rules(content)


@pytest.mark.parametrize(
    ("rule", "base", "ours", "theirs", "result"),
    [
        pytest.param(
            PlaceRule(identity="code"),
            [{"code": "a", "n": 1}, {"code": "b", "n": 1}],
            [{"code": "b", "n": 1}, {"code": "a", "n": 2}],
            [{"code": "a", "n": 1, "m": 1}, {"code": "b", "n": 1}],
            [{"code": "b", "n": 1}, {"code": "a", "n": 2, "m": 1}],
            id="keyed by a field of its own",
        ),
        pytest.param(
            PlaceRule(is_unordered=True), [1], [1, 2], [1, 3], [1, 3, 2], id="order means nothing"
        ),
        pytest.param(
            PlaceRule(sorted_by=""), [5, 9], [5, 7, 9], [1, 5, 8, 9], [1, 5, 7, 8, 9], id="sorted"
        ),
        pytest.param(
            PlaceRule(sorted_by="n"),
            [{"n": 1}, {"n": 4}],
            [{"n": 1}, {"n": 3}, {"n": 4}],
            [{"n": 1}, {"n": 2}, {"n": 4}],
            [{"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}],
            id="sorted by a field",
        ),
        pytest.param(
            PlaceRule(merger=MERGERS["counter"], name="counter"), 1, 3, 0, 2, id="counter"
        ),
        pytest.param(
            PlaceRule(merger=MERGERS["set"], name="set"),
            ["a", "b"],
            ["b", "x"],
            ["c", "a", "b"],
            ["b", "c", "x"],
            id="set",
        ),
    ],
)
def test_what_a_rule_of_a_place_does(
    rule: PlaceRule, base: Json, ours: Json, theirs: Json, result: Json
) -> None:
    rules = with_place("/at", rule)
    versions = {"base": {"at": base}, "ours": {"at": ours}, "theirs": {"at": theirs}}
    merged = merge_json(**versions, rules=rules)
    assert merged.is_clean
    assert isinstance(merged.value, dict)
    found = merged.value["at"]
    if rule.is_unordered:
        assert sorted(map(repr, found)) == sorted(map(repr, result))  # type: ignore[arg-type]
    else:
        assert found == result
    swapped = merge_json(
        base=versions["base"], ours=versions["theirs"], theirs=versions["ours"], rules=rules
    )
    assert swapped.value == merged.value


def manifest(**members: Json) -> bytes:
    from pyvcs.merge.json_style import JsonStyle, dump_json

    return dump_json(members, JsonStyle(indent="  ", item_separator=",", ending="\n"))


def test_of_two_raised_versions_a_manifest_gets_the_higher_one() -> None:
    merged = merge_file(
        b"web/package.json",
        base=manifest(version="1.2.0", license="MIT"),
        ours=manifest(version="1.10.0", license="MIT"),
        theirs=manifest(version="1.9.3", license="MIT"),
        labels=LABELS,
    )
    assert merged.is_clean
    assert merged.content == manifest(version="1.10.0", license="MIT")
    [settled] = merged.settled
    assert (settled.rule, settled.pointer) == ("higher-version", "/version")
    assert (settled.base, settled.ours, settled.theirs) == ("1.2.0", "1.10.0", "1.9.3")


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("1.2.0", "1.3.0", "1.1.0"),  # one was lowered
        ("1.2.0", "^1.3.0", "1.4.0"),  # another kind of range
        ("1.2.0", "latest", "1.4.0"),
    ],
)
def test_other_versions_stay_in_conflict(base: str, ours: str, theirs: str) -> None:
    versions = {"base": base, "ours": ours, "theirs": theirs}
    merged = merge_file(
        b"package.json",
        **{side: manifest(version=value) for side, value in versions.items()},  # type: ignore[arg-type]
        labels=LABELS,
    )
    assert [conflict.pointer for conflict in merged.conflicts] == ["/version"]


def test_what_is_added_while_all_are_raised_is_raised_as_well() -> None:
    base = manifest(require={"a": "~1.0", "b": "~1.0", "z": "3"})
    ours = manifest(require={"a": "~1.1", "b": "~1.1", "z": "3"})
    theirs = manifest(require={"a": "~1.0", "b": "~1.0", "c": "~1.0", "z": "3"})
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge_file(b"composer.json", base=base, ours=one, theirs=other, labels=LABELS)
        require: Json = {"a": "~1.1", "b": "~1.1", "c": "~1.1", "z": "3"}
        assert merged.content == manifest(require=require)
        assert [settled.rule for settled in merged.settled] == ["raised-together"]
    plain = merge_file(b"data.json", base=base, ours=ours, theirs=theirs, labels=LABELS)
    assert b'"c": "~1.0"' in plain.content


def merged_by(rules: Rules, path: bytes, base: bytes, ours: bytes, theirs: bytes) -> MergedFile:
    """One path, merged by the rules of a tree."""
    found = rules_for(rules, path)
    return merge_file(path, base=base, ours=ours, theirs=theirs, labels=LABELS, rules=found)


@pytest.mark.parametrize(
    ("driver", "content", "kinds"),
    [
        ("text", None, ["contents"]),
        ("binary", b'{"a": 3}\n', ["binary"]),
        ("union", b'{"a": 2}\n{"a": 3}\n', []),
        ("ours-never", b'{"a": 3}\n', ["value"]),
    ],
)
def test_drivers(driver: str, content: bytes | None, kinds: list[str]) -> None:
    rules = read_rules(f"version = 1\n[[file]]\npath = '*.json'\ndriver = '{driver}'".encode())
    merged = merged_by(rules, b"x.json", b'{"a": 1}\n', b'{"a": 2}\n', b'{"a": 3}\n')
    assert [str(conflict.kind) for conflict in merged.conflicts] == kinds
    assert content in (None, merged.content)


def test_ours_never_asks_a_person_even_when_all_is_clean() -> None:
    rules = read_rules(b"version = 1\n[[file]]\npath = 'x'\ndriver = 'ours-never'")
    base, ours, theirs = b"1\n2\n3\n4\n5\n", b"one\n2\n3\n4\n5\n", b"1\n2\n3\n4\nfive\n"
    merged = merged_by(rules, b"x", base, ours, theirs)
    assert merged.content == b"one\n2\n3\n4\nfive\n"
    assert [str(conflict.kind) for conflict in merged.conflicts] == ["review"]


@pytest.mark.parametrize(
    ("insertions", "is_clean"), [("", False), ("'apart'", False), ("'longer'", True)]
)
def test_of_two_insertions_into_a_text_the_longer_one_stands_where_a_rule_says_so(
    insertions: str, is_clean: bool
) -> None:
    line = f"insertions = {insertions}\n" if insertions else ""
    rules = read_rules(f"version = 1\n[[file]]\npath = '*.txt'\n{line}".encode())
    merged = merged_by(rules, b"notes.txt", b"a\nd\n", b"a\nb\nd\n", b"a\nb\nc\nd\n")
    assert merged.is_clean is is_clean
    assert not is_clean or merged.content == b"a\nb\nc\nd\n"


TOGETHER = b"""version = 1
[[file]]
path = '*.json'
[[file.place]]
pointer = '/rooms/*'
together = ['size', 'price', 'note']
"""


@pytest.mark.parametrize(
    ("ours", "theirs", "pointers"),
    [
        ({"size": 3}, {"price": 9}, ["/rooms/a"]),
        ({"size": 3, "price": 8}, {"price": 8, "note": "new"}, ["/rooms/a"]),
        ({"size": 3, "price": 9}, {"price": 9}, []),
        ({"size": 3}, {"size": 3, "price": 9}, []),
        ({"size": 3}, {"colour": "red"}, []),
        ({"size": 3, "price": 9}, {"price": 8}, ["/rooms/a/price"]),
    ],
)
def test_members_that_belong_together_are_reviewed_when_each_side_changed_another_one(
    ours: dict[str, object], theirs: dict[str, object], pointers: list[str]
) -> None:
    room = {"size": 2, "price": 5, "colour": "blue"}
    base, *sides = (
        json.dumps({"rooms": {"a": {**room, **edits}}}).encode() for edits in ({}, ours, theirs)
    )
    merged = merged_by(read_rules(TOGETHER), b"x.json", base, *sides)
    assert [each.pointer for each in merged.conflicts] == pointers
    if pointers == ["/rooms/a"]:
        assert json.loads(merged.content)["rooms"]["a"] == {**room, **ours, **theirs}


SCHEMA = b"""{"properties": {"tags": {"type": "array", "maxItems": 3}}}"""


@pytest.mark.parametrize(
    ("schema", "pointers"),
    [
        (SCHEMA, ["/tags"]),
        (b"{", []),
        (b'{"type": 5}', []),
        (b'{"$ref": "https://example.org/gone"}', []),
        (b'{"$ref": "#"}', []),
    ],
)
def test_a_result_that_breaks_the_schema_is_in_conflict(schema: bytes, pointers: list[str]) -> None:
    text = b"version = 1\n[[file]]\npath = 'x.json'\nschema = 's.json'"
    rules = read_rules(text, lambda _path: schema)
    base, ours, theirs = b'{"tags": [1, 2]}', b'{"tags": [0, 1, 2]}', b'{"tags": [1, 2, 3]}'
    merged = merged_by(rules, b"x.json", base, ours, theirs)
    assert merged.content == b'{"tags": [0, 1, 2, 3]}'
    assert [conflict.pointer for conflict in merged.conflicts] == pointers
    assert {str(conflict.kind) for conflict in merged.conflicts} <= {"schema"}


def many_references(doublings: int) -> bytes:
    """A schema that follows a reference 2 ** doublings times."""
    steps: dict[str, Json] = {
        f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(doublings)
    }
    members: dict[str, Json] = {"$ref": "#/$defs/d0", "$defs": {**steps, f"d{doublings}": {}}}
    return manifest(**members)


@pytest.mark.parametrize(
    ("schema", "ours"),
    [
        (b'{"properties": {"a": {"multipleOf": 0.5}}}', b'{"a": ' + b"9" * 900 + b', "b": 1}'),
        (many_references(60), b'{"a": 2, "b": 1}'),
    ],
    ids=["a number over any float", "references without end"],
)
def test_a_schema_that_cannot_be_checked_stops_no_merge(
    monkeypatch: pytest.MonkeyPatch, schema: bytes, ours: bytes
) -> None:
    monkeypatch.setattr("pyvcs.merge.schema.MOST_REFERENCES", 1_000)
    merged = merge_file(
        b"x.json",
        base=b'{"a": 1, "b": 1}',
        ours=ours,
        theirs=b'{"a": 1, "b": 2}',
        labels=LABELS,
        rules=FileRules(schema=schema, is_builtin=False),
    )
    assert merged.is_clean


def test_json_with_comments_keeps_a_schema_as_well() -> None:
    merged = merge_file(
        b"x.json",
        base=b'{"tags": [1, 2], // what it is about\n}\n',
        ours=b'{"tags": [0, 1, 2], // what it is about\n}\n',
        theirs=b'{"tags": [1, 2, 3], // what it is about\n}\n',
        labels=LABELS,
        rules=FileRules(schema=SCHEMA, is_builtin=False),
    )
    assert b"// what it is about" in merged.content
    assert [(str(c.kind), c.pointer) for c in merged.conflicts] == [("schema", "/tags")]


def notebook(source: list[Json], count: Json, output: str) -> bytes:
    cell: Json = {
        "id": "a1",
        "cell_type": "code",
        "execution_count": count,
        "source": source,
        "outputs": [{"output_type": "stream", "text": [output], "execution_count": count}],
    }
    return manifest(cells=[cell], nbformat=4)


def test_what_a_cell_printed_never_conflicts() -> None:
    base = notebook(["a = 1\n", "b = 1\n", "c = 1\n", "print(a)"], 1, "1")
    ours = notebook(["a = 2\n", "b = 1\n", "c = 1\n", "print(a)"], 7, "two")
    theirs = notebook(["a = 1\n", "b = 1\n", "c = 3\n", "print(a)"], 4, "1 again")
    for one, other in ((ours, theirs), (theirs, ours)):
        merged = merge_file(b"x.ipynb", base=base, ours=one, theirs=other, labels=LABELS)
        assert merged.is_clean
        assert b'"a = 2\\n"' in merged.content
        assert b'"c = 3\\n"' in merged.content
        assert b'"execution_count": 7,' in merged.content
        assert b"1 again" in merged.content
    off = rules_for(read_rules(b"version = 1\n[builtin]\nnotebooks = false"), b"x.ipynb")
    merged = merge_file(b"x.ipynb", base=base, ours=ours, theirs=theirs, labels=LABELS, rules=off)
    assert merged.conflicts
