"""Conflicts of a commit that travel through git: docs/formats/git.md.

Idea.        A commit of git can name nothing but a tree and parents, so the conflicts of ours go
             into a header of it: those that no parent has, and of what their sides name only what
             an import of the same history would not bring: values inside documents, and versions
             that stand in none of the trees that the conflict comes from.
Invariant.   A function of the commit and its ancestors: the same bytes on every replica.
Cost.        A look into a few trees for each side of a new conflict.
"""

from __future__ import annotations

import base64
import binascii

from pyvcs.history import CommitHistory
from pyvcs.objects import codec
from pyvcs.objects.commit import Commit
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.draft import links
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import entry_at
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.store import ObjectReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HEADER = b"pyvcs-objects"
"""The header of a commit of git with conflicts of ours, and what they need."""

_LINE = 76


def carried(objects: ObjectReader, history: CommitHistory, oid: Oid, commit: Commit) -> bytes:
    """The value of the header for a commit of ours; empty when it needs none."""
    known = {each for parent in commit.parents for each in objects.commit(parent).conflicts}
    found: dict[Oid, codec.Object] = {}
    for each in sorted(set(commit.conflicts) - known):
        conflict = found[each] = objects.conflict(each)
        trees = [commit.tree, *_trees_of_sides(objects, history, oid, conflict)]
        for side in (conflict.base, *conflict.sides):
            if side.oid is not None and side.mode is not None:
                path = conflict.path if conflict.pointer is None else None
                found |= _needed(objects, side.mode, side.oid, path, trees)
    canonical = b"".join(codec.encode(found[each]) for each in sorted(found))
    text = base64.b64encode(canonical)
    return b"\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))


def brought(value: bytes) -> list[codec.Object]:
    """The objects in the value of a header. InvalidObject when it is no such value."""
    try:
        rest = base64.b64decode(value.replace(b"\n", b""), validate=True)
    except binascii.Error as error:
        raise InvalidObject(f"a header {HEADER.decode()} is broken: {error}") from None
    found: list[codec.Object] = []
    while rest:
        head, _, after = rest.partition(b"\0")
        size = head.rpartition(b" ")[2]
        if not size.isdigit() or len(size) > 18 or int(size) > len(after):
            raise InvalidObject(f"a header {HEADER.decode()} ends within an object")
        end = len(head) + 1 + int(size)
        found.append(codec.decode_foreign(rest[:end]))
        rest = rest[end:]
    return found


def are_whole(
    objects: Sequence[codec.Object], wanted: Sequence[Oid], has: Callable[[Oid], bool]
) -> bool:
    """Whether `wanted`, and all that the objects name, are among them or there already."""
    among = {codec.oid_of(codec.encode(each)) for each in objects}
    named = [oid for each in objects for oid, _ in links(each)]
    return all(oid in among or has(oid) for oid in (*wanted, *named))


def _trees_of_sides(
    objects: ObjectReader, history: CommitHistory, oid: Oid, conflict: Conflict
) -> Iterator[Oid]:
    """The trees of those ancestors that the sides are named after."""
    for side in (conflict.base, *conflict.sides):
        for part in side.label.split("+"):
            if len(part) == 2 * OID_BYTES and part.isalnum():
                named = Oid.from_hex(part)
                if objects.has(named) and history.is_ancestor(named, oid):
                    yield objects.commit(named).tree


def _needed(
    objects: ObjectReader, mode: Mode, oid: Oid, path: bytes | None, trees: Sequence[Oid]
) -> dict[Oid, codec.Object]:
    """A version and what is in it, but for what stands at its path in one of the trees."""
    if path is not None and any(_stands(objects, tree, path, oid) for tree in trees):
        return {}
    if mode is not Mode.TREE:
        return {oid: objects.blob(oid)}
    tree = objects.tree(oid)
    found: dict[Oid, codec.Object] = {oid: tree}
    for entry in tree:
        below = None if path is None else path + b"/" + entry.name
        found |= _needed(objects, entry.mode, entry.oid, below, trees)
    return found


def _stands(objects: ObjectReader, tree: Oid, path: bytes, oid: Oid) -> bool:
    entry = entry_at(objects, tree, path)
    return entry is not None and entry.oid == oid
