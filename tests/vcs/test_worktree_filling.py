"""A clone writes its files by folders; it is no repository until the disk has all of it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from people import commit, files_in, new_repository
from replicas import assert_whole

from pyvcs import worktree_filling
from pyvcs.objects.errors import NotARepository
from pyvcs.objects.whole_store import WholeStore
from pyvcs.replica import quiet
from pyvcs.repository import Repository


def with_all_sorts(folder: Path) -> Repository:
    """Empty, large and executable files, symlinks, folders in folders, names that are not UTF-8."""
    made = new_repository(folder)
    (folder / "d" / "e" / "f").mkdir(parents=True)
    (folder / "d" / "e" / "f" / "empty").write_bytes(b"")
    (folder / "d" / "run").write_bytes(b"#!/bin/sh\n")
    (folder / "d" / "run").chmod(0o755)
    (folder / "d" / "link").symlink_to("e/f/empty")
    (folder / "out").symlink_to("/nowhere/else")
    (folder / "big").write_bytes(random.Random(1).randbytes(2_000_000))
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe")).write_bytes(b"x")
    commit(made, {"e.txt": "text\n"})
    return made


BY_TWO = """
import os
from pyvcs import both_ends, worktree_filling
from pyvcs.repository import Repository
worktree_filling._MUCH = 0
both_ends._has_second_core = lambda: True
write, here = worktree_filling._Filling._file, os.getpid()
def until(name):
    while not os.path.exists(name):
        os.sched_yield()
def watched(*file):
    if os.getpid() == here:
        until("the second process wrote enough")
    stat = write(*file)
    open(f"written by {os.getpid() == here}", "w").close()
    if os.getpid() != here and IS_ENOUGH:
        open("the second process wrote enough", "w").close()
        ENDS
    return stat
worktree_filling._Filling._file = watched
Repository.clone("ada", "bob", may_fork=True)
"""


def clone_by_two(folder: Path, *, dies: bool = False) -> None:
    """Clone ada's repository as bob's in a process of its own, which has no threads.

    With `dies` the second process ends when it has written 7/37.
    """
    enough, ending = (
        ("os.path.exists('bob/7/37')", "os._exit(1)")
        if dies
        else ("True", "until('written by True')")
    )
    code = BY_TWO.replace("IS_ENOUGH", enough).replace("ENDS", ending)
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, timeout=60)
    if hasattr(os, "fork"):
        assert (folder / "written by True").exists()
        assert (folder / "written by False").exists()


def stats(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Permissions and content (the target of a symlink) of all files but those of the store."""
    found = {}
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".pyvcs"]
        for name in names:
            path = Path(above, name)
            content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            found[os.fspath(path.relative_to(folder))] = path.lstat().st_mode, content
    return found


@pytest.mark.parametrize("way", ["by folders", "by two processes", "one by one"])
def test_a_clone_has_the_files_of_its_source(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_all_sorts(tmp_path / "ada")
    if way == "one by one":
        monkeypatch.setattr(worktree_filling, "_IN_FOLDERS", False)
    if way == "by two processes":
        clone_by_two(tmp_path)
        bob = Repository.open(os.fspath(tmp_path / "bob"))
    else:
        ada = os.fspath(tmp_path / "ada")
        bob = Repository.clone(ada, os.fspath(tmp_path / "bob"))
    assert stats(tmp_path / "bob") == stats(tmp_path / "ada")
    assert bob.status().is_clean
    (tmp_path / "bob" / "e.txt").write_text("tex2\n")
    assert not bob.status().is_clean


def test_what_is_begun_is_no_repository_until_it_is_complete(tmp_path: Path) -> None:
    begun = Repository.begin(os.fspath(tmp_path / "r"))
    with pytest.raises(NotARepository):
        Repository.open(os.fspath(tmp_path / "r"), search=False)
    begun.complete()
    assert Repository.open(os.fspath(tmp_path / "r"), search=False).tip() is None


def test_a_clone_that_is_killed_leaves_a_repository_that_is_whole_or_none(tmp_path: Path) -> None:
    ada = new_repository(tmp_path / "ada")
    commit(ada, {f"{number % 7}/{number}": f"{number}\n" * 50 for number in range(400)})
    command = [sys.executable, "-m", "pyvcs", "clone", os.fspath(tmp_path / "ada")]
    seen = set()
    for number in range(6):
        target = tmp_path / f"bob{number}"
        child = subprocess.Popen([*command, os.fspath(target)], stdout=subprocess.DEVNULL)
        marks = ("refs", "commit-graph", "stat-cache", "format", "replica", "operations")
        while child.poll() is None and not (target / ".pyvcs" / marks[number]).exists():
            pass
        child.send_signal(signal.SIGKILL)
        child.wait()
        try:
            bob = Repository.open(os.fspath(target), search=False)
        except NotARepository:
            seen.add("none")
            continue
        seen.add("whole")
        assert bob.tip() == ada.tip()
        assert files_in(target) == files_in(tmp_path / "ada")
        assert_whole([bob])
    assert "none" in seen


def test_a_half_whose_process_comes_to_grief_is_written_again(tmp_path: Path) -> None:
    ada = new_repository(tmp_path / "ada")
    commit(ada, {f"{number % 10}/{number}": f"{number}\n" for number in range(100)})
    clone_by_two(tmp_path, dies=True)
    assert stats(tmp_path / "bob") == stats(tmp_path / "ada")
    assert Repository.open(os.fspath(tmp_path / "bob")).status().is_clean


def test_a_folder_that_became_a_symlink_is_not_entered(tmp_path: Path) -> None:
    ada = new_repository(tmp_path / "ada")
    oid = commit(ada, {"d/e/f": "1", "d/g": "2"})
    for folder in ("d", "d/e"):
        root, outside = tmp_path / folder.replace("/", "-"), tmp_path / "outside"
        root.mkdir()
        outside.mkdir(exist_ok=True)
        filling = worktree_filling._Filling(WholeStore(ada.store), os.fsencode(root), quiet)
        folders = filling.make_folders(ada.store.commit(oid).tree)
        (root / folder).rename(root / "was")
        (root / folder).symlink_to(outside)
        with pytest.raises(OSError, match=r"ymbolic|irectory"):
            filling.write(folders)
        assert os.listdir(outside) == []


@pytest.mark.parametrize(
    ("changed", "is_believed"), [(1_700_000_000 * 10**9, False), (1_700_000_000 * 10**9 + 1, True)]
)
def test_stats_of_a_clock_of_whole_seconds_are_not_kept(changed: int, *, is_believed: bool) -> None:
    """An edit that comes within the second has the same times."""
    rows = {b"a": (b"f", bytes(32), changed, changed, 2, 3), b"b": (b"l", bytes(32), 1, 2, 3, 4)}
    known = worktree_filling.believed(rows)
    assert known == rows if is_believed else {row[2:] for row in known.values()} == {(-1,) * 4}
    assert [row[:2] for row in known.values()] == [row[:2] for row in rows.values()]
