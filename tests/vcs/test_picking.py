"""Applying what one commit changed, or taking it out."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, files_in, new_repository, write

from pyvcs.objects.commit import Identity, Timestamp
from pyvcs.objects.errors import NothingToCommit, Usage, WouldOverwrite
from pyvcs.objects.oid import Oid
from pyvcs.picking import Picked, cherry_pick, revert
from pyvcs.repository import Repository

LINES = "1\n2\n3\n4\n5\n6\n7\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """On main; `topic` has two commits more: one that edits `a`, one that adds `b`."""
    made = new_repository(tmp_path)
    commit(made, {"a": LINES})
    made.switch("topic", create=True)
    write(tmp_path, {"a": LINES.replace("1", "one")})
    made.commit("edit a", author=Identity("Bob", "bob@example.org"))
    commit(made, {"b": "b\n"})
    made.switch("main")
    return made


def pick(repository: Repository, revision: str) -> Picked:
    return cherry_pick(repository, [repository.resolve(revision)]).made[0]


def take_out(repository: Repository, revision: str, *, parent: int | None = None) -> Picked:
    return revert(repository, [repository.resolve(revision)], parent=parent).made[0]


def test_a_commit_is_applied_with_its_message_and_author(
    repository: Repository, tmp_path: Path
) -> None:
    commit(repository, {"a": LINES.replace("7", "seven")})
    picked = pick(repository, "topic~1")
    made = repository.store.commit(picked.oid)
    source = repository.store.commit(picked.source)
    assert made.message == "edit a\n"
    assert made.author == source.author == Identity("Bob", "bob@example.org")
    assert made.committer != made.author
    assert made.authored == source.authored
    assert made.parents == (repository.resolve("HEAD~1"),)
    assert files_in(tmp_path) == {"a": b"one\n2\n3\n4\n5\n6\nseven\n"}
    assert repository.status().is_clean


def test_a_revert_takes_out_just_that_change(repository: Repository, tmp_path: Path) -> None:
    repository.merge("topic")
    commit(repository, {"a": LINES.replace("1", "one").replace("7", "seven")})
    picked = take_out(repository, "topic~1")
    assert files_in(tmp_path)["a"] == LINES.replace("7", "seven").encode()
    message = repository.store.commit(picked.oid).message
    assert message == f'Revert "edit a"\n\nThis reverts commit {picked.source}.\n'
    take_out(repository, "HEAD")
    assert files_in(tmp_path)["a"].startswith(b"one\n")


def test_a_first_commit_can_be_reverted(repository: Repository, tmp_path: Path) -> None:
    take_out(repository, "HEAD")
    assert files_in(tmp_path) == {}


def test_a_conflict_is_recorded_and_resolved_later(repository: Repository, tmp_path: Path) -> None:
    commit(repository, {"a": LINES.replace("1", "uno")})
    picked = pick(repository, "topic~1")
    assert [conflict.path for conflict in picked.conflicts] == [b"a"]
    assert b"uno\n" in files_in(tmp_path)["a"]
    assert b"one\n" in files_in(tmp_path)["a"]
    fixed = commit(repository, {"a": LINES.replace("1", "both")})
    assert repository.store.commit(fixed).conflicts == ()


def test_a_merge_says_against_which_parent(repository: Repository, tmp_path: Path) -> None:
    commit(repository, {"c": "c\n"})
    repository.merge("topic", message="merge")
    with pytest.raises(Usage, match="is a merge of 2 commits"):
        take_out(repository, "HEAD")
    with pytest.raises(Usage, match="no number 3"):
        take_out(repository, "HEAD", parent=3)
    take_out(repository, "HEAD", parent=1)
    assert files_in(tmp_path) == {"a": LINES.encode(), "c": b"c\n"}


def test_what_is_there_already_is_nothing_to_do(repository: Repository) -> None:
    pick(repository, "topic")
    with pytest.raises(NothingToCommit, match="changes nothing here"):
        pick(repository, "topic")


def test_an_edit_in_the_way_stays(repository: Repository, tmp_path: Path) -> None:
    before = repository.resolve("HEAD")
    write(tmp_path, {"a": "edit"})
    with pytest.raises(WouldOverwrite):
        pick(repository, "topic~1")
    assert files_in(tmp_path) == {"a": b"edit"}
    assert repository.resolve("HEAD") == before
    assert Timestamp(0) < repository.store.commit(before).committed


def row(repository: Repository, *names: str) -> list[Oid]:
    return [repository.resolve(name) for name in names]


def test_a_row_of_commits_is_one_operation(repository: Repository, tmp_path: Path) -> None:
    before = repository.resolve("HEAD")
    picking = cherry_pick(repository, row(repository, "topic~1", "topic"))
    assert [each.source for each in picking.made] == row(repository, "topic~1", "topic")
    assert [each.oid for each in picking.made] == row(repository, "HEAD~1", "HEAD")
    assert (picking.skipped, picking.left) == ((), ())
    assert files_in(tmp_path) == {"a": LINES.replace("1", "one").encode(), "b": b"b\n"}
    clocks = [repository.store.commit(oid).clock for oid in row(repository, "HEAD~1", "HEAD")]
    assert clocks == sorted(set(clocks))
    repository.undo()
    assert repository.resolve("HEAD") == before
    assert files_in(tmp_path) == {"a": LINES.encode()}


def test_what_is_there_already_is_skipped_in_a_row(repository: Repository) -> None:
    pick(repository, "topic~1")
    picking = cherry_pick(repository, row(repository, "topic~1", "topic"))
    assert picking.skipped == (repository.resolve("topic~1"),)
    assert [each.source for each in picking.made] == row(repository, "topic")


def test_a_conflict_ends_a_row_and_the_rest_is_left(repository: Repository, tmp_path: Path) -> None:
    commit(repository, {"a": LINES.replace("1", "uno")})
    sources = row(repository, "topic~1", "topic")
    picking = cherry_pick(repository, sources)
    assert [each.source for each in picking.made] == sources[:1]
    assert picking.made[0].conflicts
    assert picking.left == (sources[1],)
    assert "b" not in files_in(tmp_path)
    commit(repository, {"a": LINES.replace("1", "both")})
    assert cherry_pick(repository, picking.left).left == ()
    assert files_in(tmp_path) == {"a": LINES.replace("1", "both").encode(), "b": b"b\n"}


def test_a_merge_in_a_row_is_refused_before_anything_is_done(repository: Repository) -> None:
    commit(repository, {"c": "c\n"})
    repository.merge("topic", message="merge")
    before = repository.refs
    with pytest.raises(Usage, match="is a merge of 2 commits"):
        revert(repository, row(repository, "topic", "HEAD"))
    assert repository.refs == before
