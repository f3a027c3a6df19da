"""Standstill: words of `status` are recalled while nothing moved, and never after anything did."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import commit, new_repository, root_of, write

from pyvcs.changes import changes
from pyvcs.folder_times import Shown
from pyvcs.looking import stamp_at
from pyvcs.repository import Repository
from pyvcs.standstill import KEY, Moment
from pyvcs.stat_cache import StatCache
from pyvcs.status import status

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no dir_fd")

WORDS = "nothing moved"
FUTURE_NS = 4_000_000_000_000_000_001


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


def wait_until_settled(root: Path, but: Sequence[Path] = ()) -> None:
    """Until the times of all folders, but some, are old enough to be trusted."""
    found = [Path(folder) for folder, *_ in os.walk(root)]
    folders = [folder for folder in found if ".pyvcs" not in folder.parts and folder not in but]
    until = time.monotonic() + 10
    while time.monotonic() < until:
        shown = Shown.by(os.fsencode(root / ".pyvcs"))
        if all(shown.is_trusted(stamp_at(os.fsencode(folder))) for folder in folders):
            return
    pytest.skip("this file system does not tell the times of folders finely")


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


@pytest.fixture
def settled(still: Repository) -> Repository:
    """The same, when no folder has to be listed any more."""
    wait_until_settled(root_of(still))
    note(still)
    return still


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


def _hide_a_new_name(root: Path) -> None:
    stat = (root / "d/e").stat()
    (root / "d/e/new").write_text("")
    os.utime(root / "d/e", ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _put_another_folder_there(root: Path) -> None:
    stat = (root / "d/e").stat()
    (root / "d/e").rename(root.parent / "elsewhere")
    shutil.copytree(root.parent / "elsewhere", root / "d/e")
    (root / "d/e/new").write_text("")
    os.utime(root / "d/e", ns=(stat.st_atime_ns, stat.st_mtime_ns))


MOVES: dict[str, Callable[[Path], object]] = {
    "an edit that keeps size and time": _edit,
    "a new file": lambda root: (root / "d/e/new").write_text(""),
    "a new file in a folder with its old time": _hide_a_new_name,
    "another folder with the old time": _put_another_folder_there,
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


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES.keys())
def test_recalls_nothing_when_folders_are_not_listed(
    move: Callable[[Path], object], settled: Repository
) -> None:
    assert recalled(settled) == WORDS
    test_recalls_nothing_after(move, settled)


LISTINGS = """
import sys
listings = []
def note(event, _):
    if event in ("os.listdir", "os.scandir"): listings.append(event)
