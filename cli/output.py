"""What pyvcs prints: data to stdout, talk to stderr. The only file that prints."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_ESCAPES = {
    ord("\n"): "\\n",
    ord("\t"): "\\t",
    ord("\r"): "\\r",
    ord("\\"): "\\\\",
    ord('"'): '\\"',
}


_before_text: list[Callable[[], None]] = []


def before_text(act: Callable[[], None]) -> None:
    """Do something, once, before anything else is printed: wipe out a progress line."""
    _before_text.append(act)


def out(text: str = "") -> None:
    """A line of data."""
    _make_room()
    sys.stdout.write(text + "\n")


def out_bytes(data: bytes) -> None:
    """Data as it is, without a line end."""
    _make_room()
    sys.stdout.flush()  # text written before has to come out before
    sys.stdout.buffer.write(data)


def prepare() -> None:
    """Let stdout and stderr take every path, those that are no UTF-8 too."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def _open_what_is_closed() -> None:
    """Let streams that the caller closed (`>&-`) lead nowhere.

    Else the next file to be opened has its number, and the programs that we run take it for theirs.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            os.set_inheritable(descriptor, True)
            setattr(sys, name, open(descriptor, mode))  # noqa: SIM115 - as long as we run


def flush() -> None:
    """Bring out what is still held back; a reader that went away shows here."""
    sys.stdout.flush()
    sys.stdout.buffer.flush()
    sys.stderr.flush()


def out_pieces(pieces: Iterable[str | bytes]) -> None:
    """Data that is partly text and partly bytes, as it is."""
    for piece in pieces:
        out_bytes(piece.encode("utf-8", "surrogateescape") if isinstance(piece, str) else piece)


def out_json(value: Any, *, line: bool = False) -> None:
    """A value as JSON: indented, or on one line."""
    import json

    out(json.dumps(value, indent=None if line else 2, ensure_ascii=True))


def out_exact_json(value: Any) -> None:
    """The same for a value that holds parts of documents, whose numbers keep their spelling."""
    from pyvcs.merge.json_style import JsonStyle, dump_json

    style = JsonStyle(indent="  ", item_separator=",", ascii_only=True)
    out(dump_json(value, style).decode())


def say(text: str) -> None:
    """A line of talk, for people."""
    _make_room()
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _make_room() -> None:
    while _before_text:
        _before_text.pop()()


def path_text(path: bytes) -> str:
    """A path for people: as it is, or in quotes with escapes when it would confuse a terminal."""
    text = path.decode("utf-8", "surrogateescape")
    if text.isprintable() and '"' not in text:
        return text
    shown = text.translate(_ESCAPES)
    return '"' + "".join(c if c.isprintable() else f"\\x{_code_of(c):02x}" for c in shown) + '"'


def _code_of(character: str) -> int:
    """The number of a character; of a byte that is no UTF-8 the byte."""
    code = ord(character)
    return code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
