"""The commit graph: who is whose parent, as integers in one file, so that no walk parses commits.

A commit has a position, and its parents have smaller ones: the position is a topological order.
The file is a cache. Whatever is wrong with it (missing, short, another version, any byte changed)
costs time and never an answer: the part that is whole is used, the rest is made again from the
commits. Nothing here is ever taken from a clock; the time is kept for display.
"""

from __future__ import annotations

from blake3 import blake3

from pyvcs.objects import commit_record as record
from pyvcs.objects.commit_record import LINE
from pyvcs.objects.oid import Oid
from pyvcs.objects.typed import Protocol
from pyvcs.objects.verified import Verified

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeAlias

    from pyvcs.objects.backends.base import Backend

KEY = "commit-graph"
"""The backend's key of the graph of a repository."""

Facts: TypeAlias = "tuple[Sequence[Oid], int, int]"
"""The parents of a commit, its committer time in seconds, and flags (31 bits, for the caller)."""

LoadCommit: TypeAlias = "Callable[[Oid], Facts]"
"""Reads the facts of a commit."""

_SEARCHES = 32  # of the whole file: so many cost about as much as an index does
_FEW = 256 * LINE  # bytes of a graph whose index is made at once
_HEADER = record.header()
_new = bytes.__new__  # an oid of the file has its length


class _Searchable(Protocol):
    """What bytes and a mapped file can do, and a view of them cannot."""

    def rfind(self, wanted: bytes, start: int, end: int, /) -> int: ...


