"""The lines that let git call the driver: where they stand, and that nothing else is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from git_histories import ENVIRON, GitHistory
from terminal import Done, Terminal

VALUES = [
    b'{\n  "a": 1,\n  "b": 2\n}\n',
    b'{\n  "a": 5,\n  "b": 2\n}\n',
    b'{\n  "a": 1,\n  "b": 7\n}\n',
]
"""Base and two sides, which meet by lines and not by values."""

BOM = b"\xef\xbb\xbf"


def driver(git: GitHistory, *words: str, check: bool = True) -> Done:
    person = Terminal(git.folder)
    person.environ.update(ENVIRON)
    return person.run("git", *words, check=check)


def merge_attribute(git: GitHistory, path: str) -> str:
    return git.git("check-attr", "merge", path).rpartition(": ")[2]


@pytest.fixture
def git(tmp_path: Path) -> GitHistory:
    git = GitHistory(tmp_path / "git")
    git.commit({"a.json": VALUES[0]})
    return git


@pytest.mark.parametrize("name", [".gitattributes", ".git/info/attributes"])
@pytest.mark.parametrize(
    "own",
    [
        None,
        b"*.bin binary\n",
        b"*.bin binary",
        b"# mine\r\n*.txt text\r\n\r\n",
        BOM + b"*.bin binary\n",
        b"*.\xff\xfe binary\n",
        b"a b merge=pyvcs\n*.json merge=pyvcs",
        b"# end of what pyvcs wrote\n*.x text\n",
    ],
)
def test_what_was_installed_is_taken_out_to_the_byte(
    git: GitHistory, name: str, own: bytes | None
) -> None:
    path = git.folder / name
    if own is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(own)
    elif path.exists():
        path.unlink()
    config = (git.folder / ".git/config").read_text()
    private = [] if name == ".gitattributes" else ["--private"]
    driver(git, "install-driver", *private, "--pattern", "*.json")
    driver(git, "install-driver", *private, "--pattern", "a b.json")
    assert path.read_bytes().removeprefix(b"\xef\xbb\xbf").startswith(b"# written by")
    assert path.read_bytes().endswith(
        (own or b"# end of what pyvcs wrote\n").lstrip(b"\xef\xbb\xbf")
    )
    assert merge_attribute(git, "d/a b.json") == "pyvcs"
    driver(git, "uninstall-driver")
    driver(git, "uninstall-driver")
    assert (path.read_bytes() if path.exists() else None) == own
    assert (git.folder / ".git/config").read_text() == config


def test_lines_of_a_person_have_the_last_word(git: GitHistory) -> None:
    git.commit(
        {"mine.json": b"1\n", "d/x.ipynb": b"2\n", ".gitattributes": b"mine.* merge=union\n"}
    )
    git.commit({"d/.gitattributes": b"*.ipynb binary\n"})
    said = driver(git, "install-driver").err
    assert "keep another merge for d/x.ipynb, mine.json" in said
    assert merge_attribute(git, "mine.json") == "union"
    assert merge_attribute(git, "d/x.ipynb") == "unset"
    assert merge_attribute(git, "a.json") == "pyvcs"


def test_what_somebody_wrote_into_our_lines_stays(git: GitHistory) -> None:
    driver(git, "install-driver", "--patterns", "*.json")
    path = git.folder / ".gitattributes"
    begin, line, end = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(begin + b"*.x text\n" + line + b"*.y text\n")  # and the last line is gone
    driver(git, "uninstall-driver")
    assert path.read_bytes() == b"*.x text\n*.y text\n"
    assert end


def test_a_team_shares_the_patterns(tmp_path: Path, git: GitHistory) -> None:
    """One installs and commits; another one clones, installs, and merges alike."""
    driver(git, "install-driver", "--pattern", "a.*")
    git.commit({}, "let git merge with pyvcs")
    shared = (git.folder / ".gitattributes").read_bytes()
    git.git("clone", "--quiet", ".", os.fspath(tmp_path / "clone"))
    clone = GitHistory.__new__(GitHistory)
    clone.folder, clone.environ, clone._seconds = tmp_path / "clone", ENVIRON, 1_700_000_000
    driver(clone, "install-driver")
    assert (clone.folder / ".gitattributes").read_bytes() == shared
    assert clone.git("status", "--porcelain") == ""
    clone.git("checkout", "--quiet", "-b", "topic")
    clone.commit({"a.json": VALUES[1]})
    clone.git("checkout", "--quiet", "main")
    clone.commit({"a.json": VALUES[2]})
    clone.git("rebase", "--quiet", "topic")
    assert (clone.folder / "a.json").read_bytes() == b'{\n  "a": 5,\n  "b": 7\n}\n'


def test_who_has_no_driver_gets_gits_own_merge(git: GitHistory) -> None:
    driver(git, "install-driver")
    git.commit({}, "attributes")
    git.git("config", "--remove-section", "merge.pyvcs")
    git.git("checkout", "--quiet", "-b", "topic")
    git.commit({"a.json": VALUES[0] + b"\n\n\n"})
    git.git("checkout", "--quiet", "main")
    git.commit({"a.json": b"\n\n\n" + VALUES[0]})
    git.git("merge", "--quiet", "-m", "merged", "topic")
    assert (git.folder / "a.json").read_bytes() == b"\n\n\n" + VALUES[0] + b"\n\n\n"


def test_it_is_installed_in_one_place_at_a_time(git: GitHistory) -> None:
    driver(git, "install-driver", "--private", "--pattern", "*.x")
    driver(git, "install-driver", "--local")
    assert not (git.folder / ".git/info/attributes").exists()
    assert merge_attribute(git, "a.json") == "pyvcs"


def test_from_a_folder_below_it_writes_at_the_top(git: GitHistory) -> None:
    git.commit({"d/e.json": b"1\n"})
    person = Terminal(git.folder / "d")
    person.environ.update(ENVIRON)
    done = person.run("git", "install-driver", "--pattern", "d/*.json")
    assert done.out == f"git merges d/*.json with pyvcs; see {git.folder}/.gitattributes\n"
    assert "commit .gitattributes" in done.err
    assert merge_attribute(git, "d/e.json") == "pyvcs"


def test_a_bare_repository_has_no_other_place(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.git("init", "--quiet", "--bare", "bare.git")
    person = Terminal(git.folder / "bare.git")
    person.environ.update(ENVIRON)
    assert "info/attributes" in person.run("git", "install-driver").out
    assert person.run("git", "install-driver").err == ""


def test_private_and_global_are_no_pair(git: GitHistory) -> None:
    assert driver(git, "install-driver", "--private", "--global", check=False).code == 2
