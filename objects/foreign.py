"""Objects of another machine: checked in full, and read no further than a receiver needs.

Most commits and trees are plain: a pattern then tells at once that they are in the one form that
they may have. All others are decoded, and encoded again.
"""

from __future__ import annotations

from _operator import itemgetter
from itertools import compress
from struct import Struct

from pyvcs.objects import codec
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit import Commit
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.once import cache
from pyvcs.objects.tree import are_plain
from pyvcs.objects.typed import NamedTuple

_new = bytes.__new__
_ZONE = rb"(?:\+|-(?!0000))(?:[01][0-9]|2[0-3])[0-5][0-9]"
_PERSON = rb"[ -;=?-~]* <[ -;=?-~]*> (?:0|[1-9][0-9]{0,17}) " + _ZONE + rb"\n"
_PLAIN_COMMIT = (
    rb"commit [0-9]+\0tree ([0-9a-f]{64})\n"
    rb"((?:parent [0-9a-f]{64}\n)*)"
    rb"author "
    + _PERSON
    + rb"committer (?=[^>]*> (0|[1-9][0-9]{0,17}) )"
    + _PERSON
    + rb"(?:replica [0-9a-f]{32}\n)?"
    rb"clock (0|[1-9][0-9]{0,13})\.(0|[1-9][0-9]{0,8})\n\n"
)


TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Collection


@cache
def _patterns() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A plain commit, and a parent of one. They are compiled for those who read many."""
    import re

    return re.compile(_PLAIN_COMMIT), re.compile(rb"parent ([0-9a-f]{64})\n")


class CommitFacts(NamedTuple):
    """What is kept of a commit that came: its parents, the committer's seconds, flags, clock."""

    parents: tuple[Oid, ...]
    seconds: int
    is_canonical: bool
    clock: Clock


class Foreign(NamedTuple):
    """What a receiver needs of an object: what it names, by kind, and the facts of a commit."""

    named: tuple[tuple[Kind, Collection[bytes]], ...]
    commit: CommitFacts | None = None


NOTHING = Foreign(())


def read_foreign(kind: Kind, canonical: bytes) -> Foreign:
    """An object that came, whose header says `kind` and the right length.

    InvalidObject unless it is in its canonical form, as for `codec.decode_foreign`.
    """
    if kind is Kind.BLOB:
        return NOTHING
    found = None
    if kind is Kind.TREE:
        found = _plain_tree(canonical)
    elif kind is Kind.COMMIT and _decoded_commits[0] <= 0:
        found = _plain_commit(canonical)
    elif kind is Kind.COMMIT:
        _decoded_commits[0] -= 1
    return found or _decoded(canonical)


_decoded_commits = [32]
"""So many commits are decoded sooner than the pattern of plain ones is compiled."""


def _decoded(canonical: bytes) -> Foreign:
    """The same of any object, by decoding it in full."""
    from pyvcs.objects.draft import links

    value = codec.decode_foreign(canonical)
    facts = None
    if isinstance(value, Commit):
        seconds = value.committed.seconds
        facts = CommitFacts(value.parents, seconds, value.is_canonical, value.clock)
    named: dict[Kind, list[bytes]] = {}
    for oid, wanted in links(value):
        named.setdefault(wanted, []).append(oid)
    return Foreign(tuple(named.items()), facts)


def _plain_commit(canonical: bytes) -> Foreign | None:
    commit, parent = _patterns()
    match = commit.match(canonical)
    if match is None:
        return None
    tree, lines, seconds, milliseconds, counter = match.groups()
    parents = tuple([_oid(digits) for digits in parent.findall(lines)])
    if (len(parents) > 1 and len(set(parents)) != len(parents)) or not canonical[
        match.end() :
    ].isascii():
        return None
    clock = Clock(int(milliseconds), int(counter))
    named = ((Kind.TREE, (_oid(tree),)), (Kind.COMMIT, parents))
    return Foreign(named, CommitFacts(parents, int(seconds), False, clock))


def _oid(digits: bytes) -> Oid:
    return _new(Oid, bytes.fromhex(digits.decode()))


def _plain_tree(canonical: bytes) -> Foreign | None:
    begin = canonical.index(b"\0") + 1
    key = len(canonical), canonical[begin : canonical.find(b"\0", begin)]
    shape = _SHAPES.get(key)
    if shape is not None:
        fields = shape.unpack(canonical, begin)
        if fields[::2] == shape.names:
            return shape.foreign(fields[1::2])
    from pyvcs.objects.outline import entries_from

    found = entries_from(canonical, begin)
    names = list(map(itemgetter(1), found))
    if sum(map(len, names)) + (3 + OID_BYTES) * len(found) != len(canonical) - begin:
        return None
    if not found or names != sorted(names) or not are_plain(names):
        return None
    if key in _SHAPES and len(canonical) <= _LARGEST_SHAPE:
        _SHAPES[key] = _Shape(found)
    else:
        _note_first(key)
    trees = [oid for mode, _, oid in found if mode == b"t"]
    blobs = [oid for mode, _, oid in found if mode != b"t"]
    return Foreign(((Kind.BLOB, blobs), (Kind.TREE, trees)))


def _note_first(key: tuple[int, bytes]) -> None:
    if len(_SHAPES) >= _MOST_SHAPES:
        _SHAPES.clear()
    _SHAPES[key] = None


class _Shape:
    """A tree without its oids: most trees of a history differ from another one in these alone.

    Its names were found to be plain, and in order; so they are in every tree of the same shape.
    """

    def __init__(self, entries: list[tuple[bytes, bytes, bytes]]) -> None:
        self.names = tuple([b"%s %s\0" % (mode, name) for mode, name, _ in entries])
        fields = "".join([f"{len(each)}s{OID_BYTES}s" for each in self.names])
        self.unpack = Struct(f"<{fields}").unpack_from
        self._are_trees = [mode == b"t" for mode, _, _ in entries]
        self._is_mixed = len(set(self._are_trees)) > 1

    def foreign(self, oids: tuple[bytes, ...]) -> Foreign:
        """What a tree of this shape names."""
        if not self._is_mixed:
            return Foreign(((Kind.TREE if self._are_trees[0] else Kind.BLOB, oids),))
        trees = list(compress(oids, self._are_trees))
        blobs = [oid for oid, is_tree in zip(oids, self._are_trees, strict=True) if not is_tree]
        return Foreign(((Kind.BLOB, blobs), (Kind.TREE, trees)))


_SHAPES: dict[tuple[int, bytes], _Shape | None] = {}
"""By length and first name; None for those that were seen once."""

_MOST_SHAPES, _LARGEST_SHAPE = 1024, 16 * 1024
