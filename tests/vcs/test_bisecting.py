"""Bisecting: halves as git does, finds what broke on any history, and its file is as documented."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from graphs import histories, slow_ancestors, woven
from house import ROOT
from hypothesis import given
from hypothesis import strategies as st
from twins import START, Twins, store_commit

from pyvcs.bisecting import (
    Progress,
    decode_bisection,
    encode_bisection,
    mark,
    progress_of,
    reset_bisection,
    start_bisection,
)
from pyvcs.bisection import ancestor_counts, choose
from pyvcs.objects.errors import Corrupt, Refused, UnsupportedFormat
from pyvcs.objects.oid import Oid
from pyvcs.repository import Repository
from pyvcs.status import BISECT_KEY


@given(histories(max_size=16), st.data())
def test_the_choice_leaves_the_smallest_larger_part(
    history: dict[int, tuple[int, ...]], data: st.DataObject
) -> None:
    above = slow_ancestors(history)
    bad = data.draw(st.sampled_from(sorted(history)))
    older = sorted(above[bad] - {bad})
    good = data.draw(st.sets(st.sampled_from(older))) if older else set[int]()
    left = above[bad] - set[int]().union(*(above[n] for n in good))
    skipped = data.draw(st.sets(st.sampled_from(sorted(left))))
    choice = choose(history.__getitem__, bad=bad, good=good, skipped=skipped)
    assert set(choice.candidates) == left
    halves = {n: min(len(above[n] & left), len(left - above[n])) for n in left}
    possible = left - skipped - {bad}
    if choice.best is None:
        assert not possible
    else:
        assert halves[choice.best] == max(halves[n] for n in possible)


@pytest.mark.parametrize("seed", range(5))
def test_halves_as_well_as_git(seed: int, tmp_path: Path) -> None:
    parents = woven(40, seed)
    twins = Twins()
    for number, above in enumerate(parents):
        twins.commit(f"c{number}", [f"c{n}" for n in above], {"f": b"%d" % number})
    twins.finish(tmp_path / "git")
    reached = slow_ancestors(dict(enumerate(parents)))
    rng = Random(seed)
    bad = 39
    for _ in range(4):
        good = rng.choice(sorted(reached[bad] - {bad}))
        left = reached[bad] - reached[good]
        told = twins.ask("rev-list", "--bisect", twins.hashes[f"c{bad}"], f"^c{good}").strip()
        by_git = next(n for n in left if twins.hashes[f"c{n}"] == told)
        best = choose(parents.__getitem__, bad=bad, good=[good]).best
        halves = {n: min(len(reached[n] & left), len(left - reached[n])) for n in left}
        assert halves[bad if best is None else best] >= halves[by_git]


def test_counts_a_long_history_with_many_merges() -> None:
    parents = woven(3000, 1)
    counts = ancestor_counts(parents.__getitem__, range(3000))
    reached = slow_ancestors(dict(enumerate(parents)))
    assert all(counts[n] == len(reached[n]) for n in range(0, 3000, 7))


def history_in_memory(seed: int, count: int) -> tuple[Repository, list[Oid], list[tuple[int, ...]]]:
    parents = woven(count, seed)
    repository = Repository.in_memory()
    oids: list[Oid] = []
    for number, above in enumerate(parents):
        at = [oids[n] for n in above]
        oids.append(store_commit(repository, f"{number}", at, {}, seconds=START + number))
    return repository, oids, parents


@pytest.mark.parametrize("seed", range(6))
def test_finds_what_broke_and_says_when_it_cannot(seed: int) -> None:
    repository, oids, parents = history_in_memory(seed, 60)
    reached = slow_ancestors(dict(enumerate(parents)))
    rng = Random(seed)
    tip = max(range(60), key=lambda n: len(reached[n]))
    culprit = rng.choice(sorted(reached[tip] - {0}))
    progress = start_bisection(repository, oids[tip], [oids[0]])
    steps = 0
    while progress.next is not None:
        number = oids.index(progress.next)
        progress = mark(
            repository, "bad" if culprit in reached[number] else "good", [progress.next]
        )
        steps += 1
    assert progress.found == oids[culprit]
    assert steps <= 12
    reset_bisection(repository)
    skipped = [oids[n] for n in reached[tip] - {0, tip}]
    start_bisection(repository, oids[tip], [oids[0]])
    stuck = mark(repository, "skip", skipped)
    assert (stuck.next, stuck.found) == (None, None)
    assert len(stuck.candidates) == len(skipped) + 1


def test_a_good_commit_beside_the_bad_one_lets_their_merge_base_be_tested() -> None:
    repository = Repository.in_memory()
    names: dict[str, Oid] = {}
    for number, (name, above) in enumerate(
        {"base": [], "good": ["base"], "a": ["base"], "b": ["a"], "bad": ["b"]}.items()
    ):
        at = [names[parent] for parent in above]
        names[name] = store_commit(repository, name, at, {}, seconds=START + number)
    progress = start_bisection(repository, names["bad"], [names["good"]])
    assert progress.next == names["base"]
    assert mark(repository, "good", [names["base"]]).next in (names["a"], names["b"])
    with pytest.raises(Refused, match="mended in between"):
        mark(repository, "bad", [names["base"]])
    assert progress_of(repository).state.bad == names["bad"]


def test_the_file_is_as_the_document_says() -> None:
    text = (ROOT / "docs" / "formats" / "bisect.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```bisect-example\n(.*?\n)```$", text, re.MULTILINE | re.DOTALL)
    state = decode_bisection(example.encode())
    assert encode_bisection(state) == example.encode()
    assert Progress(state).next is None
    with pytest.raises(UnsupportedFormat):
        decode_bisection(example.replace('"format": 1', '"format": 2').encode())
    for wrong in (
        *(b"", b"[]", b"{}", b"[" * 100_000, example.encode()[:-9]),
        *(example.replace(old, new).encode() for old, new in (('"1111', '"111'), ('"main"', "3"))),
    ):
        with pytest.raises(Corrupt, match="`bisect` cannot be read"):
            decode_bisection(wrong)
    repository = Repository.in_memory()
    repository.backend.swap(BISECT_KEY, expected=None, new=b"nonsense")
    reset_bisection(repository)
    with pytest.raises(Refused, match="no bisection"):
        progress_of(repository)
