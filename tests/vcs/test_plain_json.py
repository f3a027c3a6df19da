"""JSON in two spellings: `json` is the witness of what is written, and of what is read."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.objects.commit import Identity
from pyvcs.plain_json import (
    indented,
    one_line,
    read_indented,
    read_json,
    read_lines,
    read_one_line,
)
from pyvcs.repository import Repository

texts = st.one_of(
    st.text(max_size=6), st.sampled_from(['": ', "a,", "{}", "[", "}", '"', "\\", "1"])
)
values = st.recursive(
    st.one_of(texts, st.integers(), st.none(), st.booleans(), st.floats(allow_nan=False)),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3),
    max_leaves=12,
)
plain = st.recursive(
    st.one_of(st.from_regex(r"[ -!#-\[\]-~]*", fullmatch=True), st.integers(), st.none()),
    lambda below: (
        st.lists(below) | st.dictionaries(st.from_regex("[a-z,: {}]+", fullmatch=True), below)
    ),
    max_leaves=8,
)
drawn = settings(deadline=None, max_examples=300)


@drawn
@given(values)
def test_what_is_written_is_what_json_writes(value: Any) -> None:
    assert one_line(value) == json.dumps(value)
    assert indented(value) == json.dumps(value, sort_keys=True, indent=1)


@drawn
@given(values)
def test_what_is_read_is_what_json_reads(value: Any) -> None:
    content = json.dumps(value, sort_keys=True, indent=1).encode()
    line = json.dumps(value).encode()
    for end in (b"", b"\n"):
        assert read_indented(content + end) in (value, None)
        assert read_one_line(line + end) in (value, None)
        assert read_json(content + end) == read_json(line + end) == value


@drawn
@given(st.lists(values))
def test_lines_are_read_as_one_by_one(lines: list[Any]) -> None:
    assert read_lines(b"".join(json.dumps(line).encode() + b"\n" for line in lines)) == lines


@drawn
@given(plain)
def test_what_is_plain_is_read(value: Any) -> None:
    assert read_indented(indented(value).encode()) == value
    assert read_one_line(one_line([value]).encode()) == [value]


@drawn
@given(values, st.data())
def test_a_changed_document_is_read_as_json_reads_it_or_not_at_all(
    value: Any, data: st.DataObject
) -> None:
    for spelled, read in ((indented, read_indented), (one_line, read_one_line)):
        content = bytearray(spelled({"a": [value]}).encode())
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b'"', b" ", b",", b"{}", b"[", b"1", b"\n"])
        )
        found = read(bytes(content))
        assert found is None or found == json.loads(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"[", b"{", b'{\n "a": 1', b"{\n}", b"[\n 1,\n]", b"[\n1\n]", b'{\n "a": 1\n}\n\n',
     b'{\n "b": 1,\n "a": 1\n}', b'{\n "a": 1,\n "a": 1\n}', b"[\n" * 4000, b"1_0", b"01", b"\xff",
     b'[\n "a"b"\n]', b"[\n " + b"1" * 5000 + b"\n]"],
)  # fmt: skip
def test_mistakes_and_other_spellings_are_left_to_json(content: bytes) -> None:
    assert read_indented(content) is None
    assert read_one_line(content) is None


@pytest.mark.parametrize(
    "content",
    [b'{"a":1}', b'{"a": 1,"b": 2}', b'{"a": 1,, "b": 2}', b'{"a": 1', b'["a" "b"]', b"[1, ]",
     b"{1: 2}", b'{"a": 1, "a": 2}', b"[" * 4000, b"[true]", b"[1.0]", b"1", b"[--1]", b'["a]'],
)  # fmt: skip
def test_other_lines_are_left_to_json(content: bytes) -> None:
    assert read_one_line(content) is None


def test_what_is_nested_deep_is_read_or_a_mistake() -> None:
    for depth in [*range(200, 1000, 7), 5000, 100_000]:
        for content in (
            b'{"a": ' * depth + b"1" + b"}" * depth,
            b"[" * depth + b"]" * depth,
        ):
            with suppress(ValueError):
                read_json(content)
    with pytest.raises(ValueError, match="nested too deep"):
        read_json(b"[" * 100_000)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["undo"], ("json", "re", "contextlib")),
        (["commit", "-m", "two"], ("json", "re", "contextlib", "heapq", "pyvcs.objects.draft")),
        (
            ["log", "-n", "1"],
            ("json", "re", "contextlib", "datetime", "pyvcs.looking", "pyvcs.objects.store_writer"),
        ),
    ],
)
def test_small_commands_load_none_of_this(
    tmp_path: Any, words: list[str], names: tuple[str, ...]
) -> None:
    repository = Repository.init(str(tmp_path))
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "a").write_text("a\n")
    repository.commit("one", author=Identity("Ada", "ada@example.org"))
    (tmp_path / "package" / "a").write_text("b\n")
    code = (
        f"import sys\nnames = {names!r}\n"
        "for name in names: sys.modules.pop(name, None)  # the installation may have loaded some\n"
        f"from pyvcs.cli.main import run\nassert run({words!r}) == 0\n"
        "found = [name for name in names if name in sys.modules]\nassert not found, found"
    )
    environ = {"PYVCS_AUTHOR_NAME": "Ada", "PYVCS_AUTHOR_EMAIL": "ada@example.org"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environ, check=True)
