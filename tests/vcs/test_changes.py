"""Changes and the stat cache: what is seen, what is read, and what damage cannot do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import pytest
from people import ADA, commit, new_repository, write

from pyvcs.changes import ChangeKind, changes
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.repository import Repository
from pyvcs.sealed import STAT_CACHE_MAGIC
from pyvcs.stat_cache import KEY, StatCache
from pyvcs.worktree import FileStat, Found, Worktree

OLD_NS = 1_600_000_000_000_000_000


class CountingWorktree(Worktree):
    """A working tree that notes which files are read."""

    def __init__(self, root: bytes) -> None:
        super().__init__(root)
        self.opened: list[bytes] = []

    def open(self, found: Found) -> BinaryIO:
        self.opened.append(found.path)
        return super().open(found)

    def content(self, found: Found) -> bytes:
        self.opened.append(found.path)
        return super().content(found)


def age(folder: Path, *names: str) -> None:
    """Let files be old, so that their stat can be trusted."""
    for name in names:
        os.utime(folder / name, ns=(OLD_NS, OLD_NS))


def look(repository: Repository) -> tuple[list[tuple[bytes, ChangeKind]], list[bytes]]:
    """The changes, and the files that had to be read to see them."""
    assert repository.place is not None
    assert repository.place.root is not None
    worktree = CountingWorktree(repository.place.root)
    cache = StatCache.load(repository.backend, repository.store, repository.refs.position.commit)
    found = [(change.path, change.kind) for change in changes(worktree, cache)]
    cache.begun += 10**12  # what was seen now is old enough to be trusted
    cache.save(repository.backend)
    return found, worktree.opened


@pytest.mark.parametrize(
    ("changed", "later_ns", "is_kept"),
    [
        (OLD_NS + 1, 40_000_000, False),
        (OLD_NS + 1, 60_000_000, True),
        (OLD_NS, 60_000_000, False),  # a whole second: this clock may tell no less
        (OLD_NS, 2_040_000_000, False),
        (OLD_NS, 2_060_000_000, True),
    ],
)
def test_a_stat_is_kept_when_the_clock_has_ticked(
    changed: int, later_ns: int, *, is_kept: bool
) -> None:
    """A file that was made long ago, and came here just now."""
    backend, stat = MemoryBackend(), FileStat(OLD_NS - 10**12, changed, 2, 3)
    cache = StatCache(None)
    cache.begun = changed + later_ns
    cache.put(b"a", (Mode.FILE, Oid(b"1" * 32)), stat)
    cache.save(backend)
    kept = StatCache.load(backend, ObjectStore(backend), None).get(b"a")
    assert kept is not None
    assert (kept.stat == stat) is is_kept


def test_unchanged_files_are_read_once(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1", "d/b": "2"})
    look(repository)
    assert look(repository) == ([], [])


def test_sees_an_edit_that_keeps_size_and_time(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    write(tmp_path, {"a": "one"})
    age(tmp_path, "a")
    repository.commit("first", author=ADA)
    look(repository)
    write(tmp_path, {"a": "two"})
    age(tmp_path, "a")
    assert look(repository)[0] == [(b"a", ChangeKind.MODIFIED)]


def test_a_file_that_was_changed_in_the_same_instant_is_read_again(tmp_path: Path) -> None:
    """Racy: committed and edited within one tick of the clock, with the same size."""
    repository = new_repository(tmp_path)
    commit(repository, {"a": "one"})
    write(tmp_path, {"a": "two"})
    assert [change.path for change in repository.status().changes] == [b"a"]


def test_sees_modes_types_and_deletions(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"mode": "1", "type": "1", "gone": "1", "folder": "1"})
    (tmp_path / "mode").chmod(0o755)
    (tmp_path / "type").unlink()
    (tmp_path / "type").symlink_to("mode")
    (tmp_path / "gone").unlink()
    (tmp_path / "folder").unlink()
    write(tmp_path, {"folder/x": "1"})
    assert look(repository)[0] == [
        (b"folder", ChangeKind.DELETED),
        (b"folder/x", ChangeKind.ADDED),
        (b"gone", ChangeKind.DELETED),
        (b"mode", ChangeKind.MODE),
        (b"type", ChangeKind.MODIFIED),
    ]


def test_ignored_files_are_not_new_and_tracked_ones_are_never_ignored(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"build/kept": "1"})
    write(tmp_path, {".pyvcsignore": "build/\n*.log\n", "x.log": "1", "build/new": "1"})
    write(tmp_path, {"build/kept": "2", "src/y.log": "1", "src/z": "1"})
    assert [path for path, _ in look(repository)[0]] == [b".pyvcsignore", b"build/kept", b"src/z"]


def test_other_stores_and_repositories_are_left_alone(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    write(tmp_path, {".git/config": "x", "sub/.git/config": "x", "a": "1"})
    inner = new_repository(tmp_path / "inner")
    commit(inner, {"theirs": "1"})
    os.mkfifo(tmp_path / "pipe")
    assert [path for path, _ in look(repository)[0]] == [b"a"]


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "flipped", "other version"])
def test_a_damaged_cache_costs_time_and_no_answer(tmp_path: Path, damage: str) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1", "b": "1"})
    look(repository)
    path = tmp_path / ".pyvcs" / KEY
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        flipped = content[:60] + bytes([content[60] ^ 1]) + content[61:]
        path.write_bytes(
            {
                "empty": b"",
                "cut": content[:-5],
                "flipped": flipped,
                "other version": content.replace(STAT_CACHE_MAGIC, b"pyvcsSC\xff"),
            }[damage]
        )
    write(tmp_path, {"b": "2"})
    found, opened = look(repository)
    assert found == [(b"b", ChangeKind.MODIFIED)]
    assert sorted(opened) == [b"a", b"b"]


def test_tracked_files_below_a_nested_repository_are_not_deleted(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"sub/a": "1", "sub/b": "1"})
    new_repository(tmp_path / "sub")
    write(tmp_path, {"sub/b": "2"})
    assert look(repository)[0] == [(b"sub/b", ChangeKind.MODIFIED)]


def test_the_whole_tree_can_be_named_by_a_dot(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    write(tmp_path, {"d/a": "1"})
    repository.commit("first", paths=[""], author=ADA)
    assert repository.status().is_clean
