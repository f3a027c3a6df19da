"""Bundles: one file with commits, branches and tags, made, checked, taken in and cloned."""

from __future__ import annotations

import json
import os
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from people import ADA, commit, files_in, new_repository, root_of, write
from replicas import assert_whole
from terminal import Terminal
from transport_contract import Exchange, ExchangeContract

from pyvcs.branching import create_branch
from pyvcs.objects.errors import (
    Corrupt,
    NotFound,
    PyvcsError,
    Refused,
    RevisionUnknown,
    UnsupportedFormat,
)
from pyvcs.repository import Repository
from pyvcs.sync.bundle_header import decode_header, encode_header
from pyvcs.sync.bundling import verify_bundle
from pyvcs.sync.transports.bundle import MAGIC, Bundle
from pyvcs.sync.transports.folder import Folder

FORMATS = Path(__file__).parents[2] / "docs" / "formats"


@pytest.fixture
def ada(tmp_path: Path) -> Repository:
    """A repository with a history of three commits, a branch and a tag."""
    made = new_repository(tmp_path / "ada")
    commit(made, {"a": "1\n", "d/b": "2\n"}, "first")
    made.tag("v1")
    commit(made, {"a": "2\n"}, "second")
    create_branch(made, "topic")
    commit(made, {"d/b": "3\n"}, "third")
    return made


def bundle_of(repository: Repository, *names: str, since: tuple[str, ...] = ()) -> str:
    path = os.fspath(root_of(repository).parent / f"{random.getrandbits(48)}.bundle")
    repository.bundle(path, names, since=since)
    return path


def carry(one: Repository, other: Repository) -> None:
    """Carry what one has to the other in a file; who has nothing makes none."""
    if one.tip() is not None:
        other.apply_bundle(bundle_of(one))


class TestBundle(ExchangeContract):
    @pytest.fixture
    def exchange(self) -> Exchange:
        def both_ways(here: Repository, there: Repository) -> None:
            carry(there, here)
            carry(here, there)

        return both_ways


def clone_of(repository: Repository, name: str) -> Repository:
    source = root_of(repository)
    return Repository.clone(os.fspath(source), os.fspath(source.parent / name))


def test_a_clone_of_a_bundle_is_a_clone(tmp_path: Path, ada: Repository) -> None:
    bob = Repository.clone(bundle_of(ada), os.fspath(tmp_path / "bob"))
    assert (bob.refs.tips, bob.refs.tags) == (ada.refs.tips, ada.refs.tags)
    assert files_in(tmp_path / "bob") == files_in(tmp_path / "ada")
    assert_whole([bob])
    commit(bob, {"b": "1"})
    ada.apply_bundle(bundle_of(bob))
    assert ada.tip() == bob.tip()


def test_bundles_both_ways_converge_as_a_sync_does(ada: Repository) -> None:
    bob = clone_of(ada, "bob")
    commit(ada, {"x": "1"}), commit(bob, {"y": "1"})
    ada.rename_branch("topic", "done")
    bob.delete_tag("v1")
    to_bob, to_ada = bundle_of(ada, since=("v1",)), bundle_of(bob)
    for _ in range(2):  # again, and in any order
        bob.apply_bundle(to_bob)
        ada.apply_bundle(to_ada)
    assert (ada.refs.tips, ada.refs.branches, ada.refs.tags) == (
        bob.refs.tips,
        bob.refs.branches,
        bob.refs.tags,
    )
    assert len(ada.heads()) == 2
    assert ada.refs.live_branches() == ["done", "main"]
    assert ada.tags() == []
    assert_whole([ada, bob])


def test_a_bundle_since_a_commit_brings_only_what_is_new(ada: Repository) -> None:
    bob = clone_of(ada, "bob")
    old = ada.tip()
    large = os.urandom(300_000)
    commit(ada, {"large": large}, "large")
    before = bundle_of(ada)
    tip = commit(ada, {"a": "4\n"}, "fourth")
    path = bundle_of(ada, "main", since=("HEAD~1",))
    assert os.path.getsize(path) < 5000 < os.path.getsize(before)
    bundle = Bundle.open(path)
    assert bundle.header.prerequisites == (ada.resolve("HEAD~1"),)
    assert verify_bundle(bundle).objects == 3  # a blob, a tree, a commit
    with pytest.raises(Refused, match=str(ada.resolve("HEAD~1"))):
        bob.apply_bundle(path)
    assert bob.tip() == old
    bob.apply_bundle(before)
    report = bob.apply_bundle(path)
    assert (report.pulled.commits, bob.tip()) == (1, tip)
    assert_whole([bob])


