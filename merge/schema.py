"""A JSON Schema that a merged document has to keep, when both sides kept it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from itertools import count

from pyvcs.merge.json_tree import JsonConflict, pointer_of
from pyvcs.merge.json_value import ABSENT
from pyvcs.merge.pointer import look
from pyvcs.merge.result import ConflictKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyvcs.merge.json_value import Json

MOST_VIOLATIONS = 100
"""Violations that one merge reports at most."""

MOST_REFERENCES = 100_000
"""References that are followed at most in one merge; each takes about 20 µs."""


class _TooManyReferences(Exception):
    """The schema multiplies references, and nobody waits for it."""


def violations(
    schema: bytes,
    merged: bytes,
    *,
    sides: tuple[bytes | None, bytes, bytes],
    but: Collection[JsonConflict],
) -> list[JsonConflict]:
    """A conflict for each place where the merged document breaks the schema; none for `but` those.

    A side that breaks the schema itself gives its edits no better chance: then nothing is told.
    So it is with a schema that is none, and with one that cannot be checked to its end: a merge
    has a result whatever a schema says.
    """
    from referencing.exceptions import Unresolvable

    validator = _validator(schema)
    if validator is None:
        return []
    base, ours, theirs = (None if side is None else _plain(side) for side in sides)
    try:
        if not validator.is_valid(ours) or not validator.is_valid(theirs):
            return []
        broken = _broken(validator, _plain(merged))
    except (Unresolvable, re.error):  # references or patterns that are none
        return []
    except (RecursionError, ArithmeticError, _TooManyReferences):  # a number over any float
        return []
    known = {conflict.pointer for conflict in but}
    found: list[JsonConflict] = []
    for pointer in broken:
        if pointer not in known and len(found) < MOST_VIOLATIONS:
            known.add(pointer)
            values = [_at(side, pointer) for side in (base, ours, theirs)]
            found.append(JsonConflict(ConflictKind.SCHEMA, pointer, *values))
    return found


def _validator(schema: bytes) -> Any:
    """What checks documents against a schema; None when it is none. Never asks the network."""
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import SchemaError
    from referencing import Registry

    try:
        document: Any = json.loads(schema)
        kind = validators.validator_for(document, default=Draft202012Validator)
        kind.check_schema(document)
    except (ValueError, TypeError, SchemaError, RecursionError):
        return None
    extend: Any = validators.extend
    followed = count()
    words = {
        word: _counted(follow, followed)
        for word, follow in kind.VALIDATORS.items()
        if word in ("$ref", "$dynamicRef", "$recursiveRef")
    }
    return extend(kind, words)(document, registry=Registry())


def _counted(follow: Any, followed: Iterator[int]) -> Any:
    """What follows a reference, up to a number of them."""

    def counted(*validation: Any) -> Any:
        if next(followed) >= MOST_REFERENCES:
            raise _TooManyReferences
        return follow(*validation)

    return counted


def _plain(content: bytes) -> Any:
    """A document as the validator knows it: numbers by value, whatever their spelling."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except ValueError:
        from pyvcs.merge.json_comments import Commented

        return json.loads(Commented(content).plain)


def _broken(validator: Any, value: Any) -> list[str]:
    """Pointers to what breaks the schema, in a fixed order."""
    found = {pointer_of(tuple(error.absolute_path)) for error in validator.iter_errors(value)}
    return sorted(found)


def _at(value: Json | None, pointer: str) -> Any:
    return ABSENT if value is None else look(value, pointer)
