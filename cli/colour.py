"""Colour on a terminal: when, and what has which."""

from __future__ import annotations

import os
import sys

from pyvcs.cli.declaring import choice, option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from pyvcs.cli.session import Session

    Command = TypeVar("Command", bound=Callable[..., Any])

STYLES = {
    "commit": "33",
    "file": "1",
    "hunk": "36",
    "removed": "31",
    "added": "32",
    "removed-word": "7;31",
    "added-word": "7;32",
    "place": "35",
}
"""Terminal codes (ECMA-48) by what is shown."""

_OFF = ("never", "false", False)

_END = "\x1b[m"


class Paint:
    """Puts colour on texts and bytes, or leaves them as they are."""

    def __init__(self, *, is_on: bool) -> None:
        self.is_on = is_on

    def __call__(self, style: str, text: str) -> str:
        """A text in a style of STYLES."""
        return f"\x1b[{STYLES[style]}m{text}{_END}" if self.is_on and text else text

    def bytes(self, style: str, content: bytes) -> bytes:
        """The same for bytes; a line end stays outside, where terminals want it."""
        if not self.is_on or not content:
            return content
        line = content.rstrip(b"\r\n")
        start, end = f"\x1b[{STYLES[style]}m".encode(), _END.encode()
        return start + line + end + content[len(line) :]


def paint_for(session: Session, when: str = "auto") -> Paint:
    """Colours for stdout: `always`, `never`, or `auto`.

    That is on a terminal, without NO_COLOR, and unless the setting color.ui is `never`.
    """
    if when == "auto":
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        on = wanted and sys.stdout.isatty() and session.setting("color.ui") not in _OFF
        return Paint(is_on=on)
    return Paint(is_on=when == "always")


def color_option(command: Command) -> Command:
    """The option `--color` for a command; its argument is called `color`."""
    asked = option(
        "--color",
        kind=choice("auto", "always", "never"),
        default="auto",
        show_default=True,
        help="When to use colour; auto: on a terminal without NO_COLOR.",
    )
    return asked(command)
