"""Standstill: words of `status` are recalled while nothing moved, and never after anything did."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from people import commit, new_repository, root_of, write

from pyvcs.changes import changes
from pyvcs.repository import Repository
from pyvcs.standstill import KEY, Moment
from pyvcs.stat_cache import StatCache
from pyvcs.status import status

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no dir_fd")

WORDS = "nothing moved"


def moment_of(repository: Repository) -> Moment:
    found = Moment.around(os.fspath(root_of(repository)))
    assert found is not None
    return found


def note(repository: Repository, *, seen_after_ns: int = 10**12) -> None:
    """Note the words; the files were looked at so long after they were written."""
    cache = StatCache.load(repository.backend, repository.store, repository.refs.position.commit)
    assert changes(repository.worktree, cache) == []
    cache.begun += seen_after_ns
    cache.changed = True
    cache.save(repository.backend)
    moment_of(repository).note(repository, WORDS)


def recalled(repository: Repository) -> str | None:
    return moment_of(repository).recall()


@pytest.fixture
def still(tmp_path: Path) -> Repository:
    """A repository with folders and ignored things, of which the words are noted."""
    tmp_path = tmp_path / "repository"
    repository = new_repository(tmp_path)
    files: dict[str, str | bytes | None] = {"a": "1", "d/b": "2", "d/e/c": "3"}
    commit(repository, {**files, ".pyvcsignore": "*.log\nbuild/\n"})
    write(tmp_path, {"x.log": "noise", "d/build/y": "made"})
    note(repository)
    return repository


def test_recalls_the_words_while_nothing_moved(still: Repository) -> None:
    assert recalled(still) == WORDS
    write(root_of(still), {"d/build/z": "nobody looks into an ignored folder"})
    assert recalled(still) == WORDS


def _edit(root: Path) -> None:
    stat = (root / "a").stat()
    (root / "a").write_text("2")
    os.utime(root / "a", ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _swap_sort(root: Path) -> None:
    (root / "x.log").unlink()
    (root / "x.log").mkdir()


def _link_folder(root: Path) -> None:
    (root / "d").rename(root.parent / "elsewhere")
    (root / "d").symlink_to(root.parent / "elsewhere")


def _replace(root: Path) -> None:
    (root / "d/b").unlink()
    (root / "d/new").write_text("2")


MOVES: dict[str, Callable[[Path], object]] = {
    "an edit that keeps size and time": _edit,
    "a new file": lambda root: (root / "d/e/new").write_text(""),
    "a new folder": lambda root: (root / "d/new").mkdir(),
    "a file that went": lambda root: (root / "d/b").unlink(),
    "one for another": _replace,
    "a folder that went": lambda root: shutil.rmtree(root / "d/e"),
    "another mode": lambda root: (root / "a").chmod(0o755),
    "an ignored file that is a folder now": _swap_sort,
    "a folder behind a symlink": _link_folder,
    "a folder that is a repository now": lambda root: new_repository(root / "d/e"),
    "an ignore file": lambda root: (root / ".pyvcsignore").write_text("*.log\n"),
    "a new ignore file": lambda root: (root / "d/.pyvcsignore").write_text("!build/\n"),
    "a bisection": lambda root: (root / ".pyvcs/bisect").write_text("{}"),
    "news of a remote": lambda root: (root / ".pyvcs/remote-branches").write_text("{}"),
    "a newer format": lambda root: (root / ".pyvcs/format").write_text("2"),
    "damage": lambda root: os.truncate(root / ".pyvcs" / KEY, 60),
    "no stat cache": lambda root: (root / ".pyvcs/stat-cache").unlink(),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES.keys())
def test_recalls_nothing_after(move: Callable[[Path], object], still: Repository) -> None:
    root = root_of(still)
    move(root)
    found = Moment.around(os.fspath(root))
    assert found is None or found.recall() is None


def test_recalls_nothing_when_the_refs_moved(still: Repository) -> None:
    still.switch("topic", create=True)
    assert recalled(still) is None


def test_notes_nothing_that_may_change_unseen(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    write(tmp_path, {".pyvcsignore": ".pyvcsignore\n"})  # ignored by itself, and in no commit
    note(repository)
    assert recalled(repository) is None


def test_notes_nothing_while_a_stat_may_hide_an_edit(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    note(repository, seen_after_ns=-(10**12))
    assert recalled(repository) is None


def test_status_recalls_and_loads_next_to_nothing(still: Repository) -> None:
    code = (
        "import sys\n"
        "names = {'typing', 'functools', 'collections', 'enum', 'json', 're', 'pyvcs.repository'}\n"
        "for name in names: sys.modules.pop(name, None)  # the installation may have loaded some\n"
        "from pyvcs.cli.main import run\nassert run(['status']) == 0\n"
        "assert not names & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root_of(still), check=True, capture_output=True, text=True
    )
    assert done.stdout == f"{WORDS}\n"


def test_what_was_found_when_the_words_did_not_hold_serves_the_status(still: Repository) -> None:
    root = root_of(still)
    write(root, {"a": "edited", "d/b": None, "d/e/new": "1", "f/g": "1"})
    moment = moment_of(still)
    assert moment.recall() is None
    assert moment.looked is not None
    known, names = moment.looked
    assert names == {
        b"": [b".pyvcs", b"a", b"d", b"f", b"x.log"],
        b"d": [b"b", b"build", b"e"],
        b"d/e": [b"new"],
    }
    assert status(still, moment.looked) == status(still)
    write(root, {"a": "1"})
    other = {**known, b"other": known[b"d"]}
    assert status(still, (other, {})) == status(still), "a look at what is known no more is none"
