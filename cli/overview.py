"""The overview: what `pyvcs` prints by itself and with `--help`, laid out as click would.

It is asked for most by those who have just come, and loading click takes longer than all else it
needs. `cli/group.py` prints the same text where click is loaded anyway.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ABOUT = "A version store, like git, whose merges converge."
FOLDER = "Run as if started in DIR."
VERSION = "Print the version."
EXAMPLE = 'pyvcs init && pyvcs commit -m "first"'
_OPTIONS = (
    ("-C DIR", FOLDER),
    ("--version", VERSION),
    ("-h, --help", "Show this message and exit."),
)
_MOST, _LEAST, _MARGIN = 80, 50, 2


def overview(commands: Mapping[str, str], width: int) -> str:
    """How pyvcs is used, its options and its commands, in lines of `width` characters at most."""
    lines = ["Usage: pyvcs [OPTIONS] COMMAND [ARGS]...", ""]
    lines += [f"  {line}" for line in _wrapped(ABOUT, width - 2)]
    lines += ["", "  Example:", f"    {EXAMPLE}"]
    lines += ["", "Options:", *_two_columns(_OPTIONS, width)]
    lines += ["", "Commands:", *_two_columns(sorted(commands.items()), width)]
    return "\n".join(lines)


def terminal_width() -> int:
    """How wide a line of help is: as COLUMNS or the terminal says, but neither wide nor narrow."""
    columns = _columns_told() or _columns_of_terminal() or _MOST
    return max(min(columns, _MOST) - _MARGIN, _LEAST)


def _columns_told() -> int:
    try:
        return max(int(os.environ["COLUMNS"]), 0)
    except (KeyError, ValueError):
        return 0


def _columns_of_terminal() -> int:
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):  # stdout is closed, or no terminal
        return 0


def _two_columns(rows: Iterable[tuple[str, str]], width: int) -> list[str]:
    """Names at the left, and what they are at the right."""
    rows = list(rows)
    left = max(len(name) for name, _ in rows) + 2
    lines = []
    for name, text in rows:
        first, *rest = _wrapped(text, width - left - 2)
        lines += [f"  {name:<{left}}{first}", *(" " * (left + 2) + line for line in rest)]
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    """The words of a text in as few lines as they fit into."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines
