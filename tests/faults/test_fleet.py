"""Replicas as processes among faults: when these stop, all have one tip, and no edit is lost.

`make soak` runs the same with more replicas for longer.
"""

from __future__ import annotations

import os
import sys
from math import ceil, log2
from pathlib import Path

import pytest
from drawn_edits import edits_disputed, edits_made, edits_replaced, edits_shown
from fleet import Fleet
from replicas import assert_whole

SIZE, ROUNDS, AT_ONCE = (16, 20, 1000) if "PYVCS_SOAK" in os.environ else (3, 12, 12)


@pytest.mark.parametrize(
    ("way", "most"), [("gossip", 2 + 2 * ceil(log2(SIZE))), ("ring", SIZE - 1)]
)
def test_a_fleet_settles_in_few_rounds_and_loses_no_edit(
    tmp_path: Path, way: str, most: int
) -> None:
    with Fleet(tmp_path, SIZE, seed=len(way)) as fleet:
        for _ in range(ROUNDS):
            fleet.work()
            fleet.talk_badly()
        fleet.work()
        fleet.settle(most, ring=way == "ring")
        settled = fleet.branches()
        fleet.gossip(ring=way == "ring")
        assert fleet.branches() == settled, "an exchange of merges goes on"
        replicas = [member.open() for member in fleet.members]
    assert len({each.tip("main") for each in replicas}) == 1
    assert_whole(replicas)
    made, shown, disputed, replaced = (
        tell(replicas[0]) for tell in (edits_made, edits_shown, edits_disputed, edits_replaced)
    )
    lost = (fleet.figures.made - made) | (made - shown - disputed - replaced)
    sys.stderr.write(
        f"\n{way} of {SIZE}: {len(made)} edits, {len(made & shown)} shown,"
        f" {len((made & disputed) - shown)} in conflicts alone, {len(made & replaced)} replaced,"
        f" {len(lost)} lost; {fleet.figures.talks} talks, faults {dict(fleet.figures.faults)};"
        f" settled in {fleet.figures.rounds} rounds\n"
    )
    assert not lost
    assert len(+fleet.figures.faults) >= 3, "too little went wrong to show anything"


def test_two_that_sync_with_each_other_at_the_same_instant_end_in_one_tip(tmp_path: Path) -> None:
    """The parallel merge problem, as processes: each time one exchange is enough, and the last."""
    with Fleet(tmp_path, 2, seed=1) as fleet:
        for _ in range(AT_ONCE):
            fleet.edit_once()
            fleet.gossip()
            settled = fleet.branches()
            assert settled[0] == settled[1]
            fleet.gossip()
            assert fleet.branches() == settled
        replicas = [member.open() for member in fleet.members]
    assert replicas[0].tip("main") == replicas[1].tip("main")
    assert_whole(replicas)
    assert edits_made(replicas[0]) == fleet.figures.made
