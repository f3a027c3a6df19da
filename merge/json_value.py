"""JSON values: read from bytes strictly, written back in the style they had.

A document is what RFC 8259 calls JSON, in UTF-8, and no more: repeated keys, NaN, trailing commas
and lone surrogates are refused, for what cannot be told apart cannot be merged.

Limits: a nesting of MAX_DEPTH, MAX_BYTES of content, numbers of MAX_NUMBER_LENGTH characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from itertools import chain

from pyvcs.merge.json_number import (
    MAX_NUMBER_LENGTH,
    Json,
    Number,
    NumberTooLong,
    read_float,
    read_int,
)
from pyvcs.merge.json_style import COMPACT, JsonStyle, dump_json, style_of
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal, NoReturn, TypeAlias

__all__ = [
    "ABSENT",
    "COMPACT",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NUMBER_LENGTH",
    "UNKNOWN",
    "Json",
    "JsonDocument",
    "JsonStyle",
    "Missing",
    "NotJson",
    "Number",
    "Place",
    "RepeatedKey",
    "Side",
    "dump_json",
    "holds_unknown",
    "parse_json",
]

MAX_DEPTH = 100
"""How many containers a value may stand in; far below what overflows Python's stack."""

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of the longest document that is read as JSON; values take about ten times as much."""

MAX_BITS = 3_000
"""Bits of the largest Python int that is taken for a JSON number: about 900 digits."""


class Missing(Enum):
    """What stands in for a value that is not there; each is equal to nothing but itself."""

    ABSENT = "absent"
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return self.name


ABSENT: Final = Missing.ABSENT
"""The place does not exist in this version."""

UNKNOWN: Final = Missing.UNKNOWN
"""A base value that nobody can tell: a virtual base was itself in conflict here."""

Place: TypeAlias = "Json | Literal[Missing.ABSENT, Missing.UNKNOWN]"

Side: TypeAlias = "Json | Literal[Missing.ABSENT]"

_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


class NotJson(ValueError):
    """A content that is not JSON, or is over a limit; the message says why."""


class OverLimit(NotJson):
    """A content that may be JSON, and is over a limit."""


class RepeatedKey(NotJson):
    """A key stands twice in one object: also to a reader who knows comments."""


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """A JSON text as a value and the style it was written in."""

    value: Json
    style: JsonStyle


def parse_json(content: bytes, *, like: JsonStyle | None = None) -> JsonDocument:
    """The document that the content holds; NotJson when it is none.

    What the content does not show of its style is as in `like`: a side with one member alone has
    not changed what stands between members.
    """
    if len(content) > MAX_BYTES:
        raise OverLimit(f"the document has {len(content):,} bytes, more than {MAX_BYTES:,}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"not UTF-8 at byte {error.start:,}") from None
    bom = text.startswith("\ufeff")
    text = text[bom:]
    try:
        value: Json = _decoder().decode(text)
    except NotJson:
        raise
    except RecursionError:
        raise OverLimit(f"nested deeper than {MAX_DEPTH}") from None
    except NumberTooLong as error:
        raise OverLimit(str(error)) from None
    except ValueError as error:
        raise NotJson(f"not JSON: {error}") from None
    if content.count(b"[") + content.count(b"{") > MAX_DEPTH:
        _check_depth(value)
    if b"\\u" in content and _HALF_PAIR.search(content):
        _check_strings(value)
    return JsonDocument(value, style_of(text, bom=bom, like=like))


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_object,
        parse_int=read_int,
        parse_float=read_float,
        parse_constant=_refuse,
    )


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        rest = list(members)
        key = next((key for key, _ in pairs if not rest or rest.pop(0) != key), "")
        raise RepeatedKey(f"the key {key!r} stands twice in one object")
    return members


def _refuse(name: str) -> NoReturn:
    raise NotJson(f"{name} is not a JSON value")


def _check_depth(value: Json) -> None:
    """Level by level, so that no depth of nesting can overflow the stack."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH + 1):
        objects: list[dict[str, Json]] = [item for item in level if type(item) is dict]
        lists: list[list[Json]] = [item for item in level if type(item) is list]
        if not (objects or lists):
            return
        level = [*chain.from_iterable(map(dict.values, objects)), *chain.from_iterable(lists)]
    raise OverLimit(f"nested deeper than {MAX_DEPTH}")


def _check_strings(value: Json) -> None:
    for item in _items(value):
        for text in item if isinstance(item, dict) else [item]:
            if isinstance(text, str):
                try:
                    text.encode()
                except UnicodeEncodeError:
                    raise NotJson(f"{text!r} holds a lone surrogate") from None


def _items(value: Json) -> Iterator[Json]:
    """The value and all values within it."""
    rest = [value]
    while rest:
        item = rest.pop()
        yield item
        if isinstance(item, dict):
            rest.extend(item.values())
        elif isinstance(item, list):
            rest.extend(item)


def holds_unknown(value: Json) -> bool:
    """Whether UNKNOWN stands somewhere in a value."""
    return any(isinstance(item, Missing) for item in _items(value))
