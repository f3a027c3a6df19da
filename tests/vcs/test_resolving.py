"""Conflicts wait, are resolved by editing or by saying so, and their resolution travels."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from people import ADA, commit, files_in, new_repository, root_of, write

from pyvcs.merging import MergeKind
from pyvcs.objects.errors import NotFound, Refused, Usage
from pyvcs.open_conflicts import SideName, open_conflicts
from pyvcs.repository import Repository
from pyvcs.resolving import resolve
from pyvcs.restoring import restore

Files = dict[str, str | bytes | None]
SIDES: list[SideName] = ["base", "ours", "theirs"]


def in_conflict(folder: Path, base: Files, ours: Files, theirs: Files) -> Repository:
    """A repository on main, into which the conflicting branch topic has just been merged."""
    repository = new_repository(folder)
    commit(repository, {"keep": "x\n", **base}, "base")
    repository.switch("topic", create=True)
    commit(repository, theirs, "theirs")
    repository.switch("main")
    commit(repository, ours, "ours")
    outcome = repository.merge("topic")
    assert outcome.kind is MergeKind.CANONICAL
    assert not outcome.is_clean
    return repository


def text_conflict(folder: Path) -> Repository:
    texts = ["a b c d e", "a B c d e", "a β c d E"]
    base, ours, theirs = ("".join(f"{line}\n" for line in text.split()) for text in texts)
    return in_conflict(folder, {"t": base}, {"t": ours}, {"t": theirs})


def json_conflict(folder: Path) -> Repository:
    base, ours, theirs = (
        json.dumps({"v": value, "list": [{"id": 1, "w": value}], "same": 0}, indent=2) + "\n"
        for value in (0, 1, 2)
    )
    return in_conflict(folder, {"d/x.json": base}, {"d/x.json": ours}, {"d/x.json": theirs})


def places(repository: Repository) -> list[tuple[str, str | None]]:
    return [
        (item.conflict.path.decode(), item.conflict.pointer) for item in open_conflicts(repository)
    ]


def test_a_text_shows_markers_with_commits_as_labels(tmp_path: Path) -> None:
    repository = text_conflict(tmp_path)
    text = files_in(tmp_path)["t"].decode()
    assert text.startswith("a\n<<<<<<< ")
    assert text.endswith("c\nd\nE\n")
    for head in repository.heads():
        assert f" {head.short()}\n" in text
    assert places(repository) == [("t", None)]
    assert len(repository.status().conflicts) == 1


def test_editing_the_markers_away_resolves_a_text(tmp_path: Path) -> None:
    repository = text_conflict(tmp_path)
    oid = commit(repository, {"t": "a\nB and β\nc\nd\nE\n"}, "both")
    assert repository.store.commit(oid).conflicts == ()
    assert places(repository) == []


def test_another_edit_of_the_text_leaves_the_conflict_open(tmp_path: Path) -> None:
    repository = text_conflict(tmp_path)
    oid = commit(repository, {"t": files_in(tmp_path)["t"] + b"more\n", "new": "1"}, "not yet")
    assert len(repository.store.commit(oid).conflicts) == 1
    assert places(repository) == [("t", None)]


@pytest.mark.parametrize("take", SIDES)
def test_a_side_is_taken_only_where_the_markers_are(tmp_path: Path, take: SideName) -> None:
    repository = text_conflict(tmp_path)
    [item] = open_conflicts(repository)
    label = item.side(take).label
    subject = repository.store.commit(repository.resolve(label)).subject
    resolve(repository, b"t", take=take)
    line = {"base": "b", "ours": "B", "theirs": "β"}[subject]
    assert files_in(tmp_path)["t"].decode() == f"a\n{line}\nc\nd\nE\n"
    assert places(repository) == []
    oid = repository.commit("resolved", author=ADA)
    assert repository.store.commit(oid).conflicts == ()


def test_a_document_stays_valid_and_shows_each_place(tmp_path: Path) -> None:
    repository = json_conflict(tmp_path)
    assert json.loads(files_in(tmp_path)["d/x.json"])["same"] == 0
    assert places(repository) == [("d/x.json", "/list/0/w"), ("d/x.json", "/v")]


def test_a_value_is_put_at_its_place_and_nowhere_else(tmp_path: Path) -> None:
    repository = json_conflict(tmp_path)
    before = files_in(tmp_path)["d/x.json"].decode()
    resolve(repository, b"d/x.json", pointer="/v", value=b"7")
    assert files_in(tmp_path)["d/x.json"].decode() == before.replace('"v": 2', '"v": 7')
    assert places(repository) == [("d/x.json", "/list/0/w")]
    oid = repository.commit("one of two", author=ADA)
    assert len(repository.store.commit(oid).conflicts) == 1
    resolve(repository, b"d/x.json", take="base")
    assert json.loads(files_in(tmp_path)["d/x.json"])["list"] == [{"id": 1, "w": 0}]


def test_editing_the_value_resolves_its_place(tmp_path: Path) -> None:
    repository = json_conflict(tmp_path)
    text = files_in(tmp_path)["d/x.json"].decode()
    oid = commit(repository, {"d/x.json": text.replace('"v": 2', '"v": 9')})
    left = [repository.store.conflict(c).pointer for c in repository.store.commit(oid).conflicts]
    assert left == ["/list/0/w"]


def test_saying_so_resolves_what_is_right_as_it_stands(tmp_path: Path) -> None:
    repository = json_conflict(tmp_path)
    before = files_in(tmp_path)
    resolve(repository, b"d/x.json")
    assert files_in(tmp_path) == before
    assert repository.status().conflicts == ()
    oid = repository.commit("as shown", author=ADA)
    assert repository.store.commit(oid).conflicts == ()


def test_a_list_that_became_longer_does_not_resolve_a_place_in_it(tmp_path: Path) -> None:
    """The index is another item's then: only saying so resolves it."""
    repository = json_conflict(tmp_path)
    document = json.loads(files_in(tmp_path)["d/x.json"])
    document["list"].insert(0, {"id": 0, "w": 5})
    commit(repository, {"d/x.json": json.dumps(document, indent=2)})
    assert ("d/x.json", "/list/0/w") in places(repository)


