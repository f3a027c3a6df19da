"""git itself, merging with pyvcs: real merges, rebases and conflicts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from git_histories import ENVIRON, GitHistory
from terminal import Terminal

from pyvcs.merge.driver import json_form

PACKAGE = {"name": "x", "version": "1.0.0", "dependencies": {"a": "^1.0.0", "m": "1.0.0"}}
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "id": "one",
            "metadata": {},
            "execution_count": 1,
            "outputs": [],
            "source": ["x = 1\n", "y = 2\n"],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def spelled(value: object) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"


def cell(count: int, source: list[str]) -> dict[str, object]:
    first = {**NOTEBOOK["cells"][0], "execution_count": count, "source": source}  # type: ignore[index]
    return {**NOTEBOOK, "cells": [first]}


CASES = {
    "package.json": (
        spelled(PACKAGE),
        spelled({**PACKAGE, "dependencies": {"a": "^1.0.0", "b": "2", "m": "1.0.0"}}),
        spelled({**PACKAGE, "dependencies": {"a": "^1.0.0", "c": "3", "m": "1.0.0"}}),
    ),
    "locale/de.json": (
        b'{\n  "yes": "ja"\n}\n',
        b'{\n  "yes": "ja",\n  "no": "nein"\n}\n',
        b'{\n  "yes": "ja",\n  "maybe": "vielleicht"\n}\n',
    ),
    "package-lock.json": (
        spelled({"lockfileVersion": 3, "packages": {"a": {"version": "1.0.0"}}}),
        spelled({"lockfileVersion": 3, "packages": {"a": {"version": "1.0.0"}, "b": {}}}),
        spelled({"lockfileVersion": 3, "packages": {"a": {"version": "1.0.0"}, "c": {}}}),
    ),
    "work.ipynb": (
        spelled(NOTEBOOK),
        spelled(cell(2, ["x = 1\n", "y = 20\n"])),
        spelled(cell(3, ["x = 10\n", "y = 2\n"])),
    ),
}


def two_branches(folder: Path) -> GitHistory:
    """Branches main and topic, each with its version of every file."""
    git = GitHistory(folder)
    for number, branch in enumerate(["", "topic", "main"]):
        if branch == "topic":
            git.git("checkout", "--quiet", "-b", "topic")
        elif branch:
            git.git("checkout", "--quiet", "main")
        git.commit({name: case[number] for name, case in CASES.items()}, branch or "base")
    return git


def attempt(git: GitHistory, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        ["git", *arguments],
        cwd=git.folder,
        env=git.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def install(git: GitHistory, *options: str) -> Terminal:
    person = Terminal(git.folder)
    person.environ.update(git.environ)
    person.run("git", "install-driver", *options)
    return person


def assert_merged(git: GitHistory) -> None:
    package = json.loads((git.folder / "package.json").read_text())
    assert package["dependencies"] == {"a": "^1.0.0", "b": "2", "c": "3", "m": "1.0.0"}
    locale = json.loads((git.folder / "locale/de.json").read_text())
    assert locale == {"yes": "ja", "no": "nein", "maybe": "vielleicht"}
    lock = json.loads((git.folder / "package-lock.json").read_text())
    assert set(lock["packages"]) == {"a", "b", "c"}
    notebook = json.loads((git.folder / "work.ipynb").read_text())
    assert "".join(notebook["cells"][0]["source"]) == "x = 10\ny = 20\n"
    assert git.git("status", "--porcelain", "-uno") == ""


def test_git_alone_has_conflicts_everywhere(tmp_path: Path) -> None:
    git = two_branches(tmp_path / "git")
    code, said = attempt(git, "merge", "topic")
    assert code == 1
    assert all(f"Merge conflict in {name}" in said for name in CASES), said


@pytest.mark.parametrize("options", [(), ("--private",), ("--global",)], ids=str)
def test_a_merge_with_the_driver_is_clean(tmp_path: Path, options: tuple[str, ...]) -> None:
    git = two_branches(tmp_path / "git")
    environ = {"GIT_CONFIG_GLOBAL": os.fspath(tmp_path / "config")} if options else {}
    environ["XDG_CONFIG_HOME"] = os.fspath(tmp_path / "home")
    git.environ = {**git.environ, **environ}
    install(git, *options)
    code, said = attempt(git, "merge", "topic", "-m", "merged")
    assert code == 0, said
    assert_merged(git)


@pytest.mark.parametrize("way", ["rebase", "cherry-pick"])
def test_a_rebase_and_a_cherry_pick_with_the_driver_are_clean(tmp_path: Path, way: str) -> None:
    git = two_branches(tmp_path / "git")
    install(git)
    code, said = attempt(git, way, "topic")
    assert code == 0, said
    assert_merged(git)


def test_a_stash_that_is_popped_merges_with_the_driver(tmp_path: Path) -> None:
    git = two_branches(tmp_path / "git")
    install(git)
    git.git("checkout", "--quiet", "main~1")
    for name, case in CASES.items():
        (git.folder / name).write_bytes(case[1])
    git.git("stash")
    git.git("checkout", "--quiet", "main")
    code, said = attempt(git, "stash", "pop")
    assert code == 0, said
    git.git("commit", "--quiet", "--all", "-m", "merged")
    assert_merged(git)


def test_what_both_changed_is_a_conflict_with_gits_markers(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"a.json": b'{\n  "v": 1\n}\n'})
    git.git("checkout", "--quiet", "-b", "topic")
    git.commit({"a.json": b'{\n  "v": 2\n}\n'})
    git.git("checkout", "--quiet", "main")
    git.commit({"a.json": b'{\n  "v": 3\n}\n'})
    install(git)
    code, said = attempt(git, "merge", "topic")
    assert code == 1
    assert "conflict in a.json at /v" in said
    text = (git.folder / "a.json").read_text()
    assert text.count("<<<<<<< ") == text.count(">>>>>>> ") == 1
    assert '"v": 2' in text
    assert '"v": 3' in text
    assert git.git("status", "--porcelain", "-uno") == "UU a.json"


def test_markers_have_the_length_that_git_was_told(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit(
        {"a.json": b'{\n  "v": 1\n}\n', ".gitattributes": b"*.json conflict-marker-size=12\n"}
    )
    git.git("checkout", "--quiet", "-b", "topic")
    git.commit({"a.json": b'{\n  "v": 2\n}\n'})
    git.git("checkout", "--quiet", "main")
    git.commit({"a.json": b'{\n  "v": 3\n}\n'})
    install(git)
    assert attempt(git, "merge", "topic")[0] == 1
    text = (git.folder / "a.json").read_text()
    assert [line for line in text.splitlines() if set(line[:7]) & set("<=>")] == [
        "<" * 12 + " ours",
        "=" * 12,
        ">" * 12 + " theirs",
    ]


@pytest.mark.parametrize(
    ("given", "ours", "theirs"),
    [
        (("some base", "HEAD", "topic: ä"), "HEAD", "topic: ä"),
        (("%S", "%X", "%Y"), "ours", "theirs"),  # git before 2.44 does not know what they are
        (("", "", ""), "ours", "theirs"),
    ],
)
@pytest.mark.parametrize("size", [7, 12])
@pytest.mark.parametrize("path", ["a.txt", "a.json"])
def test_markers_have_the_length_and_the_labels_of_git(
    tmp_path: Path, given: tuple[str, str, str], ours: str, theirs: str, size: int, path: str
) -> None:
    person = Terminal(tmp_path)
    person.environ.update(ENVIRON)
    for name, value in (("base", 1), ("ours", 2), ("theirs", 3)):
        person.write(name, f'{{\n  "v": {value}\n}}\n')
    options = ("--path", path, "--marker-size", str(size), "--labels", *given)
    done = person.run("git", "driver", "base", "ours", "theirs", *options, check=False)
    assert done.code == 1
    assert person.read("ours").splitlines() == [
        "{",
        f"{'<' * size} {ours}",
        '  "v": 2',
        "=" * size,
        '  "v": 3',
        f"{'>' * size} {theirs}",
        "}",
    ]


def test_rules_come_from_the_repository(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    rules = b"""version = 1
[[file]]
path = "*.json"
[[file.place]]
pointer = "/v"
merge = "max"
"""
    git.commit({"a.json": b'{\n  "v": 1\n}\n', ".pyvcs.toml": rules})
    git.git("checkout", "--quiet", "-b", "topic")
    git.commit({"a.json": b'{\n  "v": 2\n}\n'})
    git.git("checkout", "--quiet", "main")
    git.commit({"a.json": b'{\n  "v": 3\n}\n'})
    install(git)
    code, said = attempt(git, "merge", "topic", "-m", "merged")
    assert code == 0, said
    assert json.loads((git.folder / "a.json").read_text()) == {"v": 3}


def test_when_ours_fails_git_merges(tmp_path: Path) -> None:
    git = two_branches(tmp_path / "git")
    install(git)
    git.git("config", "merge.pyvcs.driver", f"{sys.executable} -c 'raise SystemExit(1)' %A")
    code, _ = attempt(git, "merge", "topic")
    assert code == 1
    assert (git.folder / "package.json").read_bytes() == CASES["package.json"][2]


def test_a_broken_rules_file_does_not_stop_a_merge(tmp_path: Path) -> None:
    git = two_branches(tmp_path / "git")
    install(git)
    (git.folder / ".pyvcs.toml").write_text("this is no TOML [")
    code, said = attempt(git, "merge", "topic", "-m", "merged")
    assert code == 0, said


def test_what_is_no_json_merges_as_git_does(tmp_path: Path) -> None:
    git = GitHistory(tmp_path / "git")
    git.commit({"a.json": b"{ broken\n1\n2\n3\n"})
    git.git("checkout", "--quiet", "-b", "topic")
    git.commit({"a.json": b"{ broken!\n1\n2\n3\n"})
    git.git("checkout", "--quiet", "main")
    git.commit({"a.json": b"{ broken\n1\n2\nthree\n"})
    install(git)
    assert attempt(git, "merge", "topic", "-m", "merged")[0] == 0
    assert (git.folder / "a.json").read_bytes() == b"{ broken!\n1\n2\nthree\n"


@pytest.mark.parametrize(
    "name", ["a.json", "deep/a.ipynb", "a.arb", "x.code-workspace", "deno.lock", "Pipfile.lock"]
)
def test_git_asks_for_all_that_is_merged_as_json(tmp_path: Path, name: str) -> None:
    git = GitHistory(tmp_path / "git")
    install(git)
    assert json_form(name.encode())
    assert git.git("check-attr", "merge", name) == f"{name}: merge: pyvcs"


def test_mergetool_goes_over_what_git_left(tmp_path: Path) -> None:
    git = two_branches(tmp_path / "git")
    assert attempt(git, "merge", "topic")[0] == 1
    person = Terminal(git.folder)
    person.environ.update(ENVIRON)
    done = person.run("git", "mergetool", "package.json")
    assert done.out == "merged package.json\n"
    assert "UU work.ipynb" in git.git("status", "--porcelain")
    person.run("git", "mergetool")
    assert "UU" not in git.git("status", "--porcelain")
    git.git("commit", "--quiet", "-m", "merged")
    assert_merged(git)


def in_conflict(folder: Path, *versions: bytes, name: str = "sub/v.json") -> GitHistory:
    """A merge that stopped at one file: base, topic and main."""
    rules = b"""version = 1
