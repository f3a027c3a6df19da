"""Switching and checkout: the working tree goes along, and nothing that is in no commit is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import commit, files_in, new_repository, write

from pyvcs.objects.errors import Refused, RevisionUnknown, WouldOverwrite
from pyvcs.repository import Repository
from pyvcs.switching import switch


def two_branches(folder: Path, main: dict[str, str], topic: dict[str, str]) -> Repository:
    """A repository whose branches main and topic hold just these files; it stands on main."""
    repository = new_repository(folder)
    commit(repository, {"common": "x"}, "root")
    repository.switch("topic", create=True)
    commit(repository, dict(topic), "topic")
    repository.switch("main")
    commit(repository, dict(main), "main")
    return repository


def test_brings_the_working_tree_to_the_other_branch_and_back(tmp_path: Path) -> None:
    repository = two_branches(tmp_path, {"a": "main", "only/main": "1"}, {"a": "topic", "t": "2"})
    on_main = files_in(tmp_path)
    repository.switch("topic")
    assert files_in(tmp_path) == {"a": b"topic", "common": b"x", "t": b"2"}
    assert not (tmp_path / "only").exists()
    assert repository.status().is_clean
    repository.switch("main")
    assert files_in(tmp_path) == on_main


def test_an_edit_that_is_not_in_the_way_goes_along(tmp_path: Path) -> None:
    repository = two_branches(tmp_path, {"a": "main"}, {"a": "topic"})
    write(tmp_path, {"common": "edited", "new": "mine"})
    repository.switch("topic")
    assert files_in(tmp_path) == {"a": b"topic", "common": b"edited", "new": b"mine"}


@pytest.mark.parametrize(
    "edit",
    [
        {"a": "edited"},
        {"t": "mine, and in no commit"},
        {"only/main": "edited"},
        {"folder/inside": "a new file where a file should be written"},
    ],
)
def test_an_edit_in_the_way_stops_it_before_anything_changed(
    tmp_path: Path, edit: dict[str, str | bytes | None]
) -> None:
    repository = two_branches(
        tmp_path, {"a": "main", "only/main": "1"}, {"a": "topic", "t": "2", "folder": "a file"}
    )
    write(tmp_path, edit)
    before, refs = files_in(tmp_path), repository.refs
    with pytest.raises(WouldOverwrite) as caught:
        repository.switch("topic")
    assert next(iter(edit)).split("/")[0] in caught.value.message
    assert (files_in(tmp_path), repository.refs) == (before, refs)


def test_a_new_file_that_is_just_what_the_branch_has_is_no_obstacle(tmp_path: Path) -> None:
    repository = two_branches(tmp_path, {"a": "main"}, {"t": "same"})
    write(tmp_path, {"t": "same"})
    repository.switch("topic")
    assert repository.status().is_clean


def test_a_file_where_a_folder_should_be_is_an_obstacle(tmp_path: Path) -> None:
    repository = two_branches(tmp_path, {"a": "main"}, {"dir/t": "2"})
    write(tmp_path, {"dir": "mine"})
    with pytest.raises(WouldOverwrite):
        repository.switch("topic")
    assert files_in(tmp_path)["dir"] == b"mine"


def test_a_folder_becomes_a_file_and_a_file_a_folder(tmp_path: Path) -> None:
    repository = two_branches(tmp_path, {"x": "file", "y/z": "1"}, {"x/y": "inside", "y": "file"})
    repository.switch("topic")
    assert files_in(tmp_path) == {"common": b"x", "x/y": b"inside", "y": b"file"}
    repository.switch("main")
    assert files_in(tmp_path) == {"common": b"x", "x": b"file", "y/z": b"1"}


def test_never_writes_through_a_symlink_out_of_the_tree(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    here = tmp_path / "here"
    repository = two_branches(here, {"a": "main"}, {"dir/t": "2"})
    (here / "dir").symlink_to(outside)
    with pytest.raises(WouldOverwrite):
        repository.switch("topic")
    assert os.listdir(outside) == []


def test_never_removes_through_a_symlink_out_of_the_tree(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"m": "1"})
    here = tmp_path / "here"
    repository = two_branches(here, {"dir/m": "1"}, {"t": "2"})
    (here / "dir" / "m").unlink()
    (here / "dir").rmdir()
    (here / "dir").symlink_to(outside)
    repository.switch("topic")
    assert files_in(outside) == {"m": b"1"}


def test_switch_without_a_name_that_exists_says_how_to_make_it(tmp_path: Path) -> None:
    repository = two_branches(tmp_path, {"a": "1"}, {"a": "2"})
    with pytest.raises(RevisionUnknown, match="no branch 'nowhere'") as caught:
        repository.switch("nowhere")
    assert "--create" in caught.value.hint
    with pytest.raises(Refused):
        repository.switch("topic", create=True)


def test_detached_commits_move_no_branch(tmp_path: Path) -> None:
    repository = two_branches(tmp_path, {"a": "main"}, {"a": "topic"})
    tips = repository.refs.tips
    switch(repository, "topic", detach=True)
    oid = commit(repository, {"a": "alone"})
    assert repository.refs.tips == tips
    assert repository.resolve("HEAD") == oid
    repository.switch("main")
    assert files_in(tmp_path)["a"] == b"main"


def test_a_checkout_that_was_cut_off_can_be_done_again(tmp_path: Path) -> None:
    """Some files are of the new commit already, the refs still name the old one."""
    repository = two_branches(tmp_path, {"a": "main", "b": "main"}, {"a": "topic", "b": "topic"})
    write(tmp_path, {"a": "topic"})
    repository.switch("topic")
    assert files_in(tmp_path) == {"a": b"topic", "b": b"topic", "common": b"x"}


NAMES = st.sampled_from(["a", "b", "a/x", "a/y", "b/x", "c"])
TREES = st.dictionaries(NAMES, st.sampled_from(["1", "2", "3"]), max_size=4).filter(
    lambda files: not any(f"{name}/" in other for name in files for other in files)
)


@settings(max_examples=60, deadline=None)
@given(TREES, TREES, TREES)
def test_whatever_is_edited_is_either_kept_or_in_the_store(
    tmp_path_factory: pytest.TempPathFactory,
    main: dict[str, str],
    topic: dict[str, str],
    edits: dict[str, str],
) -> None:
    """The law (7): after a switch, or a refusal, every content that stood there can be read."""
    folder = tmp_path_factory.mktemp("law")
    repository = two_branches(folder, main | {"m": "m"}, topic | {"t": "t"})
    for name, content in edits.items():
        path = folder / name
        blocked = any((folder / above.as_posix()).is_file() for above in Path(name).parents[:-1])
        if not blocked and not path.is_dir():
            write(folder, {name: f"edited {content}"})
    before = files_in(folder)
    try:
        repository.switch("topic")
    except WouldOverwrite:
        assert files_in(folder) == before
        return
    after = files_in(folder)
    for name, was in before.items():
        if was.startswith(b"edited"):
            assert after.get(name) == was


@pytest.mark.parametrize("obstacle", ["empty folders", "a pipe", "a repository"])
def test_what_stands_where_a_file_should_be_stops_it_before_it_begins(
    tmp_path: Path, obstacle: str
) -> None:
    repository = two_branches(tmp_path, {"d/x": "1", "a": "main"}, {"d": "file", "a": "topic"})
    if obstacle == "empty folders":
        (tmp_path / "d" / "e" / "e").mkdir(parents=True)
        repository.switch("topic")  # they hold nothing
        assert files_in(tmp_path)["d"] == b"file"
        return
    if obstacle == "a pipe":
        os.mkfifo(tmp_path / "d" / "pipe")
    else:
        new_repository(tmp_path / "d" / "inner")
    before = files_in(tmp_path)
    with pytest.raises(WouldOverwrite):
        repository.switch("topic")
    assert files_in(tmp_path) == before


def test_edits_in_the_way_are_merged_when_that_is_wanted_and_clean(tmp_path: Path) -> None:
    lines = "1\n2\n3\n4\n5\n"
    repository = two_branches(tmp_path, {"a": lines}, {"a": lines.replace("5", "five")})
    write(tmp_path, {"a": lines.replace("1", "one")})
    with pytest.raises(WouldOverwrite):
        repository.switch("topic")
    switch(repository, "topic", merge=True)
    assert files_in(tmp_path)["a"] == b"one\n2\n3\n4\nfive\n"
    assert [change.kind.word for change in repository.status().changes] == ["modified"]
    repository.undo()
    assert files_in(tmp_path)["a"] == b"one\n2\n3\n4\n5\n"
    write(tmp_path, {"a": lines.replace("5", "V")})
    with pytest.raises(WouldOverwrite, match="edits are in the way: 'a'"):
        switch(repository, "topic", merge=True)
