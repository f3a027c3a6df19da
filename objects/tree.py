"""A tree: the entries of one folder, sorted by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid

MAX_NAME_BYTES = 4096
"""No file system takes longer names; a longer one is refused before anything is done with it."""

MAX_DEPTH = 256
"""How many folders may lie inside each other; people use about 20, and walks may then recurse."""

# Code points that HFS+ leaves out when it compares names, so `.py\u200cvcs` is `.pyvcs` there.
_HFS_IGNORED = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_OWN_FOLDER = re.compile(r"\.pyvcs|pyvcs~[0-9]+")


class TreeEntry(NamedTuple):
    """One name in a folder. A tuple and not a dataclass: trees of 10,000 entries are everyday."""

    name: bytes
    mode: Mode
    oid: Oid


def folded(name: bytes) -> str:
    """The name as a file system sees it that ignores case and Unicode composition."""
    if name.isascii():
        return name.decode("ascii").lower()
    text = name.decode("utf-8", "surrogateescape")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def is_own_folder(name: bytes) -> bool:
    """Whether some common file system takes `name` for `.pyvcs`.

    Covers case, Windows' trailing dots and spaces, its short names (`PYVCS~1`) and streams
    (`.pyvcs::$INDEX_ALLOCATION`), and the code points that HFS+ leaves out.
    """
    if name[:1] not in b".pP\xe2\xef":
        return False
    text = _HFS_IGNORED.sub("", folded(name))
    return _OWN_FOLDER.fullmatch(text.split(":", 1)[0].rstrip(". ")) is not None


def check_name(name: bytes) -> None:
    """Raise InvalidObject unless `name` may stand in a tree."""
    if not name or name in (b".", b"..") or b"/" in name or b"\0" in name:
        raise InvalidObject(f"{display(name)} cannot be the name of a tree entry")
    if len(name) > MAX_NAME_BYTES:
        raise InvalidObject(f"a name of {len(name)} bytes; at most {MAX_NAME_BYTES} are allowed")
    if is_own_folder(name):
        raise InvalidObject(
            f"{display(name)} is the repository's own folder on some file system",
            hint="rename the file or ignore it",
        )


def check_depth(path: bytes) -> None:
    """Raise InvalidObject when the folder at `path` lies deeper than MAX_DEPTH."""
    if path.count(b"/") >= MAX_DEPTH:
        raise InvalidObject(f"folders lie more than {MAX_DEPTH} deep below {display(path[:60])}")


def display(path: bytes) -> str:
    """A path or name for messages: UTF-8 in quotes, other bytes escaped."""
    return f"'{path.decode('utf-8', 'backslashreplace')}'"


@dataclass(frozen=True, slots=True)
class Tree:
    """The entries of one folder, sorted by the bytes of their names.

    No two names are equal, nor equal after case folding and NFC: such a tree could not be
    checked out on every file system. Breaking a rule is an InvalidObject that names the names.
    """

    entries: tuple[TreeEntry, ...] = ()

    def __post_init__(self) -> None:
        previous = b""
        for name, _, _ in self.entries:
            check_name(name)
            if name <= previous:
                raise InvalidObject(
                    f"tree entries {display(previous)} and {display(name)} are not in order"
                )
            previous = name
        if len({folded(name) for name, _, _ in self.entries}) != len(self.entries):
            self._name_the_clash()

    def _name_the_clash(self) -> None:
        seen: dict[str, bytes] = {}
        for name, _, _ in self.entries:
            other = seen.setdefault(folded(name), name)
            if other is not name:
                raise InvalidObject(
                    f"{display(other)} and {display(name)} are one name on file systems"
                    " that ignore case or Unicode composition",
                    hint="rename one of them",
                )

    @classmethod
    def of(cls, entries: Iterable[TreeEntry]) -> Tree:
        """A tree of entries in any order."""
        return cls(tuple(sorted(entries, key=itemgetter(0))))

    def get(self, name: bytes) -> TreeEntry | None:
        """The entry called `name`, or None. Costs a scan: build a dict to ask often."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def __iter__(self) -> Iterator[TreeEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


EMPTY = Tree()
"""The tree without entries."""
