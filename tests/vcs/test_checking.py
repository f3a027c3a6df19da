"""fsck tells of every damage, and of a merge that is not what its parents make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from people import ADA, commit, new_repository
from replicas import Team

from pyvcs.checking import check
from pyvcs.collecting import collect
from pyvcs.merge.canonical import ENGINE
from pyvcs.objects.errors import ObjectMissing, PyvcsError
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.replica import Replica
from pyvcs.repository import Repository
from pyvcs.sync.replicate import take_in


def kinds(replica: Replica) -> list[str]:
    return [problem.kind for problem in check(replica).problems]


def test_a_whole_repository_has_no_problem(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1", "d/b": "2"})
    report = check(repository)
    assert (report.problems, report.notes, report.objects) == ((), (), 5)


def is_noticed(folder: Path) -> bool:
    """Whether fsck finds a problem, or the repository cannot even be read, and says why."""
    try:
        return kinds(Repository.open(str(folder))) != []
    except PyvcsError as error:
        return error.message != ""


def test_every_damaged_byte_of_a_pack_is_noticed(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "some text\n" * 20, "d/b": "2"})
    [path] = (tmp_path / ".pyvcs" / "objects").iterdir()
    content = path.read_bytes()
    for index in range(0, len(content), 7):
        path.write_bytes(content[:index] + bytes([content[index] ^ 0x55]) + content[index + 1 :])
        assert is_noticed(tmp_path), index
    path.write_bytes(content)
    assert kinds(Repository.open(str(tmp_path))) == []


def test_each_copy_of_an_object_is_read(tmp_path: Path) -> None:
    """A gc that was killed leaves objects in two packs: nobody knows which copy is read next."""
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    commit(repository, {"a": "2"})
    folder = tmp_path / ".pyvcs" / "objects"
    small = {path: path.read_bytes() for path in folder.iterdir()}
    collect(repository)
    for path, content in small.items():
        path.write_bytes(content)
    assert kinds(Repository.open(str(tmp_path))) == []
    for path in folder.iterdir():
        content = path.read_bytes()
        path.write_bytes(content[:40] + bytes([content[40] ^ 0x55]) + content[41:])
        assert "object" in kinds(Repository.open(str(tmp_path))), path
        path.write_bytes(content)


def test_a_missing_pack_is_noticed(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    first = set((tmp_path / ".pyvcs" / "objects").iterdir())
    commit(repository, {"a": "2"})
    next(iter(first)).unlink()
    assert "missing" in kinds(Repository.open(str(tmp_path)))


def siblings() -> tuple[Team, Oid]:
    """A team whose two replicas hold one canonical merge as their tip."""
    team = Team(2)
    team.commit(0, {"a": b"1\n"})
    take_in(team.replicas[1], team.replicas[0])
    team.commit(0, {"b": b"1\n"})
    team.commit(1, {"c": b"1\n"})
    take_in(team.replicas[0], team.replicas[1])
    tip = team.replicas[0].tip()
    assert tip is not None
    return team, tip


@pytest.mark.parametrize("engine", [ENGINE, ENGINE + 1])
def test_a_merge_that_is_not_the_merge_of_its_parents_is_named(engine: int) -> None:
    """Of another engine nobody here can tell: that is a note, and it is taken as it is."""
    team, tip = siblings()
    replica = team.replicas[0]
    honest = replica.store.commit(tip)
    other_tree = replica.store.commit(honest.parents[0]).tree
    with StoreWriter(replica.store) as writer:
        forged = writer.put(replace(honest, tree=other_tree, engine=engine))
        writer.publish()
    refs = replica.refs
    replica.ref_store.swap(
        refs, refs.with_branch("main", refs.branch("main"), forged), command="forge", now_ms=0
    )
    report = check(replica)
    if engine == ENGINE:
        assert {problem.kind for problem in report.problems} == {"merge", "tip"}
    else:
        assert [note.kind for note in report.notes] == ["engine"]


def test_a_forged_merge_that_is_received_never_becomes_a_tip() -> None:
    """A tip is always computed: a head that claims to be a canonical merge is flattened."""
    team, tip = siblings()
    liar = team.replicas[0]
    honest = liar.store.commit(tip)
    with StoreWriter(liar.store) as writer:
        forged = writer.put(replace(honest, tree=liar.store.commit(honest.parents[0]).tree))
        writer.publish()
    refs = liar.refs
    ref = refs.branch("main").moved([forged], liar.stamp(refs))
    liar.ref_store.swap(refs, refs.with_branch("main", ref, forged), command="forge", now_ms=0)
    victim = team.joins()
    take_in(victim, liar)
    assert victim.tip() == tip
    assert victim.heads() == honest.parents


def test_gc_keeps_all_that_is_named_and_prunes_only_when_told(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    for number in range(5):
        commit(repository, {"a": f"{number}"})
    with StoreWriter(repository.store) as writer:
        stray = writer.put(b"nobody names me")
        writer.publish()
    done = collect(repository)
    assert (done.packs_before, done.packs_after, done.pruned) == (6, 1, 0)
    assert repository.store.blob(stray) == b"nobody names me"
    assert collect(repository, prune=True).pruned == 1
    with pytest.raises(ObjectMissing):
        repository.store.blob(stray)
    assert kinds(repository) == []
    assert len(list(repository.log())) == 5


def test_gc_keeps_what_an_earlier_state_named(tmp_path: Path) -> None:
    """A deleted branch can be brought back from the operation log."""
    from pyvcs.branching import delete_branch

    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    repository.switch("topic", create=True)
    topic = commit(repository, {"a": "2"})
    repository.switch("main")
    delete_branch(repository, "topic")
    assert collect(repository, prune=True).pruned == 0
    assert repository.store.commit(topic).author == ADA


def test_packs_are_merged_by_themselves_when_there_are_many(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    for number in range(120):
        commit(repository, {"a": f"{number}"})
    assert len(repository.store.packs) < 60
    assert kinds(repository) == []
    commits = [oid for oid, kind in set(repository.store.oids()) if kind is Kind.COMMIT]
    assert len(commits) == 120


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "flipped"])
def test_a_damaged_commit_graph_is_made_anew(tmp_path: Path, damage: str) -> None:
    repository = new_repository(tmp_path)
    oids = [commit(repository, {"a": f"{number}"}) for number in range(6)]
    path = tmp_path / ".pyvcs" / "commit-graph"
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        flipped = content[:200] + bytes([content[200] ^ 1]) + content[201:]
        path.write_bytes({"empty": b"", "cut": content[:-70], "flipped": flipped}[damage])
    again = Repository.open(str(tmp_path))
    assert [entry.oid for entry in again.log()] == oids[::-1]
    assert kinds(again) == []
