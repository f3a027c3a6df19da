"""An import that breaks off: git dies, lacks an object, or somebody presses Ctrl-C.

No ref has moved then, what came is whole, and the same words go on from there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from git_histories import GitHistory
from interrupting import calls_of, check_interrupted, interrupted
from people import files_in
from replicas import assert_whole
from terminal import Terminal

from pyvcs.cli import exit_codes
from pyvcs.collecting import collect
from pyvcs.git import importing
from pyvcs.git.importing import import_git
from pyvcs.git.known import known_commits
from pyvcs.git.plumbing import GitReader, GitRepository
from pyvcs.objects.errors import GitFailed, ObjectMissing
from pyvcs.repository import Repository

COMMITS = 12


def history(folder: Path) -> GitHistory:
    """Commits in a row, each with a file of its own."""
    git = GitHistory(folder)
    for number in range(COMMITS):
        git.commit({f"d{number % 3}/{number}": b"%d\n" % number}, f"commit {number}")
    return git


class Watched(GitRepository):
    """A repository of git whose readers can be reached."""

    readers: list[GitReader]

    def objects(self) -> GitReader:
        self.readers = [super().objects()]
        return self.readers[0]


def at_commit(number: int, act: Callable[[], None]) -> Callable[[str, int], None]:
    """Progress that does something when so many commits have come."""

    def progress(what: str, done: int) -> None:
        assert what == "importing commits"
        if done == number:
            act()

    return progress


def new(folder: Path) -> Repository:
    return Repository.init(os.fspath(folder), bare=True)


def check_it_goes_on(replica: Repository, git: GitHistory, came: int, whole: Repository) -> None:
    """Nothing shows of what came, and the next import brings the rest."""
    assert replica.tip() is None
    assert not replica.refs.tags
    replica = Repository.open(replica.place.folder)  # type: ignore[union-attr] # as the next process
    assert_whole([replica])
    assert import_git(replica, GitRepository(os.fspath(git.folder))).commits == COMMITS - came
    assert replica.refs.tips == whole.refs.tips
    assert_whole([replica])


@pytest.fixture
def git(tmp_path: Path) -> GitHistory:
    return history(tmp_path / "git")


@pytest.fixture
def whole(tmp_path: Path, git: GitHistory) -> Repository:
    """The same history, imported at one go."""
    replica = new(tmp_path / "whole")
    import_git(replica, GitRepository(os.fspath(git.folder)))
    return replica


@pytest.mark.parametrize("pack_objects", [3, 100_000])
def test_a_git_that_is_killed_is_told_and_what_came_is_kept(
    tmp_path: Path,
    git: GitHistory,
    whole: Repository,
    pack_objects: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importing, "_PACK_OBJECTS", pack_objects)
    replica, source = new(tmp_path / "ours"), Watched(os.fspath(git.folder))
    replica.progress = at_commit(7, lambda: source.readers[0].process.kill())
    with pytest.raises(GitFailed, match="git was ended by signal 9") as caught:
        import_git(replica, source)
    assert "import again" in caught.value.hint
    check_it_goes_on(replica, git, 7, whole)


def test_a_git_that_is_killed_within_a_file_gives_no_half_of_it(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"big": os.urandom(3_000_000)})
    with GitRepository(os.fspath(git.folder)).objects() as reader:
        _, size, body = reader.begin(git.git("rev-parse", "HEAD:big"))
        reader.process.kill()
        with pytest.raises(GitFailed, match="signal 9"):
            body.read(size)


def test_a_missing_object_is_named_with_the_commit_that_needs_it(
    tmp_path: Path, git: GitHistory, whole: Repository
) -> None:
    sha = git.git("rev-parse", "main:d2/8")
    needed_by = git.git("log", "--format=%H", "--diff-filter=A", "--", "d2/8")
    place = git.folder / ".git" / "objects" / sha[:2] / sha[2:]
    aside = place.rename(tmp_path / "aside")
    replica = new(tmp_path / "ours")
    for came in (8, 0):  # the second try comes as far, and brings nothing
        before = len(whole_commits(replica))
        with pytest.raises(ObjectMissing, match=f"no object {sha} .* commit {needed_by}") as caught:
            import_git(replica, GitRepository(os.fspath(git.folder)))
        assert "git fsck" in caught.value.hint
        assert len(whole_commits(replica)) - before == came
    aside.rename(place)
    check_it_goes_on(replica, git, 8, whole)


def whole_commits(replica: Repository) -> set[str]:
    replica = Repository.open(replica.place.folder)  # type: ignore[union-attr]
    return set(known_commits(replica.store, {}))


def test_what_was_kept_goes_with_what_nothing_reaches(
    tmp_path: Path, git: GitHistory, whole: Repository
) -> None:
    replica, source = new(tmp_path / "ours"), Watched(os.fspath(git.folder))
    replica.progress = at_commit(7, lambda: source.readers[0].process.kill())
    with pytest.raises(GitFailed):
        import_git(replica, source)
    assert len(whole_commits(replica)) == 7
    collect(replica, prune=True)
    check_it_goes_on(replica, git, 0, whole)


def test_the_same_words_again_fill_the_folder(tmp_path: Path, git: GitHistory) -> None:
    """Ctrl-C at moments all over an import into a new folder."""
    person = Terminal(tmp_path)
    words = ["git", "import", "git", "ours"]
    watched = "open os.link os.mkdir os.rename subprocess.Popen"
    told = interrupted(person, ["git", "import", "git", "first"], 0, watched)
    assert told.code == 0, told
    files = files_in(tmp_path / "first")
    calls = calls_of(told)
    for moment in {1, *(calls * step // 8 for step in range(2, 8))}:
        told = interrupted(person, ["git", "import", "git", f"at {moment}"], moment, watched)
        check_interrupted(told, moment)
        words[-1] = f"at {moment}"
        done = person.run(*words)
        assert done.out.endswith("1 branch, 0 tags\n")
        there = person.at(tmp_path / words[-1])
        assert files_in(there.folder) == files, moment
        assert "no problem" in there.run("fsck").out
        assert "working tree is clean" in there.run("status").out


def test_a_source_that_is_none_makes_no_folder(tmp_path: Path) -> None:
    person = Terminal(tmp_path)
    (tmp_path / "empty").mkdir()
    for source in ("nothing-there", "empty"):
        done = person.run("git", "import", source, "ours", check=False)
        assert done.code != exit_codes.DONE
        assert not (tmp_path / "ours").exists()
