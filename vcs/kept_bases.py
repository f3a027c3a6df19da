"""Virtual bases kept from one command to the next, in the value `virtual-bases`.

Idea.        Replicas that edit at once all the time never have one common ancestor again: each
             merge needs a virtual base, over others, down to where they last had one. All but the
             newest were made for the merges before, so they are kept.
Invariant.   What is kept is what would be made: a function of the commits, by this engine. Nobody
             else is told of it, and it may be lost at any time.
Cost.        Read only by a merge that needs a virtual base; bounded, the oldest go first.
Not handled. Objects of one virtual base beyond the bound: it is made anew each time.
"""

from __future__ import annotations

from pyvcs.merge.canonical import ENGINE
from pyvcs.merge.trees import MergedTree
from pyvcs.merge.virtual_bases import VirtualBases
from pyvcs.objects import codec
from pyvcs.objects.backends.base import Backend, overwrite
from pyvcs.objects.compression import compressed, decompressed
from pyvcs.objects.draft import Draft, references
from pyvcs.objects.oid import Oid
from pyvcs.objects.typed import NamedTuple
from pyvcs.sealed import seal, unseal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

KEY, MAGIC = "virtual-bases", b"pyvcsVB\x01"
MOST_BYTES = 8 * 1024 * 1024
"""Of the objects that are kept: those that are not in the store."""
_MOST = 2000


class _Kept(NamedTuple):
    """A virtual base: its tree, its conflicts, and the objects that only it needs."""

    tree: bytes
    conflicts: tuple[bytes, ...]
    own: tuple[bytes, ...]


class KeptBases(VirtualBases):
    """The virtual bases of a repository. What a merge takes from them is put into its draft."""

    def __init__(self, backend: Backend, draft: Draft, *, most_bytes: int = MOST_BYTES) -> None:
        super().__init__()
        self._backend, self._draft, self._most_bytes = backend, draft, most_bytes
        self._kept: dict[bytes, _Kept] | None = None
        self._objects: dict[bytes, bytes] = {}
        self._has_news = False

    def get(self, commits: tuple[Oid, ...]) -> MergedTree | None:
        """The fold of these commits, with its objects in the draft; None when it must be made."""
        found = super().get(commits)
        if found is None:
            kept = self._load().get(b"".join(commits))
            if kept is not None and self._is_taken(kept):
                found = MergedTree(Oid(kept.tree), tuple(map(Oid, kept.conflicts)))
                super().note(commits, found)
        return found

    def note(self, commits: tuple[Oid, ...], merged: MergedTree) -> None:
        """Keep a fold that was made; `save` writes it."""
        self._has_news = True
        super().note(commits, merged)

    def _load(self) -> dict[bytes, _Kept]:
        if self._kept is None:
            engine, kept, lengths, frame = unseal(MAGIC, self._backend.read(KEY)) or _NOTHING
            self._kept = {}
            if engine == ENGINE:
                data, at = decompressed(frame, sum(lengths.values())), 0
                for oid, length in lengths.items():
                    self._objects[oid] = data[at : at + length]
                    at += length
                self._kept = {key: _Kept(*each) for key, each in kept.items()}
        return self._kept

    def _is_taken(self, kept: _Kept) -> bool:
        """Put what only this one needs into the draft; False when other objects of it are gone:
        those that were in the store, and that a gc has pruned."""
        values = [codec.decode(self._objects[oid]) for oid in kept.own]
        named = {oid for value in values for oid in references(value)}
        if not all(
            oid in self._objects or self._draft.has(Oid(oid))
            for oid in (kept.tree, *kept.conflicts, *named)
        ):
            return False
        for value in values:
            self._draft.put(value)
        return True

    def save(self, is_stored: Callable[[Oid], bool]) -> None:
        """Keep what was made, in place of what was used longest ago, but for what is stored."""
        if not self._has_news:
            return
        kept: dict[bytes, _Kept] = {}
        size = 0
        objects: dict[bytes, bytes] = {}
        for key, each in self._newest_first(is_stored):
            size += sum(len(self._objects[oid]) for oid in each.own if oid not in objects)
            if size > self._most_bytes or len(kept) == _MOST:
                break
            kept[key] = each
            objects.update((oid, self._objects[oid]) for oid in each.own)
        lengths = {oid: len(record) for oid, record in objects.items()}
        plain = {key: tuple(each) for key, each in kept.items()}
        value = (ENGINE, plain, lengths, compressed(b"".join(objects.values())))
        overwrite(self._backend, KEY, seal(MAGIC, value))

    def _newest_first(self, is_stored: Callable[[Oid], bool]) -> Iterable[tuple[bytes, _Kept]]:
        used = {b"".join(commits): merged for commits, merged in reversed(self._made.items())}
        for key, merged in used.items():
            own = _Unstored(is_stored)
            for oid in (merged.tree, *merged.conflicts):
                self._draft.keep(oid, own)
            self._objects.update(own.records)
            conflicts = tuple(map(bytes, merged.conflicts))
            yield key, _Kept(bytes(merged.tree), conflicts, tuple(own.records))
        yield from (item for item in self._load().items() if item[0] not in used)


_NOTHING: tuple[int, dict[bytes, _Kept], dict[bytes, int], bytes] = (0, {}, {}, b"")


class _Unstored:
    """Takes the records of what is put here and is not stored."""

    def __init__(self, is_stored: Callable[[Oid], bool]) -> None:
        self._is_stored = is_stored
        self.records: dict[bytes, bytes] = {}

    def put(self, value: codec.Object) -> Oid:
        """Note a record, if it is not in the store."""
        record = codec.encode(value)
        oid = codec.oid_of(record)
        if not self._is_stored(oid):
            self.records[bytes(oid)] = record
        return oid
