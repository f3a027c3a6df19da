"""Conflicts about renamed files: how they are shown, and what ends them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from people import commit, files_in, new_repository, write
from terminal import Terminal

from pyvcs.objects.errors import Refused
from pyvcs.open_conflicts import SideName, open_conflicts
from pyvcs.repository import Repository
from pyvcs.resolutions import recall
from pyvcs.resolving import resolve
from pyvcs.undoing import undo

TEXT = "".join(f"line {number}\n" for number in range(10))
OTHER = "".join(f"other {number}\n" for number in range(10))
EDITED = TEXT + "more\n"
Files = dict[str, str | bytes | None]


def merged(folder: Path, base: Files, ours: Files, theirs: Files) -> Repository:
    """A repository into whose main the branch topic has just been merged."""
    repository = new_repository(folder)
    commit(repository, {"keep": "x\n", **base}, "base")
    repository.switch("topic", create=True)
    commit(repository, theirs, "theirs")
    repository.switch("main")
    commit(repository, ours, "ours")
    repository.merge("topic")
    return repository


def two_names(folder: Path) -> Repository:
    """Ours and theirs gave a file different names; theirs edited it as well."""
    theirs: Files = {"a": None, "z": EDITED}
    return merged(folder, {"a": TEXT}, {"a": None, "m": TEXT}, theirs)


def a_new_file_that_followed(folder: Path) -> Repository:
    """Ours renamed a folder, theirs put a file into it."""
    base: Files = {"old/a": TEXT, "old/b": OTHER}
    ours: Files = {"old/a": None, "old/b": None, "new/a": TEXT, "new/b": OTHER}
    return merged(folder, base, ours, {"old/c": "new file\n"})


def kinds(repository: Repository) -> list[tuple[str, str]]:
    """Kind and path of what is open."""
    found = open_conflicts(repository)
    return [(str(item.conflict.kind), item.conflict.path.decode()) for item in found]


def test_an_edit_follows_the_rename_of_the_other_side(tmp_path: Path) -> None:
    repository = merged(tmp_path, {"a": TEXT}, {"a": None, "d/b": TEXT}, {"a": EDITED})
    assert kinds(repository) == []
    assert files_in(tmp_path) == {"keep": b"x\n", "d/b": EDITED.encode()}


@pytest.mark.parametrize(("side", "name"), [("ours", "m"), ("theirs", "z")])
def test_of_two_names_the_one_of_a_side_is_kept_with_all_edits(
    tmp_path: Path, side: SideName, name: str
) -> None:
    repository = two_names(tmp_path)
    assert kinds(repository) == [("rename/rename", "m")]
    assert set(files_in(tmp_path)) == {"keep", "m", "z"}
    resolve(repository, b"m", take=side)
    assert files_in(tmp_path) == {"keep": b"x\n", name: EDITED.encode()}
    assert repository.store.commit(repository.commit("resolved")).conflicts == ()


def test_taking_the_base_puts_the_old_file_back(tmp_path: Path) -> None:
    repository = two_names(tmp_path)
    resolve(repository, b"m", take="base")
    assert files_in(tmp_path) == {"keep": b"x\n", "a": TEXT.encode()}
    undo(repository)
    assert files_in(tmp_path) == {"keep": b"x\n", "m": EDITED.encode(), "z": EDITED.encode()}


def test_two_names_stay_in_conflict_until_one_is_gone(tmp_path: Path) -> None:
    repository = two_names(tmp_path)
    commit(repository, {"m": EDITED + "still\n"})
    assert kinds(repository) == [("rename/rename", "m")]
    commit(repository, {"z": None})
    assert kinds(repository) == []


def test_a_new_file_in_a_renamed_folder_follows_and_can_go_back(tmp_path: Path) -> None:
    repository = a_new_file_that_followed(tmp_path)
    assert kinds(repository) == [("location", "new/c")]
    assert "new/c" in files_in(tmp_path)
    resolve(repository, b"new/c", take="theirs")
    assert files_in(tmp_path)["old/c"] == b"new file\n"
    assert "new/c" not in files_in(tmp_path)


def test_it_does_not_go_back_where_something_stands(tmp_path: Path) -> None:
    repository = a_new_file_that_followed(tmp_path)
    write(tmp_path, {"old/c": "mine\n"})
    with pytest.raises(Refused, match="'old/c' is not free"):
        resolve(repository, b"new/c", take="theirs")
    assert files_in(tmp_path)["old/c"] == b"mine\n"
    resolve(repository, b"new/c")
    assert kinds(repository) == []


@pytest.mark.parametrize(("side", "is_kept"), [("ours", True), ("theirs", False)])
def test_a_renamed_file_that_was_deleted_is_kept_or_not(
    tmp_path: Path, side: SideName, is_kept: bool
) -> None:
    repository = merged(tmp_path, {"a": TEXT}, {"a": None, "b": TEXT}, {"a": None})
    assert kinds(repository) == [("rename/delete", "b")]
    resolve(repository, b"b", take=side)
    assert ("b" in files_in(tmp_path)) == is_kept


def test_the_list_tells_all_names_and_what_to_do(tmp_path: Path) -> None:
    two_names(tmp_path)
    terminal = Terminal(tmp_path)
    lines = terminal.run("conflicts").out.splitlines()
    assert lines[0] == "rename/rename: m (renamed: a, z)"
    assert [line.split(" at ")[-1].split()[0] for line in lines[1:4:2]] == ["a", "z"]
    assert lines[4].startswith("  to do:  take the side whose name it shall keep")
    (found,) = json.loads(terminal.run("conflicts", "--json").out)
    assert found["base"]["path"] == "a"
    assert {side["path"] for side in found["sides"]} == {"m", "z"}


@pytest.mark.parametrize("side", ["base", "ours", "theirs"])
def test_undo_puts_folders_back_that_stood_where_the_file_goes(
    tmp_path: Path, side: SideName
) -> None:
    ours: Files = {"a": None, "m": TEXT, "z/q": "in z\n"}
    theirs: Files = {"a": None, "z": EDITED, "m/r": "in m\n"}
    repository = merged(tmp_path, {"a": TEXT}, ours, theirs)
    before = files_in(tmp_path)
    assert set(before) == {"keep", "m/r", "z/q"}
    resolve(repository, b"m", take=side)
    assert files_in(tmp_path) != before
    undo(repository)
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_the_name_of_a_side_does_not_drop_what_the_other_wrote_elsewhere(
    tmp_path: Path, side: SideName
) -> None:
    """In a JSON document as in a text: only at the place in conflict a side is chosen."""
    base = {"x": 0, "one": 0, "other": 0, "pad": "a long text that nobody has changed at all"}
    ours, theirs = {**base, "x": 1, "one": 1}, {**base, "x": 2, "other": 2}
    text, our_text, their_text = (json.dumps(each, indent=1) for each in (base, ours, theirs))
    ours_now: Files = {"a.json": None, "m.json": our_text}
    theirs_now: Files = {"a.json": None, "z.json": their_text}
    repository = merged(tmp_path, {"a.json": text}, ours_now, theirs_now)
    resolve(repository, b"m.json", take=side)
    (name,) = set(files_in(tmp_path)) - {"keep"}
    taken = ours if side == "ours" else theirs
    assert json.loads(files_in(tmp_path)[name]) == {**base, "one": 1, "other": 2, "x": taken["x"]}


def in_conflict(folder: Path, name: str = "a") -> Repository:
    """A file that ours and theirs changed at one place."""
    texts = [TEXT, TEXT.replace("line 5", "ours"), TEXT.replace("line 5", "theirs")]
    if name.endswith(".json"):
        texts = [json.dumps({"pad": TEXT, "x": n}) for n in range(3)]
    base, ours, theirs = texts
    return merged(folder, {name: base}, {name: ours}, {name: theirs})


@pytest.mark.parametrize(("old", "new"), [("a", "b"), ("a.json", "d/b.json")])
def test_a_conflict_follows_a_file_that_is_renamed(tmp_path: Path, old: str, new: str) -> None:
    """To rename it says nothing about what is in it."""
    repository = in_conflict(tmp_path, old)
    ((kind, _),) = kinds(repository)
    (tmp_path / new).parent.mkdir(exist_ok=True)
    (tmp_path / old).rename(tmp_path / new)
    assert kinds(repository) == [(kind, new)]
    oid = repository.commit("renamed")
    assert kinds(repository) == [(kind, new)]
    assert len(repository.store.commit(oid).conflicts) == 1
    resolve(repository, new.encode(), take="theirs")
    assert b"theirs" in files_in(tmp_path)[new] or b'"x": 2' in files_in(tmp_path)[new]
    assert repository.store.commit(repository.commit("resolved")).conflicts == ()


@pytest.mark.parametrize("take", ["theirs", None])
def test_a_renamed_file_can_be_resolved_before_the_commit(
    tmp_path: Path, take: SideName | None
) -> None:
    repository = in_conflict(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    resolve(repository, b"b", take=take)
    assert (b"<<<" in files_in(tmp_path)["b"]) == (take is None)
    assert repository.store.commit(repository.commit("both")).conflicts == ()


def test_a_document_that_was_renamed_can_be_resolved_before_the_commit(tmp_path: Path) -> None:
    repository = in_conflict(tmp_path, "a.json")
    (tmp_path / "a.json").rename(tmp_path / "b.json")
    resolve(repository, b"b.json", take="theirs")
    assert b'"x": 2' in files_in(tmp_path)["b.json"]
    assert repository.store.commit(repository.commit("both")).conflicts == ()


def test_a_file_that_still_has_the_markers_is_in_conflict_however_it_was_rewritten(
    tmp_path: Path,
) -> None:
    repository = in_conflict(tmp_path)
    shown = (tmp_path / "a").read_text()
    (tmp_path / "a").unlink()
    write(tmp_path, {"b": OTHER * 20 + shown})
    assert kinds(repository) == [("contents", "b")]
    repository.commit("renamed and rewritten")
    assert kinds(repository) == [("contents", "b")]


def test_a_file_renamed_and_resolved_is_not_remembered_as_deleted(tmp_path: Path) -> None:
    """Else the same conflict, met again, would take the file away."""
    repository = in_conflict(tmp_path)
    (item,) = open_conflicts(repository)
    (tmp_path / "a").unlink()
    commit(repository, {"b": TEXT.replace("line 5", "both")}, "renamed and resolved")
    assert kinds(repository) == []
    assert recall(repository, item.conflict) is None
