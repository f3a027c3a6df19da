"""Histories of git here and back: the same commits, whatever is odd about them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from git_histories import GitHistory, odd_history
from people import ADA, commit, files_in
from replicas import assert_whole
from terminal import Terminal

from pyvcs.git.exporting import export_git
from pyvcs.git.git_objects import name_of
from pyvcs.git.importing import Imported, import_git
from pyvcs.git.known import known_commits
from pyvcs.git.mirror import fetched, mirror_of, pushed
from pyvcs.git.pack_stream import PackStream
from pyvcs.git.plumbing import GitRepository
from pyvcs.objects.errors import InvalidObject, NotARepository, NotFound, Refused, Usage
from pyvcs.objects.tree import MAX_DEPTH
from pyvcs.repository import Repository


def new(folder: Path, *, bare: bool = True) -> Repository:
    return Repository.init(os.fspath(folder), bare=bare)


def brought(replica: Repository, git: GitHistory) -> Imported:
    return import_git(replica, GitRepository.at(os.fspath(git.folder)))


def taken_back(replica: Repository, folder: Path) -> GitRepository:
    target = GitRepository.init(os.fspath(folder))
    export_git(replica, target)
    return target


def refs_of(git: GitRepository) -> dict[str, str]:
    return git.refs("refs/heads", "refs/tags")


def test_an_odd_history_comes_back_with_its_very_names(tmp_path: Path) -> None:
    git = odd_history(tmp_path / "git")
    replica = new(tmp_path / "ours")
    imported = brought(replica, git)
    assert imported.notes == ()
    assert refs_of(taken_back(replica, tmp_path / "back")) == git.refs()
    assert_whole([replica])
    git.git("fetch", "--quiet", os.fspath(tmp_path / "back"), "+refs/heads/*:refs/remotes/x/*")
    for name in git.refs():
        if name.startswith("refs/remotes/x/"):
            assert git.git("diff", name, f"refs/heads/{name.removeprefix('refs/remotes/x/')}") == ""


def test_what_people_see_of_an_odd_history(tmp_path: Path) -> None:
    replica = new(tmp_path / "ours")
    brought(replica, odd_history(tmp_path / "git"))

    def seen(branch: str) -> object:
        found = replica.store.commit(replica.resolve(branch))
        return found.author, found.message

    assert str(seen("latin")) == "(Identity(name='Zoë', email='z@x'), 'Größe\\n')"
    assert replica.read("submodule", "s").startswith(b"Subproject commit ")
    assert replica.read("group-mode", "a") == b"1\n"
    tree = replica.store.tree(replica.store.commit(replica.resolve("cases")).tree)
    assert [entry.name for entry in tree] == [b"README", b"git-1-readme"]
    assert [tag.name for tag in replica.tags()] == ["heavy", "light", "nested"]
    assert replica.store.commit(replica.resolve("before-1970")).committed.seconds == -5000


def test_two_who_import_the_same_history_have_the_same_commits_and_can_sync(
    tmp_path: Path,
) -> None:
    git = odd_history(tmp_path / "git")
    ada, bob = new(tmp_path / "ada"), new(tmp_path / "bob")
    brought(ada, git)
    brought(bob, git)
    assert ada.refs.tips == bob.refs.tips
    ada.commit("mine", changes={"new": b"1"}, author=ADA)
    report = bob.sync(ada)
    assert report.pulled.commits == 1
    assert bob.heads() == ada.heads()
    assert_whole([ada, bob])


def test_a_second_import_and_export_carry_only_what_is_new(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"a": b"1\n"})
    replica = new(tmp_path / "ours")
    assert brought(replica, git).commits == 1
    assert brought(replica, git).commits == 0
    target = GitRepository.init(os.fspath(tmp_path / "back"))
    assert export_git(replica, target).commits == 1
    tip = git.commit({"a": b"2\n", "d/e": b"x"})
    assert brought(replica, git).commits == 1
    assert export_git(replica, target).commits == 1
    assert export_git(replica, target).commits == 0
    assert refs_of(target) == {"refs/heads/main": tip}
    replica.commit("ours", changes={"a": b"3\n"}, author=ADA)
    assert export_git(replica, target).commits == 1
    assert export_git(replica, target).commits == 0
    target.run("fsck", "--strict")


def test_what_was_made_here_comes_back_as_itself(tmp_path: Path) -> None:
    """Also on a machine that has only git's copy: canonical merges, tags, and odd messages."""
    git = GitHistory(tmp_path / "git")
    git.commit({"a.json": b'{\n  "a": 1,\n  "b": 2\n}\n'})
    ada, bob, eve = new(tmp_path / "ada"), new(tmp_path / "bob"), new(tmp_path / "eve")
    brought(ada, git)
    brought(bob, git)
    ada.commit("ä\n\nbody", changes={"a.json": b'{\n  "a": 5,\n  "b": 2\n}\n'}, author=ADA)
    bob.commit("b", changes={"a.json": b'{\n  "a": 1,\n  "b": 7\n}\n'}, author=ADA)
    ada.sync(bob)
    ada.tag("v1", message="one")
    assert len(ada.heads()) == 2
    back = taken_back(ada, tmp_path / "back")
    bob.sync(ada)
    assert refs_of(taken_back(bob, tmp_path / "back2")) == refs_of(back)
    back.run("fsck", "--strict")
    import_git(eve, back)
    assert eve.tip() == ada.tip()
    assert set(eve.heads()) == set(ada.heads())
    report = eve.sync(ada)
    assert (report.pulled.commits, report.pushed.commits) == (0, 0)
    assert_whole([ada, bob, eve])


