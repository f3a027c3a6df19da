"""The conflicts that wait for somebody, and which of their sides is ours here."""

from __future__ import annotations

from itertools import islice

from pyvcs.changes import changes
from pyvcs.merge.result import ConflictKind
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.values import dataclass
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.unresolved import still_unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, TypeAlias

SideName: TypeAlias = "Literal['base', 'ours', 'theirs']"

_HEX = frozenset("0123456789abcdef")
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict to be resolved, and which of its sides is ours, and which theirs."""

    oid: Oid
    conflict: Conflict
    ours: ConflictSide
    theirs: ConflictSide

    def side(self, name: SideName) -> ConflictSide:
        """The side that goes by this name."""
        return {"base": self.conflict.base, "ours": self.ours, "theirs": self.theirs}[name]


def open_conflicts(replica: Replica, *, resolved_too: bool = False) -> list[OpenConflict]:
    """The unresolved conflicts of the working tree (without one: of the tip), sorted by place.

    With `resolved_too` all that the commit has on which the working tree stands.
    """
    refs = replica.refs
    position = refs.position
    conflicts: dict[Oid, Conflict] = {}
    if resolved_too or not replica.has_worktree:
        commit = position.commit if resolved_too else refs.tips.get(position.branch or "")
        oids = () if commit is None else replica.store.commit(commit).conflicts
        conflicts = {oid: replica.store.conflict(oid) for oid in oids}
    if replica.has_worktree:
        cache = StatCache.load(replica.backend, replica.store, position.commit)
        conflicts |= still_unresolved(replica, position, changes(replica.worktree, cache))
    before = _stood_on(replica) if conflicts else []
    found = [_opened(replica, oid, conflict, before) for oid, conflict in conflicts.items()]
    return sorted(found, key=lambda item: (item.conflict.path, item.conflict.pointer or ""))


def _opened(replica: Replica, oid: Oid, conflict: Conflict, before: Sequence[Oid]) -> OpenConflict:
    """Ours is the side that we had before: the one that is in the last commit we stood on which
    has just one of them; else the one with a commit of this replica; else the first."""
    first, second = conflict.sides[:2]
    one, two = (label_commits(replica, conflict, side) for side in (first, second))
    for commit in before:
        has_one, has_two = (_is_in(replica, commits, commit) for commits in (one, two))
        if has_one != has_two:
            return _in_order(oid, conflict, swapped=has_two)
    mine_one, mine_two = (_is_mine(replica, commits) for commits in (one, two))
    return _in_order(oid, conflict, swapped=mine_two and not mine_one)


def _in_order(oid: Oid, conflict: Conflict, *, swapped: bool) -> OpenConflict:
    first, second = conflict.sides[:2]
    return OpenConflict(oid, conflict, *((second, first) if swapped else (first, second)))


def label_commits(replica: Replica, conflict: Conflict, side: ConflictSide) -> list[Oid]:
    """The commits that a side's label names. The labels of a name clash are names, not oids."""
    if conflict.kind == ConflictKind.NAME:
        return []
    parts = side.label.split("+")
    hexes = [part for part in parts if len(part) == 2 * OID_BYTES and _HEX.issuperset(part)]
    oids = [oid for oid in map(Oid.from_hex, hexes) if replica.store.has(oid)]
    return [oid for oid in oids if replica.store.kind(oid) is Kind.COMMIT]


def _stood_on(replica: Replica) -> list[Oid]:
    """The commits that the working tree stood on, the last one first, by the operation log."""
    operations = reversed(list(replica.ref_store.operations()))
    heads = (operation.before.get("head", {}).get("commit") for operation in operations)
    oids = (Oid.from_hex(text) for text in heads if text)
    return list(islice((oid for oid in oids if replica.store.has(oid)), _REMEMBERED))


def _is_in(replica: Replica, commits: Sequence[Oid], commit: Oid) -> bool:
    return any(replica.history.is_ancestor(oid, commit) for oid in commits)


def _is_mine(replica: Replica, commits: Sequence[Oid]) -> bool:
    return any(replica.store.commit(oid).replica == replica.id for oid in commits)