def test_old_tags_bring_no_history_along(ada: Repository) -> None:
    ada.tag("old", "HEAD~2")
    path = bundle_of(ada, since=("HEAD",))
    bundle = Bundle.open(path)
    assert verify_bundle(bundle).objects == 0
    assert set(bundle.header.prerequisites) == {
        ada.resolve(name) for name in ("main", "topic", "old")
    }
    bob = clone_of(ada, "bob")
    bob.delete_tag("v1")
    bob.apply_bundle(path)
    assert "v1" not in {tag.name for tag in bob.tags()}  # a deletion that the bundle had not seen


def test_since_a_remote_leaves_out_what_that_has(tmp_path: Path, ada: Repository) -> None:
    from pyvcs.remotes import add_remote

    bob = clone_of(ada, "bob")
    add_remote(ada, "bob", "../bob")
    stick = Folder.make(os.fspath(tmp_path / "stick")).root
    ada.sync(os.fspath(stick))
    add_remote(ada, "stick", os.fspath(stick))
    commit(ada, {"a": "9\n"})
    for name in ("bob", "stick"):
        path = bundle_of(ada, since=(name,))
        assert verify_bundle(Bundle.open(path)).objects == 3
    bob.apply_bundle(path)
    assert bob.tip() == ada.tip()


def test_since_a_remote_that_is_away_counts_from_the_last_sync(
    tmp_path: Path, ada: Repository
) -> None:
    from pyvcs.remotes import add_remote

    bob = clone_of(ada, "bob")
    add_remote(ada, "bob", "../bob")
    add_remote(ada, "nobody", "../nobody")
    commit(ada, {"a": "8\n"})
    ada.sync("bob")
    commit(ada, {"a": "9\n"})
    (tmp_path / "bob").rename(tmp_path / "on a journey")
    path = bundle_of(ada, since=("bob",))
    assert verify_bundle(Bundle.open(path)).objects == 3
    with pytest.raises(NotFound, match="no sync with it yet"):
        bundle_of(ada, since=("nobody",))
    bob = Repository.open(os.fspath(tmp_path / "on a journey"))
    bob.apply_bundle(path)
    assert bob.tip() == ada.tip()


def test_edits_are_carried_and_conflicts_reported(ada: Repository) -> None:
    bob = clone_of(ada, "bob")
    commit(ada, {"a": "ada\n", "d/b": "3\nmore\n"})
    commit(bob, {"a": "bob\n"})
    write(root_of(bob), {"new": "mine"})
    report = bob.apply_bundle(bundle_of(ada))
    assert [conflict.path for conflict in report.conflicts] == [b"a"]
    assert files_in(root_of(bob))["new"] == b"mine"


def test_a_bundle_cut_off_anywhere_is_refused_and_nothing_is_seen(
    tmp_path: Path, ada: Repository
) -> None:
    content = Path(bundle_of(ada)).read_bytes()
    bob = Repository.in_memory()
    before = bob.refs
    path = tmp_path / "cut.bundle"
    for length in [*range(0, len(content), 97), len(content) - 1]:
        path.write_bytes(content[:length])
        with pytest.raises(PyvcsError):
            bob.apply_bundle(os.fspath(path))
    assert bob.refs == before
    assert list(bob.store.oids()) == []
    path.write_bytes(content)
    bob.apply_bundle(os.fspath(path))
    assert bob.tip() == ada.tip()


def test_a_changed_byte_never_changes_what_is_taken_in(tmp_path: Path, ada: Repository) -> None:
    """It is refused, or it was in bytes that nobody reads: then all is as without it."""
    content = Path(bundle_of(ada)).read_bytes()
    path = tmp_path / "bad.bundle"
    refused = 0
    for at in range(0, len(content), 53):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :])
        bob = Repository.in_memory()
        try:
            bob.apply_bundle(os.fspath(path))
        except PyvcsError:
            refused += 1
            assert bob.refs.tips == {}
        else:
            assert bob.refs.tips == ada.refs.tips
            assert_whole([bob])
    assert refused > len(content) // 53 // 2


def test_a_bundle_that_lacks_an_object_is_refused_by_name(tmp_path: Path, ada: Repository) -> None:
    bundle = Bundle.open(bundle_of(ada, since=("HEAD",)))
    lying = encode_header(replace(bundle.header, prerequisites=()))
    path = tmp_path / "lying.bundle"
    path.write_bytes(MAGIC + b"%d\n" % len(lying) + lying)
    bob = Repository.in_memory()
    with pytest.raises(Corrupt, match="not complete"):
        bob.apply_bundle(os.fspath(path))
    with pytest.raises(Corrupt, match="lacks"):
        verify_bundle(Bundle.open(os.fspath(path)))
    assert list(bob.store.oids()) == []