def test_a_tag_that_was_made_here_comes_back_as_itself(tmp_path: Path) -> None:
    """Also where it goes round through a git server: it is no second tag of that name."""
    git = GitHistory(tmp_path / "git")
    first = git.commit({"a": b"1\n"})
    git.git("tag", "-a", "-m", "from git", "old", first)
    ada, eve = new(tmp_path / "ada"), new(tmp_path / "eve")
    brought(ada, git)
    ada.tag("v1", message="ünö\n\nmore")
    back = taken_back(ada, tmp_path / "back")
    for each in (eve, ada):
        import_git(each, back)
    tags = {name: ref.oids for name, ref in ada.refs.tags.items()}
    assert tags == {name: ref.oids for name, ref in eve.refs.tags.items()}
    assert {len(oids) for oids in tags.values()} == {1}
    assert not eve.store.tag(tags["v1"][0]).extra
    eve.sync(ada)
    assert {name: ref.oids for name, ref in ada.refs.tags.items()} == tags


def test_a_git_server_is_one_more_replica(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"a": b"1\n2\n3\n4\n5\n"})
    server = os.fspath(tmp_path / "server.git")
    git.git("clone", "--quiet", "--bare", ".", server)
    ada, bob = new(tmp_path / "ada"), new(tmp_path / "bob")
    for each in (ada, bob):
        import_git(each, fetched(each, server))
    ada.commit("a", changes={"a": b"one\n2\n3\n4\n5\n"}, author=ADA)
    bob.commit("b", changes={"a": b"1\n2\n3\n4\nfive\n"}, author=ADA)

    def push(replica: Repository) -> None:
        mirror = mirror_of(replica)
        pushed(mirror, server, export_git(replica, mirror).refs)

    push(ada)
    with pytest.raises(Refused, match="did not take it"):
        push(bob)
    import_git(bob, fetched(bob, server))
    push(bob)
    import_git(ada, fetched(ada, server))
    assert ada.tip() == bob.tip()
    assert ada.read("main", "a") == b"one\n2\n3\n4\nfive\n"
    git.git("pull", "--quiet", server, "main")
    assert (git.folder / "a").read_bytes() == b"one\n2\n3\n4\nfive\n"


def test_the_commands(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"a": b"1\n", "d/x": b"x"})
    git.branch("topic", git.git("rev-parse", "HEAD"))
    person = Terminal(tmp_path)
    done = person.run("git", "import", "git", "ours")
    assert done.out == "imported 1 commit, 2 branches, 0 tags\n"
    assert files_in(tmp_path / "ours") == {"a": b"1\n", "d/x": b"x"}
    assert person.run("-C", "ours", "status").out.startswith("On branch main\n")
    git.commit({"a": b"2\n"})
    person.run("-C", "ours", "git", "pull", "../git")
    assert files_in(tmp_path / "ours")["a"] == b"2\n"
    commit(Repository.open(os.fspath(tmp_path / "ours")), {"b": "3"})
    person.run("-C", "ours", "git", "export", "../back.git", "--branch", "main")
    assert list(refs_of(GitRepository.at(os.fspath(tmp_path / "back.git")))) == ["refs/heads/main"]
    git.git("config", "receive.denyCurrentBranch", "updateInstead")
    person.run("-C", "ours", "git", "push", "../git", "--branch", "main")
    assert (git.folder / "b").read_bytes() == b"3"


