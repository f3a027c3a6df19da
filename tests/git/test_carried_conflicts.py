"""Conflicts that travel through git: an export and an import anywhere give the same commits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from git_histories import GitHistory
from people import ADA
from replicas import assert_whole

from pyvcs.git.exporting import export_git
from pyvcs.git.importing import import_git
from pyvcs.git.plumbing import GitRepository
from pyvcs.objects.oid import Oid
from pyvcs.repository import Repository

Files = dict[str, bytes | None]

BASE: Files = {
    "a.json": b'{\n  "v": [1],\n  "w": 1\n}\n',
    "f.txt": b"one\ntwo\n",
    "gone.txt": b"here\n",
    "place": b"a file\n",
    "blob.bin": b"\0\1",
}
ADAS: Files = {
    "a.json": b'{\n  "v": [2],\n  "w": 1\n}\n',
    "f.txt": b"ONE\ntwo\n",
    "gone.txt": None,
    "place": None,
    "place/below/file": b"in a folder\n",
    "blob.bin": b"\0\2",
}
BOBS: Files = {
    "a.json": b'{\n  "v": [3],\n  "w": 2\n}\n',
    "f.txt": b"1\ntwo\n",
    "gone.txt": b"edited\n",
    "place": b"an edited file\n",
    "blob.bin": b"\0\3",
}


def new(folder: Path) -> Repository:
    return Repository.init(os.fspath(folder), bare=True)


def exported(replica: Repository, folder: Path) -> GitRepository:
    target = GitRepository.init(os.fspath(folder))
    export_git(replica, target)
    return target


def conflicts(replica: Repository) -> tuple[Oid, ...]:
    tip = replica.tip()
    assert tip is not None
    return replica.store.commit(tip).conflicts


def in_conflict(folder: Path) -> tuple[Repository, Repository]:
    """Two replicas with the same commits, of which two conflict in every way."""
    ada, bob = new(folder / "ada"), new(folder / "bob")
    ada.commit("base", changes=BASE, author=ADA)
    bob.sync(ada)
    ada.commit("ada", changes=ADAS, author=ADA)
    bob.commit("bob", changes=BOBS, author=ADA)
    ada.sync(bob)
    assert len(conflicts(ada)) >= 5
    return ada, bob


def assert_same_elsewhere(replica: Repository, git: GitRepository, folder: Path) -> Repository:
    """Somebody who has git's copy alone gets the same commits, whole, and can give them back."""
    eve = new(folder / "eve")
    import_git(eve, git)
    assert eve.tip() == replica.tip()
    assert set(eve.heads()) == set(replica.heads())
    assert conflicts(eve) == conflicts(replica)
    report = eve.sync(replica)
    assert (report.pulled.commits, report.pushed.commits) == (0, 0)
    assert_whole([eve])
    assert exported(eve, folder / "again.git").refs("refs/heads") == git.refs("refs/heads")
    return eve


def test_a_canonical_merge_with_conflicts_of_all_kinds(tmp_path: Path) -> None:
    ada, _ = in_conflict(tmp_path)
    git = exported(ada, tmp_path / "ada.git")
    git.run("fsck", "--strict")
    assert_same_elsewhere(ada, git, tmp_path)


def test_commits_on_top_that_still_have_them_do_not_carry_them_again(tmp_path: Path) -> None:
    ada, _ = in_conflict(tmp_path)
    ada.commit("on top", changes={"other": b"x\n"}, author=ADA)
    git = exported(ada, tmp_path / "ada.git")
    tip, below = (git.run("cat-file", "commit", name) for name in ("main", "main^"))
    assert b"pyvcs-objects" in below
    assert b"pyvcs-objects" not in tip
    eve = assert_same_elsewhere(ada, git, tmp_path)
    eve.commit("settled", changes={"f.txt": b"all\ntwo\n"}, author=ADA)
    export_git(eve, git)
    import_git(ada, git)
    assert ada.tip() == eve.tip()


def test_every_replica_exports_the_same(tmp_path: Path) -> None:
    ada, bob = in_conflict(tmp_path)
    bob.sync(ada)
    one, other = exported(ada, tmp_path / "ada.git"), exported(bob, tmp_path / "bob.git")
    assert one.refs("refs/heads") == other.refs("refs/heads")


def test_three_sides_and_a_virtual_base(tmp_path: Path) -> None:
    """What is in no tree of any commit travels too: folds on the way, and bases in conflict."""
    ada, bob = in_conflict(tmp_path)
    cid = new(tmp_path / "cid")
    cid.sync(bob)
    cid.commit("cid", changes={"f.txt": b"uno\ntwo\n", "a.json": b'{"v": [4]}\n'}, author=ADA)
    first = ada.heads()
    bob.sync(ada)
    ada.commit("one way", changes={"f.txt": b"A\ntwo\n"}, author=ADA)
    bob.commit("other way", changes={"f.txt": b"B\ntwo\n"}, author=ADA)
    ada.sync(bob)
    ada.sync(cid)
    assert len(ada.heads()) > len(first) - 1
    assert_same_elsewhere(ada, exported(ada, tmp_path / "ada.git"), tmp_path)


def test_what_was_imported_from_git_and_conflicts_here(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({name: content for name, content in BASE.items() if content is not None})
    ada, bob = new(tmp_path / "ada"), new(tmp_path / "bob")
    for each, changes in ((ada, ADAS), (bob, BOBS)):
        import_git(each, GitRepository.at(os.fspath(git.folder)))
        each.commit("edit", changes=changes, author=ADA)
    ada.sync(bob)
    assert_same_elsewhere(ada, exported(ada, tmp_path / "ada.git"), tmp_path)


@pytest.mark.parametrize(
    "value",
    [
        b"!!!",
        b"Y29uZmxpY3QgOTkA",  # says 99 bytes, has none
        b"Y29uZmxpY3QgeAA=",  # says x bytes
        b"YmxvYiAyAGhp",  # a blob, and not the conflict that is wanted
        b"",
    ],
)
def test_a_header_that_holds_something_else_is_not_believed(tmp_path: Path, value: bytes) -> None:
    ada, _ = in_conflict(tmp_path)
    git = exported(ada, tmp_path / "ada.git")
    raw = git.run("cat-file", "commit", "main")
    start = raw.index(b"pyvcs-objects ")
    end = raw.index(b"\n\n", start)
    forged = raw[:start] + (b"pyvcs-objects " + value if value else b"x y") + raw[end:]
    sha = git.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=forged).decode().strip()
    git.set_refs({"refs/heads/main": sha})
    eve = new(tmp_path / "eve")
    import_git(eve, git)
    assert eve.tip() != ada.tip()
    assert not conflicts(eve)
    assert exported(eve, tmp_path / "again.git").refs("refs/heads") == git.refs("refs/heads")
    assert_whole([eve])
