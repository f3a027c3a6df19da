"""The convergence law (laws 3) where merging in pairs never ends: everybody pulls at once."""

from __future__ import annotations

import pytest
from replicas import Team, assert_whole, tips

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.replica import Replica
from pyvcs.sync.replicate import take_in


def snapshot(replica: Replica) -> Replica:
    """The replica as it is now, unmoved by what it does later."""
    copy = MemoryBackend()
    for key in list(replica.backend.keys()):
        copy.swap(key, expected=None, new=replica.backend.read(key))
    return Replica(copy, None)


@pytest.mark.parametrize("size", [2, 3, 5, 8, 16])
def test_a_ring_that_pulls_at_the_same_time_settles_in_fewer_rounds_than_it_has_replicas(
    size: int,
) -> None:
    """Each round every replica takes in what its neighbour had when the round began."""
    team = Team(size)
    first = team.commit(0, {"list.txt": b"start\n"}, "start")
    for replica in team.replicas[1:]:
        take_in(replica, team.replicas[0])
    assert set(tips(team.replicas)) == {first}
    for index in range(size):
        team.commit(index, {f"notes/{index:02}.txt": b"mine\n"}, f"edit {index}")
    rounds = 0
    while len(set(tips(team.replicas))) > 1:
        rounds += 1
        before = [snapshot(replica) for replica in team.replicas]
        for index, replica in enumerate(team.replicas):
            take_in(replica, before[index - 1])
        assert rounds <= size - 1
    assert rounds == size - 1
    assert_whole(team.replicas)
    [tip] = set(tips(team.replicas))
    assert tip is not None
    assert len(team.replicas[0].store.commit(tip).parents) == size
