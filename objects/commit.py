"""A commit: a tree, where it came from, who made it and when; and the people and times in it."""

from __future__ import annotations

from pyvcs.objects.clock import Clock, ReplicaId
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.fields import check_extra, check_text
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass

MAX_OFFSET_MINUTES = 24 * 60 - 1

MAX_ENGINE = 999_999_999
"""The largest number of a merge engine."""

_OWN_FIELDS = frozenset(
    (
        *("tree", "parent", "conflict", "canonical", "time"),
        *("author", "committer", "replica", "clock", "signature"),
    )
)


@dataclass(frozen=True, slots=True)
class Identity:
    """A person: name and e-mail address, both without line breaks, `<`, `>` and NUL."""

    name: str
    email: str

    def __post_init__(self) -> None:
        for text in (self.name, self.email):
            if any(letter in text for letter in "<>\n\0"):
                raise InvalidObject(f"{text!r} cannot stand in a name or e-mail address")
            check_text(text, "a name or e-mail address")

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """Seconds since 1970 in UTC, and the writer's offset from UTC in minutes."""

    seconds: int
    offset: int = 0

    def __post_init__(self) -> None:
        if abs(self.offset) > MAX_OFFSET_MINUTES or abs(self.seconds) >= 1 << 62:
            raise InvalidObject(f"{self.seconds} s, offset {self.offset} min is no time")

    @property
    def zone(self) -> str:
        """The offset as `+hhmm` or `-hhmm`."""
        hours, minutes = divmod(abs(self.offset), 60)
        return f"{'-' if self.offset < 0 else '+'}{hours:02}{minutes:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A snapshot and its place in history.

    An *authored* commit was made by a person: it has an author, a committer and a replica.
    A *canonical merge* is a pure function of its parents (laws 3): it has none of the three,
    and carries the number of the merge engine that made it. `conflicts` name the conflict
    objects that the tree still holds. `extra` are fields that pyvcs keeps and does not use
    (what a git import needs to give the same bytes back), in their order.
    """

    tree: Oid
    parents: tuple[Oid, ...]
    message: str
    authored: Timestamp
    committed: Timestamp
    clock: Clock
    author: Identity | None = None
    committer: Identity | None = None
    replica: ReplicaId | None = None
    engine: int | None = None
    conflicts: tuple[Oid, ...] = ()
    extra: tuple[tuple[str, bytes], ...] = ()
    signature: bytes = b""

    def __post_init__(self) -> None:
        if len(set(self.parents)) != len(self.parents):
            raise InvalidObject("a commit names the same parent twice")
        if tuple(sorted(set(self.conflicts))) != self.conflicts:
            raise InvalidObject("the conflicts of a commit are not in order")
        if self.engine is None and (self.author is None or self.committer is None):
            raise InvalidObject("an authored commit needs an author and a committer")
        check_text(self.message, "the message of a commit")
        if self.extra:
            check_extra(self.extra, _OWN_FIELDS)
        if self.engine is not None:
            self._check_canonical(self.engine)

    def _check_canonical(self, engine: int) -> None:
        if not 0 <= engine <= MAX_ENGINE:
            raise InvalidObject(f"{engine} is no number of a merge engine: 0 to {MAX_ENGINE}")
        if self.authored != self.committed:
            raise InvalidObject("a canonical merge has one time, not two")
        if self.author or self.committer or self.replica or self.extra or self.signature:
            raise InvalidObject("a canonical merge has no author, no replica and no signature")
        if tuple(sorted(self.parents)) != self.parents or len(self.parents) < 2:
            raise InvalidObject("a canonical merge has two or more parents, sorted by oid")

    @property
    def is_canonical(self) -> bool:
        """Whether this commit is a canonical merge."""
        return self.engine is not None

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.split("\n", 1)[0]
