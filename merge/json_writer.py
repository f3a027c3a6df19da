"""A merged JSON value written so that what nobody changed keeps its bytes.

Idea.        Place by place, three-way, as the values were merged. Where a side has just the merged
             value, its text of it is taken; where both have it, the text of the one that wrote it
             in another way than base. Where neither has, the container of one side is kept as it
             is written, brackets, white space and order, and its members are written in their turn;
             a member that comes from the other side brings its own text along, in the indentation
             of its new surroundings.
Invariant.   The text of a value that is identical in base and both sides is base's, but for its
             indentation. Which side is ours makes no difference.
Cost.        The standard library's scanner over each container on the way to what changed.
Result.      A text, which the caller reads again before it believes it.
Source.      Law 6.
Not handled. Texts of more than one kind of line end: all get the most common one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from json.encoder import encode_basestring, encode_basestring_ascii

from pyvcs.merge.json_compare import Keys, identical
from pyvcs.merge.json_layout import Member, Spot, shifted
from pyvcs.merge.json_number import Json
from pyvcs.merge.json_style import JsonStyle, dump_json
from pyvcs.merge.matching import interned, matched_runs
from pyvcs.merge.similar import IDENTITY_FIELDS, identities
from pyvcs.objects.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)

Spots: TypeAlias = "tuple[Spot | None, Spot | None, Spot | None]"
Partner: TypeAlias = "dict[int, int]"


def written(
    value: Json, *, base: Spot | None, ours: Spot | None, theirs: Spot | None, style: JsonStyle
) -> str:
    """The text of a merged value; `style` is for what no version has. Lines end with a newline."""
    parts = [_Part.of(spot, value) for spot in (base, ours, theirs)]
    canvas = _canvas(parts[0], [part for part in parts[1:] if part is not None])
    step = (canvas.spot.step if canvas else "") or style.indent
    plain = replace(style, newline="\n", ending="", bom=False, indent=style.indent and step)
    return _Writer(plain).place(value, (base, ours, theirs), "")


@dataclass(frozen=True, slots=True)
class _Part:
    """A side's container and its members."""

    spot: Spot
    members: list[Member]
    values: list[Json]
    indent: str

    @classmethod
    def of(cls, spot: Spot | None, like: Json) -> _Part | None:
        """The part of a spot, if it is a container of the same kind."""
        if spot is None or type(spot.value) is not type(like):
            return None
        value = spot.value
        if not isinstance(value, (dict, list)):
            return None
        values = list(value.values() if isinstance(value, dict) else value)
        return cls(spot, spot.members(), values, spot.indent)

    def is_laid_out_as(self, other: _Part) -> bool:
        """Whether two containers have the same gaps and colons, as far as both show them."""
        pairs = list(zip(self._layout(), other._layout(), strict=False))
        return all(mine == theirs for mine, theirs in pairs)

    def _layout(self) -> list[str]:
        """The tail, the gaps before the first two members, and how the first one has its colon."""
        gaps = [member.gap for member in self.members[:2]]
        found = [self.spot.tail(self.members), *gaps[:1]]
        found += [member.name.rpartition('"')[2] for member in self.members[:1]]
        line = "\n" + self.indent
        return [text.replace(line, "\n") for text in (*found, *gaps[1:])]


