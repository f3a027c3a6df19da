"""JSON documents merged as texts: values by `json_tree`, layout three-way as well.

Where a clean merge by lines says the merged value, that very text is taken: it has what either
side did to the layout. Else each place is written as the side that changed it writes it: a side's
own text may say the merged value, and still lack what the other one did to the layout.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyvcs.merge.json_compare import identical, same
from pyvcs.merge.json_layout import Spot
from pyvcs.merge.json_style import JsonStyle, dump_json
from pyvcs.merge.json_tree import JsonConflict, MergedJson, SettledByRule, merge_values
from pyvcs.merge.json_value import ABSENT, UNKNOWN, Json, JsonDocument, NotJson, Place, parse_json
from pyvcs.merge.json_writer import written
from pyvcs.merge.kept_edits import keeps_edits
from pyvcs.merge.pointer import tokens
from pyvcs.merge.rules import NO_RULES, FileRules
from pyvcs.merge.text import merge_text
from pyvcs.objects.typed import TypeVar, cast
from pyvcs.objects.values import dataclass

Trait = TypeVar("Trait", str, bool, str | None)


@dataclass(frozen=True, slots=True)
class MergedJsonText:
    """A merged document: always valid JSON; at each conflict it shows one side."""

    content: bytes
    conflicts: tuple[JsonConflict, ...]
    settled: tuple[SettledByRule, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether there are no conflicts."""
        return not self.conflicts


@dataclass(frozen=True, slots=True)
class _Lines:
    """A clean merge by lines: the text, and the value that it says."""

    content: bytes
    value: Json


def merge_json_text(
    *,
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    unknown: Collection[str] = (),
    rules: FileRules = NO_RULES,
) -> MergedJsonText:
    """Merges JSON documents; NotJson when one of them is no JSON.

    Base is None when both sides added the document. `unknown` are RFC 6901 pointers to places of
    base whose value nobody can tell, because a virtual base was itself in conflict there.
    """
    taken = _one_sided(None if unknown else base, ours, theirs)
    if taken is not None and not (rules.adds_up and ours == theirs != base):
        parse_json(taken)
        return MergedJsonText(taken, ())
    old = None if base is None else parse_json(base)
    like = None if old is None else old.style
    sides = parse_json(ours, like=like), parse_json(theirs, like=like)
    old_value = ABSENT if old is None else with_unknown(old.value, unknown)
    merged = merge_values(base=old_value, ours=sides[0].value, theirs=sides[1].value, rules=rules)
    style = merged_style((old or max(sides, key=_layout)).style, sides[0].style, sides[1].style)
    lines = None if unknown else _by_lines(base, ours, theirs)
    if lines is not None and merged.is_clean and same(lines.value, merged.value):
        return MergedJsonText(lines.content, (), merged.settled)
    if lines is not None and old is not None and _may_stand(lines.value, merged, old, sides, rules):
        return MergedJsonText(lines.content, ())
    content = _laid_out(merged.value, style, (base, ours, theirs), (old, *sides))
    return MergedJsonText(content, merged.conflicts, merged.settled)


def with_value(content: bytes, value: Json) -> bytes:
    """A document with another value; what is the same in both keeps its bytes."""
    document = parse_json(content)
    return _laid_out(value, document.style, (content,) * 3, (document,) * 3)


def _laid_out(
    value: Json,
    style: JsonStyle,
    texts: tuple[bytes | None, bytes, bytes],
    documents: tuple[JsonDocument | None, JsonDocument, JsonDocument],
) -> bytes:
    """The merged value in the words of its versions; in one regular style if that cannot be had."""
    spots = [
        None
        if text is None or document is None
        else Spot.of(_lines_of(text), document.value, document.style.indent or "")
        for text, document in zip(texts, documents, strict=True)
    ]
    base, ours, theirs = spots
    assert ours is not None
    assert theirs is not None
    text = written(value, base=base, ours=ours, theirs=theirs, style=style)
    text = ("\ufeff" if style.bom else "") + text.replace("\n", style.newline) + style.ending
    content = text.encode()
    try:
        found = parse_json(content).value
    except NotJson:
        return dump_json(value, style)
    return content if identical(found, value) else dump_json(value, style)


