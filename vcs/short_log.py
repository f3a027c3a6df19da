"""A log of ids and subjects: each commit is looked at in its bytes, and none is decoded.

Idea.        The order of `CommitHistory.log` asks of a commit its clock, generation, oid and
             parents; what is shown is its subject. The commit graph has the one half, and the
             outlines that are kept, or two searches in the commit's bytes, the other.
Invariant.   The commits, their order and their subjects are those of `CommitHistory.log`.
Cost.        One heap operation a commit, and none where history is one line.
Result.      A stream of oids and subjects.
Source.      None: it is the same walk with less in its hands.
Not handled. Commits are not checked: our own were when they came.
"""

from __future__ import annotations

from pyvcs.kept_outlines import MANY, KeptOutlines
from pyvcs.objects.oid import Oid
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def short_log(
    replica: Replica, tips: Collection[Oid], *, many: int = MANY
) -> Iterator[tuple[bytes, str]]:
    """The bytes of the oids of the ancestors of `tips`, newest first, and their subjects.

    At its end, the outlines are kept if more than `many` had to be looked up.
    """
    from heapq import heapify, heappop, heappush

    graph = replica.history.graph
    seen = {graph.ensure(tip) for tip in tips}
    kept = KeptOutlines(replica, many=many)
    line_at, outline = graph.line_at, kept.outline

    def ranked(position: int) -> tuple[int, int, bytes, str, tuple[int, ...]]:
        oid, generation, parents = line_at(position)
        clock, subject = outline(position, oid)
        return -clock, -generation, oid, subject, parents

    heap = [ranked(position) for position in seen]
    heapify(heap)
    while heap:
        *_, oid, subject, parents = heappop(heap)
        yield oid, subject
        while not heap and len(parents) == 1 and parents[0] not in seen:  # nothing to put in order
            (position,) = parents
            seen.add(position)
            oid, _, parents = line_at(position)
            yield oid, outline(position, oid)[1]
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                heappush(heap, ranked(parent))
    kept.save()
