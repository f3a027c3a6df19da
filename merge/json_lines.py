"""JSON Lines merged record by record: one JSON value a line, as in logs and data sets.

The records are the items of a list, and merge as one does: by an identity field where all have
one, else by diff3. What both sides add at one place is kept, for a log has room for both: the run
that sorts first by its canonical text comes first, whoever is ours. A record that nobody changed
keeps its line, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyvcs.merge.json_compare import identical
from pyvcs.merge.json_layout import Spot
from pyvcs.merge.json_style import COMPACT, JsonStyle
from pyvcs.merge.json_text import MergedJsonText, with_unknown
from pyvcs.merge.json_tree import merge_values
from pyvcs.merge.json_value import ABSENT, Json, NotJson, Place, parse_json
from pyvcs.merge.json_writer import partners_of_items, written
from pyvcs.merge.rules import NO_RULES, FileRules, PlaceRule, PointerPattern
from pyvcs.objects.values import replace

_LOG = (PointerPattern.parse(""), PlaceRule(keeps_both=True))


class _Records:
    """The lines of one version, and the value of each."""

    def __init__(self, content: bytes) -> None:
        self.newline = "\r\n" if b"\r\n" in content else "\n"
        self.ending = self.newline if content.endswith(b"\n") else ""
        lines = content.split(b"\n")
        if not lines[-1]:
            lines.pop()
        self.lines: list[str] = []
        self.values: list[Json] = []
        self.styles: list[JsonStyle] = []
        for number, line in enumerate(lines, 1):
            try:
                document = parse_json(line.removesuffix(b"\r"))
            except NotJson as error:
                raise NotJson(f"line {number:,}: {error}") from None
            if document.style.bom:
                raise NotJson(f"line {number:,} begins with a byte order mark")
            self.lines.append(line.removesuffix(b"\r").decode())
            self.values.append(document.value)
            self.styles.append(document.style)

    def spot(self, number: int | None) -> Spot | None:
        """One record in its line."""
        return None if number is None else Spot.of(self.lines[number], self.values[number])


def merge_json_lines(
    *,
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    unknown: Collection[str] = (),
    rules: FileRules = NO_RULES,
) -> MergedJsonText:
    """Merges JSON Lines; NotJson, with the line, when one of them is no JSON.

    Base is None when both sides added the file. Pointers begin with the number of the record in
    the result, from 0; those in `unknown` are of base.
    """
    old = _Records(base or b"")
    sides = _Records(ours), _Records(theirs)
    known: Place = ABSENT if base is None else with_unknown(old.values, unknown)
    merged = merge_values(
        base=[] if known is ABSENT else known,
        ours=sides[0].values,
        theirs=sides[1].values,
        rules=replace(rules, places=(_LOG, *rules.places)),
    )
    assert isinstance(merged.value, list)
    newline, ending = _ends(old, *sides)
    text = _written(merged.value, (old, *sides), newline, ending)
    return MergedJsonText(text, merged.conflicts, merged.settled)


def read_json_lines(content: bytes) -> Json:
    """The records of JSON Lines, as a list; NotJson when there is a line that is none."""
    return _Records(content).values


def lines_with_value(content: bytes, value: Json) -> bytes:
    """JSON Lines with other records, in a list; what is the same in both keeps its bytes."""
    if not isinstance(value, list):
        raise NotJson("JSON Lines are a list of records")
    old = _Records(content)
    return _written(value, (old, old, old), old.newline, old.ending)


def _written(
    records: list[Json], versions: tuple[_Records, _Records, _Records], newline: str, ending: str
) -> bytes:
    """Records in lines, those of a version as that has them."""
    partners = [partners_of_items(records, version.values) for version in versions]
    lines = [
        _line(record, versions, tuple(found.get(number) for found in partners))
        for number, record in enumerate(records)
    ]
    return (newline.join(lines) + (ending if lines else "")).encode()


def _line(record: Json, versions: Sequence[_Records], numbers: Sequence[int | None]) -> str:
    """One record: the line of a version that has just this one, else written anew from them."""
    known = [
        (version, number)
        for version, number in zip(versions, numbers, strict=True)
        if number is not None
    ]
    same = [
        version.lines[number]
        for version, number in known
        if identical(version.values[number], record)
    ]
    if same:
        old = None if numbers[0] is None else versions[0].lines[numbers[0]]
        return max(same, key=lambda line: (line != old, line))
    spots = [version.spot(number) for version, number in zip(versions, numbers, strict=True)]
    style = max((version.styles[number] for version, number in known), default=COMPACT)
    return written(record, base=spots[0], ours=spots[1], theirs=spots[2], style=style)


def _ends(base: _Records, ours: _Records, theirs: _Records) -> tuple[str, str]:
    """The line end, and what stands after the last line: as the side that changed it has them."""
    newline = theirs.newline if ours.newline == base.newline else ours.newline
    ending = theirs.ending if ours.ending == base.ending else ours.ending
    if theirs.ending not in ("", ours.ending):
        ending = max(ours.ending, theirs.ending)
    return newline, newline if ending else ""
