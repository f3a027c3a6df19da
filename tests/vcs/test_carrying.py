"""After a sync: the working tree follows its branch, and takes its edits along when they merge."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import ADA, commit, files_in, new_repository, write
from terminal import Terminal

from pyvcs.following import Following, follow
from pyvcs.merging import MergeKind
from pyvcs.repository import Repository

LINES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"


def two(folder: Path, files: dict[str, str | bytes | None]) -> tuple[Repository, Repository]:
    """A repository with one commit, and its clone."""
    here = new_repository(folder / "here")
    commit(here, files)
    there = Repository.clone(os.fspath(folder / "here"), os.fspath(folder / "there"))
    return here, there


def test_edits_elsewhere_in_the_file_stay_edits_on_top_of_what_came(tmp_path: Path) -> None:
    here, there = two(tmp_path, {"a": LINES, "d.json": '{\n  "x": 1,\n  "y": 1\n}\n', "b": "b"})
    tip = commit(
        there, {"a": LINES.replace("one", "ONE"), "d.json": '{\n  "x": 2,\n  "y": 1\n}\n', "b": "B"}
    )
    write(
        tmp_path / "here",
        {"a": LINES.replace("seven", "SEVEN"), "d.json": '{\n  "x": 1,\n  "y": 9\n}\n', "new": "n"},
    )
    report = here.sync(there)
    assert report.followed
    assert report.following == Following(carried=(b"a", b"d.json"))
    assert here.refs.position.commit == tip
    assert files_in(tmp_path / "here") == {
        "a": LINES.replace("one", "ONE").replace("seven", "SEVEN").encode(),
        "b": b"B",
        "d.json": b'{\n  "x": 2,\n  "y": 9\n}\n',
        "new": b"n",
    }
    assert [change.path for change in here.status().changes] == [b"a", b"d.json", b"new"]
    commit(here, {}, "mine")
    assert here.read("main", "a") == (tmp_path / "here" / "a").read_bytes()


@pytest.mark.parametrize(
    ("edit", "theirs"),
    [
        ({"a": LINES.replace("one", "mine")}, {"a": LINES.replace("one", "theirs")}),
        ({"a": None}, {"a": LINES + "eight\n"}),
        ({"a": LINES + "eight\n"}, {"a": None}),
        ({"new": "mine\n"}, {"new": "theirs\n"}),
        ({"b": b"\0mine"}, {"b": b"\0theirs"}),
        ({"new/x": "x"}, {"new": "a file"}),
        ({"new": "a file"}, {"new/x": "x"}),
    ],
)
def test_an_edit_that_does_not_merge_keeps_everything_as_it_was(
    tmp_path: Path, edit: dict[str, str | bytes | None], theirs: dict[str, str | bytes | None]
) -> None:
    here, there = two(tmp_path, {"a": LINES, "b": b"\0", "other": LINES, "gone": "x"})
    before = here.refs.position
    commit(there, {**theirs, "other": LINES.replace("one", "1"), "gone": None, "more": "x"})
    write(tmp_path / "here", {**edit, "other": LINES.replace("seven", "7")})
    standing = files_in(tmp_path / "here")
    report = here.sync(there)
    assert not report.followed
    assert len(report.following.in_the_way) == 1
    assert here.refs.position == before
    assert files_in(tmp_path / "here") == standing
    mine = commit(here, {}, "mine")
    assert mine in here.heads()
    assert here.refs.position.commit == here.tip()


def test_what_stood_in_a_merged_file_is_in_the_store(tmp_path: Path) -> None:
    from pyvcs.objects.codec import encode, oid_of

    here, there = two(tmp_path, {"a": LINES})
    commit(there, {"a": LINES.replace("one", "ONE")})
    edited = LINES.replace("seven", "SEVEN").encode()
    write(tmp_path / "here", {"a": edited})
    here.sync(there)
    assert here.store.blob(oid_of(encode(edited))) == edited


def test_an_executable_bit_and_an_edit_meet(tmp_path: Path) -> None:
    here, there = two(tmp_path, {"a": LINES})
    (tmp_path / "there" / "a").chmod(0o755)
    commit(there, {})
    write(tmp_path / "here", {"a": LINES + "eight\n"})
    assert here.sync(there).followed
    assert (tmp_path / "here" / "a").stat().st_mode & 0o100
    assert (tmp_path / "here" / "a").read_text() == LINES + "eight\n"


def test_the_edits_of_the_other_side_are_carried_too(tmp_path: Path) -> None:
    here, there = two(tmp_path, {"a": LINES})
    commit(here, {"a": LINES.replace("one", "ONE")})
    write(tmp_path / "there", {"a": LINES.replace("seven", "SEVEN")})
    here.sync(there)
    assert (tmp_path / "there" / "a").read_text().startswith("ONE")
    assert [change.path for change in there.status().changes] == [b"a"]


def test_without_merge_the_heads_stay_apart_and_the_refs_are_the_same(tmp_path: Path) -> None:
    here, there = two(tmp_path, {"a": LINES})
    theirs, ours = commit(there, {"b": "1"}), commit(here, {"c": "1"})
    before = files_in(tmp_path / "here")
    report = here.sync(there, merge=False)
    assert report.following.is_apart
    assert not report.followed
    assert report.pulled.moved[0].heads == tuple(sorted({ours, theirs}))
    assert here.refs.position.commit == ours
    assert files_in(tmp_path / "here") == before
    assert here.refs.tips == there.refs.tips
    outcome = here.merge("main")
    assert (outcome.kind, outcome.before) == (MergeKind.FAST_FORWARD, ours)
    assert here.refs.position.commit == here.tip()
    assert "b" in files_in(tmp_path / "here")


def test_without_merge_one_head_is_followed(tmp_path: Path) -> None:
    here, there = two(tmp_path, {"a": LINES})
    tip = commit(there, {"a": LINES.replace("one", "1"), "b": "1"})
    write(tmp_path / "here", {"c": "mine"})
    assert here.sync(there, merge=False).followed
    assert here.refs.position.commit == tip
    tip = commit(there, {"a": LINES.replace("one", "2")})
    write(tmp_path / "here", {"a": LINES.replace("one", "1") + "eight\n"})
    assert here.sync(there, merge=False).following.in_the_way == (b"a",)
    assert here.sync(there).following.carried == (b"a",)
    assert here.refs.position.commit == tip


def test_the_terminal_says_what_happened_and_what_to_run(tmp_path: Path) -> None:
    two(tmp_path, {"a": LINES})
    ada, bob = Terminal(tmp_path / "here"), Terminal(tmp_path / "there")
    bob.write("a", LINES.replace("one", "ONE"))
    bob.run("commit", "-m", "loud")
    ada.write("a", LINES.replace("one", "uno"))
    stays = ada.run("sync", "../there", check=False)
    assert stays.code == 1
    assert "edits keep the working tree at" in stays.err
    assert "a; `pyvcs commit`" in stays.err
    ada.write("a", LINES.replace("seven", "SEVEN"))
    done = json.loads(ada.run("sync", "../there", "--json").out)
    assert (done["followed"], done["carried"], done["in_the_way"]) == (True, ["a"], [])
    ada.run("commit", "-m", "louder")
    bob.write("b", "1")
    bob.run("commit", "-m", "more")
    apart = ada.run("sync", "../there", "--no-merge", check=False)
    assert apart.code == 1
    assert "Heads of main:" in apart.out
    assert "louder" in apart.out
    assert "pyvcs merge main" in apart.err
    assert ada.run("merge", "main").out.startswith("Fast-forward to")
    assert ada.run("sync", "../there").code == 0


_TEXTS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)
_FILES = st.dictionaries(st.sampled_from(["x", "y", "z.json", "d/x"]), _TEXTS | st.none())


@settings(max_examples=40, deadline=None)
@given(base=_FILES, edit=_FILES, theirs=_FILES)
def test_nothing_that_was_not_committed_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory,
    base: dict[str, str | None],
    edit: dict[str, str | None],
    theirs: dict[str, str | None],
) -> None:
    """Each edited file stands as it was, or its bytes are in the store and its edit in the file."""
    folder = tmp_path_factory.mktemp("carry")
    start = {name: text for name, text in base.items() if text is not None}
    here, there = two(folder, {"keep": "1", **start})
    root = folder / "here"
    for side, changes in ((folder / "there", theirs), (root, edit)):
        for name, text in changes.items():
            if text is not None or (side / name).exists():
                write(side, {name: text})
    if there.status().changes:
        there.commit("theirs", author=ADA)
    before, position = files_in(root), here.refs.position.commit
    edited = {change.path.decode() for change in here.status().changes}
    report = here.sync(there)
    after = files_in(root)
    if not report.followed:
        assert (after, here.refs.position.commit) == (before, position)
        return
    assert here.refs.position.commit == here.tip()
    for name in edited - {path.decode() for path in report.following.carried}:
        assert after.get(name) == before.get(name)
    left = {change.path.decode() for change in here.status().changes}
    assert left <= edited


def test_a_crash_while_edits_are_carried_can_be_gone_on_from(tmp_path: Path) -> None:
    """The working tree with any part of the files already changed, and the refs of before."""
    from pyvcs.sync.replicate import take_in

    rng = random.Random(1)
    names = [f"f{number}" for number in range(4)]
    here, there = two(tmp_path, dict.fromkeys(names, LINES))
    commit(there, {name: LINES.replace("one", "ONE") for name in names})
    take_in(here, there, worktree=False)
    edited, merged = LINES.replace("seven", "SEVEN"), LINES.replace("one", "ONE")
    merged = merged.replace("seven", "SEVEN")
    for _ in range(3):
        for name in names:
            write(tmp_path / "here", {name: rng.choice([edited, merged])})
        position = here.refs
        assert follow(here).stands_on_tip
        assert set(files_in(tmp_path / "here").values()) == {merged.encode()}
        here.ref_store.swap(
            here.refs, position, command="as before the crash", now_ms=here.now_ms()
        )