def test_what_is_no_bundle_is_refused_in_a_sentence(tmp_path: Path, ada: Repository) -> None:
    path = tmp_path / "x"
    for content, error in [
        (b"", Corrupt),
        (b"\x89PNG", Corrupt),
        (b"pyvcs bundle, format 2\n", UnsupportedFormat),
        (MAGIC, Corrupt),
        (MAGIC + b"99999999999999\n{}", Corrupt),
        (MAGIC + b"-1\n{}", Corrupt),
        (MAGIC + b"2\n{}", Corrupt),
        (MAGIC + b"2\n[]", Corrupt),
        (MAGIC + b"100000\n" + b"[" * 100_000, Corrupt),
    ]:
        path.write_bytes(content)
        with pytest.raises(error):
            ada.apply_bundle(os.fspath(path))
    with pytest.raises(NotFound):
        ada.apply_bundle(os.fspath(tmp_path / "nowhere"))
    with pytest.raises(NotFound):
        ada.apply_bundle(os.fspath(tmp_path))


def test_two_projects_are_not_mixed_by_mistake(tmp_path: Path, ada: Repository) -> None:
    other = new_repository(tmp_path / "other")
    commit(other, {"o": "1"})
    path = bundle_of(ada)
    with pytest.raises(Refused, match="no commit in common"):
        other.apply_bundle(path)
    other.apply_bundle(path, allow_unrelated=True)
    assert len(other.heads()) == 2


def test_only_names_can_be_bundled(ada: Repository) -> None:
    with pytest.raises(RevisionUnknown, match="no branch or tag"):
        bundle_of(ada, "HEAD~1")
    bundle = Bundle.open(bundle_of(ada, "topic", "v1"))
    assert (list(bundle.header.branches), list(bundle.header.tags)) == (["topic"], ["v1"])


def test_large_files_and_tag_objects_are_bundled(
    tmp_path: Path, ada: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYVCS_AUTHOR_NAME", "Ada")
    monkeypatch.setenv("PYVCS_AUTHOR_EMAIL", "ada@example.org")
    large = b"".join(number.to_bytes(4, "big") for number in range(400_000))
    commit(ada, {"large": large})
    ada.tag("v2", message="with a word")
    path = bundle_of(ada)
    verify_bundle(Bundle.open(path))
    bob = Repository.clone(path, os.fspath(tmp_path / "bob"))
    assert files_in(tmp_path / "bob")["large"] == large
    assert bob.tags() == ada.tags()


def test_an_empty_repository_can_be_bundled_and_cloned(tmp_path: Path) -> None:
    empty = new_repository(tmp_path / "empty")
    path = bundle_of(empty)
    assert verify_bundle(Bundle.open(path)).objects == 0
    bob = Repository.clone(path, os.fspath(tmp_path / "bob"))
    assert bob.refs.tips == {}


def test_the_commands_of_bundles(tmp_path: Path, ada: Repository) -> None:
    here, there = Terminal(tmp_path / "ada"), Terminal(tmp_path / "bob")
    assert here.run("bundle", "create", "../all.bundle").out.startswith("Wrote ../all.bundle: 3 ")
    there.folder.rmdir()
    Terminal(tmp_path).run("clone", "all.bundle", "bob")
    here.write("a", "more\n")
    here.run("commit", "-m", "more")
    made = json.loads(
        here.run("bundle", "create", "../new.bundle", "main", "--since", "v1", "--json").out
    )
    assert made["commits"] == 3
    assert made["prerequisites"] == [str(ada.resolve("v1"))]
    listed = json.loads(there.run("bundle", "list", "../new.bundle", "--json").out)
    assert listed["branches"] == {"main": [str(ada.tip())]}
    assert "needs " in there.run("bundle", "list", "../new.bundle").out
    assert "no problem" in there.run("bundle", "verify", "../new.bundle").out
    outside = Terminal(tmp_path / "outside").run("bundle", "verify", "../new.bundle", check=False)
    assert (outside.code, "not here: " in outside.out) == (1, True)
    there.write("a", "edited\n")
    stays = there.run("bundle", "apply", "../new.bundle", check=False)
    assert stays.code == 1
    assert "edits keep the working tree" in stays.err
    there.run("restore", "a")
    applied = json.loads(there.run("bundle", "apply", "../new.bundle", "--json").out)
    assert applied["followed"]
    assert there.read("a") == "more\n"
    assert there.run("bundle", "list", "nothing", check=False).code == 4
    assert there.run("bundle", "apply", "../new.bundle", "main", check=False).code == 2


def test_the_example_on_the_page_is_read_and_written(tmp_path: Path) -> None:
    page = (FORMATS / "bundle.md").read_text(encoding="utf-8")
    (content,) = re.findall(r"^```bundle-example\n(.*?\n)```$", page, re.MULTILINE | re.DOTALL)
    path = tmp_path / "example.bundle"
    path.write_text(content, encoding="utf-8")
    bundle = Bundle.open(os.fspath(path))
    first, length, header = content.encode().split(b"\n", 2)
    assert first + b"\n" == MAGIC
    assert encode_header(bundle.header) == header
    assert decode_header(header, "x") == bundle.header
    assert int(length) == len(header)
    assert len(bundle.header.prerequisites) == 1
    assert verify_bundle(bundle).objects == 0
    assert ADA
