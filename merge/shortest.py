"""Myers' search for a short edit script, from both ends, bounded.

Idea.        A script that spends the fewest edits crosses the middle of the box somewhere: search
             from the start and from the end at once, each diagonal (place in a minus place in b)
             keeping the point furthest on; where the two searches meet, the box splits in two.
             A search that grows dear is cut: at a promising diagonal that ends in a long run of
             equal elements, else at the point that got furthest.
Invariant.   Of each diagonal the forward search holds the furthest point that so many edits reach,
             the backward search the nearest; runs come out in order and never cross.
Cost.        O((n + m) * d) time for a script of d edits, memory O(n + m). A search has at most
             256 rounds, or about the root of n + m; 16 once MOST_STEPS are spent.
Result.      Runs (a, b, length) of equal elements that the script keeps.
Source.      Myers, An O(ND) Difference Algorithm and Its Variations, 1986, section 4b; the cuts
             are those of GNU diff and of git, so that a merge sees the hunks that git sees.
Not handled. Cut searches give good scripts, not shortest ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Run: TypeAlias = tuple[int, int, int]
Box: TypeAlias = tuple[int, int, int, int]
Point: TypeAlias = tuple[int, int]
Split: TypeAlias = tuple[int, int, bool, bool]
"""Where a box splits, and whether the search of the first and second half may not be cut."""

LONG_RUN = 20
"""So many equal elements in a row make a diagonal promising."""

LEAST_DEAR = 256
"""Rounds of a search before it may be cut."""

PROMISING = 4
"""A promising diagonal got so many times further than its edits."""

MOST_STEPS = 4_000_000
"""Steps of a whole comparison, of about 0.5 us each, before searches are cut after CHEAP rounds."""

CHEAP = 16
FAR = 1 << 60


def shortest_runs(
    a: Sequence[int], b: Sequence[int], within: Iterable[Box] | None = None
) -> list[Run]:
    """The runs of equal elements that a short edit script from a to b keeps, in order.

    With `within` only those in these boxes.
    """
    search = _Search(a, b, max(LEAST_DEAR, rough_root(len(a) + len(b) + 3)))
    runs: list[Run] = []
    whole_box = (0, len(a), 0, len(b))
    boxes = [(box, False) for box in ([whole_box] if within is None else within)]
    while boxes:
        (a0, a1, b0, b1), whole = boxes.pop()
        head = common_start(a, a0, a1, b, b0, b1)
        if head:
            runs.append((a0, b0, head))
            a0, b0 = a0 + head, b0 + head
        tail = common_end(a, a0, a1, b, b0, b1)
        if tail:
            a1, b1 = a1 - tail, b1 - tail
            runs.append((a1, b1, tail))
        if a0 < a1 and b0 < b1:
            x, y, whole_first, whole_second = search.split((a0, a1, b0, b1), whole)
            boxes.append(((x, a1, y, b1), whole_second))
            boxes.append(((a0, x, b0, y), whole_first))
    runs.sort()
    return runs


def rough_root(number: int) -> int:
    """A power of two near the square root: cheap, and the same everywhere.

    >>> rough_root(100), rough_root(10_000)
    (16, 128)
    """
    return 1 << (number.bit_length() + 1) // 2


def common_start(a: Sequence[int], a0: int, a1: int, b: Sequence[int], b0: int, b1: int) -> int:
    """How many elements a[a0:a1] and b[b0:b1] begin with alike; compared by whole stretches."""
    most, done, step = min(a1 - a0, b1 - b0), 0, 1
    while step and done < most:
        step = min(step, most - done)
        x, y = a0 + done, b0 + done
        if a[x : x + step] == b[y : y + step]:
            done, step = done + step, 4 * step
        else:
            step //= 4 if step > 3 else 2
    return done


def common_end(a: Sequence[int], a0: int, a1: int, b: Sequence[int], b0: int, b1: int) -> int:
    """How many elements a[a0:a1] and b[b0:b1] end with alike."""
    most, done, step = min(a1 - a0, b1 - b0), 0, 1
    while step and done < most:
        step = min(step, most - done)
        x, y = a1 - done, b1 - done
        if a[x - step : x] == b[y - step : y]:
            done, step = done + step, 4 * step
        else:
            step //= 4 if step > 3 else 2
    return done


class _Front:
    """What a search from one end reached: diagonals first, first + 2, ... last."""

    __slots__ = ("first", "last", "long_run", "reach")

    def __init__(self, diagonal: int, x: int) -> None:
        self.first = self.last = diagonal
        self.reach = {diagonal: x}
        self.long_run = False

    def widen(self, low: int, high: int, nowhere: int) -> None:
        """One more diagonal on each side, or one less where the box ends."""
        if self.first > low:
            self.first -= 1
            self.reach[self.first - 1] = nowhere
        else:
            self.first += 1
        if self.last < high:
            self.last += 1
            self.reach[self.last + 1] = nowhere
        else:
            self.last -= 1
        self.long_run = False

    def diagonals(self) -> range:
        """From the last down, as git goes: of several that meet at once the first one counts."""
        return range(self.last, self.first - 1, -2)


class _Search:
    """Splits boxes of a and b, and counts the steps of all splits."""

    __slots__ = ("a", "b", "dearest", "steps")

    def __init__(self, a: Sequence[int], b: Sequence[int], dearest: int) -> None:
        self.a, self.b = a, b
        self.dearest = dearest
        self.steps = 0

    def split(self, box: Box, whole: bool) -> Split:
        """Where to split a box; a `whole` search is not cut while there are steps left."""
        a0, a1, b0, b1 = box
        low, high = a0 - b1, a1 - b0
        front = _Front(a0 - b0, a0)
        back = _Front(a1 - b1, a1)
        odd = bool((front.first - back.first) & 1)
        rounds = 0
        while True:
            rounds += 1
            front.widen(low, high, -1)
            met = self._forward(box, front, back if odd else None)
            if met is None:
                back.widen(low, high, FAR)
                met = self._backward(box, back, None if odd else front)
            self.steps += len(front.diagonals()) + len(back.diagonals())
            if met is not None:
                return *met, True, True
            if not whole and rounds > LEAST_DEAR and (front.long_run or back.long_run):
                cut = self._promising(box, front, rounds)
                cut = cut or self._promising_back(box, back, rounds)
                if cut is not None:
                    return cut
            if rounds >= (FAR if whole else self.dearest) or (
                rounds >= CHEAP and self.steps > MOST_STEPS
            ):
                return _furthest(box, front, back)

    def _forward(self, box: Box, front: _Front, back: _Front | None) -> Point | None:
        """One round from the start; the point where it meets `back`."""
        a, b, reach = self.a, self.b, front.reach
        _, a1, _, b1 = box
        for k in front.diagonals():
            down, right = reach[k + 1], reach[k - 1]
            start = x = right + 1 if right >= down else down
            y = x - k
            while x < a1 and y < b1 and a[x] == b[y]:
                x += 1
                y += 1
            if x - start > LONG_RUN:
                front.long_run = True
            reach[k] = x
            if back is not None and back.first <= k <= back.last and back.reach[k] <= x:
                return x, y
        return None

    def _backward(self, box: Box, back: _Front, front: _Front | None) -> Point | None:
        """One round from the end; the point where it meets `front`."""
        a, b, reach = self.a, self.b, back.reach
        a0, _, b0, _ = box
        for k in back.diagonals():
            up, left = reach[k - 1], reach[k + 1]
            start = x = up if up < left else left - 1
            y = x - k
            while x > a0 and y > b0 and a[x - 1] == b[y - 1]:
                x -= 1
                y -= 1
            if start - x > LONG_RUN:
                back.long_run = True
            reach[k] = x
            if front is not None and front.first <= k <= front.last and front.reach[k] >= x:
                return x, y
        return None

    def _promising(self, box: Box, front: _Front, rounds: int) -> Split | None:
        """The diagonal that got best beyond its edits and ends in a long run."""
        a0, a1, b0, b1 = box
        best, found = PROMISING * rounds, None
        for k in front.diagonals():
            x, y = front.reach[k], front.reach[k] - k
            gain = x - a0 + y - b0 - abs(k - (a0 - b0))
            inside = a0 + LONG_RUN <= x < a1 and b0 + LONG_RUN <= y < b1
            if gain > best and inside and self.a[x - LONG_RUN : x] == self.b[y - LONG_RUN : y]:
                best, found = gain, (x, y, True, False)
        return found

    def _promising_back(self, box: Box, back: _Front, rounds: int) -> Split | None:
        """The same from the end."""
        a0, a1, b0, b1 = box
        best, found = PROMISING * rounds, None
        for k in back.diagonals():
            x, y = back.reach[k], back.reach[k] - k
            gain = a1 - x + b1 - y - abs(k - (a1 - b1))
            inside = a0 < x <= a1 - LONG_RUN and b0 < y <= b1 - LONG_RUN
            if gain > best and inside and self.a[x : x + LONG_RUN] == self.b[y : y + LONG_RUN]:
                best, found = gain, (x, y, False, True)
        return found


def _furthest(box: Box, front: _Front, back: _Front) -> Split:
    """The point furthest from its own end, of all that either search reached."""
    a0, a1, b0, b1 = box
    ahead = [(min(front.reach[k], a1, b1 + k), k) for k in front.diagonals()]
    behind = [(max(back.reach[k], a0, b0 + k), k) for k in back.diagonals()]
    x, k = max(ahead, key=lambda point: 2 * point[0] - point[1])
    x_back, k_back = min(behind, key=lambda point: 2 * point[0] - point[1])
    if a1 + b1 - (2 * x_back - k_back) < 2 * x - k - (a0 + b0):
        return x, x - k, True, False
    return x_back, x_back - k_back, False, True
