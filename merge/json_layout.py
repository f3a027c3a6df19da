"""Where the parts of a JSON text lie: members and items with all that stands between them.

A container is read when somebody looks into it, and only its own members: the end of each is found
by the scanner of the standard library, at the speed of C. Texts are known to be JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import scanner
from json.decoder import JSONDecoder

from pyvcs.merge.json_number import Json
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

_SPACE = re.compile(r"[ \t\r\n]*+")
_GAP = re.compile(r"[ \t\r\n,]*+")
_NAME = re.compile(r'"(?:[^"\\]|\\.)*+"[ \t\r\n]*+:[ \t\r\n]*+')


def _nothing(_spelling: str) -> None:
    """A number is not needed to find its end."""


_make_scanner: Any = scanner.make_scanner
_scan: Final = _make_scanner(JSONDecoder(parse_int=_nothing, parse_float=_nothing))


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object or an item of a list: from its key (or value) to the end of its value.

    `gap` is what stands before it, commas included; `name` its key with the colon, as written.
    """

    gap: str
    name: str
    value_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A value, and where in a text it is written; `step` is one level of the text's indentation.

    `plain` is the same text as strict JSON: where it has comments and trailing commas, blanks.
    """

    text: str
    value: Json
    start: int
    end: int
    step: str = ""
    plain: str = ""

    @property
    def raw(self) -> str:
        """The value as it is written."""
        return self.text[self.start : self.end]

    @property
    def indent(self) -> str:
        """The white space at the beginning of the line that the value begins on."""
        line = self.text.rfind("\n", 0, self.start) + 1
        space = _SPACE.match(self.text, line)
        assert space is not None
        return self.text[line : min(space.end(), self.start)]

    @classmethod
    def of(cls, text: str, value: Json, step: str = "", plain: str = "") -> Spot:
        """The whole value of a text."""
        plain = plain or text
        start = len(plain) - len(plain.lstrip(" \t\r\n"))
        return cls(text, value, start, len(plain.rstrip(" \t\r\n")), step, plain)

    def members(self) -> list[Member]:
        """The members of an object, or the items of a list, in their order."""
        return list(self._members(isinstance(self.value, dict)))

    def _members(self, is_object: bool) -> Iterator[Member]:
        at = self.start + 1
        while True:
            gap = _GAP.match(self.plain, at)
            assert gap is not None
            start = value_start = gap.end()
            if start >= self.end - 1:
                return
            if is_object:
                name = _NAME.match(self.plain, start)
                assert name is not None
                value_start = name.end()
            _, end = _scan(self.plain, value_start)
            yield Member(self.text[at:start], self.text[start:value_start], value_start, end)
            at = end

    def spot_of(self, member: Member, value: Json) -> Spot:
        """One member's value."""
        return Spot(self.text, value, member.value_start, member.end, self.step, self.plain)

    def indented(self, indent: str, step: str) -> str:
        """The value as it would be written in lines of another indentation, and other steps."""
        if not step or not self.step or step == self.step or "\n" not in self.raw:
            return shifted(self.raw, before=self.indent, after=indent)
        first, *lines = self.raw.split("\n")
        return "\n".join([first, *(self._stepped(line, indent, step) for line in lines)])

    def _stepped(self, line: str, indent: str, step: str) -> str:
        rest = line.removeprefix(self.indent)
        levels = 0
        while rest.startswith(self.step):
            rest = rest.removeprefix(self.step)
            levels += 1
        return indent + step * levels + rest if rest else rest

    def tail(self, members: list[Member]) -> str:
        """What stands between the last member and the closing bracket."""
        return self.text[members[-1].end if members else self.start + 1 : self.end - 1]


def shifted(raw: str, *, before: str, after: str) -> str:
    """A written value moved from one indentation to another; empty lines stay empty."""
    if before == after or "\n" not in raw:
        return raw
    return re.sub(rf"\n{re.escape(before)}(?!\n)", "\n" + after, raw)
