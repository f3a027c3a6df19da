"""A plain folder that anything may copy: replicas sync through it without meeting."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from people import ADA, commit, files_in, new_repository, write
from replicas import assert_whole
from transport_contract import Exchange, ExchangeContract

from pyvcs.branching import create_branch
from pyvcs.committing import commit_worktree
from pyvcs.objects.errors import Corrupt, NotARepository, Refused, UnsupportedFormat, Usage
from pyvcs.repository import Repository
from pyvcs.sync.heads_file import decode_heads, encode_heads
from pyvcs.sync.report import SyncReport
from pyvcs.sync.transports.folder import Folder

FORMATS = Path(__file__).parents[2] / "docs" / "formats"


def through(folder: Path, *replicas: Repository) -> list[SyncReport]:
    """Let replicas sync with the folder one after the other; their reports."""
    return [replica.sync(os.fspath(folder)) for replica in replicas]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A new folder to sync through."""
    return Folder.make(os.fspath(tmp_path / "stick")).root


class TestFolder(ExchangeContract):
    @pytest.fixture
    def exchange(self, stick: Path) -> Exchange:
        return lambda here, there: through(stick, there, here, there)


def replica_in(folder: Path, stick: Path, files: dict[str, str | bytes | None]) -> Repository:
    """A repository that shares the root commit of all in the folder, and has one of its own."""
    if any((stick / "objects").glob("*.pack")):
        made = Repository.clone(os.fspath(stick), os.fspath(folder))
    else:
        made = new_repository(folder)
        commit(made, {"root": "r"})
        made.sync(os.fspath(stick))
    commit(made, files)
    return made


def packs(stick: Path) -> list[Path]:
    return sorted((stick / "objects").glob("*.pack"))


def test_replicas_that_never_meet_converge(tmp_path: Path, stick: Path) -> None:
    names = ["a", "b", "c"]
    replicas = [replica_in(tmp_path / name, stick, {name: name}) for name in names]
    create_branch(replicas[1], "topic")
    replicas[2].tag("v1")
    through(stick, *replicas, *replicas)
    first = replicas[0].refs
    for replica in replicas:
        assert replica.refs.tips == first.tips
        assert (replica.refs.branches, replica.refs.tags) == (first.branches, first.tags)
        assert set(files_in(tmp_path / "a")) == {"root", *names}
    assert first.live_branches() == ["main", "topic"]
    assert_whole(replicas)
    assert_whole([Repository.clone(os.fspath(stick), os.fspath(tmp_path / "d"))])
    assert files_in(tmp_path / "d") == files_in(tmp_path / "a")


def test_a_sync_without_news_writes_nothing(tmp_path: Path, stick: Path) -> None:
    ada, bob = (replica_in(tmp_path / name, stick, {name: "1"}) for name in ("ada", "bob"))
    through(stick, ada, bob, ada, bob)
    before = {path: path.stat().st_mtime_ns for path in stick.rglob("*")}
    reports = through(stick, ada, bob)
    assert {path: path.stat().st_mtime_ns for path in stick.rglob("*")} == before
    assert all((r.pulled.moved, r.pushed.moved, r.notes) == ((), (), ()) for r in reports)


def test_the_report_says_what_went_each_way(tmp_path: Path, stick: Path) -> None:
    ada, bob = (replica_in(tmp_path / name, stick, {name: "1"}) for name in ("ada", "bob"))
    report = ada.sync(os.fspath(stick))
    assert (report.pulled.commits, report.pushed.commits) == (0, 1)
    report = bob.sync(os.fspath(stick))
    assert (report.pulled.commits, report.pushed.commits) == (1, 1)
    (move,) = report.pushed.moved
    assert (move.before, move.after) == (ada.tip(), bob.tip())
    assert report.followed
    only_push = commit(bob, {"x": "1"})
    bob.sync(os.fspath(stick), pull=False)
    ada.sync(os.fspath(stick), push=False)
    assert only_push in ada.heads()


def test_deletions_and_new_names_travel(tmp_path: Path, stick: Path) -> None:
    ada, bob = (replica_in(tmp_path / name, stick, {name: "1"}) for name in ("ada", "bob"))
    create_branch(ada, "topic")
    ada.tag("v1")
    through(stick, ada, bob)
    bob.rename_branch("topic", "done")
    bob.delete_tag("v1")
    through(stick, bob, ada)
    assert ada.refs.live_branches() == ["done", "main"]
    assert ada.tags() == []


