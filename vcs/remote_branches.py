"""What the branches of each remote were when it was last met: `status` compares without a network.

It is kept under one key, as JSON, and may be lost: the next sync writes it again.
"""

from __future__ import annotations

from pyvcs.objects.backends.base import Backend, overwrite
from pyvcs.objects.oid import Oid
from pyvcs.objects.values import dataclass
from pyvcs.plain_json import MISREAD, one_line, read_json
from pyvcs.refs import Refs
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

KEY = "remote-branches"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class RemoteBranches:
    """The heads of a remote's branches by name, and when they were so, in ms since 1970 UTC."""

    seen_ms: int
    branches: Mapping[str, tuple[Oid, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a branch stands to a remote as it was last met.

    `ahead` counts the commits that the branch has and the remote's has not, `behind` the others:
    None when they are not here, so that nobody can count them. `is_there`: it has the branch.
    """

    remote: str
    seen_ms: int
    is_there: bool
    ahead: int
    behind: int | None


def note_remote(replica: Replica, name: str, theirs: Refs) -> None:
    """Remember the branches of the remote with this name."""
    branches = {branch: theirs.branch(branch).oids for branch in theirs.live_branches()}
    known = remembered(replica.backend)
    known[name] = RemoteBranches(replica.now_ms(), branches)
    _write(replica.backend, known)


def forget_remote(backend: Backend, name: str) -> None:
    """Forget what is remembered of a remote."""
    known = remembered(backend)
    if known.pop(name, None) is not None:
        _write(backend, known)


def remembered(backend: Backend) -> dict[str, RemoteBranches]:
    """What is remembered, by the name of the remote; nothing when it cannot be read."""
    content = backend.read(KEY)
    if content is None:
        return {}
    try:
        document = read_json(content)
        return {
            str(name): RemoteBranches(
                int(found["seen"]),
                {branch: tuple(map(Oid.from_hex, oids)) for branch, oids in found["heads"].items()},
            )
            for name, found in document.get("remotes", {}).items()
        }
    except MISREAD:
        return {}


def standings(replica: Replica, branch: str, ours: tuple[Oid, ...]) -> list[Standing]:
    """How a branch with the heads `ours` stands to every remote that was met, sorted by name."""
    return [
        _standing(replica, name, found, branch, ours)
        for name, found in sorted(remembered(replica.backend).items())
    ]


def _standing(
    replica: Replica, name: str, remote: RemoteBranches, branch: str, ours: tuple[Oid, ...]
) -> Standing:
    theirs = remote.branches.get(branch)
    if theirs == ours:
        return Standing(name, remote.seen_ms, True, 0, 0)
    if theirs is None:  # what its other branches have is no news for it
        heads = {oid for oids in remote.branches.values() for oid in oids}
        return Standing(name, remote.seen_ms, False, _count(replica, ours, heads), 0)
    here = {oid for oid in theirs if replica.store.has(oid)}
    behind = _count(replica, theirs, ours) if len(here) == len(theirs) else None
    return Standing(name, remote.seen_ms, True, _count(replica, ours, here), behind)


def _count(replica: Replica, wants: tuple[Oid, ...], haves: set[Oid] | tuple[Oid, ...]) -> int:
    """How many commits somebody made: a canonical merge is no news, every replica computes it."""
    known = [oid for oid in haves if replica.store.has(oid)]
    missing = replica.history.missing(wants=wants, haves=known)
    return sum(not replica.history.graph.flags(oid) for oid in missing)


def _write(backend: Backend, known: Mapping[str, RemoteBranches]) -> None:
    remotes = {
        name: {
            "heads": {branch: [*map(str, oids)] for branch, oids in sorted(found.branches.items())},
            "seen": found.seen_ms,
        }
        for name, found in sorted(known.items())
    }
    document: dict[str, Any] = {"format": FORMAT, "remotes": remotes}
    overwrite(backend, KEY, one_line(document).encode() + b"\n")