from pyvcs.standstill import Moment
sys.addaudithook(note)
moment = Moment.around(".")
words = moment.recall()
print(words, len(listings))
moment.renew()
"""


def listings(repository: Repository) -> str:
    """What a process of its own recalls, and how often it lists a folder for that."""
    command = [sys.executable, "-c", LISTINGS]
    done = subprocess.run(
        command, cwd=root_of(repository), check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_lists_only_folders_with_other_times(settled: Repository) -> None:
    assert listings(settled) == f"{WORDS} 0"
    (root_of(settled) / "d/z.log").write_text("ignored, but new")
    assert recalled(settled) is None
    os.utime(root_of(settled) / "d", ns=(FUTURE_NS, FUTURE_NS))
    note(settled)
    assert listings(settled) == f"{WORDS} 1", "the time of `d` is too young"
    os.utime(root_of(settled) / "d")
    wait_until_settled(root_of(settled))
    assert listings(settled) == f"{WORDS} 1"
    note(settled)
    assert listings(settled) == f"{WORDS} 0"


def with_young_folders(root: Path) -> tuple[Repository, list[Path]]:
    """A repository whose many folders have times that are too young to be noted, and these."""
    repository = new_repository(root)
    commit(repository, {f"d{number}/f": "x" for number in range(20)})
    folders = [root / f"d{number}" for number in range(20)]
    for folder in folders:
        os.utime(folder, ns=(FUTURE_NS, FUTURE_NS))
    return repository, folders


def test_the_times_of_many_folders_are_noted_when_they_are_old_enough(tmp_path: Path) -> None:
    repository, folders = with_young_folders(tmp_path)
    wait_until_settled(tmp_path, but=folders)
    note(repository)
    file = tmp_path / ".pyvcs" / KEY
    first = file.read_bytes()
    assert listings(repository) == f"{WORDS} 20"
    assert file.read_bytes() == first, "they are too young still"
    for folder in folders:
        os.utime(folder)
    wait_until_settled(tmp_path)
    assert listings(repository) == f"{WORDS} 20"
    renewed = file.read_bytes()
    assert renewed != first
    assert listings(repository) == f"{WORDS} 0"
    os.utime(folders[3])
    wait_until_settled(tmp_path)
    assert listings(repository) == f"{WORDS} 1"
    assert file.read_bytes() == renewed, "one folder is not worth it"
    (folders[7] / "new").write_text("")
    assert recalled(repository) is None


def test_a_name_that_comes_before_times_are_noted_is_seen_later(tmp_path: Path) -> None:
    repository, folders = with_young_folders(tmp_path)
    note(repository)
    for folder in folders:
        os.utime(folder)
    wait_until_settled(tmp_path)
    moment = moment_of(repository)
    assert moment.recall() == WORDS
    (tmp_path / "d7/new").write_text("it comes when the words are told")
    moment.renew()
    assert recalled(repository) is None
    (tmp_path / "d7/new").unlink()
    assert listings(repository) == f"{WORDS} 1", "the others were noted"


ACTS: dict[str, Callable[[Path, str], object]] = {
    "add": lambda root, folder: (root / folder / "new").write_text("1"),
    "add what is ignored": lambda root, folder: (root / folder / "new.log").write_text("1"),
    "remove": lambda root, folder: (root / folder / "new").unlink(missing_ok=True),
    "take in": lambda root, folder: (root / ".pyvcs/lock").rename(root / folder / "lock"),
    "give back": lambda root, folder: (root / folder / "lock").rename(root / ".pyvcs/lock"),
    "rename": lambda root, folder: (root / folder / "x").rename(root / folder / "y"),
    "rename back": lambda root, folder: (root / folder / "y").rename(root / folder / "x"),
    "replace": lambda root, folder: (root / folder / "new").rename(root / folder / "x"),
    "as committed": lambda root, folder: (root / folder / "x").write_text("1"),
    "make old": lambda root, folder: os.utime(root / folder, ns=(1, 10**18 + 1)),
    "settle": lambda root, folder: wait_until_settled(root),
}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*ACTS, "note"]), st.sampled_from([".", "d", "d/e"]))))
def test_what_is_recalled_is_what_a_whole_status_says(acts: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        repository = new_repository(root)
        commit(repository, {"x": "1", "d/x": "1", "d/e/x": "1", ".pyvcsignore": "*.log\n"})
        note(repository)
        for act, where in acts:
            if act != "note":
                try:
                    ACTS[act](root, where)
                except FileNotFoundError:
                    continue
            elif status(repository).is_clean:
                note(repository)
            if recalled(repository) == WORDS:
                assert status(repository).is_clean


def test_recalls_nothing_when_the_refs_moved(still: Repository) -> None:
    still.switch("topic", create=True)
    assert recalled(still) is None


def test_notes_nothing_that_may_change_unseen(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    write(tmp_path, {".pyvcsignore": ".pyvcsignore\n"})  # ignored by itself, and in no commit
    note(repository)
    assert recalled(repository) is None


@pytest.fixture
def beside(still: Repository) -> Repository:
    """A repository with the store of git beside it, and folders with nothing to record."""
    root = root_of(still)
    write(root, {".git/HEAD": "ref: refs/heads/main", "d/objects/o.log": "noise"})
    (root / "empty/below").mkdir(parents=True)
    wait_until_settled(root)
    note(still)
    return still


BESIDE: dict[str, Callable[[Path], object]] = {
    "a file in an empty folder": lambda root: (root / "empty/below/new").write_text(""),
    "a folder in an empty folder": lambda root: (root / "empty/new").mkdir(),
    "an empty folder that went": lambda root: (root / "empty/below").rmdir(),
    "a file beside what is ignored": lambda root: (root / "d/objects/new").write_text(""),
    "an ignored file that went": lambda root: (root / "d/objects/o.log").unlink(),
    "a new ignore file": lambda root: (root / "d/objects/.pyvcsignore").write_text("!*.log"),
    "a folder that is a repository now": lambda root: new_repository(root / "empty"),
    "a store that is a file now": lambda root: _swap(root / ".git"),
}


def _swap(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("gitdir: elsewhere")


def test_recalls_the_words_beside_the_store_of_git(beside: Repository) -> None:
    assert listings(beside) == f"{WORDS} 0"
    write(root_of(beside), {".git/index": "nobody looks into it"})
    assert listings(beside) == f"{WORDS} 0"


@pytest.mark.parametrize("move", BESIDE.values(), ids=BESIDE.keys())
def test_recalls_nothing_after_what_is_beside_changed(
    move: Callable[[Path], object], beside: Repository
) -> None:
    assert recalled(beside) == WORDS
    move(root_of(beside))
    moment = moment_of(beside)
    assert moment.recall() is None
    assert status(beside, moment.looked) == status(beside)


def test_notes_nothing_beside_a_repository_of_ours(still: Repository) -> None:
    new_repository(root_of(still) / "d/other")
    note(still)
    assert recalled(still) is None


def test_makes_no_file_where_nothing_can_be_noted(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    commit(repository, {"a": "1"})
    os.mkfifo(tmp_path / "pipe")
    os.utime(tmp_path / ".pyvcs", ns=(FUTURE_NS, FUTURE_NS))
    before = stamp_at(os.fsencode(tmp_path / ".pyvcs"))
    moment_of(repository).note(repository, WORDS)
    assert stamp_at(os.fsencode(tmp_path / ".pyvcs")) == before
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
