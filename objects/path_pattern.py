"""One line of an ignore file, as a regular expression over the bytes of a path.

Idea.        A line is cut at its stars into pieces of fixed length, and each piece is looked for at
             the first place where it fits: if a later place would do, the first one does too,
             because the next star takes up the slack. So no search is ever tried again, and no
             line can make matching slow: all but the last piece are atomic groups.
Invariant.   A star stays within one name. What stands between two double stars, which cross
             slashes, ends with a slash: where it starts earliest, it also ends earliest.
Cost.        For each double star one search over the path, of cost O(length squared) at worst.
Result.      A `Pattern`, or None for a comment and for a line that matches nothing.
Source.      gitignore(5); the corners are those of git's own matcher (dir.c, wildmatch.c), which is
             the witness in the tests. Bytes are matched, not letters: `?` is one byte.
Not handled. Case folding (git's core.ignorecase).
"""

from __future__ import annotations

import re
from functools import cache

from pyvcs.objects.values import dataclass

ONE_NAME, ANY_FOLDERS, ANYTHING = b"*", b"**/", b"**"
"""Stars: a part of one name; any number of whole folders; whatever there is, slashes too."""

_SPECIAL = re.compile(rb"[*?\[\\]")
_STARS = re.compile(rb"\*+")
_CLASS = rb"\[:([^\]]*)\]"
_OPENERS = {b"": b"", ANY_FOLDERS: b"(?:.*?/)??", ANYTHING: b".*?"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a line says, and of which paths."""

    regex: bytes
    """Matches, from start to end, the path below the ignore file's folder, or the name alone."""
    by_name: bool
    folders_only: bool
    ignores: bool
    """False for a line that begins with `!`."""


def parse_line(line: bytes) -> Pattern | None:
    """The pattern of a line without its newline, or None when it has none."""
    line = line.removesuffix(b"\r").partition(b"\0")[0]
    if line.startswith(b"#"):
        return None
    glob = _without_trailing_spaces(line)
    ignores = not glob.startswith(b"!")
    glob = glob.removeprefix(b"!")
    folders_only = glob.endswith(b"/")
    glob = glob.removesuffix(b"/")
    by_name = b"/" not in glob
    items = _items(glob.removeprefix(b"/"), crossing=not by_name) if glob else None
    return None if items is None else Pattern(_regex(items), by_name, folders_only, ignores)


def _without_trailing_spaces(line: bytes) -> bytes:
    """The line without the spaces at its end, but for one that a backslash protects."""
    stripped = line.rstrip(b" ")
    backslashes = len(stripped) - len(stripped.rstrip(b"\\"))
    return line[: len(stripped) + backslashes % 2]


def _items(glob: bytes, *, crossing: bool) -> list[tuple[bytes, bytes]] | None:
    """The glob as pairs of a star and the regular expression of what follows; b"" starts.

    Whole paths are matched when `crossing`. None when the glob matches nothing.
    """
    special = _SPECIAL.search(glob)
    at = start = special.start() if special else len(glob)
    items = [(b"", re.escape(glob[:start]))]
    while at < len(glob):
        stars = _STARS.match(glob, at)
        if stars is not None:
            # git takes what stands before the first special byte away, so that a double star just
            # there counts as one at the start of a name: `a**/b` matches `ax/b` and `ab`.
            aligned = crossing and (at == start or glob[at - 1 : at] == b"/")
            star, at = _star(glob, stars, aligned=aligned)
            items.append((star, b""))
            continue
        piece, at = _piece(glob, at)
        if piece is None:
            return None
        items[-1] = (items[-1][0], items[-1][1] + piece)
    return items


def _star(glob: bytes, stars: re.Match[bytes], *, aligned: bool) -> tuple[bytes, int]:
    """Which star this is, and where what follows begins."""
    end = stars.end()
    if not aligned or end - stars.start() < 2:
        return ONE_NAME, end
    if glob[end : end + 1] == b"/":
        return ANY_FOLDERS, end + 1
    if end == len(glob) or glob[end : end + 2] == b"\\/":
        return ANYTHING, end
    return ONE_NAME, end


def _piece(glob: bytes, at: int) -> tuple[bytes | None, int]:
    """The regular expression of one byte's worth of glob, or None, and where the next begins."""
    byte = glob[at : at + 1]
    if byte == b"?":
        return b"[^/]", at + 1
    if byte == b"\\":
        escaped = glob[at + 1 : at + 2]
        return (re.escape(escaped) if escaped else None), at + 2
    if byte == b"[":
        return _bracket(glob + b"\0", at + 1)
    return re.escape(byte), at + 1


def _bracket(glob: bytes, at: int) -> tuple[bytes | None, int]:
    """The same for `[…]`, from behind the bracket; `glob` ends with a NUL, as git's do."""
    negated = glob[at] in b"!^"
    at += negated
    members: set[int] = set()
    low, first, class_at = 0, True, re.compile(_CLASS).match
    while first or glob[at] != ord("]"):
        first = False
        named = class_at(glob, at)
        if glob[at] == ord("-") and low and glob[at + 1] not in b"\0]":
            at += 2 if glob[at + 1] == ord("\\") else 1
            members.update(range(low, glob[at] + 1))
            low = 0
        elif named is not None and named[1].endswith(b":"):
            members.update(_classes().get(named[1][:-1], "\0").encode())
            at = named.end() - 1
            low = 0
        else:
            if glob.startswith(b"[:", at) and named is None:
                return None, at
            at += glob[at] == ord("\\")
            low = glob[at]
            members.add(low)
        if not glob[at] or 0 in members:
            return None, at
        at += 1
    chosen = set(range(256)) - members if negated else members
    return _class_of(chosen - {ord("/")}), at + 1


@cache
def _classes() -> dict[bytes, str]:
    """The letters of each class by its name. Few patterns have one, and `string` takes 0.5 ms."""
    import string

    plain = string.ascii_letters + string.digits + string.punctuation
    return {
        b"alnum": string.ascii_letters + string.digits,
        b"alpha": string.ascii_letters,
        b"blank": " \t",
        b"cntrl": bytes((*range(1, 32), 127)).decode(),
        b"digit": string.digits,
        b"graph": plain,
        b"lower": string.ascii_lowercase,
        b"print": plain + " ",
        b"punct": string.punctuation,
        b"space": " \t\n\r",
        b"upper": string.ascii_uppercase,
        b"xdigit": string.hexdigits,
    }


def _class_of(members: set[int]) -> bytes:
    if not members:
        return b"(?!)"
    return b"[" + b"".join(b"\\x%02x" % member for member in sorted(members)) + b"]"


def _regex(items: list[tuple[bytes, bytes]]) -> bytes:
    groups: list[bytes] = []
    for number, (star, piece) in enumerate(items):
        text = piece + (rb"\Z" if number == len(items) - 1 else b"")
        if star == ONE_NAME:
            groups[-1] += b"(?>[^/]*?" + text + b")"
        else:
            groups.append(_OPENERS[star] + text)
    return b"".join(b"(?>" + group + b")" for group in groups[:-1]) + groups[-1]
