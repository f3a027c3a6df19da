"""The graph beside a log: commits as points, and lines to their parents.

Idea.        A commit that is still to come has one lane. A commit is drawn in its lane, which goes
             on to a parent that no other lane waits for; one row below draws the lines to the
             other parents: into the lanes that wait for them, or into new ones.
             A line that would only lead to a lane on its right takes that lane in instead.
Invariant.   No two lanes wait for the same commit. The lines of one row all begin at one commit, or
             are one that ends at it, so they are told apart; where a line passes a lane without
             meeting it, the lane is whole. A commit without children never stands just below one
             without parents.
Cost.        O(lanes) a commit. Nothing is looked up ahead: the drawing is a stream.
Result.      For each commit the rows before its lines of text, and what goes before all others.
Source.      The lanes of `git log --graph`; the one row of lines is ours.
Not handled. Lanes do not move to the left when one beside them ends.

::

    o      E, a merge of C and D
    ├─╮
    │ *    D
    * │    C
    ├─╯
    *      B
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence

from pyvcs.objects.typed import Generic, TypeVar
from pyvcs.objects.values import dataclass

N = TypeVar("N", bound=Hashable)

_ARMS = (
    *("0111", "0001", "0010", "1101", "1110", "1111"),
    *("1001", "1010", "1011", "0101", "0110", "1100"),
)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """What lines are drawn with: by their arms up, down, left and right as four digits."""

    joints: Mapping[str, str]
    across: str


def _glyphs(joints: str, across: str) -> Glyphs:
    return Glyphs(dict(zip(_ARMS, joints, strict=True)), across)


BOXES = _glyphs("┬─╴├┤┼╰╯┴╭╮│", "─")
"""Lines of Unicode."""

ASCII = _glyphs(".--+++'''..|", "-")
"""Lines for terminals that have nothing else."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What goes before the lines of one commit: before its first ones, and before the others.

    Two characters a lane. `first` is empty for a hidden commit whose lane goes straight on.
    """

    first: tuple[str, ...]
    others: str


class GraphDrawing(Generic[N]):
    """A drawing under way. Every commit is given to `draw` once, children before parents."""

    def __init__(self, glyphs: Glyphs = BOXES) -> None:
        self._glyphs = glyphs
        self._lanes: list[N | None] = []
        self._ended: int | None = None  # the lane that ended in the row before

    def draw(
        self, node: N, parents: Sequence[N], *, mark: str = "*", is_shown: bool = True
    ) -> Rows:
        """Draw a commit as `mark`. One that is not shown is passed by the lines that go through."""
        lane = self._lane_of(node)
        if lane is None:
            if not is_shown:
                return Rows((), self._straight(None, ""))
            lane = self._free_lane(0, self._ended)
        self._lanes[lane] = node
        rows = []
        if is_shown:
            rows.append(self._straight(lane, mark))
            self._ended = None
        above = [awaited is not None for awaited in self._lanes]
        targets = self._hand_on(lane, parents)
        if targets - {lane}:
            rows.append(self._joined(lane, targets, above))
        elif not targets:
            self._ended = lane
        while self._lanes and self._lanes[-1] is None:
            self._lanes.pop()
        return Rows(tuple(row.rstrip() + " " for row in rows), self._straight(None, ""))

    def _lane_of(self, node: N) -> int | None:
        return self._lanes.index(node) if node in self._lanes else None

    def _free_lane(self, start: int, but: int | None = None) -> int:
        """The first lane from `start` on that nobody waits in."""
        lane = start
        while lane == but or (lane < len(self._lanes) and self._lanes[lane] is not None):
            lane += 1
        self._lanes += [None] * (lane + 1 - len(self._lanes))
        return lane

    def _hand_on(self, lane: int, parents: Sequence[N]) -> set[int]:
        """The lanes of the parents; those that have none are given one, the first this one."""
        self._lanes[lane] = None
        waiting = self._lane_of(parents[0]) if len(parents) == 1 else None
        if waiting is not None and waiting > lane:
            self._lanes[lane], self._lanes[waiting] = parents[0], None
            return {lane, waiting}
        targets = set()
        for parent in parents:
            target = self._lane_of(parent)
            if target is None:
                target = self._free_lane(lane)
                self._lanes[target] = parent
            targets.add(target)
        return targets

    def _straight(self, lane: int | None, mark: str) -> str:
        """A row without lines from one lane to another."""
        down = self._glyphs.joints["1100"]
        cells = (down if awaited is not None else " " for awaited in self._lanes)
        return "".join(f"{mark if n == lane else cell} " for n, cell in enumerate(cells))

    def _joined(self, lane: int, targets: Collection[int], above: Sequence[bool]) -> str:
        """The row in which lines lead from a lane to others."""
        low, high = min(lane, *targets), max(lane, *targets)
        row = ""
        for n, awaited in enumerate(self._lanes):
            up = n < len(above) and above[n]
            within = low <= n <= high
            if n == lane or n in targets:
                arms = (up, awaited is not None, n > low, n < high)
                row += self._glyphs.joints["".join(str(int(arm)) for arm in arms)]
            else:
                across = self._glyphs.across if within else " "
                row += self._glyphs.joints["1100"] if up else across
            row += self._glyphs.across if within and n < high else " "
        return row
