"""Sync between two replicas: what travels, what moves, and what a lying giver cannot do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from people import ADA, commit, files_in, new_repository, root_of, write
from replicas import START_MS, Team, assert_whole

from pyvcs.branching import create_branch, delete_branch
from pyvcs.objects import codec
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import Clock, Stamp
from pyvcs.objects.errors import InvalidObject, NotARepository, NotFound, PyvcsError, Refused
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import PackWriter
from pyvcs.objects.store import pack_key
from pyvcs.refs import Ref
from pyvcs.remotes import add_remote, remotes, remove_remote
from pyvcs.repository import Repository
from pyvcs.sync.replicate import take_in


def clone_of(repository: Repository, folder: Path) -> Repository:
    return Repository.clone(os.fspath(root_of(repository)), os.fspath(folder))


def test_a_clone_has_history_files_and_its_source_as_origin(tmp_path: Path) -> None:
    source = new_repository(tmp_path / "source")
    commit(source, {"a": "1", "d/b": "2"})
    create_branch(source, "topic")
    tip = commit(source, {"a": "2"})
    clone = clone_of(source, tmp_path / "clone")
    assert files_in(tmp_path / "clone") == files_in(tmp_path / "source")
    assert clone.tip() == tip
    assert clone.refs.live_branches() == ["main", "topic"]
    assert [(remote.name, remote.url) for remote in remotes(clone)] == [
        ("origin", os.fspath(tmp_path / "source"))
    ]
    assert clone.id != source.id
    assert_whole([source, clone])


def test_a_clone_into_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    source = new_repository(tmp_path / "source")
    write(tmp_path / "full", {"x": "1"})
    with pytest.raises(Refused):
        clone_of(source, tmp_path / "full")
    assert files_in(tmp_path / "full") == {"x": b"1"}


def test_a_clone_of_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotARepository):
        Repository.clone(os.fspath(tmp_path / "nowhere"), os.fspath(tmp_path / "clone"))
    assert not (tmp_path / "clone").exists()


def test_an_empty_repository_can_be_cloned(tmp_path: Path) -> None:
    source = new_repository(tmp_path / "source")
    clone = clone_of(source, tmp_path / "clone")
    commit(clone, {"a": "1"})
    clone.sync("origin")
    assert source.tip() == clone.tip()
    assert files_in(tmp_path / "source") == {"a": b"1"}


def test_pull_and_push_go_one_way(tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    commit(here, {"a": "1"})
    there = clone_of(here, tmp_path / "there")
    ours, theirs = commit(here, {"b": "1"}), commit(there, {"c": "1"})
    report = here.sync(there, push=False)
    assert (report.pulled.commits, report.pushed.commits) == (1, 0)
    assert set(here.heads()) == {ours, theirs}
    assert there.heads() == (theirs,)
    here.sync(there, pull=False)
    assert here.tip() == there.tip()


def test_syncing_again_moves_nothing(tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    commit(here, {"a": "1"})
    there = clone_of(here, tmp_path / "there")
    before = here.refs, there.refs
    report = here.sync(there)
    assert (report.pulled.moved, report.pushed.moved) == ((), ())
    assert (here.refs, there.refs) == before


def test_a_deleted_branch_is_deleted_everywhere() -> None:
    team = Team(3)
    a, b, c = team.replicas
    team.commit(0, {"x": b"1"})
    create_branch(a, "topic")
    b.sync(a)
    c.sync(b)
    delete_branch(b, "topic")
    c.sync(b)
    a.sync(c)
    assert all(replica.refs.live_branches() == ["main"] for replica in team.replicas)
    a.sync(b)
    assert a.refs.live_branches() == ["main"]


def test_large_files_travel_in_chunks_and_arrive_whole(tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    content = b"".join(index.to_bytes(4, "big") for index in range(700_000))
    commit(here, {"big": content})
    there = clone_of(here, tmp_path / "there")
    assert (tmp_path / "there" / "big").read_bytes() == content
    assert_whole([there])


def test_relative_remotes_are_seen_from_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = new_repository(tmp_path / "here")
    there = new_repository(tmp_path / "there")
    commit(there, {"a": "1"})
    add_remote(here, "peer", "../there")
    monkeypatch.chdir(tmp_path.parent)
    assert here.sync("peer").pulled.commits == 1
    with pytest.raises(Refused):
        add_remote(here, "peer", "elsewhere")
    remove_remote(here, "peer")
    assert remotes(here) == []


# -- a giver that is damaged, or lies --------------------------------------------------------


def forged(oid: Oid, kind: Kind, record: bytes) -> Repository:
    """A replica whose branch main names `oid`, under which its pack holds `record`."""
    giver = Repository.in_memory(now_ms=lambda: START_MS)
    assert isinstance(giver.backend, MemoryBackend)
    with giver.backend.writer() as out:
        writer = PackWriter(out)
        writer.add(oid, kind, record)
        out.publish(pack_key(writer.finish()))
    refs = giver.refs
    ref = refs.branch("main").moved([oid], giver.stamp(refs))
    giver.ref_store.swap(refs, refs.with_branch("main", ref, oid), command="forge", now_ms=0)
    return giver


def honest_commit() -> bytes:
    team = Team(1)
    oid = team.commit(0, {"a": b"1"})
    return team.replicas[0].store.canonical(oid)


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (honest_commit().replace(b"edit", b"edjt"), NotFound),
        (b"commit 3\0abc", InvalidObject),
        (b"nonsense", InvalidObject),
    ],
)
def test_an_object_that_is_not_what_its_oid_says_is_refused(
    record: bytes, error: type[PyvcsError]
) -> None:
    oid = codec.oid_of(honest_commit()) if error is NotFound else codec.oid_of(record)
    receiver = Repository.in_memory(now_ms=lambda: START_MS)
    before = receiver.refs
    with pytest.raises(error):
        take_in(receiver, forged(oid, Kind.COMMIT, record))
    assert receiver.refs == before
    assert list(receiver.store.oids()) == []


def test_a_head_that_is_no_commit_is_refused() -> None:
    blob = codec.encode(b"not a commit")
    receiver = Repository.in_memory(now_ms=lambda: START_MS)
    before = receiver.refs
    with pytest.raises(InvalidObject):
        take_in(receiver, forged(codec.oid_of(blob), Kind.BLOB, blob))
    assert receiver.refs == before


def test_a_commit_whose_tree_is_missing_is_refused_whole() -> None:
    record = honest_commit()
    receiver = Repository.in_memory(now_ms=lambda: START_MS)
    with pytest.raises(PyvcsError):
        take_in(receiver, forged(codec.oid_of(record), Kind.COMMIT, record))
    assert list(receiver.store.oids()) == []


def test_a_clock_far_in_the_future_is_refused() -> None:
    ahead = Repository.in_memory(now_ms=lambda: START_MS + 10 * 24 * 3600 * 1000)
    ahead.commit("from the future", changes={"a": b"1"}, author=ADA)
    receiver = Repository.in_memory(now_ms=lambda: START_MS)
    with pytest.raises(InvalidObject, match="ahead of this machine"):
        take_in(receiver, ahead)
    assert receiver.tip() is None


def test_a_copied_folder_is_a_replica_of_its_own(tmp_path: Path) -> None:
    """Else each would take the other's events for its own, and lose them."""
    import shutil

    first = new_repository(tmp_path / "first")
    commit(first, {"a": "1"})
    assert first.id
    shutil.copytree(tmp_path / "first", tmp_path / "copy", symlinks=True)
    copy = Repository.open(os.fspath(tmp_path / "copy"))
    ours, theirs = commit(first, {"b": "1"}), commit(copy, {"c": "1"})
    assert copy.id != first.id
    first.sync(copy)
    assert set(first.heads()) == {ours, theirs} == set(copy.heads())
    assert first.tip() == copy.tip()


