"""JSON with comments and trailing commas, as editors and compilers keep their settings.

Comments and commas are blanked, character for character, and what is left is read as strict JSON:
so every place of the value is where it is in the text, and merged text keeps the comments that
stand between the members it keeps. They stay with the member that follows them, or on the line of
the one before. A comment that a side added, changed or removed is so in the result; where that
cannot be had, because both changed it, the file is no JSON to us and merges by lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from pyvcs.merge.json_compare import identical, same
from pyvcs.merge.json_layout import Spot
from pyvcs.merge.json_text import MergedJsonText, merged_style, with_unknown
from pyvcs.merge.json_tree import MergedJson, merge_values
from pyvcs.merge.json_value import ABSENT, Json, JsonDocument, NotJson, parse_json
from pyvcs.merge.json_writer import written
from pyvcs.merge.kept_edits import adds_up, keeps_edits
from pyvcs.merge.rules import NO_RULES, FileRules
from pyvcs.merge.text import merge_text

# What is not closed is matched all the same, to its end, so that no place is looked at twice. What
# lies between two comments, or two such commas, is one match: documents have a million strings.
_STRING = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?+'
_BLANKS = r"[ \t\r\n]*+"
_COMMENTS = re.compile(
    rf'(?:[^"/]++|{_STRING}|/(?![/*]))++' + r"|(//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z))"
)
_COMMAS = re.compile(
    rf'(?:[^",\[{{]++|{_STRING}|[\[{{](?:{_BLANKS},)?+|,(?!{_BLANKS}[\]}}]))++|(,)'
)
_INK = re.compile(r"[^\r\n]")


class CommentsInTheWay(NotJson):
    """Both sides changed what stands around a comment: the documents merge by lines instead."""


class Commented:
    """A text as it is, as strict JSON of the same length, and as a value."""

    def __init__(self, content: bytes) -> None:
        self.text = _decoded(content)
        self.comments = [found[1] for found in _COMMENTS.finditer(self.text) if found[1]]
        if any(comment[1] == "*" and not comment.endswith("*/", 2) for comment in self.comments):
            raise NotJson("a comment is not closed")
        self.plain = _plain(self.text)
        self.document = parse_json(self.plain.encode())
        self.has_mark = content.startswith(b"\xef\xbb\xbf")
        self.newline = "\r\n" if b"\r\n" in content else "\n"

    @property
    def spot(self) -> Spot:
        """The whole value in its text."""
        step = self.document.style.indent or ""
        return Spot.of(self.text, self.document.value, step, self.plain)


def without_comments(content: bytes) -> str:
    """The text as strict JSON, if it is JSON with comments; NotJson when it is no UTF-8."""
    return _plain(_decoded(content))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise NotJson(f"not UTF-8 at byte {error.start:,}") from None


def _plain(text: str) -> str:
    return _blanked(_COMMAS, _blanked(_COMMENTS, text))


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text with blanks for what the pattern's group finds; line breaks stay."""
    return pattern.sub(lambda found: _INK.sub(" ", found[0]) if found[1] else found[0], text)


def parse_commented(content: bytes) -> JsonDocument:
    """The document in a text with comments; NotJson when it is none."""
    return Commented(content).document


def merge_json_with_comments(
    *,
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    unknown: Collection[str] = (),
    rules: FileRules = NO_RULES,
) -> MergedJsonText:
    """Merges JSON with comments; NotJson when one is none.

    CommentsInTheWay when both sides changed a comment.
    """
    old = Commented(base if base is not None else b"null")
    sides = Commented(ours), Commented(theirs)
    value = ABSENT if base is None else with_unknown(old.document.value, unknown)
    one, other = (side.document for side in sides)
    merged = merge_values(base=value, ours=one.value, theirs=other.value, rules=rules)
    if base is not None and not unknown and rules.is_builtin:
        by_lines = merge_text(base=base, ours=ours, theirs=theirs)
        if by_lines.is_clean and _may_stand(by_lines.content, merged, old, sides):
            return MergedJsonText(by_lines.content, ())
    content = _written(merged.value, old if base is not None else None, *sides)
    found = Commented(content)
    if not identical(found.document.value, merged.value) or not _keeps_comments(old, *sides, found):
        raise CommentsInTheWay("both sides changed what stands around a comment")
    return MergedJsonText(content, merged.conflicts, merged.settled)


def commented_with_value(content: bytes, value: Json) -> bytes:
    """A text with another value; NotJson where a comment would be lost."""
    old = Commented(content)
    changed = _written(value, old, old, old)
    if not identical(Commented(changed).document.value, value):
        raise NotJson("the text cannot be written with that value")
    return changed


def _may_stand(
    content: bytes, merged: MergedJson, base: Commented, sides: tuple[Commented, Commented]
) -> bool:
    """Whether a clean merge by lines is such a text, and loses neither edit nor comment."""
    try:
        found = Commented(content)
    except NotJson:
        return False
    result = found.document.value
    values = (each.document.value for each in (base, *sides))
    old, ours, theirs = values
    return _keeps_comments(base, *sides, found) and (
        (merged.is_clean and same(result, merged.value))
        or (not merged.settled and keeps_edits(base=old, ours=ours, theirs=theirs, result=result))
    )


def _keeps_comments(base: Commented, ours: Commented, theirs: Commented, found: Commented) -> bool:
    """Whether each comment is there as often as the edits of both sides make it."""
    old, one, other, new = (Counter(each.comments) for each in (base, ours, theirs, found))
    return all(
        adds_up(one[text] - old[text], other[text] - old[text], new[text] - old[text])
        for text in {*old, *one, *other, *new}
    )


def _written(value: Json, base: Commented | None, ours: Commented, theirs: Commented) -> bytes:
    sides = ours.document.style, theirs.document.style
    style = merged_style(base.document.style if base else max(sides), *sides)
    spots = ours.spot, theirs.spot
    old = None if base is None else base.spot
    body = written(value, base=old, ours=spots[0], theirs=spots[1], style=style)
    head = _edge([None if spot is None else spot.text[: spot.start] for spot in (old, *spots)])
    foot = _edge([None if spot is None else spot.text[spot.end :] for spot in (old, *spots)])
    newline = theirs.newline if base is None or ours.newline == base.newline else ours.newline
    text = f"{head}{body}{foot}".replace("\n", newline)
    mark = theirs.has_mark if base is None or ours.has_mark == base.has_mark else ours.has_mark
    return ("\ufeff" * mark + text).encode()


def _edge(texts: Sequence[str | None]) -> str:
    """What stands before or behind the whole value: as the side that changed it has it."""
    before, ours, theirs = texts
    assert ours is not None
    assert theirs is not None
    if before in (ours, theirs):
        return theirs if before == ours else ours
    return max(ours, theirs)
