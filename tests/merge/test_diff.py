"""Two-way diff: drawn cases, hostile input, and a slow oracle for the shortest script."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from counted_work import at_most_steps

from pyvcs.merge import matching as elements
from pyvcs.merge import shortest
from pyvcs.merge.anchors import anchored_runs
from pyvcs.merge.diff import Hunk, Match, diff, matching, patch
from pyvcs.merge.shortest import shortest_runs


def longest_common(a: Sequence[object], b: Sequence[object]) -> int:
    """The length of a longest common subsequence, by the book's table."""
    row = [0] * (len(b) + 1)
    for x in a:
        new = [0]
        for j, y in enumerate(b):
            new.append(row[j] + 1 if x == y else max(new[j], row[j + 1]))
        row = new
    return row[-1]


def shortest_pairs_of(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of places that a short script keeps."""
    return [(i + n, j + n) for i, j, length in shortest_runs(a, b) for n in range(length)]


def test_equal_sequences_have_one_match_and_no_hunk() -> None:
    assert matching("abc", "abc") == (Match(0, 0, 3),)
    assert diff("abc", "abc") == ()


def test_empty_sequences_match_nothing() -> None:
    assert matching("", "abc") == ()
    assert diff("", "ab") == (Hunk(0, 0, (), ("a", "b")),)
    assert diff("ab", "") == (Hunk(0, 0, ("a", "b"), ()),)


def test_a_hunk_tells_where_it_stands_on_both_sides() -> None:
    assert diff("abcdef", "abXdeYf") == (Hunk(2, 2, ("c",), ("X",)), Hunk(5, 5, (), ("Y",)))


def test_an_insertion_between_like_elements_is_the_last_one_that_could_be() -> None:
    assert diff("xyz", "xyxyz") == (Hunk(2, 2, (), ("x", "y")),)
    assert diff("f{}g{}", "f{}h{}g{}") == (Hunk(3, 3, (), ("h", "{", "}")),)


def test_the_larger_part_of_a_swap_stays() -> None:
    assert matching("12abc", "abc12") == (Match(2, 0, 3),)


def test_elements_need_only_be_hashable() -> None:
    assert diff([None, (1,), b"x"], [None, b"x"]) == (Hunk(1, 1, ((1,),), ()),)


@pytest.mark.parametrize("hunk", [Hunk(1, 1, ("x",), ()), Hunk(9, 9, ("x",), ("y",))])
def test_a_patch_that_does_not_fit_is_refused(hunk: Hunk[str]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        patch("abc", [hunk])


def test_hunks_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        patch("abc", [Hunk(2, 2, ("c",), ()), Hunk(0, 0, ("a",), ())])


def test_a_match_and_a_hunk_are_checked_when_they_are_made() -> None:
    with pytest.raises(ValueError, match="no such match"):
        Match(0, 0, 0)
    with pytest.raises(ValueError, match="removes or adds"):
        Hunk(0, 0, (), ())
    with pytest.raises(ValueError, match="starts at"):
        Hunk(-1, 0, ("a",), ())


def test_the_greedy_search_finds_a_shortest_script() -> None:
    for seed in range(2_000):
        rng = random.Random(seed)
        a, b = ([rng.randrange(3) for _ in range(rng.randrange(14))] for _ in range(2))
        pairs = shortest_pairs_of(a, b)
        assert all(a[i] == b[j] for i, j in pairs), seed
        assert pairs == sorted(set(pairs)), seed
        assert len(pairs) == longest_common(a, b), seed


def test_a_script_longer_than_the_cap_is_still_a_good_one() -> None:
    rng = random.Random(5)
    a, b = ([rng.randrange(4) for _ in range(3_000)] for _ in range(2))
    pairs = shortest_pairs_of(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert all(i < k and j < n for (i, j), (k, n) in pairwise(pairs))
    assert len(pairs) > 0.9 * longest_common(a, b)


N = 4_000
HOSTILE: dict[str, Callable[[random.Random], tuple[list[int], list[int]]]] = {
    "two letters": lambda rng: (rng.choices((0, 1), k=N), rng.choices((0, 1), k=N)),
    "reversed": lambda rng: (list(range(N)), list(range(N, 0, -1))),
    "reversed pairs": lambda rng: ([i // 2 for i in range(N)], [i // 2 for i in range(N, 0, -1)]),
    "shuffled triples": lambda rng: (
        rng.sample([i // 3 for i in range(N)], N),
        rng.sample([i // 3 for i in range(N)], N),
    ),
    "all equal": lambda rng: ([0] * N, [0] * (N // 2)),
    "permuted": lambda rng: (list(range(N)), rng.sample(range(N), N)),
    "nothing shared": lambda rng: (list(range(N)), list(range(N, 2 * N))),
}


@pytest.mark.parametrize("many", [0, elements.MANY], ids=["anchors", "whole"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_bounded_time(
    name: str, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the bounds of long input for short: without them, it takes 1,500 steps an element."""
    monkeypatch.setattr(shortest, "MOST_STEPS", shortest.MOST_STEPS // 80)
    monkeypatch.setattr(elements, "MANY", many)
    a, b = HOSTILE[name](random.Random(7))
    with at_most_steps(700 * N):
        hunks = diff(a, b)
    assert patch(a, hunks) == tuple(b)


def test_anchors_leave_little_to_search_and_lose_nothing() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        a = [rng.randrange(3) if rng.random() < 0.3 else 10 + n for n in range(100)]
        b = [x for x in a if rng.random() < 0.9]
        for _ in range(rng.randrange(4)):
            at = rng.randrange(len(b))
            b[at:at] = [rng.randrange(3), 1_000 + rng.randrange(100)]
        if seed % 2:
            b = b[30:50] + b[:30] + b[50:]  # a block moved: its elements are out of order
        runs = anchored_runs(a, b)
        pairs = [(i + n, j + n) for i, j, length in runs for n in range(length)]
        assert all(a[i] == b[j] for i, j in pairs), seed
        assert all(i < k and j < n for (i, j), (k, n) in pairwise(pairs)), seed
        assert len(pairs) > 0.97 * longest_common(a, b), seed


def test_a_long_search_is_split_at_anchors() -> None:
    """A whole search would take 1,200 steps for each element, and more the more there are."""
    rng = random.Random(3)
    a = [n % 7 if n % 4 == 0 else 10 + n for n in range(20_000)]
    b = [x if rng.random() < 0.8 else rng.choice((1, 2)) for x in a]
    with at_most_steps(300 * len(a)):
        hunks = diff(a, b)
    assert patch(a, hunks) == tuple(b)
