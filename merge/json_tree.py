"""JSON values merged place by place.

Idea.        Walk the three values together. Where one side is as base was, the other side's value
             stands. Objects merge key by key, lists by `lists`, strings of several lines line by
             line. What is left is a conflict: it is reported with its pointer and three values,
             and one value is shown.
Invariant.   Every change of a side is in the result, or in a conflict at its place or above it.
Cost.        Linear in the places that differ, times their depth, plus the lists' own cost.
Result.      A MergedJson. Swapping ours and theirs gives the same value, and the same conflicts
             with their sides swapped: an edit is shown rather than a deletion, otherwise the
             value whose canonical text sorts last.
Source.      Laws 4 and 6; no other system's rules.
Not handled. A key that both sides renamed, to two names: both are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.json_check import check_json
from pyvcs.merge.json_compare import Keys, canonical, identical, same
from pyvcs.merge.json_value import ABSENT, UNKNOWN, Json, Missing, Place, Side
from pyvcs.merge.lists import merge_lists
from pyvcs.merge.order import merge_order
from pyvcs.merge.renamed_keys import Members, with_renames_followed
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.rules import COUNTER, NO_RULES, NOTHING, FileRules, PlaceRule
from pyvcs.merge.series import carried_on
from pyvcs.merge.together import is_torn
from pyvcs.objects.typed import TypeVar, cast
from pyvcs.objects.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

At: TypeAlias = tuple[str | int, ...]
Known = TypeVar("Known", bound="Place")


@dataclass(frozen=True, slots=True)
class JsonConflict:
    """A place that the sides changed in ways that cannot both be had.

    `pointer` is an RFC 6901 pointer into the result. For the kinds VALUE and VALUE_DELETE, base,
    ours and theirs are the values at that place; ABSENT where there is none, and a base that is
    UNKNOWN is one that nobody can tell. For ORDER, the pointer names the list, and the three are
    lists of the items that compete for one stretch of it. For SERIES, base is the value that
    one side carried on to that place, one side what the other made of it, the other the copy.
    """

    kind: ConflictKind
    pointer: str
    base: Place
    ours: Side
    theirs: Side


@dataclass(frozen=True, slots=True)
class SettledByRule:
    """A place that both sides changed, and that a rule settled: `rule` is its name."""

    rule: str
    pointer: str
    base: Place
    ours: Side
    theirs: Side
    result: Side


@dataclass(frozen=True, slots=True)
class MergedJson:
    """A merged value; at each conflict it shows one side. `settled` is what rules decided."""

    value: Json
    conflicts: tuple[JsonConflict, ...]
    settled: tuple[SettledByRule, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether there are no conflicts."""
        return not self.conflicts


def merge_json(
    *, base: object, ours: object, theirs: object, rules: FileRules = NO_RULES
) -> MergedJson:
    """Merges JSON values, made of dict, list, str, int, float, bool, None (and Number).

    Base may be ABSENT, when both sides added the document, and UNKNOWN may stand anywhere in it.
    The result and the conflicts are JSON, whatever the inputs are: what is no JSON value, or
    nested deeper than MAX_DEPTH, is a ValueError where it would get into them. The result shares
    parts with the inputs: copy before changing it.

    >>> merge_json(base={"a": 1, "b": 1}, ours={"a": 2, "b": 1}, theirs={"a": 1}).value
    {'a': 2}
    """
    # Ours is checked at once, and of the others only what differs: it is a third of the work.
    walk = Walk([], [], Keys(), rules, check_json)
    try:
        return _walked(walk, cast("Place", base), check_json(ours), cast("Json", theirs))
    except (TypeError, AttributeError, RecursionError):
        for side in (base, theirs):
            if side is not ABSENT:
                check_json(side, unknown=True)
        raise


def merge_values(
    *, base: Place, ours: Json, theirs: Json, rules: FileRules = NO_RULES
) -> MergedJson:
    """The same for values that are known to be JSON, such as those that were just read."""
    return _walked(Walk([], [], Keys(), rules, None), base, ours, theirs)


def _walked(walk: Walk, base: Place, ours: Json, theirs: Json) -> MergedJson:
    value = walk.place((), base, ours, theirs)
    if value is ABSENT:
        raise AssertionError("two values merged to none")
    return MergedJson(value, tuple(walk.conflicts), tuple(walk.settled))


