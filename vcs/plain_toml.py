"""Plain TOML: settings files that hold nothing but names and short texts, as nearly all do.

Idea.        What the parser of the standard library needs takes 7 ms to load, more than all else of
             reading the settings. Tables with bare names, texts in double quotes without escapes,
             `true`, `false` and comments on lines of their own are read here, line by line.
Invariant.   Tables that are given are those that `tomllib` gives.
Result.      The tables, or None for a file with anything else in it, mistakes too: ask `tomllib`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


_SPACE = " \t"


def read_plain(text: str) -> dict[str, Any] | None:
    """The tables of a file, or None when it is not plain."""
    tables: dict[str, Any] = {}
    table: dict[str, Any] | None = tables
    opened = set()
    for line in text.split("\n"):
        line = line.strip(_SPACE)
        if not line.isprintable():
            return None
        if line.startswith("[") and line.endswith("]"):
            names = tuple(line[1:-1].split("."))
            table = None if names in opened else _table(tables, names)
            opened.add(names)
        elif line and not line.startswith("#"):
            name, _, written = line.partition("=")
            name, value = name.strip(_SPACE), _value(written.strip(_SPACE))
            if table is None or value is None or name in table or not is_bare(name):
                return None
            table[name] = value
        if table is None:
            return None
    return tables


def is_bare(name: str) -> bool:
    """Whether a name stands in TOML as it is. There are more of these: numbers, say."""
    return name.isascii() and name.replace("-", "_").isidentifier()


def is_plain_text(value: str) -> bool:
    """Whether a text stands between double quotes as it is."""
    return value.isprintable() and '"' not in value and "\\" not in value


def _table(table: Any, names: Iterable[str]) -> dict[str, Any] | None:
    """The table at a path, made where there is none yet; None if that cannot be."""
    for name in names:
        if not is_bare(name) or not isinstance(table, dict):
            return None
        table = table.setdefault(name, {})
    return table if isinstance(table, dict) else None


def _value(written: str) -> str | bool | None:
    if written in ("true", "false"):
        return written == "true"
    text = written[1:-1]
    is_quoted = len(written) > 1 and written[0] == written[-1] == '"'
    return text if is_quoted and is_plain_text(text) else None
