"""Canonical merges: a pure function of the heads, flattened, over virtual bases (laws 3)."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pasts import Past

from pyvcs.merge.canonical import ENGINE, flatten, recompute


def lines(*words: str) -> str:
    return "".join(f"{word}\n" for word in words)


def test_a_single_head_is_the_tip_itself() -> None:
    past = Past()
    one = past.commit({"a": "1"})
    two = past.commit({"a": "2"}, one)
    assert past.merge(two) == two
    assert past.merge(one, two) == two


def test_the_merge_has_no_author_and_the_latest_time_of_its_parents() -> None:
    past = Past()
    base = past.commit({"a": "1"})
    heads = sorted([past.commit({"a": "1", name: "x"}, base) for name in "bcd"])
    merged = past.objects.commit(past.merge(*heads))
    assert merged.parents == tuple(heads)
    assert (merged.author, merged.committer, merged.replica) == (None, None, None)
    assert merged.engine == ENGINE
    assert merged.committed == max(past.objects.commit(oid).committed for oid in heads)
    assert merged.clock == max(past.objects.commit(oid).clock for oid in heads)


def test_every_order_and_every_grouping_of_the_heads_gives_the_same_commit() -> None:
    """Whoever merged what first: the merges are flattened and made again."""
    past = Past()
    base = past.commit({"t": lines("a", "b", "c", "d", "e")})
    heads = [
        past.commit({"t": lines("A", "b", "c", "d", "e")}, base),
        past.commit({"t": lines("a", "b", "c", "d", "E")}, base),
        past.commit({"t": lines("a", "b", "C", "d", "e"), "new": "1"}, base),
    ]
    expected = past.merge(*heads)
    assert past.files(expected) == {"t": lines("A", "b", "C", "d", "E"), "new": "1"}
    for x, y, z in permutations(heads):
        assert past.merge(x, y, z) == expected
        assert past.merge(past.merge(x, y), z) == expected
        assert past.merge(past.merge(x, y), past.merge(y, z)) == expected


def test_a_merge_of_an_engine_that_is_not_known_is_not_flattened() -> None:
    past = Past()
    base = past.commit({"a": "1"})
    one, two = sorted([past.commit({"a": "1", name: "x"}, base) for name in "bc"])
    honest = past.objects.commit(past.merge(one, two))
    newer = past.objects.put(replace(honest, engine=ENGINE + 1))
    assert flatten(past.objects, past, [newer]) == (newer,)
    assert recompute(past.objects, past, newer) == newer
    three = past.commit({"a": "2"}, base)
    assert set(past.objects.commit(past.merge(newer, three)).parents) == {newer, three}


def test_unrelated_histories_merge_over_nothing() -> None:
    past = Past()
    one, two = past.commit({"a": "1"}), past.commit({"b": "2"})
    merged = past.merge(one, two)
    assert past.files(merged) == {"a": "1", "b": "2"}
    assert past.objects.commit(merged).conflicts == ()


def test_a_criss_cross_merges_over_a_virtual_base() -> None:
    """Both sides merged x and y; only then each edited. What both have from x and y stays.

    ::

        base <- x <- m <- c
            \\    \\ /
             \\    X
              \\  / \\
               y <- n <- d
    """
    past = Past()
    text = [f"line {number}" for number in range(8)]
    base = past.commit({"t": lines(*text)})
    x = past.commit({"t": lines("X", *text[1:])}, base)
    y = past.commit({"t": lines(*text[:-1], "Y")}, base)
    both = lines("X", *text[1:-1], "Y")
    m, n = past.commit({"t": both}, x, y), past.commit({"t": both}, y, x)
    c = past.commit({"t": both.replace("line 2", "C")}, m)
    d = past.commit({"t": both.replace("line 5", "D")}, n)
    assert past.merge_bases([c], [d]) == tuple(sorted([x, y]))
    merged = past.merge(c, d)
    assert past.objects.commit(merged).conflicts == ()
    assert past.files(merged)["t"] == both.replace("line 2", "C").replace("line 5", "D")


@pytest.mark.parametrize("name", ["t", "t.json"])
def test_two_resolutions_of_one_conflict_in_a_criss_cross_conflict_again(name: str) -> None:
    """The virtual base is in conflict there: neither resolution may win in silence."""
    past = Past()
    base, x, y = (f'{{"v": {value}}}\n' for value in range(3))
    root = past.commit({name: base})
    one, two = past.commit({name: x}, root), past.commit({name: y}, root)
    m, n = past.commit({name: x}, one, two), past.commit({name: y}, one, two)
    merged = past.objects.commit(past.merge(m, n))
    [conflict] = [past.objects.conflict(oid) for oid in merged.conflicts]
    sides = {side.oid and past.objects.blob(side.oid).strip() for side in conflict.sides}
    assert sides == ({b"1", b"2"} if name == "t.json" else {x.strip().encode(), y.strip().encode()})


def test_the_same_resolution_twice_is_no_conflict() -> None:
    past = Past()
    root = past.commit({"t": "0\n"})
    one, two = past.commit({"t": "1\n"}, root), past.commit({"t": "2\n"}, root)
    m, n = past.commit({"t": "3\n"}, one, two), past.commit({"t": "3\n", "u": "4"}, one, two)
    merged = past.merge(m, n)
    assert past.objects.commit(merged).conflicts == ()
    assert past.files(merged) == {"t": "3\n", "u": "4"}


def test_a_long_ladder_of_criss_crosses_is_no_deep_recursion() -> None:
    past = Past()
    left = right = past.commit({"a": "0", "b": "0"})
    for step in range(400):
        files = {"a": f"{step}", "b": f"{step}"}
        parents = (left, right) if left != right else (left,)
        left, right = past.commit(files, *parents), past.commit(files, *reversed(parents))
    merged = past.merge(left, right)
    assert past.files(merged) == {"a": "399", "b": "399"}


TEXTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4).map(lambda words: lines(*words))


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=3, max_size=5), st.randoms(use_true_random=False))
def test_arrival_in_any_order_ends_in_the_same_commit(texts: list[str], rng: object) -> None:
    """Heads heard of one by one, merged with what was merged so far: the last tip is the same."""
    assert isinstance(rng, Random)
    past = Past()
    base = past.commit({"t": "b\n"})
    heads = [past.commit({"t": text, f"f{n}": text}, base) for n, text in enumerate(texts)]
    expected = past.merge(*heads)
    shuffled = heads[:]
    rng.shuffle(shuffled)
    tip = shuffled[0]
    for head in shuffled[1:]:
        tip = past.merge(tip, head)
    assert tip == expected
    assert recompute(past.objects, past, tip) == tip


def test_conflicts_of_many_heads_nest_and_never_interleave() -> None:
    """Each head changed the first lines, and one more line below that is no conflict."""
    past = Past()
    base = past.commit({"t": lines("1", "2", "3", "4", "5")})
    heads = [
        past.commit({"t": lines("A", "2", "3", "4", "5")}, base),
        past.commit({"t": lines("B", "B2", "3", "4", "5")}, base),
        past.commit({"t": lines("C", "2", "C3", "4", "5")}, base),
        past.commit({"t": lines("1", "D", "3", "4", "D5")}, base),
    ]
    text = past.files(past.merge(*heads))["t"]
    assert text.endswith("4\nD5\n")
    depth: list[int] = []
    for line in text.splitlines():
        sign = line[:1]
        length = len(line) - len(line.lstrip(sign))
        if length < 7 or sign not in "<|=>":
            continue
        if sign == "<":
            assert all(length < outer for outer in depth)
            depth.append(length)
        assert depth[-1] == length
        if sign == ">":
            depth.pop()
    assert depth == []
