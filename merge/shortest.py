"""Myers' greedy search for a shortest edit script, bounded.

Idea.        Among all ways to spend d edits, keep for every diagonal (place in a minus place in b)
             the one that reaches furthest; the first to reach both ends is a shortest script.
             After `cap` edits the furthest point is taken as it is, and the search begins anew
             there.
Invariant.   After d edits, reach[k] is the furthest place in a on diagonal k.
Cost.        Time O(n * cap), memory O(cap**2), n the elements of both.
Result.      Pairs of places of equal elements, rising on both sides.
Source.      Myers, An O(ND) Difference Algorithm and Its Variations, 1986, section 2.
Not handled. Scripts longer than cap are good, but no longer shortest.
"""

from __future__ import annotations

from typing import TypeAlias

MOST_STEPS = 2_000_000
"""About how many steps a search may take before its cap is lowered; one step is about 0.2 us."""

Reach: TypeAlias = dict[int, int]


def shortest_pairs(a: list[int], b: list[int]) -> list[tuple[int, int]]:
    """Pairs of places of equal elements that a shortest script keeps."""
    shared = set(a) & set(b)
    at_a = [i for i, x in enumerate(a) if x in shared]
    at_b = [j for j, x in enumerate(b) if x in shared]
    a, b = [a[i] for i in at_a], [b[j] for j in at_b]
    cap = max(64, min(1024, MOST_STEPS // (len(a) + len(b) + 1)))
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(a) and j < len(b):
        trail, d, k = _search(a, b, i, j, cap)
        pairs.extend((at_a[i + x], at_b[j + y]) for x, y in _kept(trail, d, k))
        x = trail[d][k]
        i, j = i + x, j + x - k
    return pairs


def _search(a: list[int], b: list[int], i: int, j: int, cap: int) -> tuple[list[Reach], int, int]:
    """The reach after 0, 1, ... d edits from (i, j) on, and the diagonal that got furthest."""
    n, m = len(a) - i, len(b) - j
    trail: list[Reach] = []
    before: Reach = {}
    for d in range(cap + 1):
        reach: Reach = {}
        trail.append(reach)
        for k in range(-(d - 2 * max(0, d - m)), d - 2 * max(0, d - n) + 1, 2):
            x = max(before.get(k + 1, 0), before.get(k - 1, -1) + 1)
            y = x - k
            while x < n and y < m and a[i + x] == b[j + y]:
                x += 1
                y += 1
            reach[k] = x
            if x == n and y == m:
                return trail, d, k
        before = reach
    inside = [k for k, x in reach.items() if x <= n and x - k <= m]
    return trail, cap, max(inside, key=lambda k: (2 * reach[k] - k, k))


def _kept(trail: list[Reach], d: int, k: int) -> list[tuple[int, int]]:
    """The pairs kept on the way to diagonal k with d edits, first to last."""
    pairs: list[tuple[int, int]] = []
    x = trail[d][k]
    while True:
        before = trail[d - 1] if d else {}
        down, right = before.get(k + 1, 0), before.get(k - 1, -1) + 1
        start = max(down, right)
        pairs.extend((at, at - k) for at in range(x - 1, start - 1, -1))
        if not d:
            break
        k, x = (k + 1, down) if down >= right and k + 1 in before else (k - 1, right - 1)
        d -= 1
    pairs.reverse()
    return pairs
