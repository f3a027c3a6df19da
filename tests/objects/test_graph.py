from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import pytest
from graphs import drawn, grid, histories, renamed, slow_ancestors, slow_heads, slow_missing
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.objects.ancestry import is_ancestor
from pyvcs.objects.graph import (
    ancestors,
    generation_numbers,
    heads,
    line_by_line,
    missing,
    topological_order,
)
from pyvcs.objects.numbering import by_position

# A <- B <- C <- E
#       \         \
#        D <------- F
KITE = drawn("A B:A C:B D:B E:C F:D,E")


def test_a_node_is_among_its_own_ancestors() -> None:
    assert ancestors(KITE.__getitem__, ["C"]) == {"A", "B", "C"}
    assert ancestors(KITE.__getitem__, []) == set()


def test_counts_generations_by_the_longest_way_to_a_root() -> None:
    assert generation_numbers(KITE.__getitem__, ["F"]) == {
        "A": 1, "B": 2, "C": 3, "D": 3, "E": 4, "F": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [("BDE", "DE"), ("F", "F"), ("", ""), ("FAB", "F"), ("AAA", "A"), ("CD", "CD"), ("EDB", "DE")],
)
def test_finds_the_heads_of_a_kite(nodes: str, expected: str) -> None:
    assert heads(KITE.__getitem__, nodes) == tuple(expected)


def test_puts_children_before_parents() -> None:
    walk = list(topological_order(KITE.__getitem__, ["F"]))
    assert walk in (list("FEDCBA"), list("FECDBA"))


def test_streams_the_newest_without_walking_the_rest() -> None:
    visited = []

    def parents_of(number: int) -> tuple[int, ...]:
        visited.append(number)
        return (number - 1,)  # an endless history

    stream = topological_order(parents_of, [10**6], order=by_position)
    assert [next(stream) for _ in range(3)] == [10**6, 10**6 - 1, 10**6 - 2]
    assert len(visited) <= 3


def test_lists_what_is_missing_parents_first() -> None:
    assert missing(KITE.__getitem__, wants=["F"], haves=["C"]) == ["D", "E", "F"]
    assert missing(KITE.__getitem__, wants=["C"], haves=["F"]) == []
    assert missing(KITE.__getitem__, wants=["C"], haves=[]) == ["A", "B", "C"]
    assert missing(KITE.__getitem__, wants=[], haves=["C"]) == []


def test_a_parent_that_is_not_there_is_told_by_the_callers_own_error() -> None:
    with pytest.raises(KeyError, match="X"):
        missing(KITE.__getitem__, wants=["F"], haves=["X"])


def test_does_not_recurse() -> None:
    count = 50_000
    history = {n: (n - 1,) if n else () for n in range(count)}
    assert generation_numbers(history.__getitem__, [count - 1])[count - 1] == count
    assert len(ancestors(history.__getitem__, [count - 1])) == count
    assert is_ancestor(history.__getitem__, 0, count - 1)


def test_answers_a_grid_by_its_formula() -> None:
    nodes = grid(10, 10)
    for a, b in product(range(100), repeat=2):
        below = a % 10 <= b % 10 and a // 10 <= b // 10
        assert is_ancestor(nodes.__getitem__, a, b, order=by_position) == below
        assert is_ancestor(nodes.__getitem__, a, b) == below
    numbers = generation_numbers(nodes.__getitem__, [99])
    assert numbers == {y * 10 + x: x + y + 1 for x in range(10) for y in range(10)}
    corner = [n for n in nodes if n % 10 + n // 10 <= 9]
    diagonal = tuple(range(9, 91, 9))
    assert heads(nodes.__getitem__, corner, order=by_position) == diagonal


def picks(history: Iterable[int]) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(list(history)), max_size=4)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_agrees_with_the_slow_truth(data: st.DataObject) -> None:
    history = data.draw(histories())
    above = slow_ancestors(history)
    some, others = data.draw(picks(history)), data.draw(picks(history))
    generation = generation_numbers(history.__getitem__, history)
    for order in (None, by_position, generation.__getitem__):
        get = history.__getitem__
        assert list(heads(get, some, order=order)) == slow_heads(history, some)
        for a, b in product(some, others):
            assert is_ancestor(get, a, b, order=order) == (a in above[b])
        found = missing(get, wants=some, haves=others, order=order)
        assert set(found) == slow_missing(history, some, others)
        assert_parents_first(history, found)
        walk = list(topological_order(get, some, order=order))
        assert set(walk) == slow_missing(history, some, [])
        assert_parents_first(history, walk[::-1])


@given(histories())
@settings(max_examples=60, deadline=None)
def test_does_not_care_for_the_names_of_nodes(history: dict[int, tuple[int, ...]]) -> None:
    names = renamed(history)
    generation = generation_numbers(names.__getitem__, names)
    for name, parents in names.items():
        assert generation[name] == 1 + max((generation[p] for p in parents), default=0)
    assert list(heads(names.__getitem__, names)) == slow_heads(names, list(names))
    walk = list(topological_order(names.__getitem__, names))
    assert walk == list(topological_order(names.__getitem__, reversed(names)))
    assert sorted(walk) == sorted(names)


def assert_parents_first(history: dict[int, tuple[int, ...]], nodes: list[int]) -> None:
    assert len(set(nodes)) == len(nodes)
    place = {node: index for index, node in enumerate(nodes)}
    for node in nodes:
        assert all(place.get(parent, -1) < place[node] for parent in history[node])


@given(histories(), st.data())
def test_line_by_line_gives_every_ancestor_once_and_children_before_parents(
    history: dict[int, tuple[int, ...]], data: st.DataObject
) -> None:
    tips = data.draw(st.lists(st.sampled_from(sorted(history)), min_size=1, max_size=4))
    walk = list(line_by_line(history.__getitem__, tips))
    assert len(walk) == len(set(walk))
    assert set(walk) == ancestors(history.__getitem__, tips)
    places = {node: place for place, node in enumerate(walk)}
    assert all(places[node] < places[parent] for node in walk for parent in history[node])


def test_line_by_line_keeps_what_was_merged_together() -> None:
    #  0 <- 1 <- 3 <- 5 <- 7
    #   \- 2 <- 4 <- 6 <--/
    history = {0: (), 1: (0,), 2: (0,), 3: (1,), 4: (2,), 5: (3,), 6: (4,), 7: (5, 6)}
    assert list(line_by_line(history.__getitem__, [7])) == [7, 6, 4, 2, 5, 3, 1, 0]
