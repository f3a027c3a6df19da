"""Giving: the objects that another replica lacks, each once, after all that it names.

Idea.        The commits that it lacks are known from the graph, and so are their parents. Each
             new tree is compared with those of the parents, entry by entry: what a parent has is
             not walked into. A folder or large file that no parent has at its place may have come
             from elsewhere: it is then looked for in all that the common commits show.
Invariant.   An object is given after all that it names, or these are known to the receiver: they
             are in a common commit, were given before, or it said that it holds them.
Cost.        The new trees, and those of their parents along the changed paths; once, and only if
             something seems to have come from elsewhere, the trees of the common commits.
Result.      Objects in blocks, thin ones for what has an earlier version. Memory: their oids, and
             one block with its bases.
Source.      git's pack-objects with --thin and sparse walks.
Not handled. What an older common commit had and the newest have no more is sent again, as git
             without bitmaps does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from pyvcs.history import CommitHistory
from pyvcs.objects.draft import links
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.outline import (
    FOLDER,
    CommitOutline,
    TreeOutline,
    commit_outline,
    tree_outline,
)
from pyvcs.objects.pack import decode_recipe
from pyvcs.objects.pack_index import Place
from pyvcs.objects.store import ObjectStore
from pyvcs.sync.block_writer import BlockWriter
from pyvcs.sync.blocks import ShortOid, short
from pyvcs.sync.joining import commits_here
from pyvcs.sync.recipes import whole_if_small

LARGE = 4096
"""Files of this many bytes, and folders, are looked for in the common commits before they go."""

THIN_COMMITS = 4096
"""More commits than this go without bases: a whole history is better had quickly than small."""

_OUTLINES, _OUTLINE_ENTRIES, _RECORD_BYTES = 4096, 100_000, 4 * 1024 * 1024
# So many commits, entries of trees and bytes are kept: the parents of what comes next, and what
# was looked at and is now to be given, are among them.

_MAX_BOUNDARY = 16


def blocks_to_give(
    store: ObjectStore,
    history: CommitHistory,
    *,
    wants: Collection[Oid],
    common: Collection[Oid],
    held: Collection[ShortOid] = (),
    thin: bool = True,
    progress: Callable[[str, int], None],
) -> Iterator[bytes]:
    """Blocks of what `wants` reach, and neither `common` nor what the receiver holds aside.

    With `thin`, what has an earlier version there is compressed after that.
    """
    if not all(map(store.has, wants)):
        store.refresh()  # another process published them when we had listed the packs

    def bytes_of(oid: Oid) -> bytes:
        place, record = store.record(oid)
        return whole_if_small(record, store.blob_stream(oid)) if place.chunked else record

    writer = BlockWriter(bytes_of)
    objects: Iterator[tuple[Oid, Place, bytes, Oid | None]] | None = None
    if not common and not held:
        from pyvcs.objects.whole_store import WholeStore
        from pyvcs.sync.whole_history import WholeHistory
        from pyvcs.sync.whole_packs import whole_packs

        if WholeStore.suits(store):
            blocks = whole_packs(store, wants)
            if blocks is not None:
                for count, block in enumerate(blocks):
                    progress("sending blocks", count)
                    yield block
                return
            objects = ((*found, None) for found in WholeHistory(store, history).objects(wants))
    if objects is None:
        walk = _Walk(store, history, common, held, thin=thin)
        objects = ((oid, *walk.record(oid), base) for oid, base in walk.objects(wants))
    for count, (oid, place, record, base) in enumerate(objects):
        writer.add(oid, place.kind, record, is_recipe=place.chunked, base=base)
        for block in writer.full():
            progress("sending objects", count)
            yield block
    yield from writer.finish()


_Given = Iterator[tuple[Oid, Oid | None]]
"""Oids in the order in which they may be sent, each with one that is alike, if there is one."""


class _Walk:
    """One walk over what is missing."""

    def __init__(
        self,
        store: ObjectStore,
        history: CommitHistory,
        common: Collection[Oid],
        held: Collection[ShortOid],
        *,
        thin: bool,
    ) -> None:
        self._store = store
        self._history = history
        self._common = common
        self._held = frozenset(held)
        self._given: set[Oid] = set()
        self._is_thin = thin
        self._boundary: Sequence[Oid] = ()
        self._elsewhere: set[bytes] | None = None
        self._commits: dict[Oid, CommitOutline] = {}
        self._trees: dict[Oid, TreeOutline] = {}
        self._tree_entries = 0
        self._records: dict[Oid, tuple[Place, bytes]] = {}
        self._record_bytes = 0

    def objects(self, wants: Collection[Oid]) -> _Given:
        """What is missing."""
        commits = commits_here(self._store, wants)
        missing = self._history.missing(wants=commits, haves=self._common)
        new = set(missing)
        boundary = {parent for oid in missing for parent in self._parents(oid)} - new
        self._boundary = sorted(boundary)[:_MAX_BOUNDARY]
        self._is_thin = self._is_thin and len(missing) <= THIN_COMMITS
        for oid in missing:
            yield from self._commit(oid)
        for oid in wants:
            if self._store.kind(oid) is not Kind.COMMIT:
                yield from self._anything(oid)

    def record(self, oid: Oid) -> tuple[Place, bytes]:
        """An object as it lies in its pack; the walk has just read most that it gives."""
        found = self._records.get(oid)
        if found is None:
            found = self._store.record(oid)
            self._record_bytes += len(found[1])
            if self._record_bytes > _RECORD_BYTES:
                self._records.clear()
                self._record_bytes = len(found[1])
            self._records[oid] = found
        return found

    def _parents(self, oid: Oid) -> list[Oid]:
        graph = self._history.graph
        return [graph.oid(position) for position in graph.parent_positions(graph.ensure(oid))]

    def _outline(self, commit: Oid) -> CommitOutline:
        found = self._commits.get(commit)
        if found is None:
            if len(self._commits) > _OUTLINES:
                self._commits.clear()
            found = commit_outline(self.record(commit)[1])
            self._commits[commit] = found
        return found

    def _entries(self, tree: Oid) -> TreeOutline:
        found = self._trees.get(tree)
        if found is None:
            found = tree_outline(self.record(tree)[1])
            self._tree_entries += len(found.entries)
            if self._tree_entries > _OUTLINE_ENTRIES:
                self._trees.clear()
                self._tree_entries = len(found.entries)
            self._trees[tree] = found
        return found

    def _take(self, oid: Oid) -> bool:
        """Whether `oid` is to be given now: it was not before, and the receiver has it not."""
        if oid in self._given or (self._held and short(oid) in self._held):
            return False
        self._given.add(oid)
        return True

    def _alike(self, bases: Collection[Oid]) -> Oid | None:
        """The first of the bases, unless it may be that the receiver has only heard of it."""
        base = next(iter(bases), None) if self._is_thin else None
        return None if base is not None and short(base) in self._held else base

    def _commit(self, oid: Oid) -> _Given:
        commit = self._outline(oid)
        parents = self._parents(oid)
        outlines = [self._outline(parent) for parent in parents]
        yield from self._tree(commit.tree, [outline.tree for outline in outlines])
        known = {conflict for outline in outlines for conflict in outline.conflicts}
        for conflict in commit.conflicts:
            if conflict not in known:
                yield from self._anything(conflict)
        if self._take(oid):
            yield oid, self._alike(parents)

    def _anything(self, oid: Oid) -> _Given:
        """An object that is no commit, after all that it names."""
        kind = self._store.kind(oid)
        if kind is Kind.TREE:
            yield from self._tree(oid, [])
        elif kind is Kind.BLOB:
            yield from self._blob(oid, [])
        elif kind is Kind.COMMIT:
            return  # it is among the wants, or a parent of one
        elif self._take(oid):
            for named, _ in links(self._store.value(oid)):
                yield from self._anything(named)
            yield oid, None

    def _tree(self, oid: Oid, bases: Sequence[Oid]) -> _Given:
        if oid in bases or (not bases and self._is_elsewhere(oid)) or not self._take(oid):
            return
        before = [self._entries(base) for base in bases]
        outline = self._entries(oid)
        fresh = outline.oids.difference(*(each.oids for each in before))
        changed = [entry for entry in outline.entries if entry[2] in fresh] if fresh else []
        names = {name for _, name, _ in changed}
        old = [{e[1]: e for e in each.entries if e[1] in names} for each in before]
        for mode, name, entry in changed:
            found = [each[name] for each in old if name in each]
            alike = [Oid(x) for m, _, x in found if (m == FOLDER) == (mode == FOLDER)]
            walk = self._tree if mode == FOLDER else self._blob
            yield from walk(Oid(entry), alike)
        yield oid, self._alike(bases)

    def _blob(self, oid: Oid, bases: Sequence[Oid]) -> _Given:
        place, record = self.record(oid)
        if (place.chunked or place.length >= LARGE) and self._is_elsewhere(oid):
            return
        if not self._take(oid):
            return
        if place.chunked:
            yield from self._chunks([chunk for _, chunk in decode_recipe(record)[2]], bases)
        yield oid, self._alike(bases)

    def _chunks(self, chunks: Sequence[Oid], bases: Sequence[Oid]) -> _Given:
        """The chunks of a large blob that its earlier versions have not; those replaced are alike.

        The receiver has those of the earlier versions: it was given them, or cut the same.
        """
        had = dict.fromkeys(chunk for base in bases for chunk in self._store.chunks_of(base))
        stay = set(chunks)
        replaced = [chunk for chunk in had if chunk not in stay]
        fresh = [chunk for chunk in dict.fromkeys(chunks) if chunk not in had]
        for number, chunk in enumerate(fresh):
            if self._take(chunk):
                yield chunk, self._alike(replaced[number : number + 1])

    def _is_elsewhere(self, oid: Oid) -> bool:
        """Whether a common commit next to the missing ones shows `oid` somewhere."""
        if self._elsewhere is None:
            self._elsewhere = set()
            for commit in self._boundary:
                self._note(self._outline(commit).tree)
        return oid in self._elsewhere

    def _note(self, tree: Oid) -> None:
        waiting = [tree]
        found = self._elsewhere
        assert found is not None
        while waiting:
            oid = waiting.pop()
            found.add(oid)
            outline = self._entries(oid)
            folders = {Oid(entry) for mode, _, entry in outline.entries if mode == FOLDER}
            waiting += folders - found
            found |= outline.oids
