"""What a walk needs of commits and trees of our own store, without decoding the rest of them.

For the giver of a sync, who looks at every tree of a history, and for a short log. Nothing is
checked here: our own objects were when they came, and the receiver checks all that it is given.
"""

from __future__ import annotations

from pyvcs.objects import codec
from pyvcs.objects.commit import Commit
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.once import cache
from pyvcs.objects.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import TypeAlias

Row: TypeAlias = tuple[bytes, bytes, bytes]
"""An entry of a tree: letter of the mode, name, oid."""

FOLDER = b"t"
"""The letter of an entry that is a folder."""


@cache
def _patterns() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """The head of a commit, and an entry of a tree. A short log does not wait for them."""
    import re

    head = rb"commit [0-9]+\0tree ([0-9a-f]{64})\n(?:parent [0-9a-f]{64}\n)*(conflict )?"
    return re.compile(head), re.compile(rb"([fxlt]) ([^\0]+)\0(.{%d})" % OID_BYTES, re.DOTALL)


class CommitOutline(NamedTuple):
    """The tree of a commit, and its conflicts."""

    tree: Oid
    conflicts: tuple[Oid, ...]


class TreeOutline(NamedTuple):
    """The entries of a tree, and all oids."""

    entries: list[Row]
    oids: frozenset[bytes]


def commit_outline(canonical: bytes) -> CommitOutline:
    """The outline of a commit. InvalidObject when these are the bytes of something else."""
    match = _patterns()[0].match(canonical)
    if match is None:
        raise InvalidObject(f"{canonical[:24]!r} is no commit")
    if match[2] is None:
        return CommitOutline(Oid(bytes.fromhex(match[1].decode())), ())
    value = codec.decode(canonical)
    assert isinstance(value, Commit)
    return CommitOutline(value.tree, value.conflicts)


def logged_outline(canonical: bytes) -> tuple[int, int, str]:
    """Milliseconds and counter of a commit's clock, and the first line of its message."""
    fields, _, message = canonical.partition(b"\n\n")
    # No other field has this name, and a line that goes on in the next one begins with a space.
    milliseconds, _, rest = fields.partition(b"\nclock ")[2].partition(b".")
    try:
        clock = int(milliseconds), int(rest.partition(b"\n")[0])
    except ValueError:
        raise InvalidObject(f"{canonical[:24]!r} is no commit") from None
    return *clock, message.partition(b"\n")[0].decode("utf-8", "replace")


def tree_outline(canonical: bytes) -> TreeOutline:
    """The outline of a tree. InvalidObject when these are the bytes of something else."""
    entries = tree_entries(canonical)
    return TreeOutline(entries, frozenset([entry[2] for entry in entries]))


def tree_entries(canonical: bytes) -> list[Row]:
    """The entries of a tree; else InvalidObject. Values would take four times as long."""
    if not canonical.startswith(b"tree "):
        raise InvalidObject(f"{canonical[:24]!r} is no tree")
    return entries_from(canonical, canonical.index(b"\0") + 1)


def entries_from(content: bytes, begin: int) -> list[Row]:
    """All that looks like an entry of a tree, from `begin` on."""
    if _plain_bytes[0] > 0:
        _plain_bytes[0] -= len(content)
        plain = _plain_entries(content, begin)
        if plain is not None:
            return plain
    entries: list[Row] = _patterns()[1].findall(content, begin)
    return entries


_plain_bytes = [1024 * 1024]
"""So many bytes of trees are read sooner than `re` is loaded, and a pattern compiled."""

_BEGINNINGS = frozenset([b"%c " % letter for letter in b"fxlt"])


def _plain_entries(content: bytes, begin: int) -> list[Row] | None:
    """The same where all is entries; None where it is not."""
    entries: list[Row] = []
    add, index, length = entries.append, content.index, len(content)
    try:
        while begin < length:
            end = index(0, begin + 3)
            if content[begin : begin + 2] not in _BEGINNINGS or content[begin + 2] == 0:
                return None
            after = end + 1 + OID_BYTES
            add((content[begin : begin + 1], content[begin + 2 : end], content[end + 1 : after]))
            begin = after
    except (ValueError, IndexError):
        return None
    return entries if begin == length else None
