"""Repositories of every released format keep opening: a stored one is read, checked and used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from house import ROOT
from people import ADA

from pyvcs.checking import check
from pyvcs.repository import Repository

STORED = sorted((ROOT / "fixtures" / "repositories").iterdir())
TIP = "bb15b11f789db44e63a32917974f13a9e6afe227e116b77f8d0b8abb8781e0b1"


@pytest.fixture(params=STORED, ids=lambda path: path.name)
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Repository:
    shutil.copytree(request.param, tmp_path / "copy")
    return Repository.open(str(tmp_path / "copy"))


def test_is_whole_and_its_merges_come_out_as_they_did(repository: Repository) -> None:
    assert check(repository).problems == ()
    assert str(repository.tip()) == TIP


def test_says_what_was_put_into_it(repository: Repository) -> None:
    subjects = [entry.commit.subject for entry in repository.log("main")]
    assert subjects == ["Merge of concurrent heads", "edit there", "edit here", "first"]
    assert repository.refs.live_branches() == ["main", "topic"]
    assert repository.read("main", "notes.txt") == b"ONE\ntwo\nTHREE\n"
    assert json.loads(repository.read("main", "data.json")) == {"v": 3, "w": 5}
    assert len(repository.read("main", "big.txt")) == 800_000
    [oid] = repository.store.commit(repository.resolve("main")).conflicts
    assert repository.store.conflict(oid).pointer == "/v"


def test_can_be_gone_on_with(repository: Repository, tmp_path: Path) -> None:
    repository.commit("settled", changes={"data.json": b'{"v": 4}\n'}, author=ADA)
    assert repository.store.commit(repository.resolve("main")).conflicts == ()
    clone = Repository.clone(str(tmp_path / "copy"), str(tmp_path / "clone"))
    assert clone.tip() == repository.tip()
    assert check(clone).problems == ()
