"""Objects of another machine: checked in full, and read no further than a receiver needs.

Most commits and trees are plain: a pattern then tells at once that they are in the one form that
they may have. All others are decoded, and encoded again.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from operator import itemgetter
from typing import NamedTuple

from pyvcs.objects import codec
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit import Commit
from pyvcs.objects.draft import links
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.tree import are_plain

_ZONE = rb"(?:\+|-(?!0000))(?:[01][0-9]|2[0-3])[0-5][0-9]"
_PERSON = rb"[ -;=?-~]* <[ -;=?-~]*> (?:0|[1-9][0-9]{0,17}) " + _ZONE + rb"\n"
_PLAIN_COMMIT = re.compile(
    rb"commit [0-9]+\0tree ([0-9a-f]{64})\n"
    rb"((?:parent [0-9a-f]{64}\n)*)"
    rb"author "
    + _PERSON
    + rb"committer (?=[^>]*> (0|[1-9][0-9]{0,17}) )"
    + _PERSON
    + rb"(?:replica [0-9a-f]{32}\n)?"
    rb"clock (0|[1-9][0-9]{0,13})\.(0|[1-9][0-9]{0,8})\n\n"
)
_PARENT = re.compile(rb"parent ([0-9a-f]{64})\n")
_ENTRY = re.compile(rb"([fxlt]) ([^\0]+)\0(.{%d})" % OID_BYTES, re.DOTALL)


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
    elif kind is Kind.COMMIT:
        found = _plain_commit(canonical)
    return found or _decoded(canonical)


def _decoded(canonical: bytes) -> Foreign:
    value = codec.decode_foreign(canonical)
    facts = None
    if isinstance(value, Commit):
        seconds = value.committed.seconds
        facts = CommitFacts(value.parents, seconds, value.is_canonical, value.clock)
    return Foreign(tuple((kind, (oid,)) for oid, kind in links(value)), facts)


def _plain_commit(canonical: bytes) -> Foreign | None:
    match = _PLAIN_COMMIT.match(canonical)
    if match is None:
        return None
    tree, lines, seconds, milliseconds, counter = match.groups()
    parents = tuple(Oid(bytes.fromhex(h.decode())) for h in _PARENT.findall(lines))
    if len(set(parents)) != len(parents) or not canonical[match.end() :].isascii():
        return None
    clock = Clock(int(milliseconds), int(counter))
    named = ((Kind.TREE, (bytes.fromhex(tree.decode()),)), (Kind.COMMIT, parents))
    return Foreign(named, CommitFacts(parents, int(seconds), False, clock))


def _plain_tree(canonical: bytes) -> Foreign | None:
    body = canonical[canonical.index(b"\0") + 1 :]
    found = _ENTRY.findall(body)
    names = list(map(itemgetter(1), found))
    if sum(map(len, names)) + (3 + OID_BYTES) * len(found) != len(body):
        return None
    if not found or names != sorted(names) or not are_plain(names):
        return None
    trees = [oid for mode, _, oid in found if mode == b"t"]
    blobs = [oid for mode, _, oid in found if mode != b"t"]
    return Foreign(((Kind.BLOB, blobs), (Kind.TREE, trees)))
