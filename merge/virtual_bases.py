"""Virtual bases that were made, so that none is made twice."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.merge.trees import MergedTree
    from pyvcs.objects.oid import Oid


class VirtualBases:
    """Virtual bases by the commits whose trees were folded, in this order.

    One is a function of its commits, so it may be kept for as long as the engine is the same; its
    objects are wherever it was made.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[Oid, ...], MergedTree] = {}

    def get(self, commits: tuple[Oid, ...]) -> MergedTree | None:
        """The fold of these commits, if it was made."""
        return self._made.get(commits)

    def note(self, commits: tuple[Oid, ...], merged: MergedTree) -> None:
        """Keep a fold that was made."""
        self._made[commits] = merged

    def longest(self, commits: tuple[Oid, ...]) -> int:
        """How many of the first commits are folded already; 1 when nothing is."""
        return next((n for n in range(len(commits), 1, -1) if self.get(commits[:n])), 1)
