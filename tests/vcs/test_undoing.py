"""Taking operations back, and doing them again."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, files_in, new_repository, write
from replicas import Team, assert_whole, settle, tips

from pyvcs.collecting import collect
from pyvcs.objects.errors import NotFound, Refused, WouldOverwrite
from pyvcs.resolving import resolve
from pyvcs.restoring import restore
from pyvcs.sync.replicate import take_in


def test_a_commit_is_taken_back_and_its_changes_are_uncommitted_again(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    first = commit(repository, {"a": "1"})
    second = commit(repository, {"a": "2"})
    undone = repository.undo()
    assert [operation.command for operation in undone.operations] == ["commit edit"]
    assert repository.tip() == repository.resolve("HEAD") == first
    assert files_in(tmp_path) == {"a": b"2"}
    assert [change.path for change in repository.status().changes] == [b"a"]
    repository.redo()
    assert repository.tip() == second
    assert repository.status().is_clean


def test_a_series_goes_back_to_the_beginning_and_forward_again(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    made = [commit(repository, {"a": str(number)}) for number in range(4)]
    for expected in [made[2], made[1], made[0], None]:
        repository.undo()
        assert repository.tip() == expected
    with pytest.raises(Refused, match="no operation to undo"):
        repository.undo()
    for expected in made:
        repository.redo()
        assert repository.tip() == expected
    with pytest.raises(Refused, match="nothing to redo"):
        repository.redo()


def test_a_new_operation_ends_what_could_be_done_again(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    first = commit(repository, {"a": "1"})
    commit(repository, {"a": "2"})
    repository.undo()
    third = commit(repository, {"a": "3"})
    with pytest.raises(Refused, match="nothing to redo"):
        repository.redo()
    assert repository.store.commit(third).parents == (first,)
    repository.undo()
    assert repository.tip() == first


def test_switching_and_merging_move_the_files_back(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    repository.switch("topic", create=True)
    commit(repository, {"b": "1"})
    repository.switch("main")
    main = commit(repository, {"c": "1"})
    repository.merge("topic")
    assert files_in(tmp_path) == {"a": b"1", "b": b"1", "c": b"1"}
    repository.undo()
    assert files_in(tmp_path) == {"a": b"1", "c": b"1"}
    assert repository.tip() == main
    assert repository.status().is_clean
    repository.redo()
    assert files_in(tmp_path) == {"a": b"1", "b": b"1", "c": b"1"}
    repository.restore_operation(2)
    assert repository.refs.position.branch == "topic"
    assert files_in(tmp_path) == {"a": b"1"}
    assert "topic" in repository.refs.tips


def test_what_restore_and_resolve_wrote_over_comes_back(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1\n"})
    write(tmp_path, {"a": "precious\n", "new": "new\n"})
    restore(repository, [b"a", b"new"])
    assert files_in(tmp_path) == {"a": b"1\n"}
    repository.undo()
    assert files_in(tmp_path) == {"a": b"precious\n", "new": b"new\n"}
    repository.redo()
    assert files_in(tmp_path) == {"a": b"1\n"}

    repository.switch("topic", create=True)
    commit(repository, {"a": "theirs\n"})
    repository.switch("main")
    commit(repository, {"a": "ours\n"})
    assert repository.merge("topic").conflicts
    marked = files_in(tmp_path)
    resolve(repository, b"a", take="ours")
    assert files_in(tmp_path) == {"a": b"ours\n"}
    repository.undo()
    assert files_in(tmp_path) == marked
    assert repository.refs.position.resolved == ()
    repository.redo()
    assert len(repository.refs.position.resolved) == 1


def test_an_edit_in_the_way_is_never_lost(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    write(tmp_path, {"a": "2"})
    restore(repository, [b"a"])
    write(tmp_path, {"a": "3"})
    with pytest.raises(WouldOverwrite, match="was changed since"):
        repository.undo()
    assert files_in(tmp_path) == {"a": b"3"}
    write(tmp_path, {"a": "1"})
    repository.switch("topic", create=True)
    commit(repository, {"a": "topic"})
    repository.switch("main")
    write(tmp_path, {"a": "edit"})
    with pytest.raises(WouldOverwrite):
        repository.undo()
    assert files_in(tmp_path) == {"a": b"edit"}
    with pytest.raises(NotFound, match="no operation 99"):
        repository.restore_operation(99)


def test_a_collection_keeps_what_could_be_done_again(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    second = commit(repository, {"a": "2"})
    write(tmp_path, {"a": "edit"})
    restore(repository, [b"a"])
    repository.undo()
    repository.undo()
    collect(repository, prune=True)
    repository.redo()
    repository.redo()
    assert repository.tip() == second
    repository.undo()
    assert files_in(tmp_path) == {"a": b"edit"}


def test_undoing_is_local_and_what_others_have_comes_back() -> None:
    team = Team(2)
    first = team.commit(0, {"a": b"1"})
    shared = team.commit(0, {"a": b"2"})
    settle(team.replicas)
    here, there = team.replicas
    here.undo()
    assert list(tips(team.replicas)) == [first, shared]
    mine = team.commit(0, {"b": b"3"})
    settle(team.replicas)
    assert set(here.heads()) == set(there.heads()) == {shared, mine}
    assert len(set(tips(team.replicas))) == 1
    assert_whole(team.replicas)


def test_what_nobody_has_heard_of_is_gone() -> None:
    team = Team(2)
    first = team.commit(0, {"a": b"1"})
    settle(team.replicas)
    team.commit(0, {"a": b"2"})
    team.replicas[0].undo()
    mine = team.commit(0, {"a": b"3"})
    settle(team.replicas)
    assert set(tips(team.replicas)) == {mine}
    assert team.replicas[1].store.commit(mine).parents == (first,)


def test_a_sync_is_taken_back_and_the_next_one_brings_it_again() -> None:
    team = Team(2)
    first = team.commit(0, {"a": b"1"})
    settle(team.replicas)
    news = team.commit(1, {"a": b"2"})
    here, there = team.replicas
    take_in(here, there)
    assert here.tip() == news
    here.undo()
    assert here.tip() == first
    take_in(there, here)
    assert there.tip() == news
    take_in(here, there)
    assert here.tip() == news


def test_a_deleted_branch_that_came_back_is_deleted_again_by_those_who_heard() -> None:
    team = Team(2)
    team.commit(0, {"a": b"1"})
    here, there = team.replicas
    here.switch("topic", create=True)
    here.switch("main")
    from pyvcs.branching import delete_branch

    settle(team.replicas)
    delete_branch(here, "topic")
    here.undo()
    assert "topic" in here.refs.tips
    settle(team.replicas)
    assert "topic" in there.refs.tips