@pytest.mark.parametrize("part", [0.0, 0.5, 0.99])
def test_a_pack_that_has_arrived_in_part_is_taken_later(
    tmp_path: Path, stick: Path, part: float
) -> None:
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    bob = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "bob"))
    before = set(packs(stick))
    through(stick, ada)
    (new,) = set(packs(stick)) - before
    whole = new.read_bytes()
    new.write_bytes(whole[: int(len(whole) * part)])
    refs = bob.refs
    report = bob.sync(os.fspath(stick))
    assert bob.refs.tips == refs.tips
    assert any("not arrived" in note and new.stem in note for note in report.notes)
    assert any("not arrived in full" in note and ada.id in note for note in report.notes)
    new.write_bytes(whole)
    assert bob.sync(os.fspath(stick)).notes == ()
    assert bob.tip() == ada.tip()


def test_heads_that_came_before_their_packs_are_not_believed(tmp_path: Path, stick: Path) -> None:
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    bob = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "bob"))
    carl = replica_in(tmp_path / "carl", stick, {"c": "1"})
    before = set(packs(stick))
    through(stick, ada)
    (late,) = set(packs(stick)) - before
    late.rename(tmp_path / "late")
    carl.sync(os.fspath(stick))
    report = bob.sync(os.fspath(stick))
    assert bob.heads() == carl.heads()  # others go on
    assert len(report.notes) == 1
    (tmp_path / "late").rename(late)
    through(stick, bob, carl, ada, bob)
    assert ada.tip() == bob.tip() == carl.tip()
    assert len(ada.heads()) == 2


def test_a_damaged_pack_is_refused_by_name_and_its_owner_heals_it(
    tmp_path: Path, stick: Path
) -> None:
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    bob = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "bob"))
    carl = replica_in(tmp_path / "carl", stick, {"c": "1"})
    before = set(packs(stick))
    through(stick, ada)
    (bad,) = set(packs(stick)) - before
    content = bytearray(bad.read_bytes())
    content[40] ^= 1
    bad.write_bytes(content)
    carl.sync(os.fspath(stick))
    report = bob.sync(os.fspath(stick))
    assert any(f"the pack {bad.stem} is damaged" in note for note in report.notes)
    assert bob.heads() == carl.heads()
    bad.unlink()
    through(stick, ada, bob, carl)
    assert ada.tip() == bob.tip() == carl.tip()
    assert_whole([ada, bob, carl])


def test_copies_that_tools_make_of_files_are_left_alone(tmp_path: Path, stick: Path) -> None:
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    through(stick, ada)
    heads = stick / "heads" / f"{ada.id}.json"
    pack = packs(stick)[0]
    for copy in [
        heads.with_name(f"{ada.id} (1).json"),
        heads.with_name(f"{ada.id}.sync-conflict-20260101-000000-ABCDEFG.json"),
        heads.with_name(f"{ada.id} (Ada's conflicted copy 2026-01-01).json"),
        heads.with_name(f"~{ada.id}.json"),
        pack.with_name(f"{pack.stem}.sync-conflict-20260101-000000-ABCDEFG.pack"),
        pack.with_name(f"{pack.stem} (1).pack"),
        stick / ".stfolder",
        stick / "objects" / ".syncthing.tmp",
        stick / "notes.txt",
    ]:
        copy.write_bytes(b"half of somethi")
    bob = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "bob"))
    assert bob.tip() == ada.tip()
    assert bob.sync(os.fspath(stick)).notes == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 100_000,
        b'"x"',
        b"\xff\xfe",
        b'{"format": 1, "check": "x"}',
        b'{"format": 2}',
    ],
)
def test_a_heads_file_that_cannot_be_read_is_left_out(
    tmp_path: Path, stick: Path, content: bytes
) -> None:
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    (stick / "heads" / f"{'0' * 32}.json").write_bytes(content)
    (note,) = ada.sync(os.fspath(stick)).notes
    assert f"heads/{'0' * 32}.json" in note
    assert ada.sync(os.fspath(stick)).pushed.commits == 0


