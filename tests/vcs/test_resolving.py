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


def test_a_key_of_more_digits_than_a_number_has_is_a_key(tmp_path: Path) -> None:
    key = "9" * 5_000
    base, ours, theirs = (json.dumps({key: value, "a": [value]}) for value in (0, 1, 2))
    repository = in_conflict(tmp_path, {"x.json": base}, {"x.json": ours}, {"x.json": theirs})
    resolve(repository, b"x.json", take="theirs")
    assert json.loads(files_in(tmp_path)["x.json"]) == {key: 2, "a": [2]}


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


def two_in_one_list(folder: Path) -> Repository:
    """Of twelve items ours edited 2 and deleted 10, theirs deleted 2 and edited 10."""
    items = [{"id": number, "v": 0} for number in range(12)]

    def text(edited: int, deleted: int) -> str:
        kept = [{**item, "v": 1} if item["id"] == edited else item for item in items]
        return json.dumps([item for item in kept if item["id"] != deleted], indent=1)

    base = json.dumps(items, indent=1)
    return in_conflict(folder, {"p.json": base}, {"p.json": text(2, 10)}, {"p.json": text(10, 2)})


def test_two_conflicts_of_one_list_do_not_shift_each_other(tmp_path: Path) -> None:
    repository = two_in_one_list(tmp_path)
    assert places(repository) == [("p.json", "/10"), ("p.json", "/2")]
    resolve(repository, b"p.json", take="ours")
    left = json.loads(files_in(tmp_path)["p.json"])
    assert [item["id"] for item in left] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert left[2]["v"] == 1


def test_a_place_that_has_moved_since_the_commit_is_not_changed(tmp_path: Path) -> None:
    repository = two_in_one_list(tmp_path)
    resolve(repository, b"p.json", pointer="/2", take="theirs")
    before = files_in(tmp_path)
    with pytest.raises(Refused, match="edited around /10"):
        resolve(repository, b"p.json", pointer="/10", take="ours")
    assert files_in(tmp_path) == before


def test_ours_is_the_side_that_we_had_before_the_merge(tmp_path: Path) -> None:
    """Whatever the order of the oids: each time the same content, made at another time."""
    for number in range(4):
        base, ours, theirs = ({"f": f"{number} {who}\n"} for who in ("base", "ours", "theirs"))
        repository = in_conflict(tmp_path / str(number), dict(base), dict(ours), dict(theirs))
        resolve(repository, b"f", take="ours")
        assert files_in(tmp_path / str(number))["f"] == f"{number} ours\n".encode()


def test_with_three_heads_a_side_is_taken_from_the_outside_in(tmp_path: Path) -> None:
    first = new_repository(tmp_path / "a")
    commit(first, {"f": "top\n1\n2\nx\n"})
    others = [
        Repository.clone(os.fspath(tmp_path / "a"), os.fspath(tmp_path / name)) for name in "bc"
    ]
    commit(first, {"f": "TOP\n1\n2\nA\n"})
    for name, other in zip("BC", others, strict=True):
        commit(other, {"f": f"top\n1\n2\n{name}\n"})
    for other in others:
        first.sync(other)
    others[0].sync(first)
    assert len(open_conflicts(others[0])) == 2
    resolve(others[0], b"f", take="ours")
    assert files_in(tmp_path / "b")["f"] == b"TOP\n1\n2\nB\n"


def test_a_folder_left_out_by_a_name_clash_can_be_taken(tmp_path: Path) -> None:
    repository = in_conflict(tmp_path, {}, {"README": "file"}, {"readme/doc": "inside"})
    [item] = open_conflicts(repository)
    take: SideName = "ours" if item.ours.label == "readme" else "theirs"
    resolve(repository, b"README", take=take)
    assert files_in(tmp_path) == {"keep": b"x\n", "readme/doc": b"inside"}


def test_names_that_look_like_oids_are_names(tmp_path: Path) -> None:
    repository = in_conflict(tmp_path, {}, {"A" * 64: "1"}, {"a" * 64: "2"})
    assert [item.conflict.kind for item in open_conflicts(repository)] == ["name"]


def test_an_added_file_taken_as_the_base_is_gone(tmp_path: Path) -> None:
    repository = in_conflict(tmp_path, {}, {"f": "1\n"}, {"f": "2\n"})
    resolve(repository, b"f", take="base")
    assert files_in(tmp_path) == {"keep": b"x\n"}


def test_files_that_are_not_recorded_stop_a_side_before_anything_is_removed(tmp_path: Path) -> None:
    repository = in_conflict(tmp_path, {"z": "1"}, {"x": "file"}, {"x/y": "inside"})
    os.mkfifo(tmp_path / "x" / "pipe")
    [item] = open_conflicts(repository)
    take: SideName = "ours" if item.ours.mode is not None and item.ours.mode.is_file else "theirs"
    with pytest.raises(Refused):
        resolve(repository, b"x", take=take)
    assert files_in(tmp_path)["x/y"] == b"inside"


@pytest.mark.parametrize(("take", "run"), [("ours", [7]), ("theirs", [8]), ("base", [])])
def test_a_side_of_two_insertions_replaces_only_what_is_shown_of_them(
    tmp_path: Path, take: SideName, run: list[int]
) -> None:
    base, ours, theirs = (json.dumps({"l": [1, 2, *new, 3, 4]}, indent=1) for new in ([], [7], [8]))
    repository = in_conflict(tmp_path, {"l.json": base}, {"l.json": ours}, {"l.json": theirs})
    [item] = open_conflicts(repository)
    assert (item.conflict.kind, item.conflict.pointer) == ("order", "/l")
    resolve(repository, b"l.json", take=take)
    assert json.loads(files_in(tmp_path)["l.json"]) == {"l": [1, 2, *run, 3, 4]}
