"""The documents of a tree as values, in whichever form of JSON their names say they are."""

from __future__ import annotations

from pyvcs.merge.driver import json_form
from pyvcs.merge.json_comments import commented_with_value, parse_commented
from pyvcs.merge.json_lines import lines_with_value, read_json_lines
from pyvcs.merge.json_number import Json
from pyvcs.merge.json_text import with_value
from pyvcs.merge.json_value import NotJson, parse_json


def read_document(path: bytes, content: bytes) -> Json:
    """The value that pointers of conflicts lead into: of JSON Lines, the list of its records.

    NotJson when the content is none, with comments or without.
    """
    if json_form(path) == "jsonl":
        return read_json_lines(content)
    try:
        return parse_json(content).value
    except NotJson:
        return parse_commented(content).value


def document_with(path: bytes, content: bytes, value: Json) -> bytes:
    """The content with another value; what is the same in both keeps its bytes."""
    if json_form(path) == "jsonl":
        return lines_with_value(content, value)
    try:
        return with_value(content, value)
    except NotJson:
        return commented_with_value(content, value)
