"""People who disagree for long: what a text shows of its conflicts stays of bounded size."""

from __future__ import annotations

import random

from drawn_edits import TEXTS, first_files, make_edit
from replicas import Team, assert_whole, settle

from pyvcs.sync.replicate import take_in

SIZE, TURNS, MOST_BYTES = 16, 13, 30_000
"""Without a limit the texts double with every turn from about the tenth: 80 KB at the last."""


def test_texts_that_many_dispute_for_long_stay_small() -> None:
    team = Team(SIZE)
    team.commit(0, first_files())
    settle(team.replicas)
    rng = random.Random(3)
    longest = 0
    for turn in range(TURNS):
        for number, replica in enumerate(team.replicas):
            make_edit(replica, f"r{number}x{turn * SIZE + number + 1}", rng)
        for number, replica in enumerate(team.replicas):
            if rng.random() < 0.7:
                others = [other for other in range(SIZE) if other != number]
                take_in(replica, team.replicas[rng.choice(others)])
        sizes = [len(each.read("main", path)) for each in team.replicas for path in TEXTS]
        longest = max(longest, *sizes)
    assert_whole(team.replicas)
    assert longest < MOST_BYTES
