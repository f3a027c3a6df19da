"""JSON in two fixed spellings, written and read without the module `json`.

`json` brings `re` with it, and to load both takes a twentieth of a small commit. What is written
here is what `json.dumps` would write, byte for byte. To read, the lines of a document are taken
apart with no more care than a plain one needs, and the result is written again: only when that
gives the same bytes was it plain. All else is left to `json`, which also tells what is wrong.
"""

from __future__ import annotations

from pyvcs.objects.errors import InvalidObject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

Value = dict[str, "Value"] | list["Value"] | str | int | None
"""What the refs and their log hold."""

MISREAD = (ValueError, LookupError, TypeError, AttributeError, OverflowError, InvalidObject)
"""What comes of reading a document, and values from it, that is not as it was written."""

_LONGEST = 16 * 1024
"""For a longer document, that of some forty branches, `json` is loaded in the time it saves."""


def one_line(value: Value) -> str:
    """As `json.dumps(value)`: on one line, members in their order."""
    if isinstance(value, dict):
        members = [f"{_atom(key)}: {one_line(each)}" for key, each in value.items()]
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(one_line, value)) + "]"
    return _atom(value)


def indented(value: Value, line: str = "\n") -> str:
    """As `json.dumps(value, sort_keys=True, indent=1)`; `line` is how a line of it begins."""
    below = line + " "
    if isinstance(value, dict):
        members = [f"{_atom(key)}: {indented(value[key], below)}" for key in sorted(value)]
        return _block("{}", members, line)
    if isinstance(value, list):
        return _block("[]", [indented(each, below) for each in value], line)
    return _atom(value)


def _block(ends: str, inside: list[str], line: str) -> str:
    below = line + " "
    return ends[0] + below + ("," + below).join(inside) + line + ends[1] if inside else ends


def _atom(value: str | int | None) -> str:
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    if isinstance(value, str) and _is_plain(value):
        return f'"{value}"'
    import json  # a message may have other letters

    return json.dumps(value)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def read_json(content: bytes) -> Any:
    """What a document says, however it is spelled. ValueError when it is none."""
    plain = read_one_line(content)
    if plain is None:
        plain = read_indented(content)
    if plain is not None:
        return plain
    import json

    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def read_lines(content: bytes) -> list[Any]:
    """What the lines of a document say, each of which is one itself. ValueError when one is none.

    They are read as one list: line by line, many would each be looked at whether they are plain.
    """
    found: list[Any] = read_json(b"[" + b", ".join(content.splitlines()) + b"]")
    return found


def read_one_line(content: bytes) -> Value:
    """What a document as `one_line` writes it says; None when it is not plain."""
    text = _plain_text(content)
    if "\n" in text:
        return None
    try:
        value, end = _value_at(text, 0)
        return value if end == len(text) and one_line(value) == text else None
    except (ValueError, IndexError, RecursionError):
        return None


def _value_at(text: str, at: int) -> tuple[Value, int]:
    """The value that begins at a place of a line, and the place behind it."""
    begin = text[at]
    if begin == '"':
        end = text.index('"', at + 1)
        return text[at + 1 : end], end + 1
    if begin == "{":
        return _members_at(text, at + 1)
    if begin == "[":
        return _items_at(text, at + 1)
    if text.startswith("null", at):
        return None, at + 4
    end = at
    while text[end] in "-0123456789":
        end += 1
    return int(text[at:end]), end


def _members_at(text: str, at: int) -> tuple[Value, int]:
    members: dict[str, Value] = {}
    while text[at] != "}":
        at = text.index('"', at) + 1
        end = text.index('"', at)
        members[text[at:end]], at = _value_at(text, end + 3)
    return members, at + 1


def _items_at(text: str, at: int) -> tuple[Value, int]:
    items: list[Value] = []
    while text[at] != "]":
        value, at = _value_at(text, at + 2 if items else at)
        items.append(value)
    return items, at + 1


def read_indented(content: bytes) -> Value:
    """What a document as `indented` writes it says; None when it is not plain."""
    text = _plain_text(content)
    lines = iter(text.split("\n"))
    try:
        value = _read(next(lines), lines)
        return value if indented(value) == text else None
    except (ValueError, StopIteration, RecursionError):
        return None


def _plain_text(content: bytes) -> str:
    """A document that may be plain, without its final newline; nothing when it cannot be."""
    if len(content) > _LONGEST or not content.isascii() or b"\\" in content:
        return ""
    return content.decode("ascii").removesuffix("\n")


def _read(begin: str, lines: Iterator[str]) -> Value:
    """The value that begins so, and goes on in the next lines."""
    if begin == "{":
        members = (line[1:].partition('": ')[::2] for line in _until("}", lines))
        return {key: _read(rest, lines) for key, rest in members}
    if begin == "[":
        return [_read(line, lines) for line in _until("]", lines)]
    if begin[:1] == '"':
        return begin[1:-1]
    empty: dict[str, Value] = {"{}": {}, "[]": [], "null": None}
    return empty[begin] if begin in empty else int(begin)


def _until(end: str, lines: Iterator[str]) -> Iterable[str]:
    """The lines up to an end, without the blanks before them and the comma behind."""
    for line in lines:
        word = line.strip(" ").removesuffix(",")
        if word == end:
            return
        yield word
