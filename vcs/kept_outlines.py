"""What a short log reads of commits, kept from one log to the next, in the value `outlines`.

Idea.        The clock and the subject of a commit never change, and the commit graph numbers the
             commits: two columns by these numbers save a look-up, a part of a block and two
             searches a commit.
Invariant.   Columns are believed only while the graph begins with the lines that it had when they
             were made, which a hash tells: a number then still means the same commit.
Cost.        Some 60 bytes a commit, read by each short log, written by one that looked up many.
Result.      Clock and subject of a commit, the same with the value or without it.
Source.      Own.
Not handled. Histories of more than MOST lines, and subjects longer than LONGEST: looked up always.
"""

from __future__ import annotations

from pyvcs.objects.oid import Oid
from pyvcs.replica import Replica
from pyvcs.sealed import seal, unseal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

KEY, MAGIC = "outlines", b"pyvcsOL\x01"

MANY = 500
"""After so many look-ups a dictionary of the commits pays, and to keep what was found."""

MOST = 300_000
"""Lines of a commit graph, about 20 MB of outlines."""

LONGEST = 200
"""Characters of a subject that is kept."""

_NOTHING: tuple[bytes, list[int | None], list[str]] = (b"", [], [])


class KeptOutlines:
    """Clocks and subjects of the commits of a replica, whose graph has all that are asked for."""

    def __init__(self, replica: Replica, *, many: int = MANY) -> None:
        self._backend, self._store, self._many = replica.backend, replica.store, many
        self._graph = replica.history.graph
        self._looked_up = self._news = 0
        self._canonical: Callable[[Oid], bytes] = self._store.canonical
        digest, clocks, subjects = unseal(MAGIC, self._backend.read(KEY)) or _NOTHING
        lines = len(self._graph)
        if len(clocks) > lines or digest != self._graph.digest(len(clocks)):
            clocks, subjects = [], []
        more = lines - len(clocks)
        self._clocks: list[int | None] = clocks + [None] * more
        self._subjects: list[str] = subjects + [""] * more

    def outline(self, position: int, oid: bytes) -> tuple[int, str]:
        """The clock, as one number, and the subject of the commit at a position of the graph."""
        clock = self._clocks[position]
        return self._found(position, oid) if clock is None else (clock, self._subjects[position])

    def _found(self, position: int, oid: bytes) -> tuple[int, str]:
        if self._looked_up in (0, self._many):
            self._prepare()
        self._looked_up += 1
        milliseconds, counter, subject = self._read(self._canonical(Oid(oid)))
        clock = milliseconds << 32 | counter
        if len(subject) <= LONGEST:
            self._clocks[position], self._subjects[position] = clock, subject
            self._news += 1
        return clock, subject

    def _prepare(self) -> None:
        """Get what the next look-ups need: nothing is loaded for a log that needs none."""
        from pyvcs.objects.kind import Kind
        from pyvcs.objects.outline import logged_outline
        from pyvcs.objects.whole_store import WholeStore

        self._read = logged_outline
        if self._looked_up == self._many and WholeStore.suits(self._store):
            self._canonical = WholeStore(self._store, Kind.COMMIT).canonical

    def save(self) -> None:
        """Keep what was found, if that was much. Not being able to is no error: it is a cache."""
        lines = len(self._clocks)
        if self._news <= self._many or lines > MOST:
            return
        value = self._graph.digest(lines), self._clocks, self._subjects
        try:
            self._backend.append(KEY, seal(MAGIC, value), at=0, durable=False)
        except OSError:
            return
        self._news = 0