@dataclass(frozen=True, slots=True)
class _Writer:
    style: JsonStyle

    def place(self, value: Json, spots: Spots, indent: str) -> str:
        """A value at a place that stands in lines of this indentation."""
        chosen = _chosen(value, *spots)
        if isinstance(value, (dict, list)) and value and chosen is None:
            parts = [_Part.of(spot, value) for spot in spots]
            canvas = _canvas(parts[0], [part for part in parts[1:] if part is not None])
            if canvas is not None:
                return self._container(value, parts, canvas, indent)
        if chosen is None:
            have_it = [spot for spot in spots if spot and identical(spot.value, value)]
            chosen = max(have_it, key=_rank, default=None)
        return self._fresh(value, indent) if chosen is None else self._moved(chosen, indent)

    def _moved(self, spot: Spot, indent: str) -> str:
        """A written value in other surroundings; written anew where those are of another kind."""
        if self.style.indent is None and "\n" in spot.raw:
            return self._fresh(spot.value, indent)
        return spot.indented(indent, self.style.indent or "")

    def _fresh(self, value: Json, indent: str) -> str:
        text = dump_json(value, self.style).decode()
        return text.replace("\n", "\n" + indent) if indent else text

    def _container(
        self, value: Json, parts: Sequence[_Part | None], canvas: _Part, indent: str
    ) -> str:
        """A container with the brackets and gaps of one side, and the members of all."""
        names = list(value) if isinstance(value, dict) else None
        items = list(value.values()) if isinstance(value, dict) else value
        assert isinstance(items, list)
        partners = [self._partners(names, items, part) for part in parts]
        at_canvas = partners[next(n for n, part in enumerate(parts) if part is canvas)]
        inner = self._inner(canvas, indent)
        gaps = [self._gap(n, parts, partners, canvas, indent) for n in range(len(items))]
        tail = self._tail(parts, canvas, gaps, at_canvas, indent)
        out: list[str] = []
        for n, item in enumerate(items):
            out.append(gaps[n])
            out.append(self._name(names, n, parts, partners, canvas, at_canvas))
            spots = [
                part.spot.spot_of(part.members[found[n]], part.values[found[n]])
                if part is not None and n in found
                else None
                for part, found in zip(parts, partners, strict=True)
            ]
            out.append(self.place(item, (spots[0], spots[1], spots[2]), inner))
        signs = "{}" if isinstance(value, dict) else "[]"
        return signs[0] + "".join(out) + tail + signs[1]

    def _tail(
        self,
        parts: Sequence[_Part | None],
        canvas: _Part,
        gaps: list[str],
        at_canvas: Partner,
        indent: str,
    ) -> str:
        """What stands before the closing bracket.

        A comment on the line of the last member goes with it when another one follows now: into
        the gap that follows.
        """
        if not canvas.members:
            return "\n" + indent if self.style.indent is not None else ""
        base = parts[0]
        tails = [
            shifted(part.spot.tail(part.members), before=part.indent, after=indent)
            for part in (canvas, *(part for part in parts[1:] if part and part is not canvas))
        ]
        tail = tails[0]
        if base is not None and len(tails) > 1 and "/" in "".join(tails):
            old = shifted(base.spot.tail(base.members), before=base.indent, after=indent)
            tail = tails[1] if tail == old else tail
        head, line, rest = tail.partition("\n")
        last = len(canvas.members) - 1
        at = next((n for n, m in at_canvas.items() if m == last), len(gaps)) + 1
        if not line or "/" not in head or at >= len(gaps):
            return tail
        comma = "," if "," in _COMMENT.sub("", head) else ""
        gaps[at] = ("" if comma else ",") + head + gaps[at].replace(",", "", 1)
        return comma + line + rest

    def _inner(self, canvas: _Part, indent: str) -> str:
        """The indentation of the lines that the members of a container stand in."""
        if not canvas.members:
            return indent + (self.style.indent or "")
        first = canvas.members[0]
        own = canvas.spot.spot_of(first, None).indent
        before = canvas.indent
        return indent + own[len(before) :] if own.startswith(before) else own

    def _gap(
        self,
        n: int,
        parts: Sequence[_Part | None],
        partners: Sequence[Partner],
        canvas: _Part,
        indent: str,
    ) -> str:
        """What stands before a member: as where it follows the same one, else as usual.

        Where both sides have it, and one wrote it anew (a comment in it, say), as that one has it.
        """
        found = [
            None if part is None else _gap_of(part, at, n, indent)
            for part, at in zip(parts, partners, strict=True)
        ]
        here = next(gap for gap, part in zip(found, parts, strict=True) if part is canvas)
        if here is not None and all(gap in (here, None) for gap in found):
            return here
        usual = self._usual(n, canvas, indent)
        there = next(
            (
                gap
                for gap, part in zip(found[1:], parts[1:], strict=True)
                if part is not None and part is not canvas and gap and self._fits(gap, part, usual)
            ),
            None,
        )
        if here is None:
            return usual if there is None else there
        return there if there is not None and here == found[0] else here

    def _fits(self, gap: str, part: _Part, usual: str) -> bool:
        """Whether a gap of the other side may stand where the canvas would have its usual one."""
        return ("\n" in gap) == ("\n" in usual) and part.spot.step in ("", self.style.indent)

    def _usual(self, n: int, canvas: _Part, indent: str) -> str:
        """The gap that a container has before its first member, or before any other."""
        members = canvas.members
        line = "" if self.style.indent is None else "\n" + indent + self.style.indent
        if not members:
            between = self.style.item_separator
            return line if n == 0 else between.rstrip() + line if line else between
        first = shifted(_bare(members[0].gap), before=canvas.indent, after=indent)
        if n == 0:
            return first
        if len(members) > 1:
            return shifted(_bare(members[1].gap), before=canvas.indent, after=indent)
        if first:
            return "," + first
        in_line = self.style.inline_lists if isinstance(canvas.spot.value, list) else None
        return in_line or self.style.item_separator

    def _name(
        self,
        names: list[str] | None,
        n: int,
        parts: Sequence[_Part | None],
        partners: Sequence[Partner],
        canvas: _Part,
        at_canvas: Partner,
    ) -> str:
        """A member's key and colon, as a side has it."""
        if names is None:
            return ""
        if n in at_canvas:
            return canvas.members[at_canvas[n]].name
        for part, found in zip(parts[1:], partners[1:], strict=True):
            if part is not None and n in found:
                return part.members[found[n]].name
        quote = encode_basestring_ascii if self.style.ascii_only else encode_basestring
        return quote(names[n]) + self.style.key_separator

    def _partners(self, names: list[str] | None, items: list[Json], part: _Part | None) -> Partner:
        """Which member of a side each member of the result is."""
        if part is None:
            return {}
        if names is not None and isinstance(part.spot.value, dict):
            places = {name: n for n, name in enumerate(part.spot.value)}
            return {n: places[name] for n, name in enumerate(names) if name in places}
        return partners_of_items(items, part.values)


