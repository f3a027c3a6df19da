"""What a sync on one disk shows, and whose fault it says that a fault is."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from packs import put_all
from people import commit, new_repository
from replicas import Team, assert_whole

from pyvcs.branching import create_branch
from pyvcs.collecting import collect
from pyvcs.objects import commit_record
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.commit_graph import KEY
from pyvcs.objects.errors import Corrupt, InvalidObject, NotFound
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import Tree, TreeEntry
from pyvcs.objects.values import replace
from pyvcs.ref_codec import encode_refs
from pyvcs.replica import BYTES
from pyvcs.repository import Repository
from pyvcs.sync.introducing import add_peer
from pyvcs.sync.local_exchange import FEW


def two(changes: dict[str, bytes | None]) -> tuple[Repository, Repository]:
    """Two replicas with a common commit; the second one has another, with these changes."""
    team = Team(2)
    team.commit(1, {"a": b"1", "d/b": b"2"})
    team.replicas[0].sync(team.replicas[1])
    team.commit(1, changes)
    return team.replicas[0], team.replicas[1]


def lacks_a_file(replica: Repository) -> None:
    """Let main name a commit with a file that is not there."""
    entry = TreeEntry(b"x", Mode.FILE, Oid(b"x" * 32))
    (tree,) = put_all(replica.store, [Tree((entry,))])
    last = replica.store.commit(replica.heads()[0])
    (oid,) = put_all(replica.store, [replace(last, tree=tree)])
    refs = replica.refs
    ref = refs.branch("main").moved([oid], replica.stamp(refs))
    replica.ref_store.swap(refs, refs.with_branch("main", ref, oid), command="forge", now_ms=0)


def test_a_push_of_few_commits_shows_the_bytes_that_go() -> None:
    here, there = two({"big": random.Random(9).randbytes(900_000)})
    shown: list[tuple[str, int]] = []
    there.progress = lambda what, done: shown.append((what, done))
    there.sync(here, pull=False)
    bytes_shown = [done for what, done in shown if what == BYTES]
    assert bytes_shown == sorted(bytes_shown)
    assert len(bytes_shown) > 3
    assert bytes_shown[-1] > 900_000


@pytest.mark.parametrize("few", [0, FEW])
def test_what_is_wrong_with_our_store_is_told_as_ours(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    here, there = two({"a": b"2"})
    lacks_a_file(there)
    monkeypatch.setattr("pyvcs.sync.local_exchange.FEW", few)
    with pytest.raises(NotFound) as found:
        there.sync(here, pull=False)
    assert "the other side" not in str(found.value)


def test_a_damaged_list_of_peers_is_told_as_whose_it_is() -> None:
    here, there = two({"a": b"2"})
    add_peer(there, "https://there.example")
    there.backend.swap("peers", expected=there.backend.read("peers"), new=b"{")
    with pytest.raises(Corrupt, match=r"^the list of peers cannot be read"):
        there.sync(here)
    with pytest.raises(Corrupt, match="the other side says: the list of peers cannot be read"):
        here.sync(there)


@pytest.mark.parametrize("act", ["pull", "clone"])
def test_a_copy_that_can_only_be_read_is_taken_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    there = new_repository(tmp_path / "there")
    commit(there, {"a": "1"})
    copy, here = os.fspath(tmp_path / "copy"), os.fspath(tmp_path / "here")
    if act == "pull":
        Repository.clone(os.fspath(tmp_path / "there"), here)
        commit(there, {"a": "2"})
    shutil.copytree(tmp_path / "there", copy)
    swap = DirectoryBackend.swap

    def refusing(self: DirectoryBackend, key: str, **states: bytes | None) -> bool:
        if self.root == os.path.join(copy, ".pyvcs"):
            raise PermissionError(13, "read-only")
        return swap(self, key, **states)

    monkeypatch.setattr(DirectoryBackend, "swap", refusing)
    if act == "pull":
        assert Repository.open(here).sync(copy, push=False).pulled.commits == 1
    else:
        Repository.clone(copy, here)
    assert Repository.open(here).tip() == there.tip()
    assert_whole([Repository.open(here)])


@pytest.mark.parametrize(("pull", "push"), [(False, True), (True, False), (True, True)])
def test_refs_that_may_not_be_ours_are_refused_and_not_noted(pull: bool, push: bool) -> None:
    here, there = two({"a": b"2"})
    create_branch(there, "side")
    refs = there.refs
    branches = {**refs.branches, "a\x1b[31m": refs.branches["side"]}
    document = encode_refs(replace(refs, branches=branches))
    there.backend.swap("refs", expected=there.backend.read("refs"), new=document)
    before = here.refs, there.backend.read("refs"), here.backend.read("remote-branches")
    with pytest.raises(InvalidObject, match="the other side has a ref of a bad name"):
        here.sync(there, pull=pull, push=push)
    after = here.refs, there.backend.read("refs"), here.backend.read("remote-branches")
    assert after == before


def lies(replica: Repository, parents: list[int], generation: int = 2) -> None:
    """Let the commit graph name such parents of the head, at its first position or behind."""
    lines = commit_record.lines_of_commit(
        replica.heads()[0], parents=parents, generation=generation, time=1, flags=0
    )
    header = commit_record.header()
    forged = header + commit_record.seal(lines, commit_record.checksum(header))
    replica.backend.swap(KEY, expected=replica.backend.read(KEY), new=forged)


@pytest.mark.parametrize("parents", [[], [5000], [0], [0, 1, 2**31], [2**32 - 2] * 40])
@pytest.mark.parametrize("few", [0, FEW])
def test_a_commit_graph_that_lies_is_told_and_made_anew_by_a_gc(
    monkeypatch: pytest.MonkeyPatch, few: int, parents: list[int]
) -> None:
    here, there = two({"a": b"2"})
    monkeypatch.setattr("pyvcs.sync.local_exchange.FEW", few)
    lies(there, parents)
    there = Repository(there.backend, None)
    with pytest.raises(
        Corrupt, match=r"the other side says: the commit graph [a-z]+ (the )?parents"
    ):
        here.sync(there, push=False)
    collect(there)
    assert here.sync(Repository(there.backend, None)).pulled.commits == 1
    assert_whole([here])


def test_a_commit_graph_that_lets_nothing_come_after_a_commit_is_told() -> None:
    team = Team(2)
    here, there = team.replicas
    team.commit(0, {"a": b"1"})
    here.sync(there)
    lies(there, [], 2**32 - 1)
    team.commit(0, {"a": b"2"})
    with pytest.raises(Corrupt, match="the other side says: the commit graph names a generation"):
        here.sync(Repository(there.backend, None))
    collect(there)
    assert here.sync(Repository(there.backend, None)).pushed.moved
    assert_whole([here, there])


def test_what_a_commit_graph_says_falsely_spoils_no_clone(tmp_path: Path) -> None:
    there = new_repository(tmp_path / "there")
    commit(there, {"a": "1"})
    Repository.clone(os.fspath(tmp_path / "there"), os.fspath(tmp_path / "one"))
    commit(there, {"a": "2"})
    lies(there, [5000])
    clone = Repository.clone(os.fspath(tmp_path / "there"), os.fspath(tmp_path / "two"))
    assert_whole([clone])