class CommitGraph:
    """Parents, generation numbers and times of commits, kept under one key of a backend.

    A question about a commit that is not in the graph adds it, with the ancestors that are not in
    it either, by `load_commit`; what that raises for a commit that is not there (ObjectMissing)
    passes through, and nothing is added. Where writing fails, or another process wrote in
    between, the graph goes on in memory. Positions stay the same for the life of this value, not
    for that of the file.

    Invariant: the parents of the commit at position p stand at positions smaller than p.
    """

    def __init__(self, backend: Backend, load_commit: LoadCommit, *, key: str = KEY) -> None:
        self._backend = backend
        self._load_commit = load_commit
        self._key = key
        self._hold(_HEADER)
        self._parents_at = record.parents_at
        self._in_memory = False  # whether writing was given up
        self._index: dict[bytes, int] | None = None
        self._searched = 0  # bytes
        self._verified = Verified(backend, key)
        stored = backend.view(key) or b""
        length = record.whole_length(stored, self._verified.known(len(stored)))
        if length:
            self._hold(stored[:length])
        self._is_stored = 0 < length == len(stored)  # whether the key holds just what `_data` does
        if self._is_stored:
            self._verified.all_is_whole(length)

    def _hold(self, data: record.Data) -> None:
        """Take these bytes for the graph. A view of something that is no row of bytes cannot be
        searched.
        """
        self._data: record.Data = data
        seen: Any = data.obj if isinstance(data, memoryview) else data
        is_row = hasattr(seen, "rfind") and seen[:LINE] == _HEADER
        self._where: _Searchable | None = seen if is_row else None

    def __len__(self) -> int:
        """How many positions there are; a commit of three or more parents takes more than one."""
        return len(self._data) // LINE - 1

    def doubt(self) -> None:
        """From now on look whether the parents of each commit can be: the file is another's.

        It may lie, sealed as it is, and lead walks out of the file or round for ever. Now they
        raise Corrupt.
        """
        self._parents_at = record.doubted_parents_at

    # -- one commit ----------------------------------------------------------------------------

    def position(self, oid: Oid) -> int | None:
        """The position of a commit, or None when the graph does not have it (yet)."""
        return self._position(oid, -1)

    def _position(self, oid: Oid, behind: int) -> int | None:
        """The same for a commit that stands behind a position, if it is there."""
        if self._index is not None:
            return self._index.get(oid)
        if self._searched > _SEARCHES * len(self._data) or len(self._data) <= _FEW:
            return self._make_index().get(oid)
        return self._search(oid, behind)

    def ensure(self, oid: Oid) -> int:
        """The position of a commit, which is added when the graph does not have it."""
        position = self._position(oid, -1)
        if position is None:
            self.extend((oid,))
            position = self.position(oid)
            assert position is not None
        return position

    def oid(self, position: int) -> Oid:
        """The commit at a position."""
        oid = record.oid_at(self._data, position) if position >= 0 else b""
        if not oid:
            raise IndexError(f"the commit graph has no position {position}, only {len(self)}")
        return _new(Oid, oid)

    def parents(self, oid: Oid) -> tuple[Oid, ...]:
        """The parents of a commit, in its own order."""
        return tuple(map(self.oid, self.parent_positions(self.ensure(oid))))

    def has_commit_at(self, position: int) -> bool:
        """Whether there is a commit at a position; some hold further parents of the next."""
        return record.is_commit_from(self._data, LINE + position * LINE)

    def parent_positions(self, position: int) -> tuple[int, ...]:
        """The positions of the parents of the commit at a position, in its own order.

        A number that no commit has is the caller's fault and not looked for: walks live here.
        """
        return self._parents_at(self._data, position)

    def parents_for_a_walk(self) -> Callable[[int], tuple[int, ...]]:
        """`parent_positions` of the commits that are here now, a call quicker for each of them."""
        is_trusted = self._parents_at is record.parents_at
        return record.parents_in(self._data) if is_trusted else self.parent_positions

    def line_at(self, position: int) -> tuple[bytes, int, tuple[int, ...]]:
        """Oid, generation number and positions of the parents of the commit at a position."""
        return record.line_at(self._data, position)

    def digest(self, lines: int) -> bytes:
        """A hash of the first lines: graphs that share it have the same commits there."""
        return blake3(self._data[: LINE + lines * LINE]).digest()

    def time_at(self, position: int) -> int:
        """The committer time of the commit at a position, in seconds since 1970."""
        return record.time_at(self._data, position)

    def generation_at(self, position: int) -> int:
        """The generation number of the commit at a position: 1 for a root."""
        return record.generation_at(self._data, position)

    def order(self, oid: Oid) -> int:
        """A number that is smaller for every ancestor: the position."""
        return self.ensure(oid)

    def generation(self, oid: Oid) -> int:
        """The generation number of a commit: 1 for a root, else 1 + the largest of its parents."""
        return self.generation_at(self.ensure(oid))

    def time(self, oid: Oid) -> int:
        """The committer time of a commit, in seconds since 1970."""
        return self.time_at(self.ensure(oid))

    def flags(self, oid: Oid) -> int:
        """The flags that `load_commit` gave for a commit."""
        return record.flags_at(self._data, self.ensure(oid))

    # -- growing ---------------------------------------------------------------------------------

    def extend(self, commits: Iterable[Oid], facts: Mapping[Oid, Facts] | None = None) -> None:
        """Add commits, with all ancestors that are not in the graph; those that are in it stay.

        What `load_commit` would give may be given for some of them: then they are not loaded.
        """
        lines, added = self._lines_of(commits, facts or {})
        if not added:
            return
        sealed = record.seal(lines, record.checksum(self._data))
        if self._in_memory or not self._write(sealed):
            self._in_memory = True
            memory = self._data if isinstance(self._data, bytearray) else bytearray(self._data)
            memory += sealed
            self._hold(memory)
        if self._index is not None:
            self._index.update(added)

    def rebuild(self, tips: Iterable[Oid]) -> None:
        """Forget all and make the graph of the ancestors of the tips anew.

        Every position that was given out before is void.
        """
        self._hold(_HEADER)
        self._index = {}
        self._in_memory = False
        self._is_stored = False
        self._verified = Verified(self._backend, self._key)
        self.extend(tips)

    def _lines_of(
        self, commits: Iterable[Oid], facts: Mapping[Oid, Facts]
    ) -> tuple[list[bytes], dict[bytes, int]]:
        """The unsealed lines of those commits that are new, and their positions.

        A commit waits on the stack until each of its parents has a place; it is loaded once. One
        whose facts are given is looked for behind its parents only: if it is new, that is less.
        """
        lines: list[bytes] = []
        added: dict[bytes, int] = {}
        generations: dict[int, int] = {}
        waiting: dict[Oid, Facts] = {}

        begin = len(self)

        def place(oid: Oid, behind: int = -1) -> int | None:
            position = added.get(oid)
            return self._position(oid, behind) if position is None and begin else position

        def has_place(oid: Oid) -> bool:
            parents = map(place, facts[oid][0]) if oid in facts else ()
            behind = max((position for position in parents if position is not None), default=-1)
            return place(oid, behind) is not None

        stack = list(commits)[::-1]
        while stack:
            oid = stack[-1]
            if oid not in waiting:
                if has_place(oid):
                    stack.pop()
                    continue
                waiting[oid] = facts.get(oid) or self._load_commit(oid)
            oids, time, flags = waiting[oid]
            parents = [position for position in map(place, oids) if position is not None]
            if len(parents) < len(oids):
                stack += [parent for parent in reversed(oids) if place(parent) is None]
                continue
            stack.pop()
            del waiting[oid]
            generation = 1
            for parent in parents:
                above = generations.get(parent) or record.generation_at(self._data, parent)
                generation = max(generation, 1 + above)
            lines += record.lines_of_commit(
                oid, parents=parents, generation=generation, time=time, flags=flags
            )
            added[oid] = position = begin + len(lines) - 1
            generations[position] = generation
        return lines, added

    def _write(self, sealed: bytes) -> bool:
        """Try to add sealed lines to the key; whether it and `_data` hold them now.

        A file that holds what we hold is extended. One that was wrong is replaced, whole and at
        once: others may have it mapped, and a mapped file must not be cut.
        """
        end = len(self._data)
        last = bytes(self._data[-LINE:])
        self._verified.about_to_grow()
        try:
            if not self._is_stored:
                whole = bytes(self._data) + sealed
                stored = self._backend.read(self._key)
                if not self._backend.swap(self._key, expected=stored, new=whole):
                    return False
            elif not self._backend.extend(self._key, sealed, at=end):
                return False  # another process was here; what it wrote stays
            view = self._backend.view(self._key)
        except (OSError, ValueError):  # read-only, no space, or cut by somebody just now
            return False
        # The seal of a line stands for all that is before it, so these bytes vouch for the rest.
        if view is None or view[end - LINE :] != last + sealed:
            return False
        self._hold(view)
        self._is_stored = True
        self._verified.has_grown(len(view))
        return True

    # -- from oid to position --------------------------------------------------------------------

    def _search(self, oid: Oid, behind: int) -> int | None:
        """Look through the file from its end, where the commits that people ask for are."""
        where = self._where
        if where is None:
            return self._make_index().get(oid)
        begin, end = LINE * (behind + 2), len(self._data)
        found = where.rfind(oid, begin, end)
        while found >= 0 and not record.is_commit_from(self._data, found):
            found = where.rfind(oid, begin, found + len(oid) - 1)
        self._searched += end - max(found, begin)
        return found // LINE - 1 if found >= 0 else None

    def _make_index(self) -> dict[bytes, int]:
        if self._index is None:
            self._index = record.positions_of_commits(self._data)
        return self._index
