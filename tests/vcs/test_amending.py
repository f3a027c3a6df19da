"""A commit put in the place of the last one."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, files_in, new_repository, write

from pyvcs.committing import commit_worktree
from pyvcs.objects.commit import Identity, Timestamp
from pyvcs.objects.errors import NothingToCommit, Refused
from pyvcs.repository import Repository


def test_takes_the_place_and_keeps_what_is_not_given(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    first = commit(repository, {"a": "1"})
    old = commit(repository, {"a": "2"})
    write(tmp_path, {"a": "3", "b": "new"})
    amended = commit_worktree(repository, "", amend=True)
    made, before = (repository.store.commit(oid) for oid in (amended, old))
    assert repository.heads() == (amended,)
    assert made.parents == (first,)
    assert (made.message, made.author, made.authored) == (
        *(before.message, before.author, before.authored),
    )
    assert repository.status().is_clean
    repository.undo()
    assert repository.tip() == old
    assert files_in(tmp_path) == {"a": b"3", "b": b"new"}


def test_message_author_and_time_alone_are_something(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    bob, time = Identity("Bob", "bob@example.org"), Timestamp(1_600_000_000, 60)
    oid = commit_worktree(repository, "better", amend=True, author=bob, time=time)
    made = repository.store.commit(oid)
    assert (made.message, made.author, made.authored) == ("better\n", bob, time)
    assert made.parents == ()
    with pytest.raises(NothingToCommit):
        commit_worktree(repository, "", amend=True)


def test_is_refused_where_it_would_split(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "here")
    with pytest.raises(Refused, match="no commit to amend"):
        commit_worktree(repository, "x", amend=True)
    commit(repository, {"a": "1"})
    other = Repository.clone(str(tmp_path / "here"), str(tmp_path / "there"))
    for replica in (repository, other):
        write(Path(replica.worktree.root.decode()), {"a": "2"})
        with pytest.raises(Refused, match="was synced"):
            commit_worktree(replica, "x", amend=True)
    mine = commit(repository, {"b": "1"})
    theirs = commit(other, {"c": "1"})
    assert mine != theirs
    write(tmp_path / "here", {"b": "2"})
    commit_worktree(repository, "still mine", amend=True)
    repository.sync(str(tmp_path / "there"))
    with pytest.raises(Refused, match="canonical merge"):
        commit_worktree(repository, "x", amend=True)


def test_is_refused_for_what_a_known_peer_was_given_at_once(tmp_path: Path) -> None:
    """The second talk with a peer is one turn: the peer gets what is new before it has answered."""
    repository = new_repository(tmp_path / "here")
    commit(repository, {"a": "1"})
    Repository.clone(str(tmp_path / "here"), str(tmp_path / "there"))
    for number in "234":
        commit(repository, {"a": number})
        repository.sync(str(tmp_path / "there"))
        write(tmp_path / "here", {"a": "better"})
        with pytest.raises(Refused, match="was synced"):
            commit_worktree(repository, "x", amend=True)
