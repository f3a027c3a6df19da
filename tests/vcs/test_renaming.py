"""Moving files: edits go along, nothing is written over, and `undo` moves them back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from people import ADA, commit, files_in, new_repository, write

from pyvcs.objects.errors import PathUnknown, PyvcsError, Refused, Usage, WouldOverwrite
from pyvcs.renaming import move


def test_moves_a_file_with_its_edit_to_a_folder_that_is_made(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"old/a": "1"})
    write(tmp_path, {"old/a": "edited"})
    move(repository, [b"old/a"], b"new/b")
    assert files_in(tmp_path) == {"new/b": b"edited"}
    assert not (tmp_path / "old").exists()
    repository.undo()
    assert files_in(tmp_path) == {"old/a": b"edited"}
    repository.redo()
    assert files_in(tmp_path) == {"new/b": b"edited"}


def test_moves_several_into_a_folder_with_new_and_ignored_files(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1", "d/b": "1", "into/c": "1", ".pyvcsignore": "*.o\n"})
    write(tmp_path, {"d/new": "mine", "d/x.o": "made"})
    move(repository, [b"a", b"d"], b"into")
    there = {"into/a", "into/c", "into/d/b", "into/d/new", "into/d/x.o", ".pyvcsignore"}
    assert set(files_in(tmp_path)) == there
    repository.undo()
    back = {"a", "d/b", "d/new", "into/c", "into/d/x.o", ".pyvcsignore"}
    assert set(files_in(tmp_path)) == back


def test_links_and_the_bit_of_programs_go_along(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    write(tmp_path, {"run": "1"})
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "link").symlink_to("run")
    repository.commit("first", author=ADA)
    move(repository, [b"run"], b"go")
    move(repository, [b"link"], b"to")
    assert os.access(tmp_path / "go", os.X_OK)
    assert files_in(tmp_path)["to"] == b"-> run"


CASES: list[tuple[list[bytes], bytes, type[PyvcsError], str]] = [
    ([b"a"], b"b", WouldOverwrite, "something stands at 'b'"),
    ([b"a"], b"d/b", WouldOverwrite, "'d/b'"),
    ([b"a"], b"b/x", WouldOverwrite, "'b' is not a folder"),
    ([b"a", b"b"], b"x", Usage, "'x' is no folder"),
    ([b"a", b"a"], b"d", WouldOverwrite, "something stands at"),
    ([b"d", b"d/b"], b"e", Usage, "'d/b' lies in another"),
    ([b"d"], b"d/x", Refused, "into itself"),
    ([b"nowhere"], b"x", PathUnknown, "'nowhere'"),
    ([b"x.o"], b"y.o", WouldOverwrite, "'x.o' is in no commit"),
    ([b"a"], b".pyvcs/a", Usage, "own folder"),
]


@pytest.mark.parametrize(("sources", "target", "error", "words"), CASES)
def test_what_cannot_be_moved_is_named_and_nothing_moves(
    tmp_path: Path, sources: list[bytes], target: bytes, error: type[PyvcsError], words: str
) -> None:
    repository = new_repository(tmp_path)
    files: dict[str, str | bytes | None] = {"a": "1", "b": "2", "d/b": "3", "e/c": "4"}
    commit(repository, {**files, ".pyvcsignore": "*.o\n"})
    write(tmp_path, {"x.o": "made"})
    before = files_in(tmp_path)
    with pytest.raises(error, match=words):
        move(repository, sources, target)
    assert files_in(tmp_path) == before


def test_a_pipe_that_stands_there_is_not_written_over(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WouldOverwrite, match="'pipe'"):
        move(repository, [b"a"], b"pipe")
