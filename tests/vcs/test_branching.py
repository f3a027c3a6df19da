"""Branches: made, renamed, deleted, and how that meets what others do at the same time."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, new_repository, write
from replicas import Team, assert_whole, settle
from terminal import Terminal

from pyvcs.branching import create_branch
from pyvcs.objects.errors import Refused, RevisionUnknown, Usage


def test_a_new_name_reaches_everybody() -> None:
    team = Team(3)
    oid = team.commit(0, {"a": b"1"})
    create_branch(team.replicas[0], "topic")
    settle(team.replicas)
    assert team.replicas[1].rename_branch("topic", "done") == oid
    settle(team.replicas)
    for replica in team.replicas:
        assert replica.refs.tips == {"main": oid, "done": oid}


def test_a_commit_made_on_the_old_name_meanwhile_stays_there() -> None:
    team = Team(2)
    first = team.commit(0, {"a": b"1"})
    create_branch(team.replicas[0], "topic")
    settle(team.replicas)
    team.replicas[0].rename_branch("topic", "done")
    team.replicas[1].switch("topic")
    second = team.commit(1, {"b": b"1"})
    settle(team.replicas)
    for replica in team.replicas:
        assert replica.refs.tips == {"main": first, "done": first, "topic": second}
    assert_whole(team.replicas)


def test_renamed_on_two_sides_to_two_names_it_has_both() -> None:
    team = Team(2)
    oid = team.commit(0, {"a": b"1"})
    create_branch(team.replicas[0], "topic")
    settle(team.replicas)
    team.replicas[0].rename_branch("topic", "one")
    team.replicas[1].rename_branch("topic", "two")
    settle(team.replicas)
    assert all(r.refs.tips == dict.fromkeys(["main", "one", "two"], oid) for r in team.replicas)


def test_the_branch_one_stands_on_keeps_its_edits(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    write(tmp_path, {"a": "edited"})
    Terminal(tmp_path).run("branch", "--move", "trunk")
    assert repository.refs.position.branch == "trunk"
    assert repository.refs.live_branches() == ["trunk"]
    assert [change.path for change in repository.status().changes] == [b"a"]


def test_a_branch_without_a_commit_can_be_renamed(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    assert repository.rename_branch("main", "trunk") is None
    commit(repository, {"a": "1"})
    assert list(repository.refs.tips) == ["trunk"]


def test_what_cannot_be_renamed_is_refused(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    create_branch(repository, "topic")
    before = repository.refs
    for old, new, error in [
        ("main", "topic", Refused),
        ("main", "main", Refused),
        ("nowhere", "x", RevisionUnknown),
        ("main", "../x", Usage),
    ]:
        with pytest.raises(error):
            repository.rename_branch(old, new)
    assert repository.refs == before