def test_a_changed_byte_in_a_heads_file_is_seen(tmp_path: Path, stick: Path) -> None:
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    through(stick, ada)
    path = stick / "heads" / f"{ada.id}.json"
    content = path.read_bytes()
    bob = new_repository(tmp_path / "bob")
    clock = content.index(b"@") - 3
    for wrong in (
        content[: len(content) // 2],
        content[:clock] + bytes([content[clock] ^ 1]) + content[clock + 1 :],
        content.replace(b'"main"', b'"../x"'),
    ):
        path.write_bytes(wrong)
        assert len(bob.sync(os.fspath(stick), push=False).notes) == 1
        assert bob.refs.tips == {}
    assert encode_heads(decode_heads(content, "x")) == content
    path.write_bytes(content)
    path.rename(path.with_name(f"{'1' * 32}.json"))
    assert "is of the replica" in bob.sync(os.fspath(stick), push=False).notes[0]


@pytest.mark.parametrize(
    "packs", [{"../../victim": 1}, {"a" * 31: 1}, {"a" * 32: 1e400}, {"a" * 32: "x"}, ["a"], 1]
)
def test_a_forged_heads_file_removes_nothing(tmp_path: Path, stick: Path, packs: object) -> None:
    from pyvcs.sync.heads_file import document_with_check

    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    through(stick, ada)
    victim = stick.parent / "victim.pack"
    victim.write_bytes(b"dear to somebody")
    path = stick / "heads" / f"{ada.id}.json"
    document = {**json.loads(path.read_bytes()), "packs": packs}
    del document["check"]
    path.write_bytes(document_with_check(document))
    assert len(ada.sync(os.fspath(stick), repack=True).notes) == 1
    assert victim.exists()
    assert_whole([Repository.clone(os.fspath(stick), os.fspath(tmp_path / "clone"))])


def test_two_projects_are_not_mixed_by_mistake(tmp_path: Path, stick: Path) -> None:
    replica_in(tmp_path / "ada", stick, {"a": "1"})
    other = new_repository(tmp_path / "other")
    commit(other, {"o": "1"})
    before = other.refs, packs(stick)
    with pytest.raises(Refused, match="no commit in common"):
        other.sync(os.fspath(stick))
    assert (other.refs, packs(stick)) == before
    other.sync(os.fspath(stick), allow_unrelated=True)
    assert len(other.heads()) == 2


def test_many_packs_become_one_and_nothing_is_missed(tmp_path: Path, stick: Path) -> None:
    ada, bob = (replica_in(tmp_path / name, stick, {name: "1"}) for name in ("ada", "bob"))
    create_branch(ada, "topic")
    for number in range(5):
        commit(ada, {"a": f"{number}"})
        through(stick, ada)
    through(stick, bob, ada)
    ada.delete_branch("topic")
    theirs = {name for name in packs(stick) if name.stem not in packs_of(stick, ada)}
    ada.sync(os.fspath(stick), repack=True)
    assert len(packs(stick)) == len(theirs) + 1
    assert theirs < set(packs(stick))
    assert len(packs_of(stick, ada)) == 1
    clone = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "clone"))
    assert clone.refs.tips == ada.refs.tips
    assert_whole([clone])
    ada.sync(os.fspath(stick), repack=True)
    before = packs(stick)
    ada.sync(os.fspath(stick), repack=True)  # the same pack again: it is not removed
    assert packs(stick) == before
    assert len(before) == len(theirs) + 1


DAY_SECONDS = 24 * 60 * 60


def test_a_pack_that_nobody_told_of_is_folded_in_once_it_is_old(
    tmp_path: Path, stick: Path
) -> None:
    """As a process leaves one that was killed between its pack and its heads file."""
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    told = (stick / "heads" / f"{ada.id}.json").read_bytes()
    through(stick, ada)
    (stick / "heads" / f"{ada.id}.json").write_bytes(told)
    (left,) = {path.stem for path in packs(stick)} - set(packs_of(stick, ada))
    ada.sync(os.fspath(stick), repack=True)
    assert left in {path.stem for path in packs(stick)}, "it may be on its way"
    old = os.stat(stick / "objects" / f"{left}.pack").st_mtime - 2 * DAY_SECONDS
    os.utime(stick / "objects" / f"{left}.pack", (old, old))
    strange = stick / "heads" / f"{'0' * 32}.json"
    strange.write_bytes(b"{")
    ada.sync(os.fspath(stick), repack=True)
    assert left in {path.stem for path in packs(stick)}, "the file that is cut off may name it"
    strange.unlink()
    ada.sync(os.fspath(stick), repack=True)
    assert [path.stem for path in packs(stick)] == packs_of(stick, ada)
    clone = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "clone"))
    assert clone.tip() == ada.tip()
    assert_whole([clone])


def test_an_old_pack_of_somebody_else_stays_while_it_has_more_than_we(
    tmp_path: Path, stick: Path
) -> None:
    ada, bob = (replica_in(tmp_path / name, stick, {name: "1"}) for name in ("ada", "bob"))
    through(stick, ada, bob)
    (stick / "heads" / f"{bob.id}.json").unlink()
    for pack in packs(stick):
        os.utime(pack, (0, 0))
    before = {pack.stem for pack in packs(stick)} - set(packs_of(stick, ada))
    assert before
    ada.sync(os.fspath(stick), pull=False, repack=True)
    assert before <= {pack.stem for pack in packs(stick)}


def test_the_repository_is_free_while_a_pack_is_written(tmp_path: Path, stick: Path) -> None:
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    made: list[object] = []

    def commit_meanwhile(what: str, _done: int) -> None:
        if what == "writing objects" and not made:
            made.append(commit(Repository.open(os.fspath(tmp_path / "ada")), {"b": "2"}))

    ada.progress = commit_meanwhile
    ada.sync(os.fspath(stick), repack=True)
    assert made
    assert Repository.open(os.fspath(tmp_path / "ada")).tip() == made[0]