@pytest.mark.parametrize("take", SIDES[1:])
def test_a_deleted_file_is_brought_back_or_deleted(tmp_path: Path, take: SideName) -> None:
    repository = in_conflict(tmp_path, {"f": "1\n"}, {"f": "2\n"}, {"f": None})
    [item] = open_conflicts(repository)
    expected = item.side(take).oid
    resolve(repository, b"f", take=take)
    assert ("f" in files_in(tmp_path)) == (expected is not None)
    assert places(repository) == []


def test_a_file_takes_the_place_of_a_folder(tmp_path: Path) -> None:
    repository = in_conflict(tmp_path, {"z": "1"}, {"x": "file"}, {"x/y": "inside"})
    assert files_in(tmp_path)["x/y"] == b"inside"
    [item] = open_conflicts(repository)
    take: SideName = "ours" if item.ours.mode is not None and item.ours.mode.is_file else "theirs"
    resolve(repository, b"x", take=take)
    assert files_in(tmp_path) == {"keep": b"x\n", "x": b"file", "z": b"1"}
    oid = repository.commit("a file", author=ADA)
    assert repository.store.commit(oid).conflicts == ()


def test_what_is_no_conflict_cannot_be_resolved(tmp_path: Path) -> None:
    repository = json_conflict(tmp_path)
    with pytest.raises(NotFound):
        resolve(repository, b"keep")
    with pytest.raises(NotFound):
        resolve(repository, b"d/x.json", pointer="/same")
    with pytest.raises(Usage):
        resolve(repository, b"d/x.json", value=b"1")
    with pytest.raises(Refused, match="cannot be changed at /v"):
        resolve(repository, b"d/x.json", pointer="/v", value=b"{")


def test_an_open_conflict_travels_and_its_resolution_arrives(tmp_path: Path) -> None:
    here = json_conflict(tmp_path / "here")
    there = Repository.clone(os.fspath(tmp_path / "here"), os.fspath(tmp_path / "there"))
    assert places(there) == places(here)
    resolve(there, b"d/x.json", take="theirs")
    there.commit("settled", author=ADA)
    here.sync(there)
    assert here.tip() == there.tip()
    assert places(here) == []
    assert files_in(tmp_path / "here") == files_in(tmp_path / "there")


def test_an_edit_of_the_working_tree_is_kept_when_a_side_is_taken(tmp_path: Path) -> None:
    repository = text_conflict(tmp_path)
    write(root_of(repository), {"t": files_in(tmp_path)["t"] + b"precious\n"})
    resolve(repository, b"t", take="ours")
    assert files_in(tmp_path)["t"].endswith(b"precious\n")


def test_no_message_no_commit_of_ones_own_and_a_message_one(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    repository.switch("topic", create=True)
    topic = commit(repository, {"b": "1"})
    repository.switch("main")
    main = commit(repository, {"c": "1"})
    repository.config.set("user.name", "Ada")
    repository.config.set("user.email", "ada@example.org")
    outcome = repository.merge("topic", message="bring topic in")
    merged = repository.store.commit(outcome.tip)
    assert outcome.kind is MergeKind.AUTHORED
    assert (merged.parents, merged.message) == ((main, topic), "bring topic in\n")
    assert repository.heads() == (outcome.tip,)
    assert repository.merge("topic").kind is MergeKind.UP_TO_DATE
    repository.switch("topic")
    assert repository.merge("main").kind is MergeKind.FAST_FORWARD


def test_a_mark_is_committed_with_its_path_and_not_before(tmp_path: Path) -> None:
    repository = json_conflict(tmp_path)
    resolve(repository, b"d/x.json", take="ours")
    write(tmp_path, {"keep": "edited\n"})
    partial = repository.commit("only keep", paths=["keep"], author=ADA)
    assert len(repository.store.commit(partial).conflicts) == 2
    assert places(repository) == []
    whole = repository.commit("and the document", author=ADA)
    assert repository.store.commit(whole).conflicts == ()


def test_restoring_a_file_opens_its_conflicts_again(tmp_path: Path) -> None:
    repository = text_conflict(tmp_path)
    resolve(repository, b"t", take="ours")
    restore(repository, [b"t"])
    assert places(repository) == [("t", None)]