[[file]]
path = "sub/v.json"
[[file.place]]
pointer = "/v"
merge = "max"
"""
    git = GitHistory(folder)
    git.commit({name: versions[0], ".pyvcs.toml": rules})
    git.git("checkout", "--quiet", "-b", "topic")
    git.commit({name: versions[1]})
    git.git("checkout", "--quiet", "main")
    git.commit({name: versions[2]})
    assert attempt(git, "merge", "topic")[0] == 1
    return git


def values(*found: int) -> list[bytes]:
    return [spelled({"v": value}) for value in found]


def test_mergetool_knows_the_rules_of_a_path_in_a_folder_too(tmp_path: Path) -> None:
    git = in_conflict(tmp_path / "git", *values(1, 2, 3))
    person = Terminal(git.folder / "sub")
    person.environ.update(ENVIRON)
    assert person.run("git", "mergetool").out == "merged v.json\n"
    assert (git.folder / "sub/v.json").read_bytes() == spelled({"v": 3})


def test_mergetool_keeps_what_was_edited_by_hand(tmp_path: Path) -> None:
    git = in_conflict(tmp_path / "git", *values(1, 2, 3))
    (git.folder / "sub/v.json").write_text("half done\n")
    person = Terminal(git.folder)
    person.environ.update(ENVIRON)
    (hint,) = person.run("git", "mergetool").err.splitlines()
    assert git.git(*hint.partition("git ")[2].split()) == "half done"


def test_mergetool_leaves_submodules_and_symlinks_in_conflict(tmp_path: Path) -> None:
    git = in_conflict(tmp_path / "git", *values(1, 2, 3))
    blob = git.git("rev-parse", "main:sub/v.json")
    for mode, path, shas in (
        ("160000", "module", [digit * 40 for digit in "123"]),
        ("120000", "link", [blob] * 3),
    ):
        stages = "".join(f"{mode} {sha} {n}\t{path}\n" for n, sha in enumerate(shas, 1))
        subprocess.run(
            ["git", "update-index", "--index-info"],
            cwd=git.folder,
            env=ENVIRON,
            input=stages.encode(),
            check=True,
        )
    person = Terminal(git.folder)
    person.environ.update(ENVIRON)
    done = person.run("git", "mergetool", check=False)
    assert done.code == 1
    assert done.out.splitlines() == [
        "still in conflict: link",
        "still in conflict: module",
        "merged sub/v.json",
    ]


def test_the_folder_of_the_repository_may_have_any_name(tmp_path: Path) -> None:
    person = Terminal(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")))
    subprocess.run(["git", "init", "--quiet"], cwd=person.folder, check=True)
    for name, value in (("base", 1), ("ours", 2), ("theirs", 1)):
        person.write(name, f'{{"a": {value}}}')
    person.run("git", "install-driver")
    person.run("git", "driver", "base", "ours", "theirs", "--path", "x.json")
    assert person.read("ours") == '{"a": 2}'


def test_outside_of_git_it_is_told(tmp_path: Path) -> None:
    done = Terminal(tmp_path).run("git", "install-driver", check=False)
    assert done.code == 3
    assert os.listdir(tmp_path) in ([], ["nowhere-config"])