def _gap_of(part: _Part, found: Partner, n: int, indent: str) -> str | None:
    """What a side has before a member, if that follows there the one that it follows here."""
    at = found.get(n)
    if at is None or at != (0 if n == 0 else found.get(n - 1, -2) + 1):
        return None
    return shifted(part.members[at].gap, before=part.indent, after=indent)


def _bare(gap: str) -> str:
    """A gap without the comments in it."""
    if "/" not in gap:
        return gap
    comma = "," if "," in _COMMENT.sub("", gap) else ""
    return comma + ("\n" + gap.rpartition("\n")[2] if "\n" in gap else " ")


def partners_of_items(items: list[Json], others: list[Json]) -> Partner:
    """Which of the other items each item is, by their indices.

    Items that are one by an identity field, else equal ones in order, then those left between.
    """
    for field in IDENTITY_FIELDS:
        mine, theirs = identities(items, field), identities(others, field)
        if mine and theirs and len(set(mine)) == len(mine) and len(set(theirs)) == len(theirs):
            places = {name: n for n, name in enumerate(theirs)}
            return {n: places[name] for n, name in enumerate(mine) if name in places}
    keys = Keys()
    mine, theirs = list(map(keys.of, items)), list(map(keys.of, others))
    ids = interned(mine, theirs)
    found: Partner = {}
    edited: Partner = {}
    before = (0, 0)
    for mine_at, other_at, length in [*matched_runs(*ids), (len(items), len(others), 0)]:
        if mine_at - before[0] == other_at - before[1]:  # as many between: one for one
            pairs = zip(range(before[0], mine_at), range(before[1], other_at), strict=True)
            edited.update((n, m) for n, m in pairs if type(items[n]) is type(others[m]))
        found.update((mine_at + n, other_at + n) for n in range(length))
        before = mine_at + length, other_at + length
    elsewhere = {name: n for n, name in enumerate(theirs)}  # what moved, or stands there once more
    moved = {n: elsewhere[name] for n, name in enumerate(mine) if name in elsewhere}
    return {**edited, **moved, **found}


def _chosen(value: Json, base: Spot | None, ours: Spot | None, theirs: Spot | None) -> Spot | None:
    """The side whose text of a value stands as it is; None when both wrote something anew."""
    found = [spot for spot in (ours, theirs) if spot and identical(spot.value, value)]
    if not found or ours is None or theirs is None:
        return found[0] if found else None
    if (ours.raw, ours.indent, ours.step) == (theirs.raw, theirs.indent, theirs.step):
        return ours
    texts = [shifted(spot.raw, before=spot.indent, after="") for spot in (ours, theirs)]
    if texts[0] == texts[1]:
        return max(ours, theirs, key=_rank)
    if base is not None:
        old = shifted(base.raw, before=base.indent, after="")
        for text, other in zip(texts, (theirs, ours), strict=True):
            if text == old and other in found:
                return other
    return None


def _rank(spot: Spot) -> tuple[str, ...]:
    """Which of several texts is taken, whoever is ours."""
    return shifted(spot.raw, before=spot.indent, after=""), spot.raw, spot.step, spot.indent


def _canvas(base: _Part | None, parts: Sequence[_Part]) -> _Part | None:
    """The side whose container is kept: the one that laid it out anew, else the fuller one."""
    if len(parts) < 2:
        return parts[0] if parts else None
    if base is not None:
        same = [part.is_laid_out_as(base) for part in parts]
        if same[0] != same[1]:
            return parts[same.index(False)]
    return max(parts, key=lambda part: (bool(part.members), _rank(part.spot)))
