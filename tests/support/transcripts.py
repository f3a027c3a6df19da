"""Documents with sessions of a terminal in them: every command is run, every output compared.

In a block of the language `console`, what stands after `$ ` is typed, and the lines below are what
is printed: data first and talk after it. `...` stands for anything within a line, and
`[exit code 4]` for how it ended. `cat > FILE` writes the lines below, `cd` goes to a folder.
What else is typed is the business of the terminal.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from terminal import Done, Terminal

_BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
_EXIT_CODE = re.compile(r"^\[exit code (\d+)\]\n", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One command of a document, the text typed or printed after it, and its exit code."""

    command: str
    text: str = ""
    code: int = 0


def steps(document: str) -> Iterator[Step]:
    """The steps in all console blocks, in order."""
    for block in _BLOCK.findall(document):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, text = part.partition("\n")
            code = _EXIT_CODE.search(text)
            yield Step(command, _EXIT_CODE.sub("", text), int(code[1]) if code else 0)


def matches(shown: str, printed: str) -> bool:
    """Whether the output is what a document shows."""
    pattern = re.escape(shown).replace(re.escape("..."), "[^\n]*")
    return re.fullmatch(pattern, printed) is not None


def play(document: str, terminal: Terminal) -> Iterator[tuple[Step, Done]]:
    """Type a whole document, beginning at a terminal: each step, and how it ended."""
    for step in steps(document):
        words = shlex.split(step.command)
        if words[0] == "cd":
            terminal = terminal.at((terminal.folder / words[1]).resolve(strict=True))
        elif words[:2] == ["cat", ">"]:
            terminal.write(words[2], step.text)
        else:
            yield step, terminal.type_line(step.command)


def check(document: str, terminal: Terminal) -> None:
    """Play a document, and compare all that it shows."""
    for step, done in play(document, terminal):
        printed = done.out + done.err
        assert done.code == step.code, f"$ {step.command}\n{printed}[exit code {done.code}]"
        assert matches(step.text, printed), f"$ {step.command}\n{printed}--- and not\n{step.text}"