def test_what_goes_out_when_a_lost_pack_is_written_anew_is_told_and_counts_as_shared(
    tmp_path: Path, stick: Path
) -> None:
    ada = replica_in(tmp_path / "ada", stick, {"a": "1"})
    through(stick, ada)
    for pack in packs(stick):
        pack.unlink()
    news = commit(ada, {"a": "2"})
    (report,) = through(stick, ada)
    assert [move.heads for move in report.pushed.moved] == [(news,)]
    assert report.pushed.commits == 3, "the folder had none of them"
    with pytest.raises(Refused, match="amend"):
        commit_worktree(ada, "other words", amend=True)


def packs_of(stick: Path, replica: Repository) -> list[str]:
    content = (stick / "heads" / f"{replica.id}.json").read_bytes()
    return sorted(decode_heads(content, "x").packs)


def test_large_files_go_through_in_chunks(tmp_path: Path, stick: Path) -> None:
    content = b"".join(number.to_bytes(4, "big") for number in range(400_000))
    ada = replica_in(tmp_path / "ada", stick, {"large": content})
    through(stick, ada)
    bob = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "bob"))
    assert files_in(tmp_path / "bob")["large"] == content
    assert_whole([bob])


def test_a_copied_folder_is_as_good_as_the_folder(tmp_path: Path, stick: Path) -> None:
    ada, bob = (replica_in(tmp_path / name, stick, {name: "1"}) for name in ("ada", "bob"))
    shutil.copytree(stick, tmp_path / "copy")
    through(stick, ada)
    through(tmp_path / "copy", bob)
    for one, other in ((stick, tmp_path / "copy"), (tmp_path / "copy", stick)):
        shutil.copytree(one, other, dirs_exist_ok=True)
    through(stick, ada)
    through(tmp_path / "copy", bob)
    assert ada.tip() == bob.tip()


def test_a_folder_is_made_once_in_an_empty_place(tmp_path: Path) -> None:
    Folder.make(os.fspath(tmp_path / "a" / "b"))
    with pytest.raises(NotARepository, match="not empty"):
        Folder.make(os.fspath(tmp_path / "a"))
    (tmp_path / "a" / "b" / "pyvcs-folder").write_bytes(b"pyvcs folder, format 2\n")
    repository = new_repository(tmp_path / "r")
    with pytest.raises(UnsupportedFormat, match="format 2"):
        repository.sync(os.fspath(tmp_path / "a" / "b"))
    with pytest.raises(Usage, match="only a plain folder"):
        repository.sync(repository, repack=True)


def test_edits_are_carried_and_a_branch_is_found(tmp_path: Path, stick: Path) -> None:
    ada = new_repository(tmp_path / "ada")
    ada.rename_branch("main", "trunk")
    commit(ada, {"a": "1\n2\n3\n4\n5\n"})
    through(stick, ada)
    bob = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "bob"))
    assert bob.refs.position.branch == "trunk"
    commit(ada, {"a": "one\n2\n3\n4\n5\n"})
    write(tmp_path / "bob", {"a": "1\n2\n3\n4\nfive\n"})
    through(stick, ada)
    report = bob.sync("origin")
    assert report.following.carried == (b"a",)
    assert (tmp_path / "bob" / "a").read_text() == "one\n2\n3\n4\nfive\n"


def test_a_clock_far_ahead_is_left_out(tmp_path: Path, stick: Path) -> None:
    ahead = Repository.in_memory(now_ms=lambda: 4_000_000_000_000)
    ahead.commit("from the future", changes={"a": b"1"}, author=ADA)
    ahead.sync(os.fspath(stick))
    here = new_repository(tmp_path / "here")
    (note,) = here.sync(os.fspath(stick)).notes
    assert "ahead of this machine" in note
    assert here.tip() is None


def test_the_example_on_the_page_is_read_and_written() -> None:
    page = (FORMATS / "folder.md").read_text(encoding="utf-8")
    (content,) = re.findall(r"^```heads-example\n(.*?\n)```$", page, re.MULTILINE | re.DOTALL)
    heads = decode_heads(content.encode(), "the example")
    assert encode_heads(heads) == content.encode()
    assert list(heads.branches) == ["main", "old"]
    assert not heads.branches["main"].is_deleted
    assert heads.packs
    document = json.loads(content)
    document["packs"] = {}
    changed = json.dumps(document, sort_keys=True, indent=1) + "\n"
    with pytest.raises(Corrupt, match="cut off or damaged"):
        decode_heads(changed.encode(), "the example")
