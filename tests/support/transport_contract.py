"""What every transport must carry: suites of exchanges between two repositories, run for each.

`ExchangeContract` is for whatever two replicas can learn of each other by, a folder or a file that
somebody carries too. A subclass gives a fixture `exchange`, after which each of the two knows what
the other one did. `TransportContract` is for talks: its fixture `reach` is a function from a
repository on a disk to the remote by which another one syncs with it, whatever lies between them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from people import commit, files_in, new_repository
from replicas import assert_whole

from pyvcs.branching import create_branch, delete_branch
from pyvcs.objects.errors import Refused
from pyvcs.repository import Repository

Reach = Callable[[Repository], str | Repository]
Exchange = Callable[[Repository, Repository], object]


class ExchangeContract:
    """Two replicas that heard of each other have the same commits, so the same state."""

    @pytest.fixture
    def here(self, tmp_path: Path) -> Repository:
        return new_repository(tmp_path / "here")

    @pytest.fixture
    def there(self, tmp_path: Path) -> Repository:
        return new_repository(tmp_path / "there")

    def test_two_empty_ones_stay_empty(
        self, here: Repository, there: Repository, exchange: Exchange
    ) -> None:
        exchange(here, there)
        assert (here.tip(), there.tip()) == (None, None)

    def test_both_end_in_one_state(
        self, here: Repository, there: Repository, exchange: Exchange, tmp_path: Path
    ) -> None:
        commit(here, {"a": "1"})
        exchange(here, there)
        assert there.tip() == here.tip()
        commit(here, {"b": "ours"})
        commit(there, {"c": "theirs"})
        exchange(here, there)
        assert here.refs.branches == there.refs.branches
        assert len(here.heads()) == 2
        assert files_in(tmp_path / "here") == files_in(tmp_path / "there")
        assert set(files_in(tmp_path / "here")) == {"a", "b", "c"}
        assert_whole([here, there])

    def test_an_exchange_without_news_changes_nothing(
        self, here: Repository, there: Repository, exchange: Exchange
    ) -> None:
        commit(here, {"a": "1"})
        exchange(here, there)
        commit(here, {"a": "2"})
        commit(there, {"a": "3"})
        exchange(here, there)
        before = here.refs, there.refs
        for _ in range(2):
            exchange(here, there)
        assert (here.refs, there.refs) == before
        assert here.tip() == there.tip()

    def test_a_large_file_and_many_small_ones_arrive_whole(
        self, here: Repository, there: Repository, exchange: Exchange, tmp_path: Path
    ) -> None:
        big = b"".join(index.to_bytes(4, "big") for index in range(500_000))
        commit(there, {"big": big, **{f"d{n % 7}/{n}": str(n) for n in range(500)}})
        exchange(here, there)
        assert files_in(tmp_path / "here") == files_in(tmp_path / "there")
        commit(here, {"big": big[:1_000_000] + b"x" + big[1_000_000:]})
        exchange(here, there)
        assert files_in(tmp_path / "here") == files_in(tmp_path / "there")
        assert_whole([here, there])

    def test_deletions_new_names_and_tags_travel(
        self, here: Repository, there: Repository, exchange: Exchange
    ) -> None:
        commit(here, {"a": "1"})
        create_branch(here, "topic")
        create_branch(here, "old")
        here.tag("v1")
        exchange(here, there)
        assert there.refs.tags == here.refs.tags
        delete_branch(there, "topic")
        there.rename_branch("old", "new")
        exchange(here, there)
        assert here.refs.live_branches() == there.refs.live_branches() == ["main", "new"]


class TransportContract(ExchangeContract):
    """The promises of `sync/transports/base.py`, as people meet them."""

    @pytest.fixture
    def exchange(self, reach: Reach) -> Exchange:
        return lambda here, there: here.sync(reach(there))

    def test_two_empty_ones_have_nothing_to_tell(
        self, here: Repository, there: Repository, reach: Reach
    ) -> None:
        report = here.sync(reach(there))
        assert (report.pulled.moved, report.pushed.moved) == ((), ())

    def test_what_one_has_comes_to_the_other(
        self, here: Repository, there: Repository, reach: Reach
    ) -> None:
        commit(there, {"a": "1", "d/b": "2"})
        tip = commit(there, {"a": "2"})
        report = here.sync(reach(there))
        assert (report.pulled.commits, report.pushed.commits) == (2, 0)
        assert here.tip() == tip
        mine = commit(here, {"c": "3"})
        report = here.sync(reach(there))
        assert (report.pulled.commits, report.pushed.commits) == (0, 1)
        assert [(move.branch, move.after) for move in report.pushed.moved] == [("main", mine)]
        assert there.tip() == mine
        assert_whole([here, there])

    def test_a_report_tells_what_went_each_way(
        self, here: Repository, there: Repository, reach: Reach
    ) -> None:
        commit(here, {"a": "1"})
        here.sync(reach(there))
        commit(here, {"b": "ours"})
        commit(there, {"c": "theirs"})
        report = here.sync(reach(there))
        assert (report.pulled.commits, report.pushed.commits) == (1, 1)
        assert here.tip() == there.tip()
        assert_whole([here, there])

    def test_one_way_only(self, here: Repository, there: Repository, reach: Reach) -> None:
        commit(here, {"a": "1"})
        here.sync(reach(there), pull=False)
        ours, theirs = commit(here, {"b": "1"}), commit(there, {"c": "1"})
        here.sync(reach(there), push=False)
        assert (set(here.heads()), there.heads()) == ({ours, theirs}, (theirs,))
        here.sync(reach(there), pull=False)
        assert there.tip() == here.tip()

    def test_strangers_are_refused_unless_it_is_meant(
        self, here: Repository, there: Repository, reach: Reach
    ) -> None:
        commit(here, {"a": "1"})
        commit(there, {"b": "1"})
        with pytest.raises(Refused, match="no commit in common"):
            here.sync(reach(there))
        here.sync(reach(there), allow_unrelated=True)
        assert here.tip() == there.tip()
