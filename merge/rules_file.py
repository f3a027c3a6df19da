"""Rules as people write them: `.pyvcs.toml`. The format stands in docs/formats/rules.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pyvcs.merge.builtin_rules import NAMES
from pyvcs.merge.rules import DRIVERS, FileRules, PathRule, PlaceRule, PointerPattern, Rules
from pyvcs.merge.types import MERGERS
from pyvcs.merge.types.register import register_by
from pyvcs.objects.path_pattern import parse_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 1

_FILE_KEYS = {"path", "driver", "schema", "insertions", "place"}
_PLACE_KEYS = {
    *("pointer", "identity", "content", "order", "sort-by", "merge", "by", "whole", "together"),
}

LoadFile = Callable[[bytes], bytes | None]
"""Gives the content of a path of the tree that the rules are in, or None."""


class InvalidRules(ValueError):
    """A file of rules that cannot be read; the message says where and why."""


def read_rules(content: bytes, load: LoadFile = lambda _path: None) -> Rules:
    """The rules of a file's content; InvalidRules when it has none. `load` gives JSON Schemas."""
    import tomllib

    try:
        document = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:  # also of a number that has too many digits
        raise InvalidRules(f"not TOML: {error}") from None
    except RecursionError:
        raise InvalidRules("nested too deep") from None
    _only(document, {"version", "builtin", "file"}, "the file")
    if type(document.get("version")) is not int or document["version"] != VERSION:
        raise InvalidRules(f"it says version = {document.get('version')!r}, and {VERSION} is known")
    switches = _table(document.get("builtin", {}), "builtin")
    _only(switches, {*NAMES}, "[builtin]")
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise InvalidRules(f"builtin: {name} is true or false")
    off = {name for name, value in switches.items() if value is False}
    files = _tables(document.get("file", []), "file")
    return Rules(tuple(_path_rule(table, load) for table in files), frozenset(off))


def _path_rule(table: Mapping[str, Any], load: LoadFile) -> PathRule:
    _only(table, _FILE_KEYS, "[[file]]")
    path = _text(table, "path", "[[file]]")
    pattern = parse_line((path or "").encode())
    if path is None or pattern is None:
        raise InvalidRules("a [[file]] needs a path, as in path = 'data/*.json'")
    if pattern.folders_only or not pattern.ignores:
        raise InvalidRules(f"{path}: a path names files, as in 'data/**', without '!' before it")
    driver = table.get("driver", "auto")
    if driver not in DRIVERS:
        raise InvalidRules(f"{path}: no driver {driver!r}; there are {', '.join(DRIVERS)}")
    schema = _text(table, "schema", path)
    insertions = _text(table, "insertions", path) or "apart"
    if insertions not in ("apart", "longer"):
        raise InvalidRules(f"{path}: no insertions {insertions!r}; there are apart, longer")
    places = _tables(table.get("place", []), f"{path}: place")
    rules = FileRules(
        driver=driver,
        places=tuple(_place_rule(place, path) for place in places),
        schema=None if schema is None else _schema(load, schema, path),
        is_builtin=False,
        takes_longer=insertions == "longer",
    )
    match = re.compile(pattern.regex, re.DOTALL).fullmatch
    if pattern.by_name:
        return PathRule(lambda at: match(at.rpartition(b"/")[2]) is not None, rules)
    return PathRule(lambda at: match(at) is not None, rules)


def _schema(load: LoadFile, schema: str, path: str) -> bytes:
    content = load(schema.encode())
    if content is None:
        raise InvalidRules(f"{path}: there is no schema at {schema!r} in the tree")
    return content


def _place_rule(table: Mapping[str, Any], path: str) -> tuple[PointerPattern, PlaceRule]:
    where = f"{path}: [[file.place]]"
    _only(table, _PLACE_KEYS, where)
    pointer = _text(table, "pointer", where)
    if pointer is None:
        raise InvalidRules(f"{where} needs a pointer, as in pointer = '/items'")
    try:
        pattern = PointerPattern.parse(pointer)
    except ValueError as error:
        raise InvalidRules(f"{where}: {error}") from None
    order = table.get("order", "kept")
    if order not in ("kept", "free", "sorted", "appended"):
        raise InvalidRules(f"{where}: no order {order!r}; there are kept, free, sorted, appended")
    name = _text(table, "merge", where) or ""
    by = _text(table, "by", where)
    if name == "register" and by is None:
        raise InvalidRules(f"{where}: a register needs by = FIELD, the field that holds its time")
    if name and name != "register" and name not in MERGERS:
        known = ", ".join([*MERGERS, "register"])
        raise InvalidRules(f"{where}: no merge {name!r}; there are {known}")
    whole = table.get("whole")
    if whole is not None and not isinstance(whole, bool):
        raise InvalidRules(f"{where}: whole is true or false")
    identity = _texts(table, "identity", where)
    return pattern, PlaceRule(
        identity=identity[0] if len(identity) == 1 else identity or None,
        content=_texts(table, "content", where),
        is_whole=whole,
        together=_texts(table, "together", where),
        is_remade=name == "either",
        sorted_by=_text(table, "sort-by", where) or "" if order == "sorted" else None,
        is_unordered=order == "free",
        keeps_both=order == "appended",
        merger=register_by(by or "") if name == "register" else MERGERS.get(name),
        name=name,
    )


def _only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise InvalidRules(
                f"{where}: {key!r} means nothing; known are {', '.join(sorted(known))}"
            )


def _text(table: Mapping[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidRules(f"{where}: {key} is a text")
    return value


def _texts(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A text, or a list of them."""
    value = table.get(key, [])
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in texts):
        raise InvalidRules(f"{where}: {key} is a text, or a list of texts")
    return tuple(texts)


def _table(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRules(f"{where} is a table")
    return value


def _tables(value: object, where: str) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise InvalidRules(f"{where} is a list of tables: [[{where}]]")
    return [_table(each, where) for each in value]
