"""What other replicas have heard of: the heads of all that was given to one or came from one.

It is kept under one key, as JSON, and may be lost: pyvcs then believes that nothing was shared.
"""

from __future__ import annotations

from pyvcs.objects.oid import Oid
from pyvcs.plain_json import MISREAD, one_line, read_json
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

KEY = "shared"
FORMAT = 1


def note_shared(replica: Replica, commits: Collection[Oid]) -> None:
    """Remember that another replica has these commits, and all that they reach."""
    known = [oid for oid in commits if replica.store.has(oid)]
    while True:
        content = replica.backend.read(KEY)
        before = _decode(content)
        heads = replica.history.heads({*filter(replica.store.has, before), *known})
        if set(heads) <= set(before):
            return
        document: dict[str, Any] = {"format": FORMAT, "heads": sorted(map(str, heads))}
        if replica.backend.swap(KEY, expected=content, new=one_line(document).encode() + b"\n"):
            return


def is_shared(replica: Replica, commit: Oid) -> bool:
    """Whether another replica has heard of a commit, as far as this one knows."""
    heads = [oid for oid in _decode(replica.backend.read(KEY)) if replica.store.has(oid)]
    return any(replica.history.is_ancestor(commit, head) for head in heads)


def _decode(content: bytes | None) -> tuple[Oid, ...]:
    """The heads that were kept; none when they cannot be read."""
    try:
        document = read_json(content or b"{}")
        return tuple(map(Oid.from_hex, document.get("heads", ())))
    except MISREAD:
        return ()
