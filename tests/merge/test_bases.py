from __future__ import annotations

import hashlib
from itertools import product

import pytest
from graphs import drawn, grid, histories, line, renamed, slow_merge_bases
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.bases import merge_bases, merge_bases_of_commits, merge_bases_of_sets
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.commit_graph import CommitGraph
from pyvcs.objects.graph import generation_numbers
from pyvcs.objects.numbering import by_position
from pyvcs.objects.oid import Oid

# A <- B <- C
LINE = line("A", "B", "C")

# A <- B <- C
#       \
#        D <- E
FORK = "A B:A C:B D:B E:D"

# A <- B <----- D     D merges C into B, E merges B into C
#  \     \   /
#   \      X
#    \   /   \
#     C <----- E
CRISS_CROSS = "A B:A C:A D:B,C E:C,B"

# A <- B <- D <- F    two criss-crosses, one on top of the other
#  \     X    X
#   C <- E <- G
DOUBLE_CRISS_CROSS = "A B:A C:A D:B,C E:C,B F:D,E G:E,D"

# A <- B <-.          M merges three at once, N grows from one of them
# A <- C <-- M
# A <- D <-'
#       \
#        N
OCTOPUS = "A B:A C:A D:A M:B,C,D N:D"

# A <- B <- C <- E <- G     D was merged into E, and went on to F
#       \       /
#        D <---+
#         \
#          F
MERGED_ONCE = "A B:A C:B D:B E:C,D G:E F:D"

# A <- B     two histories that never met
# X <- Y
UNRELATED = "A B:A X Y:X"

# A <- B <- H        X is a second root, merged on both sides
#      X <-'
#      X <- K
TWO_ROOTS = "A X B:A H:B,X K:X"

# A base that hides below another one: D and C are common to both, but C descends from D.
#   D <- C <- P <- Q     Q = merge of P and D again, R = C and D
STALE = "D C:D P:C Q:P,D R:C,D"


@pytest.mark.parametrize(
    ("text", "ours", "theirs", "expected"),
    [
        (LINE, "C", "C", "C"),
        (LINE, "A", "C", "A"),
        (FORK, "C", "E", "B"),
        (FORK, "E", "D", "D"),
        (CRISS_CROSS, "D", "E", "BC"),
        (CRISS_CROSS, "D", "B", "B"),
        (DOUBLE_CRISS_CROSS, "F", "G", "DE"),
        (OCTOPUS, "M", "N", "D"),
        (OCTOPUS, "B", "N", "A"),
        (MERGED_ONCE, "G", "F", "D"),
        (MERGED_ONCE, "C", "F", "B"),
        (UNRELATED, "B", "Y", ""),
        (UNRELATED, "A", "B", "A"),
        (TWO_ROOTS, "H", "K", "X"),
        (STALE, "Q", "R", "C"),
    ],
)
def test_finds_the_merge_bases_of_a_drawing(
    text: str, ours: str, theirs: str, expected: str
) -> None:
    history = drawn(text)
    generation = generation_numbers(history.__getitem__, history)
    for order in (None, list(history).index, generation.__getitem__):
        assert merge_bases(history.__getitem__, ours, theirs, order=order) == tuple(expected)
        assert merge_bases(history.__getitem__, theirs, ours, order=order) == tuple(expected)


def test_finds_the_fork_of_long_parallel_lines() -> None:
    ours = [f"o{n}" for n in range(300)]
    theirs = [f"t{n}" for n in range(300)]
    history = drawn(f"{line('A', 'B', *ours)} {line('x', *theirs)[2:].replace(':x', ':B')}")
    assert merge_bases(history.__getitem__, "o299", "t299") == ("B",)
    assert merge_bases(history.__getitem__, "o299", "t0") == ("B",)


# A <- B <--- E      D has both B and C in it, so against D alone E and F together
#  \     \           share both: B by way of E, C by way of F
#   \      D
#    \   /
#     C <----- F
def test_takes_a_set_of_heads_for_the_merge_of_them() -> None:
    get = drawn("A B:A C:A D:B,C E:B F:C").__getitem__
    assert merge_bases_of_sets(get, ["D"], ["E", "F"]) == ("B", "C")
    assert merge_bases_of_sets(get, ["E", "F"], ["D"]) == ("B", "C")
    assert merge_bases_of_sets(get, ["E"], ["F", "D"]) == ("B",)
    assert merge_bases_of_sets(get, ["E", "F"], ["E", "F"]) == ("E", "F")
    assert merge_bases_of_sets(get, ["D", "D"], ["B", "A"]) == ("B",)


def test_an_empty_set_has_no_merge_bases() -> None:
    get = drawn(LINE).__getitem__
    assert merge_bases_of_sets(get, [], ["C"]) == ()
    assert merge_bases_of_sets(get, ["C"], []) == ()
    assert merge_bases_of_sets(get, [], []) == ()


def test_answers_a_grid_by_its_formula() -> None:
    get = grid(10, 10).__getitem__
    for a, b in product(range(100), repeat=2):
        expected = min(a // 10, b // 10) * 10 + min(a % 10, b % 10)
        assert merge_bases(get, a, b, order=by_position) == (expected,)


def test_visits_only_what_is_newer_than_the_base() -> None:
    visited = 0

    def parents_of(number: int) -> tuple[int, ...]:
        nonlocal visited
        visited += 1
        return (number - 2,) if number > 1001 else (number - 1,)  # two lines above an endless one

    assert merge_bases(parents_of, 2000, 2001, order=by_position) == (1000,)
    assert visited < 1010


def picks(history: dict[int, tuple[int, ...]]) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(list(history)), max_size=4)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_agrees_with_the_slow_truth(data: st.DataObject) -> None:
    history = data.draw(histories())
    get = history.__getitem__
    ours, theirs = data.draw(picks(history)), data.draw(picks(history))
    expected = slow_merge_bases(history, ours, theirs)
    generation = generation_numbers(get, history)
    for order in (None, by_position, generation.__getitem__):
        assert list(merge_bases_of_sets(get, ours, theirs, order=order)) == expected
        assert list(merge_bases_of_sets(get, theirs, ours, order=order)) == expected


@given(histories(max_size=12))
@settings(max_examples=50, deadline=None)
def test_every_pair_agrees_whatever_the_names(history: dict[int, tuple[int, ...]]) -> None:
    names = renamed(history)
    get = names.__getitem__
    generation = generation_numbers(get, names).__getitem__
    for ours, theirs in product(names, repeat=2):
        found = merge_bases(get, ours, theirs, order=generation)
        assert list(found) == slow_merge_bases(names, [ours], [theirs])


@given(histories(max_size=16), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_replicas_with_other_positions_give_the_same_bases(
    history: dict[int, tuple[int, ...]], rng: object
) -> None:
    names = {n: Oid(hashlib.blake2b(str(n).encode(), digest_size=32).digest()) for n in history}
    commits = {names[n]: tuple(names[p] for p in parents) for n, parents in history.items()}
    arrivals = list(commits)
    first, second = (CommitGraph(MemoryBackend(), lambda oid: (commits[oid], 0, 0)) for _ in "ab")
    first.extend(arrivals)
    second.extend(reversed(arrivals))
    last = list(commits)[-3:]
    found = merge_bases_of_commits(first, last[:1], last[1:])
    assert found == merge_bases_of_commits(second, last[:1], last[1:])
    assert found == merge_bases_of_sets(commits.__getitem__, last[:1], last[1:])