def test_folders_of_any_name_and_a_head_of_any_name(tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 ")
    git = GitHistory(Path(folder))
    sha = git.commit({"a": b"1\n"})
    git.branch(os.fsdecode(b"caf\xe9"), sha)
    git.git("symbolic-ref", "HEAD", b"refs/heads/caf\xe9")
    replica = new(tmp_path / "ours")
    assert GitRepository.at(folder).folder == os.path.join(folder, ".git")
    assert "refs/heads/main" in refs_of(fetched(replica, folder))


def test_what_cannot_be_imported_is_told(tmp_path: Path) -> None:
    replica = new(tmp_path / "ours")
    git = GitHistory(tmp_path / "git")
    git.commit({"a": b"1\n"})
    with pytest.raises(NotARepository, match="no repository of git"):
        GitRepository.at(os.fspath(tmp_path))
    with pytest.raises(NotARepository, match="no folder"):
        GitRepository.at(os.fspath(tmp_path / "nothing"))
    with pytest.raises(NotFound, match="no branch 'x'"):
        import_git(replica, GitRepository.at(os.fspath(git.folder)), branches=["x"])
    sha256 = tmp_path / "sha256"
    sha256.mkdir()
    GitHistory.git(git, "init", "--quiet", "--object-format=sha256", os.fspath(sha256))
    with pytest.raises(Refused, match="SHA-256"):
        GitRepository.at(os.fspath(sha256))
    assert replica.tip() is None


def test_folders_without_end_are_refused(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    pack, body = PackStream(tmp_path), b""
    for _ in range(MAX_DEPTH + 1):
        pack.add("tree", len(body), [body])
        tree = name_of("tree", body)
        body = b"40000 d\0" + bytes.fromhex(tree)
    pack.finish(tmp_path / "pack")
    GitRepository(os.fspath(git.folder)).add_pack(tmp_path / "pack")
    git.branch("deep", git.raw_commit(tree, []))
    with pytest.raises(InvalidObject, match="deep in a tree of git"):
        brought(new(tmp_path / "ours"), git)


def test_tags_of_files_are_left_out_and_said_so(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"a": b"1\n"})
    git.git("tag", "file", git.git("rev-parse", "HEAD:a"))
    imported = brought(new(tmp_path / "ours"), git)
    assert imported.tags == ()
    assert imported.notes == ("the tag 'file' is left out: it names a blob",)


@pytest.mark.parametrize("url", ["--upload-pack=touch x", "ext::sh -c x", "-x:y", "nothing"])
def test_an_address_that_git_might_misread_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(Usage):
        fetched(new(tmp_path / "ours"), url)


def test_a_large_file_goes_through_whole(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"big": os.urandom(5_000_000)})
    replica = new(tmp_path / "ours")
    brought(replica, git)
    assert replica.read("main", "big") == (git.folder / "big").read_bytes()
    assert refs_of(taken_back(replica, tmp_path / "back")) == git.refs()


def test_what_is_fetched_is_what_the_server_has_now(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    first = git.commit({"a": b"1\n"})
    git.branch("old/x", first)
    git.git("tag", "gone", first)
    replica = new(tmp_path / "ours")
    assert len(refs_of(fetched(replica, os.fspath(git.folder)))) == 3
    git.git("branch", "-D", "old/x")
    git.git("tag", "-d", "gone")
    git.branch("old", first)
    found = refs_of(fetched(replica, os.fspath(git.folder)))
    assert sorted(found) == ["refs/heads/main", "refs/heads/old"]


def test_a_history_that_only_an_annotated_tag_reaches_is_known_again(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"a": b"1\n"})
    git.git("checkout", "--quiet", "--orphan", "aside")
    git.commit({"b": b"2\n"})
    git.git("tag", "-a", "-m", "aside", "aside-1")
    git.git("checkout", "--quiet", "main")
    git.git("branch", "-D", "aside")
    replica = new(tmp_path / "ours")
    assert brought(replica, git).commits == 2
    assert len(known_commits(replica.store, {})) == 2
    assert brought(replica, git).commits == 0
