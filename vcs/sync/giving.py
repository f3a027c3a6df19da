"""Giving: the objects that another replica lacks, each once, after all that it names.

Idea.        The commits that it lacks are known from the graph, and so are their parents. Each
             new tree is compared with those of the parents, entry by entry: what a parent has is
             not walked into. A folder or large file that no parent has at its place may have come
             from elsewhere: it is then looked for in all that the common commits show.
Invariant.   An object is given after all that it names, or these are known to the receiver: they
             are in a common commit, were given before, or it said that it holds them.
Cost.        The new trees, and those of their parents along the changed paths; once, and only if
             something seems to have come from elsewhere, the trees of the common commits.
Result.      Objects in blocks. Memory: their oids, and one block.
Source.      git's pack-objects with --thin and sparse walks.
Not handled. What an older common commit had and the newest have no more is sent again, as git
             without bitmaps does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from pyvcs.history import CommitHistory
from pyvcs.objects.draft import links
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import decode_recipe
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.tree import Tree, TreeEntry
from pyvcs.sync.blocks import BlockWriter
from pyvcs.sync.messages import ShortOid
from pyvcs.sync.negotiate import commits_here, short

LARGE = 4096
"""Files of this many bytes, and folders, are looked for in the common commits before they go."""

_MAX_BOUNDARY = 16


def blocks_to_give(
    store: ObjectStore,
    history: CommitHistory,
    *,
    wants: Collection[Oid],
    common: Collection[Oid],
    held: Collection[ShortOid] = (),
    progress: Callable[[str, int], None],
) -> Iterator[bytes]:
    """Blocks of what `wants` reach, and neither `common` nor what the receiver holds aside."""
    full: list[bytes] = []
    writer = BlockWriter(full.append)
    walk = _Walk(store, history, common, held)
    for count, oid in enumerate(walk.objects(wants)):
        place, record = store.record(oid)
        writer.add(place.kind, record, is_recipe=place.chunked)
        if full:
            progress("sending objects", count)
            yield from full
            full.clear()
    writer.finish()
    yield from full


class _Walk:
    """One walk over what is missing."""

    def __init__(
        self,
        store: ObjectStore,
        history: CommitHistory,
        common: Collection[Oid],
        held: Collection[ShortOid],
    ) -> None:
        self._store = store
        self._history = history
        self._common = common
        self._held = frozenset(held)
        self._given: set[Oid] = set()
        self._boundary: Sequence[Oid] = ()
        self._elsewhere: set[Oid] | None = None

    def objects(self, wants: Collection[Oid]) -> Iterator[Oid]:
        """The oids of what is missing, in the order in which they may be sent."""
        store = self._store
        commits = commits_here(store, wants)
        missing = self._history.missing(wants=commits, haves=self._common)
        new = set(missing)
        boundary = {p for oid in missing for p in store.commit(oid).parents if p not in new}
        self._boundary = sorted(boundary)[:_MAX_BOUNDARY]
        for oid in missing:
            yield from self._commit(oid)
        for oid in wants:
            if store.kind(oid) is not Kind.COMMIT:
                yield from self._anything(oid)

    def _take(self, oid: Oid) -> bool:
        """Whether `oid` is to be given now: it was not before, and the receiver has it not."""
        if oid in self._given or (self._held and short(oid) in self._held):
            return False
        self._given.add(oid)
        return True

    def _commit(self, oid: Oid) -> Iterator[Oid]:
        commit = self._store.commit(oid)
        parents = [self._store.commit(parent) for parent in commit.parents]
        yield from self._tree(commit.tree, [parent.tree for parent in parents])
        known = {conflict for parent in parents for conflict in parent.conflicts}
        for conflict in commit.conflicts:
            if conflict not in known:
                yield from self._anything(conflict)
        if self._take(oid):
            yield oid

    def _anything(self, oid: Oid) -> Iterator[Oid]:
        """An object that is no commit, after all that it names."""
        kind = self._store.kind(oid)
        if kind is Kind.TREE:
            yield from self._tree(oid, [])
        elif kind is Kind.BLOB:
            yield from self._blob(oid, [])
        elif kind is Kind.COMMIT:
            return  # it is among the wants, or a parent of one
        else:
            for named, _ in links(self._store.value(oid)):
                yield from self._anything(named)
            if self._take(oid):
                yield oid

    def _tree(self, oid: Oid, bases: Sequence[Oid]) -> Iterator[Oid]:
        if oid in bases or (not bases and self._is_elsewhere(oid)) or not self._take(oid):
            return
        trees = [self._store.tree(base) for base in bases]
        old = {entry[2] for tree in trees for entry in tree.entries}
        for entry in self._store.tree(oid).entries:
            if entry[2] not in old and entry[2] not in self._given:
                yield from self._entry(entry, trees)
        yield oid

    def _entry(self, entry: TreeEntry, trees: Sequence[Tree]) -> Iterator[Oid]:
        found = [base for tree in trees if (base := tree.get(entry.name)) is not None]
        bases = [b.oid for b in found if (b.mode is Mode.TREE) == (entry.mode is Mode.TREE)]
        if entry.mode is Mode.TREE:
            yield from self._tree(entry.oid, bases)
        else:
            yield from self._blob(entry.oid, bases)

    def _blob(self, oid: Oid, bases: Sequence[Oid]) -> Iterator[Oid]:
        place, record = self._store.record(oid)
        if place.length >= LARGE and not place.chunked and self._is_elsewhere(oid):
            return
        if place.chunked:
            if self._is_elsewhere(oid):
                return
            had = {chunk for base in bases for chunk in self._store.chunks_of(base)}
            for _, chunk in decode_recipe(record)[2]:
                if chunk not in had and self._take(chunk):
                    yield chunk
        if self._take(oid):
            yield oid

    def _is_elsewhere(self, oid: Oid) -> bool:
        """Whether a common commit next to the missing ones shows `oid` somewhere."""
        if self._elsewhere is None:
            self._elsewhere = set()
            for commit in self._boundary:
                self._note(self._store.commit(commit).tree)
        return oid in self._elsewhere

    def _note(self, tree: Oid) -> None:
        waiting = [tree]
        found = self._elsewhere
        assert found is not None
        while waiting:
            oid = waiting.pop()
            if oid not in found:
                found.add(oid)
                waiting += _noted(self._store.tree(oid), found)


def _noted(tree: Tree, found: set[Oid]) -> Iterable[Oid]:
    found.update(entry[2] for entry in tree.entries if entry[1] is not Mode.TREE)
    return [entry[2] for entry in tree.entries if entry[1] is Mode.TREE]
