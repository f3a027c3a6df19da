"""Conflicts that are not resolved yet, and resolving them."""

from __future__ import annotations

from collections.abc import Iterable

from pyvcs.objects.oid import Oid
from pyvcs.refs import Position
from pyvcs.replica import Replica
from pyvcs.status import Change


def still_unresolved(
    replica: Replica, position: Position, changes: Iterable[Change]
) -> tuple[Oid, ...]:
    if position.commit is None:
        return ()
    return replica.store.commit(position.commit).conflicts
