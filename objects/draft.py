"""New objects on top of a store, in memory, until they are wanted.

A merge makes trees and blobs that only a virtual base needs, and others that stay. It makes them
here; `keep` then puts what a result reaches into a writer, and the rest is forgotten.
"""

from __future__ import annotations

from pyvcs.objects import codec
from pyvcs.objects.commit import Commit
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.tree import Tree
from pyvcs.objects.typed import Protocol, TypeVar

_Value = TypeVar("_Value", bytes, Tree, Commit, Conflict)


class ObjectWriter(Protocol):
    """Where objects can be put."""

    def put(self, value: codec.Object) -> Oid:
        """Add an object, unless it is there; its oid."""


class Draft:
    """An ObjectReader and ObjectWriter: what is put is read back, all else comes from `below`."""

    def __init__(self, below: ObjectReader) -> None:
        self._below = below
        self._new: dict[Oid, codec.Object] = {}

    def put(self, value: codec.Object) -> Oid:
        """Add an object, unless it is there; its oid."""
        oid = codec.oid_of(codec.encode(value))
        if oid not in self._new and not self._below.has(oid):
            self._new[oid] = value
        return oid

    @property
    def count(self) -> int:
        """How many objects are new."""
        return len(self._new)

    def has(self, oid: Oid) -> bool:
        """Whether the object is here or below."""
        return oid in self._new or self._below.has(oid)

    def blob(self, oid: Oid) -> bytes:
        """The content of a blob."""
        value = self._typed(oid, bytes)
        return self._below.blob(oid) if value is None else value

    def blob_size(self, oid: Oid) -> int:
        """The length of a blob in bytes."""
        value = self._typed(oid, bytes)
        return self._below.blob_size(oid) if value is None else len(value)

    def tree(self, oid: Oid) -> Tree:
        """A tree."""
        value = self._typed(oid, Tree)
        return self._below.tree(oid) if value is None else value

    def commit(self, oid: Oid) -> Commit:
        """A commit."""
        value = self._typed(oid, Commit)
        return self._below.commit(oid) if value is None else value

    def conflict(self, oid: Oid) -> Conflict:
        """A conflict."""
        value = self._typed(oid, Conflict)
        return self._below.conflict(oid) if value is None else value

    def _typed(self, oid: Oid, wanted: type[_Value]) -> _Value | None:
        """The new object, None when it is not new; InvalidObject when it is of another kind."""
        value = self._new.get(oid)
        if value is None or isinstance(value, wanted):
            return value
        kind = "blob" if wanted is bytes else wanted.__name__.lower()
        raise InvalidObject(f"{oid} is a {codec.kind_of(value).value}, not a {kind}")

    def keep(self, commit: Oid, writer: ObjectWriter) -> None:
        """Put all new objects that the new commit `commit` reaches into `writer`.

        What is below is whole already: a walk stops there. The draft stays as it is.
        """
        waiting = [commit]
        seen: set[Oid] = set()
        while waiting:
            oid = waiting.pop()
            value = self._new.get(oid)
            if value is not None and oid not in seen:
                seen.add(oid)
                writer.put(value)
                waiting += references(value)


def references(value: codec.Object) -> list[Oid]:
    """The oids that an object names directly."""
    return [oid for oid, _ in links(value)]


def links(value: codec.Object) -> list[tuple[Oid, Kind]]:
    """The oids that an object names directly, each with the kind that it must be of."""
    if isinstance(value, bytes):
        return []
    if isinstance(value, Tree):
        return [(entry.oid, _kind_at(entry.mode)) for entry in value]
    if isinstance(value, Commit):
        parents = [(oid, Kind.COMMIT) for oid in value.parents]
        return [
            (value.tree, Kind.TREE),
            *parents,
            *[(oid, Kind.CONFLICT) for oid in value.conflicts],
        ]
    if isinstance(value, Conflict):
        sides = (value.base, *value.sides)
        return [(side.oid, _kind_at(side.mode)) for side in sides if side.oid and side.mode]
    return [(value.target, value.target_kind)]


def _kind_at(mode: Mode) -> Kind:
    return Kind.TREE if mode is Mode.TREE else Kind.BLOB
