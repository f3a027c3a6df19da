"""Tags: set, moved, deleted, and set on two sides at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from people import commit, new_repository
from replicas import Team, assert_whole, settle
from terminal import Terminal

from pyvcs.objects.errors import Ambiguous, Refused, RevisionUnknown, Usage


def clashing(team: Team) -> None:
    """Let two replicas tag two commits with one name, and all hear of it."""
    settle(team.replicas)
    for at in (0, 1):
        team.commit(at, {f"{at}": b"x"})
        team.replicas[at].tag("v1")
    settle(team.replicas)


def test_a_tag_names_a_commit_until_it_is_deleted_everywhere() -> None:
    team = Team(3)
    first, second, third = team.replicas
    oid = team.commit(0, {"a": b"1"})
    first.tag("v1")
    team.commit(0, {"a": b"2"})
    settle(team.replicas)
    assert third.resolve("v1") == oid
    assert [tag.name for tag in third.tags_at(oid)] == ["v1"]
    assert second.delete_tag("v1") == (oid,)
    settle(team.replicas)
    assert all(replica.tags() == [] for replica in team.replicas)
    with pytest.raises(RevisionUnknown):
        third.resolve("v1")


def test_a_tag_with_a_message_is_an_object_that_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYVCS_AUTHOR_NAME", "Ada")
    monkeypatch.setenv("PYVCS_AUTHOR_EMAIL", "ada@example.org")
    team = Team(2)
    oid = team.commit(0, {"a": b"1"})
    made = team.replicas[0].tag("v1", message="the first")
    settle(team.replicas)
    assert team.replicas[1].tags() == [made]
    assert (made.targets, made.message) == ((oid,), "the first\n")
    assert made.heads != made.targets
    assert team.replicas[1].resolve("v1") == oid
    assert_whole(team.replicas)


def test_a_tag_set_on_two_sides_keeps_both_until_it_is_settled() -> None:
    team = Team(3)
    team.commit(0, {"a": b"1"})
    clashing(team)
    first, second, third = team.replicas
    (tag,) = third.tags()
    assert set(tag.targets) == {*first.heads()}
    assert len(tag.targets) == 2
    assert not tag.is_settled
    with pytest.raises(Ambiguous, match="2 commits on different replicas"):
        third.resolve("v1")
    third.tag("v1", str(tag.targets[0]), force=True)
    settle(team.replicas)
    assert [replica.resolve("v1") for replica in team.replicas] == [tag.targets[0]] * 3
    assert second.tags()[0].is_settled


def test_the_same_commit_tagged_on_two_sides_is_one_tag() -> None:
    team = Team(2)
    oid = team.commit(0, {"a": b"1"})
    settle(team.replicas)
    for replica in team.replicas:
        replica.tag("v1")
    settle(team.replicas)
    assert team.replicas[0].tags()[0].heads == (oid,)


def test_a_tag_is_not_moved_by_mistake() -> None:
    team = Team(1)
    first = team.commit(0, {"a": b"1"})
    replica = team.replicas[0]
    replica.tag("v1")
    second = team.commit(0, {"a": b"2"})
    with pytest.raises(Refused, match="already"):
        replica.tag("v1")
    assert replica.resolve("v1") == first
    replica.tag("v1", force=True)
    assert replica.resolve("v1") == second
    for name in ("", "HEAD", "a b", "../x"):
        with pytest.raises(Usage):
            replica.tag(name)


def test_both_commits_of_a_clash_are_shown_on_a_terminal(tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    commit(here, {"a": "1"})
    here.tag("v0")
    ada, bob = Terminal(tmp_path / "here"), Terminal(tmp_path / "there")
    ada.run("clone", ".", "../there")
    for each, name in ((ada, "b"), (bob, "c")):
        each.write(name, "1")
        each.run("commit", "-m", f"add {name}")
        each.run("tag", "v1", "-m", "first release")
    bob.run("sync")
    found = json.loads(ada.run("tag", "--json").out)
    assert [(tag["name"], len(tag["targets"])) for tag in found] == [("v0", 1), ("v1", 2)]
    assert ada.run("tag").out.splitlines()[1].count(", ") == 1
    assert "settle it: pyvcs tag --force v1 COMMIT" in ada.run("tag").out
    log = ada.run("log", "--oneline", "main").out
    assert log.count("tag: v1 (one of 2)") == 2
    assert "tag: v0)" in log
    refused = ada.run("show", "v1", check=False)
    assert refused.code == 4
    assert "pyvcs tag --force v1 COMMIT" in refused.err
    ada.run("tag", "--force", "v1", found[1]["targets"][0])
    ada.run("sync", "../there")
    assert bob.run("log", "--oneline", "main").out.count("tag: v1)") == 1
    assert bob.run("tag", "--delete", "v1").out.startswith("Deleted tag v1")
