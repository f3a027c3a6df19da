"""Restoring files: back to what a commit has, and what stood there is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, files_in, new_repository, write

from pyvcs.objects.errors import PathUnknown
from pyvcs.restoring import restore


def test_an_edit_goes_back_and_is_kept_in_the_store(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1", "b": "1"})
    write(tmp_path, {"a": "precious"})
    [done] = restore(repository, [b"a"])
    assert files_in(tmp_path)["a"] == b"1"
    assert done.kept is not None
    assert repository.store.blob(done.kept) == b"precious"
    assert repository.status().is_clean


def test_a_deleted_file_and_a_folder_come_back(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"d/a": "1", "d/b": "1", "c": "1"})
    write(tmp_path, {"d/a": None, "d/b": "2", "c": "edited"})
    assert [done.path for done in restore(repository, [b"d"])] == [b"d/a", b"d/b"]
    assert files_in(tmp_path) == {"c": b"edited", "d/a": b"1", "d/b": b"1"}


def test_takes_files_from_an_older_commit(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1", "gone": "1"})
    commit(repository, {"a": "2", "gone": None, "new": "2"})
    restore(repository, [b""], revision="HEAD~1")
    assert files_in(tmp_path) == {"a": b"1", "gone": b"1"}
    words = {change.path: change.kind.word for change in repository.status().changes}
    assert words == {b"a": "modified", b"gone": "added", b"new": "deleted"}


def test_new_files_are_removed_only_by_name(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"d/a": "1"})
    write(tmp_path, {"d/new": "mine", "d/a": "2"})
    restore(repository, [b"d"])
    assert files_in(tmp_path) == {"d/a": b"1", "d/new": b"mine"}
    [done] = restore(repository, [b"d/new"])
    assert done.removed
    assert done.kept is not None
    assert files_in(tmp_path) == {"d/a": b"1"}


def test_a_path_that_nobody_has_is_an_error(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    with pytest.raises(PathUnknown, match="'nowhere'"):
        restore(repository, [b"nowhere"])


def test_an_ignored_file_is_kept_too(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"secret": "old"})
    commit(repository, {"secret": None, ".pyvcsignore": "secret\n"})
    write(tmp_path, {"secret": "precious"})
    [done] = restore(repository, [b"secret"], revision="HEAD~1")
    assert files_in(tmp_path)["secret"] == b"old"
    assert done.kept is not None
    assert repository.store.blob(done.kept) == b"precious"
