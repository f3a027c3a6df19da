"""Objects of git as bytes and values; no git is asked. Format: git's `gitformat-*` pages."""

from __future__ import annotations

import re
from hashlib import sha1
from typing import TypeAlias

from pyvcs.objects.commit import Identity, Timestamp
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Sha: TypeAlias = str
"""The name of an object of git: 40 hex digits."""

TREE, FILE, EXECUTABLE, SYMLINK, GITLINK = b"40000", b"100644", b"100755", b"120000", b"160000"

_ENTRY = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_PERSON = re.compile(rb"(.*?) ?<(.*?)> ?(-?[0-9]{1,19})(?: ([+-][0-9]+))?", re.DOTALL)
_MAX_ZONE_HOURS = 24


Row: TypeAlias = tuple[bytes, bytes, bytes]
"""An entry of a tree: its mode as it is spelled there, its name, and 20 bytes: what it names."""


@dataclass(frozen=True, slots=True)
class GitCommit:
    """A commit, or a tag, of git: its headers in their order, and its message, as bytes."""

    headers: tuple[tuple[bytes, bytes], ...]
    message: bytes

    def first(self, key: bytes) -> bytes | None:
        """The value of the first header of this name."""
        return next((value for known, value in self.headers if known == key), None)

    @property
    def encoding(self) -> str:
        """The encoding that it names, else UTF-8."""
        return (self.first(b"encoding") or b"utf-8").decode("ascii", "replace")

    def all(self, key: bytes) -> list[bytes]:
        """The values of all headers of this name."""
        return [value for known, value in self.headers if known == key]


def name_of(kind: str, body: bytes) -> Sha:
    """The name that git gives to an object."""
    return sha1(b"%s %d\0" % (kind.encode(), len(body)) + body, usedforsecurity=False).hexdigest()


def read_tree(body: bytes) -> list[Row]:
    """The entries of a tree, as they stand there. InvalidObject when it is broken."""
    found: list[Row] = _ENTRY.findall(body)
    if sum([len(mode) + len(name) for mode, name, _ in found]) + 22 * len(found) != len(body):
        raise InvalidObject("a tree of git is broken", hint="run `git fsck` there")
    return found


def rank(row: Row) -> bytes:
    """What git sorts entries by: a folder as if its name ended in a slash."""
    mode, name, _ = row
    return name + b"/" if mode == TREE else name


def are_in_order(rows: Iterable[Row]) -> bool:
    """Whether entries stand in git's order, so that `write_tree` gives their bytes."""
    ranks = list(map(rank, rows))
    return ranks == sorted(ranks)


def write_tree(rows: Iterable[Row]) -> bytes:
    """The bytes of a tree, in git's order."""
    return b"".join([b"%s %s\0%s" % row for row in sorted(rows, key=rank)])


def read_commit(body: bytes) -> GitCommit:
    """The headers and message of a commit or tag, however odd it is."""
    head, separator, message = body.partition(b"\n\n")
    if not separator:
        head = head.removesuffix(b"\n")
    headers: list[tuple[bytes, bytes]] = []
    for line in head.split(b"\n"):
        if line.startswith(b" ") and headers:
            key, value = headers[-1]
            headers[-1] = key, value + b"\n" + line[1:]
        else:
            key, _, value = line.partition(b" ")
            headers.append((key, value))
    return GitCommit(tuple(headers), message)


def write_commit(headers: Sequence[tuple[bytes, bytes]], message: bytes) -> bytes:
    """The bytes of a commit or tag."""
    lines = [key + b" " + value.replace(b"\n", b"\n ") for key, value in headers]
    return b"\n".join([*lines, b"", message])


def read_person(value: bytes | None, encoding: str) -> tuple[Identity, Timestamp]:
    """A person and a time, as well as they can be told."""
    match = _PERSON.fullmatch(value or b"")
    if match is None:
        return Identity(_plain((value or b"")[:200], encoding), ""), Timestamp(0)
    name, email, seconds, zone = match.groups()
    return (
        Identity(_plain(name, encoding), _plain(email, encoding)),
        Timestamp(max(-(1 << 61), min(1 << 61, int(seconds))), _minutes(zone or b"+0000")),
    )


def write_person(person: Identity, time: Timestamp) -> bytes:
    """The value of the header `author` or `committer`."""
    return f"{person.name} <{person.email}> {time.seconds} {time.zone}".encode()


def message_of(content: bytes, encoding: str) -> str:
    """A message as text, in the encoding that it names, else in UTF-8."""
    try:
        return content.decode(encoding, "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _plain(content: bytes, encoding: str) -> str:
    """Bytes as text without `<`, `>`, line breaks and NUL: what cannot be read is replaced."""
    text = message_of(content, encoding)
    return "".join("?" if letter in "<>\n\0" else letter for letter in text)


def _minutes(zone: bytes) -> int:
    hours, minutes = divmod(int(zone[1:]), 100)
    if hours >= _MAX_ZONE_HOURS or minutes >= 60:
        return 0
    return (hours * 60 + minutes) * (-1 if zone.startswith(b"-") else 1)
