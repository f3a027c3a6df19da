"""The same conflict is not settled twice: by its commit, wherever that arrives, or as before."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from house import ROOT
from people import ADA, commit, files_in, new_repository, write

from pyvcs.conflict_origins import origin
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.open_conflicts import SideName, open_conflicts
from pyvcs.repository import Repository
from pyvcs.resolutions import forget, key_of, recall, remembered
from pyvcs.resolving import resolve, settle_as_before
from pyvcs.restoring import restore

Files = dict[str, str | bytes | None]
JSON = tuple(f'{{\n  "v": {value},\n  "same": 0\n}}\n' for value in (0, 1, 2))
TEXT = ("a\nb\nc\n", "a\nB\nc\n", "a\nβ\nc\n")

CASES: dict[str, tuple[Files, Files, Files, Files]] = {
    "text": ({"f": TEXT[0]}, {"f": TEXT[1]}, {"f": TEXT[2]}, {"f": "a\nB and β\nc\n"}),
    "both added": ({}, {"f": TEXT[1]}, {"f": TEXT[2]}, {"f": "both\n"}),
    "binary": ({"f": b"\0"}, {"f": b"\0a"}, {"f": b"\0b"}, {"f": b"\0ab"}),
    "value": ({"x.json": JSON[0]}, {"x.json": JSON[1]}, {"x.json": JSON[2]}, {"x.json": JSON[0]}),
    "kept": ({"f": "1\n"}, {"f": "2\n"}, {"f": None}, {"f": "3\n"}),
    "deleted": ({"f": "1\n"}, {"f": "2\n"}, {"f": None}, {"f": None}),
}


def twice_in_conflict(
    folder: Path, base: Files, ours: Files, theirs: Files, settled: Files
) -> Repository:
    """A repository where a conflict was settled on main, and branches to meet it again."""
    repository = new_repository(folder)
    commit(repository, {"keep": "x\n", **base}, "base")
    for name, files in (("theirs", theirs), ("ours", ours)):
        repository.switch(name, create=True)
        commit(repository, files, name)
        repository.switch("main")
    repository.switch("again", create=True)
    repository.merge("ours")
    commit(repository, {"other": "1\n"}, "elsewhere")  # so that the merge is another one
    repository.switch("main")
    repository.merge("ours")
    assert not repository.merge("theirs").is_clean
    write(folder, settled)
    for item in open_conflicts(repository):
        resolve(repository, item.conflict.path)
    repository.commit("settle it", author=ADA)
    repository.switch("again")
    return repository


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_same_conflict_elsewhere_is_settled_the_same_way(
    tmp_path: Path, case: tuple[Files, Files, Files, Files]
) -> None:
    repository = twice_in_conflict(tmp_path, *case)
    outcome = repository.merge("theirs")
    assert not outcome.is_clean  # the merge is what it is, whatever this replica remembers
    reused = settle_as_before(repository)
    assert [resolution.commit for _, resolution in reused] == [repository.resolve("main")]
    assert open_conflicts(repository) == []
    found = files_in(tmp_path)
    for name, content in case[3].items():
        expected = content.encode() if isinstance(content, str) else content
        assert found.get(name) == expected
    oid = repository.commit("as before", author=ADA)
    assert repository.store.commit(oid).conflicts == ()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_undo_opens_it_again_as_it_was(
    tmp_path: Path, case: tuple[Files, Files, Files, Files]
) -> None:
    repository = twice_in_conflict(tmp_path, *case)
    repository.merge("theirs")
    before = files_in(tmp_path)
    assert settle_as_before(repository)
    repository.undo()
    assert files_in(tmp_path) == before
    assert len(open_conflicts(repository)) == 1


def test_it_can_be_told_not_to(tmp_path: Path) -> None:
    repository = twice_in_conflict(tmp_path, *CASES["value"])
    repository.merge("theirs")
    repository.config.set("resolve.reuse", False)
    assert settle_as_before(repository) == []
    repository.config.unset("resolve.reuse")
    (item,) = open_conflicts(repository)
    assert forget(repository, item.conflict)
    assert list(remembered(repository)) == []
    assert settle_as_before(repository) == []
    assert len(open_conflicts(repository)) == 1


def test_an_edit_made_since_the_merge_is_never_replaced(tmp_path: Path) -> None:
    repository = twice_in_conflict(tmp_path, *CASES["text"])
    repository.merge("theirs")
    text = files_in(tmp_path)["f"] + b"mine\n"
    write(tmp_path, {"f": text})
    assert settle_as_before(repository) == []
    assert files_in(tmp_path)["f"] == text


def test_what_is_remembered_is_a_cache(tmp_path: Path) -> None:
    repository = twice_in_conflict(tmp_path, *CASES["value"])
    repository.merge("theirs")
    (item,) = open_conflicts(repository)
    key = key_of(item.conflict)
    there = json.dumps(str(repository.refs.position.commit))
    for damaged in (
        *(b"", b"{}", b"[]", b"[" * 100_000, b'{"commit": "0", "file": null, "value": null}'),
        *(
            f'{{"commit": {there}, "file": {file}, "value": {value}}}'.encode()
            for file, value in (("[]", "null"), ("[1, 2]", "null"), ("null", "1"))
        ),
    ):
        repository.backend.swap(key, expected=repository.backend.read(key), new=damaged)
        assert recall(repository, item.conflict) is None


def test_markers_left_in_the_text_are_no_resolution(tmp_path: Path) -> None:
    repository = twice_in_conflict(tmp_path, *CASES["text"])
    list(map(repository.backend.delete, list(remembered(repository))))
    repository.merge("theirs")
    resolve(repository, b"f")
    repository.commit("markers and all", author=ADA)
    assert list(remembered(repository)) == []


def two_replicas_in_conflict(folder: Path) -> tuple[Repository, Repository]:
    ada = new_repository(folder / "ada")
    commit(ada, {"x.json": JSON[0], "f": TEXT[0]}, "base")
    bob = Repository.clone(os.fspath(folder / "ada"), os.fspath(folder / "bob"))
    commit(ada, {"x.json": JSON[1], "f": TEXT[1]}, "ada")
    commit(bob, {"x.json": JSON[2], "f": TEXT[2]}, "bob")
    bob.sync(ada)
    assert len(open_conflicts(ada)) == len(open_conflicts(bob)) == 2
    return ada, bob


def test_a_resolution_of_another_replica_arrives_and_is_not_asked_for_again(tmp_path: Path) -> None:
    ada, bob = two_replicas_in_conflict(tmp_path)
    for item in open_conflicts(bob):
        resolve(bob, item.conflict.path, take="theirs")
    settled = bob.commit("settle both", author=ADA)
    bob.sync(ada)
    assert ada.tip() == bob.tip() == settled
    for replica in (ada, bob):
        assert open_conflicts(replica) == []
        assert replica.status().conflicts == ()
        assert replica.status().is_clean
    assert files_in(tmp_path / "ada") == files_in(tmp_path / "bob")
    assert list(remembered(ada)) == []  # it came as a commit; what is remembered does not travel


def test_both_settle_the_same_conflict_alike_and_agree(tmp_path: Path) -> None:
    ada, bob = two_replicas_in_conflict(tmp_path)
    sides: list[tuple[Repository, SideName]] = [(ada, "ours"), (bob, "theirs")]
    for replica, side in sides:
        for item in open_conflicts(replica):
            resolve(replica, item.conflict.path, take=side)
        replica.commit("settle", author=ADA)
    ada.sync(bob)
    assert ada.tip() == bob.tip()
    assert open_conflicts(ada) == open_conflicts(bob) == []


def test_restoring_the_file_opens_the_conflict_again(tmp_path: Path) -> None:
    repository = twice_in_conflict(tmp_path, *CASES["value"])
    repository.merge("theirs")
    settle_as_before(repository)
    restore(repository, [b"x.json"])
    assert len(open_conflicts(repository)) == 1


def test_the_key_knows_no_order_of_sides_and_no_labels() -> None:
    def conflict(path: bytes, *sides: int, pointer: str | None = None, label: str = "") -> Conflict:
        base, *others = (
            ConflictSide(label, Mode.FILE, Oid.from_hex(f"{side:064x}")) for side in sides
        )
        return Conflict(kind="contents", path=path, pointer=pointer, base=base, sides=tuple(others))

    assert key_of(conflict(b"a", 1, 2, 3)) == key_of(conflict(b"b", 1, 3, 2, label="x"))
    assert key_of(conflict(b"a", 1, 2, 3)) != key_of(conflict(b"a", 2, 1, 3))
    places = [(b"a", "/x"), (b"a", "/y"), (b"b", "/x"), (b"b", None)]
    assert len({key_of(conflict(path, 1, 2, 3, pointer=at)) for path, at in places}) == 4


def test_the_example_of_the_document_is_what_is_stored(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "formats" / "resolutions.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    words, stored = map(json.loads, blocks)
    key = re.search(r"resolutions/[0-9a-f]{64}", text)
    assert key is not None
    kind, base, *sides, place = words
    made = [
        ConflictSide("", Mode[each.split()[0].upper()], Oid.from_hex(each.split()[1]))
        for each in (base, *sides)
    ]
    conflict = Conflict(
        kind=kind, path=place[0].encode(), pointer=place[1], base=made[0], sides=tuple(made[1:])
    )
    assert key_of(conflict) == key[0]
    repository = twice_in_conflict(tmp_path, *CASES["value"])
    (found,) = remembered(repository)
    content = repository.backend.read(found)
    assert content is not None
    assert json.loads(content).keys() == stored.keys()


def test_a_side_is_explained_by_the_commit_that_made_it_so(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    base = commit(repository, {"x.json": JSON[0], "f": TEXT[0]}, "base")
    repository.switch("topic", create=True)
    theirs = commit(repository, {"x.json": JSON[2]}, "v is 2")
    commit(repository, {"x.json": JSON[2].replace("same", "equal"), "g": "1"}, "another place")
    theirs_text = commit(repository, {"f": TEXT[2]}, "β")
    commit(repository, {"g": "2"}, "another file")
    repository.switch("main")
    ours = commit(repository, {"x.json": JSON[1], "f": TEXT[1]}, "v is 1")
    commit(repository, {"h": "1"}, "later")
    repository.merge("topic")
    text, value = open_conflicts(repository)
    for item, expected in ((text, theirs_text), (value, theirs)):
        sides = (item.conflict.base, item.ours, item.theirs)
        assert [origin(repository, item, side) for side in sides] == [base, ours, expected]
