"""Submodules in merges of a history of git: git is asked for the same merges."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from git_histories import GitHistory

from pyvcs.git.plumbing import GitRepository
from pyvcs.git.replay import Replayed, Verdict
from pyvcs.git.replaying import replay_git

A, B, C = (digit * 40 for digit in "123")
TEXT = "".join(f"line {number}\n" for number in range(10))
EDITED = TEXT + "more\n"

Entries = Mapping[str, str]
"""What is at each path: 40 digits are the commit of a submodule, all else is a text."""

CASES: dict[str, tuple[Entries, Entries, Entries, set[str]]] = {
    "changed": ({"s": A, "f": TEXT}, {"s": B, "f": TEXT}, {"s": A, "f": EDITED}, set()),
    "renamed": ({"s": A, "f": TEXT}, {"n": A, "f": TEXT}, {"s": A, "f": EDITED}, set()),
    "renamed-and-changed": ({"s": A}, {"n": A}, {"s": B}, set()),
    "renamed-alike": ({"s": A}, {"n": A}, {"n": A}, set()),
    "its-folder-renamed": (
        {"d/s": A, "d/x": TEXT},
        {"e/s": A, "e/x": TEXT},
        {"d/s": B, "d/x": TEXT},
        set(),
    ),
    "changed-by-both": ({"s": A}, {"s": B}, {"s": C}, {"contents s"}),
    "renamed-by-both": ({"s": A}, {"n": A}, {"m": A}, {"rename/rename m"}),
    "deleted-and-changed": ({"s": A}, {}, {"s": B}, {"modify/delete s"}),
    "added-by-both": ({"f": TEXT}, {"f": TEXT, "s": A}, {"f": TEXT, "s": B}, {"add/add s"}),
    "beside-a-file": ({"f": TEXT}, {"f": TEXT, "s": A}, {"f": TEXT, "s": "file\n"}, {"add/add s"}),
    "beside-a-folder": (
        {"f": TEXT},
        {"f": TEXT, "s": A},
        {"f": TEXT, "s/x": "file\n"},
        {"file/directory s"},
    ),
    "in-place-of-a-folder": (
        {"d/x": TEXT, "d/y": "y\n"},
        {"d": A},
        {"d/x": EDITED, "d/y": "y\n"},
        {"file/directory d", "modify/delete d/x"},
    ),
    "new-in-a-renamed-folder": (
        {"d/x": TEXT},
        {"e/x": TEXT},
        {"d/x": TEXT, "d/s": A},
        {"location e/s"},
    ),
}


def tree_of(git: GitHistory, entries: Entries) -> str:
    """A tree of git with these entries; its name."""
    rows = []
    for name in sorted({path.partition("/")[0] for path in entries}):
        below = {p.partition("/")[2]: e for p, e in entries.items() if p.partition("/")[0] == name}
        here = below.get("")
        if here is None:
            rows.append((f"{name}/", b"40000", tree_of(git, below)))
        elif here in (A, B, C):
            rows.append((name, b"160000", here))
        else:
            rows.append((name, b"100644", git.put("blob", here.encode())))
    body = [
        b"%s %s\0%s" % (m, n.rstrip("/").encode(), bytes.fromhex(s)) for n, m, s in sorted(rows)
    ]
    return git.put("tree", b"".join(body))


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Replayed | None]:
    """What came of each case; None for one that is clean in both, with the same tree."""
    git = GitHistory(tmp_path_factory.mktemp("submodules") / "git")
    merges = {}
    for name, (*versions, _) in CASES.items():
        base, ours, theirs = (tree_of(git, entries) for entries in versions)
        root = git.raw_commit(base, [])
        sides = [git.raw_commit(tree, [root], message=name.encode()) for tree in (ours, theirs)]
        merges[git.raw_commit(ours, sides, message=name.encode())] = name
        git.branch(name, next(reversed(merges)))
    found = replay_git(GitRepository.at(str(git.folder)))
    assert found.judged == len(CASES)
    return {**dict.fromkeys(CASES), **{merges[one.commit]: one for one in found.notable}}


@pytest.mark.parametrize("name", CASES)
def test_a_submodule_merges_as_in_git(name: str, replayed: dict[str, Replayed | None]) -> None:
    """Clean with git's tree, or in conflict in both. Nothing is known of their commits."""
    one = replayed[name]
    if one is None:
        assert not CASES[name][3]
        return
    assert one.verdict is Verdict.NEITHER
    assert {f"{kind} {path.decode()}" for kind, path, _ in one.conflicts} == CASES[name][3]