def pointer_of(at: At) -> str:
    """The RFC 6901 pointer of a place.

    >>> pointer_of(("a/b", 0, "m~n"))
    '/a~1b/0/m~0n'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in at)


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through three values; gathers the conflicts that it meets, and what rules settle.

    `check` raises ValueError for what is no JSON value; None where all is known to be JSON.
    """

    conflicts: list[JsonConflict]
    settled: list[SettledByRule]
    keys: Keys
    rules: FileRules
    check: Callable[..., object] | None
    known: dict[At, PlaceRule] = field(default_factory=dict)

    def rule_at(self, at: At) -> PlaceRule:
        """What the rules say of a place."""
        if not self.rules.places:
            return NOTHING
        found = self.known.get(at)
        if found is None:
            found = self.known[at] = self.rules.at(at)
        return found

    def conflict(self, kind: ConflictKind, at: At, base: Place, ours: Side, theirs: Side) -> None:
        """Reports a conflict."""
        for value in (base, ours, theirs):
            self.checked(value)
        self.conflicts.append(JsonConflict(kind, pointer_of(at), base, ours, theirs))

    def checked(self, value: Known) -> Known:
        """The value, which gets into the result or a conflict."""
        if value is not ABSENT and self.check:
            self.check(value, unknown=True)
        return value

    def place(self, at: At, base: Place, ours: Side, theirs: Side) -> Side:
        """The merged value of a place, or ABSENT."""
        if ours is ABSENT or theirs is ABSENT:
            return self._deleted(at, base, ours, theirs)
        if base is UNKNOWN:
            alike = same(ours, theirs)
            return _spelling(ours, theirs) if alike else self._clash(at, base, ours, theirs)
        if base is not ABSENT:
            if identical(base, ours):
                return ours if identical(ours, theirs) else self.checked(theirs)
            if identical(base, theirs):
                return ours
        if identical(ours, theirs) and not self.rules.adds_up:
            return ours
        return self._changed(at, base, ours, theirs)

    def _deleted(self, at: At, base: Place, ours: Side, theirs: Side) -> Side:
        """At least one side has nothing here."""
        left = theirs if ours is ABSENT else ours
        if left is ABSENT or base is ABSENT:
            return self.checked(left)
        if base is not UNKNOWN and same(base, left):
            return ABSENT
        if base is not UNKNOWN and self.rules.places and self._is_remade(at, base, left):
            self.settle("remade", at, base, ours, theirs, ABSENT)
            return ABSENT
        self.conflict(ConflictKind.VALUE_DELETE, at, base, ours, theirs)
        return left

    def _is_remade(self, at: At, base: Place, left: Place) -> bool:
        """Whether two values differ only in what a machine makes again."""
        if self.rule_at(at).is_remade:
            return True
        if isinstance(base, dict) and isinstance(left, dict):
            return all(
                self._is_remade((*at, key), base.get(key, ABSENT), left.get(key, ABSENT))
                for key in {*base, *left}
            )
        return not isinstance(base, Missing) and not isinstance(left, Missing) and same(base, left)

    def _by_rule(self, at: At, base: Place, ours: Json, theirs: Json) -> Side:
        """What a rule makes of two values that both sides changed; ABSENT without one."""
        rule = self.rule_at(at)
        if rule.merger is None or (rule.name != COUNTER and same(ours, theirs)):
            return ABSENT
        result = rule.merger(self.checked(base), self.checked(ours), self.checked(theirs))
        if result is not ABSENT:
            self.settle(rule.name, at, base, ours, theirs, result)
        return result

    def settle(
        self, rule: str, at: At, base: Place, ours: Side, theirs: Side, result: Side
    ) -> None:
        """Notes what a rule settled."""
        self.settled.append(SettledByRule(rule, pointer_of(at), base, ours, theirs, result))

    def _changed(self, at: At, base: Place, ours: Json, theirs: Json) -> Json:
        """All three differ, if only in spelling."""
        if self.rules.places:
            settled = self._by_rule(at, base, ours, theirs)
            if settled is not ABSENT:
                return settled
            rule = self.rule_at(at)
            if rule.lead and (led := self._led(rule.lead, at, base, ours, theirs)) is not ABSENT:
                return led
            if rule.is_whole:
                return self._leaf(at, base, ours, theirs)
        if isinstance(ours, dict) and isinstance(theirs, dict):
            if base is ABSENT or isinstance(base, dict):
                return self._objects(at, {} if base is ABSENT else base, ours, theirs)
        elif isinstance(ours, list) and isinstance(theirs, list) and isinstance(base, list):
            return merge_lists(self, at, base, ours, theirs)
        return self._leaf(at, base, ours, theirs)

    def _leaf(self, at: At, base: Place, ours: Json, theirs: Json) -> Json:
        """Values that are not walked into: texts of several lines merge, all else is one value."""
        if same(ours, theirs):
            return _spelling(ours, theirs)
        if base is not ABSENT and base is not UNKNOWN:
            if same(base, ours):
                return theirs
            if same(base, theirs):
                return ours
            if isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str):
                merged = _merged_lines(base, ours, theirs)
                if merged is not None:
                    return merged
        return self._clash(at, base, ours, theirs)

    def _objects(
        self, at: At, base: dict[str, Json], ours: dict[str, Json], theirs: dict[str, Json]
    ) -> Json:
        """Objects key by key, in the order of keys that the sides agree on."""
        sides, known = (base, ours, theirs), len(self.conflicts)
        base, ours, theirs = with_renames_followed(base, ours, theirs, self.keys)
        rule = self.rule_at(at)
        if rule.raised_together:
            ours, theirs = self._raised_together(at, base, ours, theirs)
        merged: dict[str, Json] = {}
        for key in (*base, *sorted({*ours, *theirs} - {*base})):
            value = self.place(
                (*at, key), base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT)
            )
            if value is not ABSENT:
                merged[key] = value
        self._carried_on(at, base, ours, theirs)
        if rule.together and len(self.conflicts) == known and is_torn(rule.together, *sides):
            self.conflict(ConflictKind.REVIEW, at, *sides)
        order = merge_order(
            base=list(base),
            ours=list(ours),
            theirs=list(theirs),
            kept=merged,
            ranks=(_keys_rank, _keys_rank),
        )
        return {key: merged[key] for key in order.items}

    def _led(self, lead: Sequence[str], at: At, base: Place, ours: Json, theirs: Json) -> Side:
        """An object of which the members follow one; ABSENT when that does not tell enough."""
        from pyvcs.merge.led import following

        if not (isinstance(base, dict) and isinstance(ours, dict) and isinstance(theirs, dict)):
            return ABSENT
        sides = following(lead, base, ours, theirs)
        if sides is None:
            return ABSENT
        merged = self._objects(at, base, *sides)
        if sides != (ours, theirs):
            self.settle("follows-version", at, base, ours, theirs, merged)
        return merged

    def _carried_on(self, at: At, base: Members, ours: Members, theirs: Members) -> None:
        """Reports new members that carry on a value which the other side changed."""
        for key, before in carried_on(base, ours, theirs).items():
            place = *at, key
            self.conflict(ConflictKind.SERIES, place, base[before], ours[before], theirs[key])
        for key, before in carried_on(base, theirs, ours).items():
            place = *at, key
            self.conflict(ConflictKind.SERIES, place, base[before], ours[key], theirs[before])

    def _raised_together(
        self, at: At, base: Members, ours: Members, theirs: Members
    ) -> tuple[Members, Members]:
        """Both sides, with versions that the other one raised everywhere raised in new members."""
        from pyvcs.merge.types.version import raised_members

        for_theirs = raised_members(base, ours, theirs)
        for_ours = raised_members(base, theirs, ours)
        for key, (added, new) in for_theirs.items():
            self.settle("raised-together", (*at, key), ABSENT, ABSENT, added, new)
        for key, (added, new) in for_ours.items():
            self.settle("raised-together", (*at, key), ABSENT, added, ABSENT, new)
        return (
            {**ours, **{key: new for key, (_, new) in for_ours.items()}},
            {**theirs, **{key: new for key, (_, new) in for_theirs.items()}},
        )

    def _clash(self, at: At, base: Place, ours: Json, theirs: Json) -> Json:
        """A conflict of two values; shows the one whose canonical text sorts last."""
        self.conflict(ConflictKind.VALUE, at, base, ours, theirs)
        return max(ours, theirs, key=canonical)


def _keys_rank(keys: Sequence[str]) -> list[tuple[int, ...]]:
    """Ranks runs of keys so that the one that comes first in a dictionary ranks highest."""
    return [(*(-ord(sign) for sign in key), 1) for key in keys]


def _spelling(ours: Json, theirs: Json) -> Json:
    """One of two spellings of a value."""
    return max(ours, theirs, key=repr)


def _merged_lines(base: str, ours: str, theirs: str) -> str | None:
    """Strings of several lines merged line by line; None when that is no clean merge."""
    if "\n" not in base:
        return None
    merged = diff3(base=_lines(base), ours=_lines(ours), theirs=_lines(theirs))
    return "".join(merged.result) if merged.is_clean else None


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])
