"""Replicas that sync with each other at the same instant: no deadlock, and one tip (the parallel
merge problem)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from people import commit, new_repository, root_of
from replicas import assert_whole

from pyvcs.repository import Repository

ROUNDS = 12


def sync(here: Path, there: Path, together: Barrier) -> None:
    """Sync as a process of its own would: with nothing in memory from before."""
    repository = Repository.open(os.fspath(here))
    together.wait()
    repository.sync(os.fspath(there))


@pytest.mark.parametrize("size", [2, 3])
def test_all_end_in_one_tip_and_stay_there(tmp_path: Path, size: int) -> None:
    first = new_repository(tmp_path / "0")
    commit(first, {"data.json": '{"n": 0}\n'})
    team = [first]
    for number in range(1, size):
        folder = os.fspath(tmp_path / str(number))
        team.append(Repository.clone(os.fspath(root_of(first)), folder))
    folders = [root_of(each) for each in team]
    with ThreadPoolExecutor(size) as pool:
        for number in range(ROUNDS):
            for at, each in enumerate(team):
                commit(each, {f"file{at}": f"{number}\n", "data.json": f'{{"n": {number + at}}}\n'})
            for _ in range(size - 1):
                together = Barrier(size)
                pairs = zip(folders, [*folders[1:], folders[0]], strict=True)
                for done in [pool.submit(sync, *pair, together) for pair in pairs]:
                    done.result()
            tips = {each.tip() for each in team}
            assert len(tips) == 1
            before = [each.refs for each in team]
            team[0].sync(team[1])
            assert [each.refs for each in team] == before
    assert_whole(team)