def test_two_repositories_without_a_common_commit_are_not_mixed_by_mistake(tmp_path: Path) -> None:
    here, there = new_repository(tmp_path / "here"), new_repository(tmp_path / "there")
    commit(here, {"a": "1"})
    commit(there, {"b": "1"})
    before = here.refs, there.refs
    with pytest.raises(Refused, match="no commit in common"):
        here.sync(there)
    assert (here.refs, there.refs) == before
    here.sync(there, allow_unrelated=True)
    assert here.tip() == there.tip()


@pytest.mark.parametrize("name", ["../x", "-d", "HEAD", "a\x1bb", "a\nb"])
def test_a_branch_of_a_bad_name_is_refused(name: str) -> None:
    giver = Team(1).replicas[0]
    giver.commit("first", changes={"a": b"1"}, author=ADA)
    refs = giver.refs
    giver.ref_store.swap(
        refs, refs.with_branch(name, refs.branch("main"), giver.tip()), command="x", now_ms=0
    )
    receiver = Repository.in_memory()
    with pytest.raises(InvalidObject, match="bad name"):
        take_in(receiver, giver)
    assert receiver.refs.branches == {}


def test_a_commit_whose_tree_is_a_blob_is_refused() -> None:
    from dataclasses import replace

    from pyvcs.objects.store_writer import StoreWriter

    giver = Team(1).replicas[0]
    oid = giver.commit("first", changes={"a": b"1"}, author=ADA)
    with StoreWriter(giver.store) as writer:
        blob = writer.put(b"no tree")
        forged = writer.put(replace(giver.store.commit(oid), tree=blob))
        writer.publish()
    refs = giver.refs
    ref = refs.branch("main").moved([forged], giver.stamp(refs))
    giver.ref_store.swap(refs, refs.with_branch("main", ref, forged), command="x", now_ms=0)
    receiver = Repository.in_memory()
    with pytest.raises(InvalidObject, match="is no tree"):
        take_in(receiver, giver)
    assert list(receiver.store.oids()) == []


def test_a_commit_with_a_clock_far_ahead_is_refused_whatever_its_stamp() -> None:
    ahead = Repository.in_memory(now_ms=lambda: START_MS + 10 * 24 * 3600 * 1000)
    oid = ahead.commit("from the future", changes={"a": b"1"}, author=ADA)
    refs = ahead.refs
    honest = Stamp(Clock(START_MS), ahead.id)
    ref = Ref({oid: frozenset({honest})}, {ahead.id: honest.clock})
    ahead.ref_store.swap(refs, refs.with_branch("main", ref, oid), command="x", now_ms=0)
    with pytest.raises(InvalidObject, match="ahead of this machine"):
        take_in(Repository.in_memory(now_ms=lambda: START_MS), ahead)
