"""Changes of a JSON document as lines for people: the pointer, the value before, and after."""

from __future__ import annotations

from pyvcs.cli.colour import Paint
from pyvcs.merge.json_value import ABSENT, Json, Missing, Side, dump_json
from pyvcs.merge.text import split_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyvcs.merge.json_patch import PatchStep

_SHORT = 30
_LONGEST = 2_000
"""Characters of a value that is shown whole."""


def change_lines(steps: Sequence[PatchStep], paint: Paint) -> Iterator[str]:
    """A line or several for each operation; each pointer is true after the operations before it."""
    if not steps:
        yield "  the value is the same, only its layout changed; --text shows it"
    for step in steps:
        operation = step.operation
        place = paint("place", operation.path or "(the whole document)")
        if operation.op == "add":
            yield f"+ {place}: {paint('added', value_text(operation.value))}"
        elif operation.op == "remove":
            yield f"- {place}: {paint('removed', value_text(step.before))}"
        elif operation.op == "move":
            yield f"> {paint('place', operation.source or '')} -> {place}"
        else:
            yield from _replaced(place, step.before, operation.value, paint)


def _replaced(place: str, before: Side, after: Side, paint: Paint) -> Iterator[str]:
    """A value in the place of another: on one line if both are short, texts line by line."""
    if isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        yield f"~ {place}:"
        yield from _text_lines(before, after, paint)
        return
    old, new = value_text(before), value_text(after)
    if max(len(old), len(new)) <= _SHORT:
        yield f"~ {place}: {paint('removed', old)} -> {paint('added', new)}"
        return
    yield f"~ {place}:"
    yield "    " + paint("removed", f"- {old}")
    yield "    " + paint("added", f"+ {new}")


def _text_lines(before: str, after: str, paint: Paint) -> Iterator[str]:
    from pyvcs.cli.hunks import painted
    from pyvcs.diffing import unified_lines

    old, new = (split_lines(text.encode("utf-8", "surrogatepass")) for text in (before, after))
    pieces: Iterable[str | bytes] = painted(unified_lines(old, new), paint)
    whole = b"".join(p.encode() if isinstance(p, str) else p for p in pieces)
    for line in whole.decode("utf-8", "surrogatepass").splitlines():
        yield f"    {line}"


def value_text(value: Side) -> str:
    """A value as JSON on one line; a long one is cut."""
    text = _json(value)
    if len(text) > _LONGEST:
        return f"{text[:_LONGEST]}... ({len(text):,} characters)"
    return text


def _json(value: Side) -> str:
    from pyvcs.merge.json_style import JsonStyle

    if isinstance(value, Missing):
        return str(ABSENT)
    found: Json = value
    return dump_json(found, JsonStyle()).decode()
