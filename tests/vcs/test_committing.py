"""Committing: what is recorded, on which parent, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from people import ADA, commit, files_in, new_repository, root_of, write

from pyvcs.objects.errors import IdentityUnknown, NothingToCommit, PathUnknown
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import files_of
from pyvcs.repository import Repository


def recorded(repository: Repository, revision: str = "HEAD") -> dict[str, tuple[Mode, bytes]]:
    store = repository.store
    tree = store.commit(repository.resolve(revision)).tree
    return {path.decode(): (mode, store.blob(oid)) for path, (mode, oid) in files_of(store, tree)}


def test_records_files_modes_symlinks_and_folders(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    write(tmp_path, {"a": "one", "d/e/f": b"\0\xff", "run.sh": "#!/bin/sh\n"})
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "link").symlink_to("d/e")
    oid = repository.commit("first", author=ADA)
    assert recorded(repository) == {
        "a": (Mode.FILE, b"one"),
        "d/e/f": (Mode.FILE, b"\0\xff"),
        "link": (Mode.SYMLINK, b"d/e"),
        "run.sh": (Mode.EXECUTABLE, b"#!/bin/sh\n"),
    }
    made = repository.store.commit(oid)
    assert (made.parents, made.message, made.author) == ((), "first\n", ADA)
    assert made.replica == repository.id
    assert repository.status().is_clean


def test_records_edits_deletions_and_new_files(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    first = commit(repository, {"a": "1", "b": "1", "c/d": "1"})
    second = commit(repository, {"a": "2", "b": None, "e": "new"})
    assert {name: content for name, (_, content) in recorded(repository).items()} == {
        "a": b"2",
        "c/d": b"1",
        "e": b"new",
    }
    assert repository.store.commit(second).parents == (first,)
    assert repository.heads() == (second,)


def test_records_only_the_paths_named(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1", "d/b": "1", "d/c": "1"})
    write(tmp_path, {"a": "2", "d/b": "2", "d/c": None})
    repository.commit("only d", paths=["d"], author=ADA)
    assert {name: content for name, (_, content) in recorded(repository).items()} == {
        "a": b"1",
        "d/b": b"2",
    }
    assert [change.path for change in repository.status().changes] == [b"a"]


def test_a_path_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    write(tmp_path, {"a": "2"})
    with pytest.raises(PathUnknown, match="'nowhere'"):
        repository.commit("x", paths=["nowhere"], author=ADA)


def test_nothing_to_commit_is_an_error_and_changes_nothing(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    with pytest.raises(NothingToCommit):
        repository.commit("empty", author=ADA)
    oid = commit(repository, {"a": "1"})
    before = repository.refs
    with pytest.raises(NothingToCommit):
        repository.commit("again", author=ADA)
    assert repository.refs == before
    assert repository.tip() == oid


def test_a_file_that_became_a_folder_and_back(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"x": "file"})
    (tmp_path / "x").unlink()
    commit(repository, {"x/y": "inside"})
    assert list(recorded(repository)) == ["x/y"]
    (tmp_path / "x" / "y").unlink()
    (tmp_path / "x").rmdir()
    commit(repository, {"x": "file again"})
    assert recorded(repository)["x"][1] == b"file again"


def test_a_symlink_to_a_folder_is_recorded_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"secret": "x"})
    repository = new_repository(tmp_path / "here")
    (tmp_path / "here" / "way").symlink_to(outside)
    repository.commit("link", author=ADA)
    assert list(recorded(repository)) == ["way"]


def test_names_that_are_not_utf8_survive(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_bytes(b"latin")
    repository.commit("odd", author=ADA)
    clone = Repository.clone(os.fspath(tmp_path), os.fspath(tmp_path.with_name("clone")))
    assert os.listdir(os.fsencode(root_of(clone))).count(b"caf\xe9.txt") == 1


def test_the_parent_is_what_the_working_tree_stands_on(tmp_path: Path) -> None:
    """A sync moved the branch while an edit kept the working tree: the two are siblings."""
    here = new_repository(tmp_path / "here")
    base = commit(here, {"a": "1\n", "b": "1\n"})
    there = Repository.clone(os.fspath(tmp_path / "here"), os.fspath(tmp_path / "there"))
    theirs = commit(there, {"a": "theirs\n"})
    write(root_of(here), {"a": "1\n", "b": "mine\n", "c": "new\n"})
    write(root_of(here), {"a": "mine too\n"})
    report = here.sync(there, push=False)
    assert not report.followed
    assert files_in(root_of(here))["a"] == b"mine too\n"
    ours = here.commit("mine", author=ADA)
    assert here.store.commit(ours).parents == (base,)
    assert set(here.heads()) == {ours, theirs}


def test_without_an_identity_it_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = new_repository(tmp_path)
    repository.environ = {"HOME": os.fspath(tmp_path)}
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    write(tmp_path, {"a": "1"})
    with pytest.raises(IdentityUnknown) as caught:
        repository.commit("x")
    assert "user.name" in caught.value.hint
    assert repository.tip() is None


def test_changes_are_committed_without_a_working_tree() -> None:
    repository = Repository.in_memory()
    repository.commit("one", changes={"a.txt": b"1", "d/b.txt": b"2"}, author=ADA)
    repository.commit("two", changes={"a.txt": None, "d/b.txt": b"3"}, author=ADA)
    assert recorded(repository) == {"d/b.txt": (Mode.FILE, b"3")}
    with pytest.raises(NothingToCommit):
        repository.commit("three", changes={"d/b.txt": b"3"}, author=ADA)


def test_changes_are_laid_over_what_was_read_and_merged_with_what_came_since(
    tmp_path: Path,
) -> None:
    """Another process may commit between a read and the commit of what was made of it."""
    repository = Repository.init(os.fspath(tmp_path), bare=True)
    repository.commit("one", changes={"a.txt": b"1\n2\n3\n4\n5\n"}, author=ADA)
    seen = repository.tip()
    content = repository.read(str(seen), "a.txt")
    other = Repository.open(os.fspath(tmp_path), search=False)
    other.commit("theirs", changes={"a.txt": content.replace(b"1", b"one")}, author=ADA)
    ours = repository.commit(
        "ours", changes={"a.txt": content.replace(b"5", b"five")}, onto=seen, author=ADA
    )
    assert repository.store.commit(ours).parents == (seen,)
    assert repository.read("main", "a.txt") == b"one\n2\n3\n4\nfive\n"
    assert len(repository.heads()) == 2
    repository.commit("on top", changes={"b.txt": b"1"}, author=ADA)
    assert len(repository.heads()) == 1
    with pytest.raises(NothingToCommit):
        repository.commit("as it was", changes={"a.txt": content}, onto=str(seen), author=ADA)