def _lines_of(content: bytes) -> str:
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def _one_sided(base: bytes | None, ours: bytes, theirs: bytes) -> bytes | None:
    """The text that the merge must give when two of the three are equal."""
    if ours == theirs or base == theirs:
        return ours
    return theirs if base == ours else None


def _layout(document: JsonDocument) -> str:
    return repr(document.style)


def _by_lines(base: bytes | None, ours: bytes, theirs: bytes) -> _Lines | None:
    """The merge by lines, when it is clean and JSON: it has what either side did to the layout."""
    if base is None:
        return None
    merged = merge_text(base=base, ours=ours, theirs=theirs)
    if not merged.is_clean:
        return None
    try:
        return _Lines(merged.content, parse_json(merged.content).value)
    except NotJson:
        return None


def _may_stand(
    value: Json,
    merged: MergedJson,
    base: JsonDocument,
    sides: tuple[JsonDocument, JsonDocument],
    rules: FileRules,
) -> bool:
    """Whether a merge by lines that says something else loses no edit of either side.

    Where the tree has rules for the file, or one settled a place, lines stand only when they say
    the same, for they know nothing of rules. Otherwise such a merge is what people take from git
    every day; where the walk through the values says otherwise, lines are more often right.
    """
    if merged.settled or not rules.is_builtin:
        return False
    if any(rules.at(tuple(tokens(each.pointer))).is_whole for each in merged.conflicts):
        return False
    ours, theirs = (side.value for side in sides)
    return keeps_edits(base=base.value, ours=ours, theirs=theirs, result=value)


def merged_style(base: JsonStyle, ours: JsonStyle, theirs: JsonStyle) -> JsonStyle:
    """Each trait of the style as the side that changed it has it; else the one that sorts last."""
    return JsonStyle(
        indent=_merged(base.indent, ours.indent, theirs.indent),
        item_separator=_merged(base.item_separator, ours.item_separator, theirs.item_separator),
        key_separator=_merged(base.key_separator, ours.key_separator, theirs.key_separator),
        newline=_merged(base.newline, ours.newline, theirs.newline),
        ending=_merged(base.ending, ours.ending, theirs.ending),
        bom=_merged(base.bom, ours.bom, theirs.bom),
        ascii_only=_merged(base.ascii_only, ours.ascii_only, theirs.ascii_only),
        escaped_slashes=_merged(base.escaped_slashes, ours.escaped_slashes, theirs.escaped_slashes),
        inline_lists=_merged(base.inline_lists, ours.inline_lists, theirs.inline_lists),
    )


def _merged(base: Trait, ours: Trait, theirs: Trait) -> Trait:
    if base == ours:
        return theirs
    if base == theirs:
        return ours
    return max(ours, theirs, key=repr)


def with_unknown(base: Json, pointers: Collection[str]) -> Place:
    """Base with UNKNOWN at the places that the pointers name; base itself stays as it is.

    A pointer that leads past the end of a list makes the whole list unknown; one that leads past
    a key that is not there, that key.
    """
    value: Place = base
    for pointer in pointers:
        value = _hole(value, tuple(map(_step, pointer.split("/")[1:])))
    return value


def _step(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")


def _hole(value: Place, steps: Sequence[str]) -> Place:
    """A copy of the value with UNKNOWN where the steps lead; shares all else with it."""
    if not steps:
        return UNKNOWN
    step, rest = steps[0], steps[1:]
    if isinstance(value, dict):
        inner = _hole(value[step], rest) if step in value else UNKNOWN
        return {**value, step: cast("Json", inner)}
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        index = int(step)
        inner = _hole(value[index], rest)
        return [*value[:index], cast("Json", inner), *value[index + 1 :]]
    return UNKNOWN
