"""A whole history, for a replica that has nothing: the objects of all commits, in the order law.

Idea.        Where nothing is common no tree has to be compared with another: what was given is
             not walked into again.
Invariant.   As in `giving`: an object is given once, after all that it names.
Cost.        One look at each entry of each tree. Memory: the oids, and the places of all objects.
Result.      Oids with places and bytes, for blocks.
Not handled. Thin blocks: a whole history is better had quickly than small.
"""

from __future__ import annotations

from pyvcs.history import CommitHistory
from pyvcs.objects.draft import links
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.outline import FOLDER, commit_outline, tree_entries
from pyvcs.objects.pack import decode_recipe
from pyvcs.objects.pack_index import Place
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.whole_store import WholeStore
from pyvcs.sync.joining import commits_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import TypeAlias

Given: TypeAlias = tuple[Oid, Place, bytes]


class WholeHistory:
    """One walk over all that some commits reach."""

    def __init__(self, store: ObjectStore, history: CommitHistory) -> None:
        self._store = store
        self._history = history
        self._whole = WholeStore(store)
        self._seen: set[bytes] = set()

    def objects(self, wants: Collection[Oid]) -> Iterator[Given]:
        """All that the wants reach."""
        for oid in self._history.missing(wants=commits_here(self._store, wants), haves=()):
            place, record = self._whole.record(oid)
            outline = commit_outline(record)
            if outline.tree not in self._seen:
                yield from self._row(self._tree(outline.tree, []))
            for conflict in outline.conflicts:
                yield from self._anything(conflict)
            self._seen.add(oid)
            yield oid, place, record
        for oid in wants:
            yield from self._anything(oid)

    def _tree(self, oid: bytes, row: list[bytes]) -> list[bytes]:
        """Puts a tree behind all that it names and that is new."""
        seen = self._seen
        seen.add(oid)
        entries = tree_entries(self._whole.record(oid)[1])
        for mode, _, entry in [each for each in entries if each[2] not in seen]:
            if mode == FOLDER:
                if entry not in seen:
                    self._tree(entry, row)
            elif entry not in seen:
                seen.add(entry)
                row.append(entry)
        row.append(oid)
        return row

    def _row(self, row: list[bytes]) -> Iterator[Given]:
        for oid in row:
            place, record = self._whole.record(oid)
            if place.chunked:
                yield from self._chunks(record)
            yield Oid(oid), place, record

    def _chunks(self, recipe: bytes) -> Iterator[Given]:
        for _, chunk in decode_recipe(recipe)[2]:
            if chunk not in self._seen:
                self._seen.add(chunk)
                yield chunk, *self._whole.record(chunk)

    def _anything(self, oid: Oid) -> Iterator[Given]:
        """An object that is no commit, after all that it names."""
        if oid in self._seen:
            return
        kind = self._store.kind(oid)
        if kind is Kind.TREE:
            yield from self._row(self._tree(oid, []))
        elif kind is Kind.BLOB:
            self._seen.add(oid)
            yield from self._row([oid])
        elif kind is not Kind.COMMIT:
            self._seen.add(oid)
            for named, _ in links(self._store.value(oid)):
                yield from self._anything(named)
            yield oid, *self._whole.record(oid)
