"""Branches and tags as values: sets of heads that merge by themselves when replicas meet.

A ref is an observed-remove set of commits (Bieniusa et al., "An optimized conflict-free replicated
set", 2012; Dynamo's siblings with dotted version vectors). Every head carries the stamps of the
events that put it there; `seen` is, for each replica, the newest clock that this state has seen of
it. A stamp that one state has and another lacks was either taken away there (it is among those
seen) or is news to it; a head without stamps is none. So joining needs no graph, and no order of
messages: it is idempotent, commutative and associative.

Deleting a ref takes all heads away and keeps `seen`: that is its tombstone. A head that somebody
added at the same time, unseen by the deletion, survives it.
"""

from __future__ import annotations

from pyvcs.objects.clock import ZERO, Clock, ReplicaId, Stamp
from pyvcs.objects.errors import Usage
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

Heads: TypeAlias = "Mapping[Oid, frozenset[Stamp]]"
Seen: TypeAlias = "Mapping[ReplicaId, Clock]"

MAX_NAME_BYTES = 255
_FORBIDDEN = set(' ~^:?*[\\"\x7f') | {chr(code) for code in range(32)}


@dataclass(frozen=True, slots=True)
class Ref:
    """The heads of one branch or tag; see the module for the rules.

    >>> ada, bob = ReplicaId("0a" * 16), ReplicaId("0b" * 16)
    >>> one, two = Oid(b"1" * 32), Oid(b"2" * 32)
    >>> start = Ref().moved([one], Stamp(Clock(1), ada))
    >>> deleted = start.moved([], Stamp(Clock(2), bob))
    >>> edited = start.moved([two], Stamp(Clock(2), ada))
    >>> deleted.join(edited).heads == edited.heads
    True
    >>> deleted.join(start).is_deleted
    True
    """

    heads: Heads = field(default_factory=dict)
    seen: Seen = field(default_factory=dict)

    @property
    def is_deleted(self) -> bool:
        """Whether there was something here and it has been deleted."""
        return not self.heads

    @property
    def oids(self) -> tuple[Oid, ...]:
        """The heads, sorted."""
        return tuple(sorted(self.heads))

    def moved(self, heads: Iterable[Oid], stamp: Stamp) -> Ref:
        """The ref with just these heads: those that stay keep their stamps, new ones get this."""
        stamps = {oid: self.heads.get(oid, frozenset({stamp})) for oid in heads}
        return Ref(stamps, {**self.seen, stamp.replica: stamp.clock})

    def without(self, oids: Iterable[Oid]) -> Ref:
        """The ref without heads that turned out to be ancestors of others; no event of its own."""
        gone = set(oids)
        return replace(self, heads={oid: s for oid, s in self.heads.items() if oid not in gone})

    def join(self, other: Ref) -> Ref:
        """All that either state knows."""
        heads = {
            oid: stamps
            for oid in {*self.heads, *other.heads}
            if (stamps := _surviving(oid, self, other) | _surviving(oid, other, self))
        }
        seen = dict(self.seen)
        for replica, clock in other.seen.items():
            seen[replica] = max(clock, seen.get(replica, clock))
        return Ref(heads, seen)

    def has_seen(self, stamp: Stamp) -> bool:
        """Whether the event of `stamp` is part of this state, or was and is no more."""
        clock = self.seen.get(stamp.replica)
        return clock is not None and stamp.clock <= clock


def _surviving(oid: Oid, here: Ref, there: Ref) -> frozenset[Stamp]:
    """The stamps of a head of `here` but for those that `there` has seen come and go."""
    kept = there.heads.get(oid, frozenset())
    stamps = here.heads.get(oid, frozenset())
    return frozenset(stamp for stamp in stamps if stamp in kept or not there.has_seen(stamp))


@dataclass(frozen=True, slots=True)
class Position:
    """Where the working tree stands: the branch it follows (None: detached) and the commit.

    `resolved` are those conflicts of the commit that are resolved and not yet committed so.
    """

    branch: str | None
    commit: Oid | None = None
    resolved: tuple[Oid, ...] = ()


@dataclass(frozen=True, slots=True)
class Refs:
    """All refs of a replica at one moment, its clock, and where its working tree stands.

    `tips` are the canonical tips of the branches: always computed from the heads, kept here so
    that reading a branch costs nothing. `operation` counts the changes; the log of them has one
    line each, in `log_bytes` bytes.
    """

    position: Position
    branches: Mapping[str, Ref] = field(default_factory=dict)
    tags: Mapping[str, Ref] = field(default_factory=dict)
    tips: Mapping[str, Oid] = field(default_factory=dict)
    clock: Clock = ZERO
    operation: int = 0
    log_bytes: int = 0

    def live_branches(self) -> list[str]:
        """The names of the branches that are not deleted, sorted."""
        return sorted(name for name, ref in self.branches.items() if not ref.is_deleted)

    def branch(self, name: str) -> Ref:
        """The branch called `name`; an empty ref when there never was one."""
        return self.branches.get(name) or Ref()

    def tag(self, name: str) -> Ref:
        """The tag called `name`; an empty ref when there never was one."""
        return self.tags.get(name) or Ref()

    def with_branch(self, name: str, ref: Ref, tip: Oid | None) -> Refs:
        """The same with one branch changed, and its tip (None when it is deleted)."""
        tips = {known: oid for known, oid in self.tips.items() if known != name}
        if tip is not None:
            tips[name] = tip
        return replace(self, branches={**self.branches, name: ref}, tips=tips)

    def with_tag(self, name: str, ref: Ref) -> Refs:
        """The same with one tag changed."""
        return replace(self, tags={**self.tags, name: ref})


def check_ref_name(name: str) -> str:
    """`name` if it may name a branch or tag (git's rules), else a Usage error that says why."""
    parts = name.split("/")
    broken = (
        not name
        or name in ("HEAD", "@")
        or name.startswith("-")
        or name.endswith(".")
        or ".." in name
        or "@{" in name
        or any(not part or part.startswith(".") or part.endswith(".lock") for part in parts)
        or not _FORBIDDEN.isdisjoint(name)
        or not _is_utf8(name)
        or len(name.encode()) > MAX_NAME_BYTES
    )
    if broken:
        raise Usage(
            f"{name!r} cannot name a branch or tag",
            hint="use letters, digits, '-', '_' and '/', as in 'topic/short-name'",
        )
    return name


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
