"""Happens-before: how one commit stands to another."""

from __future__ import annotations

import random

import pytest
from replicas import Team, settle

from pyvcs import Relation
from pyvcs.objects.graph import ancestors
from pyvcs.objects.oid import Oid


def test_two_commits_are_before_after_equal_or_concurrent() -> None:
    team = Team(2)
    first = team.commit(0, {"a": b"1"})
    settle(team.replicas)
    ours, theirs = team.commit(0, {"a": b"2"}), team.commit(1, {"b": b"2"})
    settle(team.replicas)
    here = team.replicas[0]
    assert here.relation(first, ours) is Relation.BEFORE
    assert here.relation(ours, first) is Relation.AFTER
    assert here.relation("main", str(here.tip())) is Relation.EQUAL
    assert here.relation(ours, theirs) is Relation.CONCURRENT
    assert here.relation(theirs, "main") is Relation.BEFORE


@pytest.mark.parametrize("seed", range(3))
def test_it_says_what_the_sets_of_ancestors_say(seed: int) -> None:
    rng = random.Random(seed)
    team = Team(3)
    team.commit(0, {"a": b"0"})
    settle(team.replicas)
    made: list[Oid] = []
    for number in range(25):
        made.append(team.commit(at := rng.randrange(3), {f"{at}": b"%d" % number}))
        if rng.random() < 0.4:
            team.replicas[at].sync(team.replicas[(at + 1) % 3])
    settle(team.replicas)
    history = team.replicas[0].history
    above = {oid: ancestors(history.graph.parents, [oid]) for oid in made}
    for one in made:
        for other in made:
            older, newer = one in above[other], other in above[one]
            expected = {
                (True, True): Relation.EQUAL,
                (True, False): Relation.BEFORE,
                (False, True): Relation.AFTER,
                (False, False): Relation.CONCURRENT,
            }[older, newer]
            assert history.relation(one, other) is expected
