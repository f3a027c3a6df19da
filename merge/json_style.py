"""How a JSON document is laid out, seen in its text, and a value written in that way."""

from __future__ import annotations

import re
from collections.abc import Callable
from json.encoder import encode_basestring, encode_basestring_ascii

from pyvcs.merge.json_number import Json, Number
from pyvcs.objects.values import dataclass

_STRING = r'"(?:[^"\\]|\\.)*+"'
_FIRST_PLACE = re.compile(r"[ \t\r\n]*+[\[{]([ \t\r\n]*+)(?![\]}\s])")
_FIRST_KEY = re.compile(r"[^\"{]*+(?:" + _STRING + r"[^\"{]*+)*?\{\s*+" + _STRING + r"(\s*:\s*)")
_FIRST_COMMA = re.compile(r"(?:[^\",]|" + _STRING + r")*+,([ \t]*)")
_SCALAR_LIST = re.compile(_STRING + r"|\[(\s*+)(?:" + _STRING + r"|[-\w.+]++)(,[ \t]*)?")
_SLASH = re.compile(r"(?<!\\)(?:\\\\)*+\\/")


@dataclass(frozen=True, slots=True, order=True)
class JsonStyle:
    r"""The layout of a document. `indent` is the white space of one level, None for one line.

    `inline_lists` is what stands between the items of a list of scalars, when such lists stand on
    one line in a document that is indented.
    """

    indent: str | None = None
    item_separator: str = ", "
    key_separator: str = ": "
    newline: str = "\n"
    ending: str = ""
    bom: bool = False
    ascii_only: bool = False
    escaped_slashes: bool = False
    inline_lists: str | None = None


USUAL = JsonStyle()
"""On one line, with a blank after each comma and colon: as Python's `json` writes."""

COMPACT = JsonStyle(item_separator=",", key_separator=":")
"""No white space at all: how the values of conflicts are stored."""


def style_of(text: str, *, bom: bool, like: JsonStyle | None) -> JsonStyle:
    """The style of a JSON text that parsed; what it does not show is as in `like`, or as usual."""
    unseen = like or USUAL
    body = text.rstrip(" \t\r\n")
    gap = _FIRST_PLACE.match(body)
    indent = gap[1].rpartition("\n")[2] if gap and "\n" in gap[1] else None
    key = _FIRST_KEY.match(body)
    comma = _FIRST_COMMA.match(body) if indent is None else None
    if indent is not None:
        separator = ","
    elif comma is not None:
        separator = "," + comma[1]
    elif like is None and key is not None and key[1] == ":":
        separator = ","  # who leaves out the blank after a colon does so after a comma
    else:
        separator = (unseen if unseen.indent is None else USUAL).item_separator
    is_plain = body.isascii() and "\\u" not in body
    return JsonStyle(
        indent=indent,
        item_separator=separator,
        key_separator=key[1].replace("\r", "").replace("\n", "") if key else unseen.key_separator,
        newline=("\r\n" if "\r\n" in text else "\n") if "\n" in text else unseen.newline,
        ending=text[len(body) :],
        bom=bom,
        ascii_only=unseen.ascii_only if is_plain else body.isascii(),
        escaped_slashes=_escapes_slashes(body) if "/" in body else unseen.escaped_slashes,
        inline_lists=_inline_lists(body) if indent is not None else None,
    )


def _escapes_slashes(body: str) -> bool:
    return "\\/" in body and _SLASH.search(body) is not None


def _inline_lists(body: str) -> str | None:
    """The separator of the first list of scalars, if that stands on one line.

    No string goes over the end of a line: so of each line with a bracket only that much is read as
    tells whether the bracket stands in a string.
    """
    outside, bracket = 0, body.find("[")
    while bracket >= 0:
        start = max(outside, body.rfind("\n", outside, bracket) + 1)
        for found in _SCALAR_LIST.finditer(body, start):
            if found[1] is not None:
                return None if "\n" in found[1] else found[2] or ", "
            if found.end() > bracket:
                break
        else:
            return None
        outside = found.end() if found.start() < bracket else bracket + 1
        bracket = body.find("[", outside)
    return None


def dump_json(value: Json, style: JsonStyle = COMPACT) -> bytes:
    """The value as JSON in a style; nothing is sorted, numbers keep their spelling."""
    plain = encode_basestring_ascii if style.ascii_only else encode_basestring
    quote = (lambda text: plain(text).replace("/", "\\/")) if style.escaped_slashes else plain
    out: list[str] = ["\ufeff"] if style.bom else []
    _write(out.append, value, style, quote, style.newline)
    out.append(style.ending)
    return "".join(out).encode()


def _write(
    put: Callable[[str], object],
    value: Json,
    style: JsonStyle,
    quote: Callable[[str], str],
    line: str,
) -> None:
    """Puts a value piece by piece; `line` is a newline and the white space before the value."""
    if not isinstance(value, (dict, list)) or not value:
        put(_scalar(value, quote))
        return
    if style.indent is None:
        start, between, stop, inner = "", style.item_separator, "", line
    elif style.inline_lists is not None and isinstance(value, list) and _is_flat(value):
        start, between, stop, inner = "", style.inline_lists, "", line
    else:
        inner = line + style.indent
        start, between, stop = inner, style.item_separator + inner, line
    put("{" if isinstance(value, dict) else "[")
    if isinstance(value, dict):
        for key, item in value.items():
            put(start + quote(key) + style.key_separator)
            _write(put, item, style, quote, inner)
            start = between
    else:
        for item in value:
            put(start)
            _write(put, item, style, quote, inner)
            start = between
    put(stop + ("}" if isinstance(value, dict) else "]"))


def _is_flat(value: list[Json]) -> bool:
    """Whether a list holds scalars alone."""
    return not any(isinstance(item, (dict, list)) for item in value)


def _scalar(value: Json, quote: Callable[[str], str]) -> str:
    """A scalar, or an empty container."""
    if isinstance(value, str):
        return quote(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value.spelling
    if isinstance(value, dict):
        return "{}"
    return "[]" if isinstance(value, list) else repr(value)
