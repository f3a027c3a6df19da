"""Removing files: what the commit has goes, what it has not stays or is kept in the store."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, files_in, new_repository, write

from pyvcs.objects.errors import PathUnknown, Refused, WouldOverwrite
from pyvcs.removing import remove


def test_removes_a_file_and_the_folder_that_becomes_empty(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"d/a": "1", "b": "1"})
    assert [done.path for done in remove(repository, [b"d/a"])] == [b"d/a"]
    assert files_in(tmp_path) == {"b": b"1"}
    assert not (tmp_path / "d").exists()
    assert [change.kind.word for change in repository.status().changes] == ["deleted"]


def test_a_folder_takes_asking_and_new_files_in_it_stay(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"d/a": "1", "d/e/b": "1"})
    write(tmp_path, {"d/new": "mine"})
    with pytest.raises(Refused, match="'d' is a folder"):
        remove(repository, [b"d"])
    remove(repository, [b"d"], recursive=True)
    assert files_in(tmp_path) == {"d/new": b"mine"}


def test_an_edit_stops_all_of_it_unless_forced_and_is_then_kept(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1", "b": "1"})
    write(tmp_path, {"b": "precious"})
    with pytest.raises(WouldOverwrite, match="lost: 'b'"):
        remove(repository, [b"a", b"b"])
    assert files_in(tmp_path) == {"a": b"1", "b": b"precious"}
    first, second = remove(repository, [b"a", b"b"], force=True)
    assert first.kept is None
    assert second.kept is not None
    assert repository.store.blob(second.kept) == b"precious"
    assert files_in(tmp_path) == {}


def test_new_files_stay_and_unknown_paths_are_named(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    write(tmp_path, {"new": "mine"})
    with pytest.raises(WouldOverwrite, match="'new' is in no commit"):
        remove(repository, [b"a", b"new"], force=True)
    with pytest.raises(PathUnknown, match="'nowhere'"):
        remove(repository, [b"nowhere"])
    assert files_in(tmp_path) == {"a": b"1", "new": b"mine"}


def test_a_file_that_is_gone_already_is_no_error(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    write(tmp_path, {"a": None})
    assert [done.path for done in remove(repository, [b"a"])] == [b"a"]


def test_undo_brings_back_edits_too_and_redo_removes_again(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"d/a": "1", "d/b": "1"})
    write(tmp_path, {"d/b": "precious"})
    remove(repository, [b"d"], recursive=True, force=True)
    repository.undo()
    assert files_in(tmp_path) == {"d/a": b"1", "d/b": b"precious"}
    repository.redo()
    assert files_in(tmp_path) == {}
