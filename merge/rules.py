"""Rules: what a tree says of how its files merge, by path and by place in a document.

They are values. `rules_file` reads them from `.pyvcs.toml`, `builtin_rules` has those that
everybody gets, `tree_rules` finds out which count in a merge of trees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from pyvcs.merge.types import Merger

Driver: TypeAlias = "Literal['auto', 'json', 'jsonl', 'text', 'binary', 'union', 'ours-never']"
DRIVERS: tuple[Driver, ...] = (*("auto", "json", "jsonl", "text", "binary", "union", "ours-never"),)
Steps: TypeAlias = tuple[str | int, ...]

Identity: TypeAlias = "str | tuple[str, ...]"
"""What tells the items of a list apart: a field, a pointer into them, or several together."""

ANY_STEP, ANY_STEPS = "*", "**"


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """What holds at the places of a document that a pointer pattern matches.

    `identity` is the field that tells the items of a list apart; items that have none are
    recognized by the text in the first field of `content` that they have. `sorted_by` keeps a list
    sorted: by that field of its items, by the items themselves when it is "", not at all when None.
    `is_unordered` says that the order of a list has no meaning; `keeps_both` that what both sides
    insert at one place is all kept. `merger` merges two values that both sides changed; `name` is
    what it goes by. A value that `is_whole` is never merged inside. An object of which the sides
    changed different ones of the members that belong `together` is for a person to look at. A
    value that `is_remade` by a machine keeps nothing alive: what it stands in may be deleted though
    it changed. With `raised_together`, a version that one side raised everywhere in an object is
    raised in what the other side adds to it. `lead` names a member that the others of an object
    follow, and behind it those that do not; with none, nothing leads.
    """

    identity: Identity | None = None
    content: tuple[str, ...] = ()
    sorted_by: str | None = None
    is_unordered: bool = False
    keeps_both: bool = False
    merger: Merger | None = None
    name: str = ""
    is_whole: bool | None = None
    together: tuple[str, ...] = ()
    is_remade: bool = False
    raised_together: bool = False
    lead: tuple[str, ...] | None = None

    def over(self, other: PlaceRule) -> PlaceRule:
        """This rule, and what it leaves open as the other one says."""
        return PlaceRule(
            identity=self.identity if self.identity is not None else other.identity,
            content=self.content or other.content,
            sorted_by=self.sorted_by if self.sorted_by is not None else other.sorted_by,
            is_unordered=self.is_unordered or other.is_unordered,
            keeps_both=self.keeps_both or other.keeps_both,
            merger=self.merger or other.merger,
            name=self.name or other.name,
            is_whole=self.is_whole if self.is_whole is not None else other.is_whole,
            together=self.together or other.together,
            is_remade=self.is_remade or other.is_remade,
            raised_together=self.raised_together or other.raised_together,
            lead=self.lead if self.lead is not None else other.lead,
        )


NOTHING = PlaceRule()

COUNTER = "counter"
"""The name of the one merger for which two equal edits are two."""


@dataclass(frozen=True, slots=True)
class PointerPattern:
    """An RFC 6901 pointer in which `*` stands for any step and `**` for any number of them.

    >>> PointerPattern.parse("/items/*/tags").matches(("items", 3, "tags"))
    True
    """

    steps: tuple[str, ...]

    @classmethod
    def parse(cls, pointer: str) -> PointerPattern:
        """The pattern of a text; ValueError when it is no pointer."""
        if pointer and not pointer.startswith("/"):
            raise ValueError(f"{pointer!r} is no pointer: it begins with '/', as in '/items/*'")
        tokens = pointer.split("/")[1:]
        return cls(tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens))

    def matches(self, steps: Steps) -> bool:
        """Whether a place is one of those that are meant. Linear in steps times pattern."""
        reached = {0}
        for step in steps:
            reached = {
                after
                for at in self._closed(reached)
                if at < len(self.steps)
                for after in self._after(at, str(step))
            }
        return len(self.steps) in self._closed(reached)

    def _closed(self, reached: set[int]) -> set[int]:
        """Positions in the pattern, with those behind a `**` that matches nothing."""
        found = set(reached)
        for at in sorted(reached):
            while at < len(self.steps) and self.steps[at] == ANY_STEPS:
                at += 1
                found.add(at)
        return found

    def _after(self, at: int, step: str) -> Sequence[int]:
        wanted = self.steps[at]
        if wanted == ANY_STEPS:
            return (at,)
        return (at + 1,) if wanted in (ANY_STEP, step) else ()


@dataclass(frozen=True, slots=True)
class FileRules:
    """What the rules say of one file. `schema` is the text of a JSON Schema for it.

    With `takes_longer`, of two insertions into a text the one that holds the other stands.
    """

    driver: Driver = "auto"
    places: tuple[tuple[PointerPattern, PlaceRule], ...] = ()
    schema: bytes | None = None
    is_builtin: bool = True
    takes_longer: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether there is a counter: two equal edits of it are two, and not one made twice."""
        return any(rule.name == COUNTER for _, rule in self.places)

    def at(self, steps: Steps) -> PlaceRule:
        """The rule of a place; of several that match, what a later one says counts."""
        found = NOTHING
        for pattern, rule in self.places:
            if pattern.matches(steps):
                found = rule.over(found)
        return found


NO_RULES = FileRules()


@dataclass(frozen=True, slots=True)
class PathRule:
    """What holds for the files that a pattern matches: of a `name` when it is built in."""

    matches: Callable[[bytes], bool]
    rules: FileRules
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a tree, in order; `off` are the names of built-in ones that do not count.

    `problem` says why the file of rules could not be read, if so: then only built-in rules count.
    """

    paths: tuple[PathRule, ...] = ()
    off: frozenset[str] = frozenset()
    problem: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether some file may hold a counter, so that equal sides have to be looked into."""
        return any(rule.rules.adds_up for rule in self.paths)

    def with_keys(self, keys: Sequence[tuple[str, str]]) -> Rules:
        """The same with lists keyed by a field, in every file: pairs of pointer and field."""
        places = tuple(
            (PointerPattern.parse(pointer), PlaceRule(identity=name)) for pointer, name in keys
        )
        everywhere = PathRule(lambda _path: True, FileRules(places=places, is_builtin=False))
        return Rules((*self.paths, everywhere), self.off, self.problem)


BUILTIN = Rules()
"""No rules of one's own: what is built in counts."""
