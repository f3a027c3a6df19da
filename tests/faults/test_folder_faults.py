"""A plain folder through faults: killed processes, many at once, no space, no right to write."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from people import ADA, commit, files_in, new_repository
from replicas import assert_whole
from terminal import NO_BYTECODE, Terminal

from pyvcs.repository import Repository
from pyvcs.sync.heads_file import decode_heads
from pyvcs.sync.transports.folder import Folder

WORKER = """
import os, sys
import pyvcs
from pyvcs.objects.commit import Identity
folder, stick, name, rounds, start = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
repository = pyvcs.Repository.open(folder)
for number in range(start, start + rounds):
    noise = os.urandom(2000).hex().encode()
    change = {f"{name}/{number}.txt": noise, f"{name}.txt": b"%d" % number}
    repository.commit(f"{name} {number}", changes=change, author=Identity(name, "x@example.org"))
    os.write(1, f"{number}\\n".encode())
    repository.sync(stick)
"""


def start(folder: Path, stick: Path, rounds: int, first: int = 0) -> subprocess.Popen[bytes]:
    """A process that commits and syncs through the folder, again and again."""
    arguments = [os.fspath(folder), os.fspath(stick), folder.name, str(rounds), str(first)]
    return subprocess.Popen([sys.executable, "-c", WORKER, *arguments], stdout=subprocess.PIPE)


def team(folder: Path, stick: Path, size: int) -> list[Repository]:
    first = new_repository(folder / "r0")
    commit(first, {"root": "r"})
    first.sync(os.fspath(stick))
    others = [
        Repository.clone(os.fspath(stick), os.fspath(folder / f"r{number}"))
        for number in range(1, size)
    ]
    return [first, *others]


def assert_one_state(replicas: list[Repository], stick: Path) -> None:
    for replica in [*replicas, *replicas]:
        assert replica.sync(os.fspath(stick)).notes == ()
    assert len({replica.tip() for replica in replicas}) == 1
    assert all(replica.refs.branches == replicas[0].refs.branches for replica in replicas)
    assert_whole(replicas)


def test_processes_that_use_it_at_once_converge(tmp_path: Path) -> None:
    stick = Folder.make(os.fspath(tmp_path / "stick")).root
    replicas = team(tmp_path, stick, 3)
    children = [start(tmp_path / f"r{number}", stick, 4) for number in range(3)]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    assert_one_state(replicas, stick)
    for number in range(3):
        for edit in range(4):
            assert replicas[0].read("main", f"r{number}/{edit}.txt")


def test_two_processes_of_one_replica_lose_no_pack_from_its_list(tmp_path: Path) -> None:
    stick = Folder.make(os.fspath(tmp_path / "stick")).root
    (replica,) = team(tmp_path, stick, 1)
    for child in [start(tmp_path / "r0", stick, 6, first) for first in (0, 100)]:
        child.communicate()
        assert child.returncode == 0
    heads = decode_heads((stick / "heads" / f"{replica.id}.json").read_bytes(), "own")
    assert set(heads.packs) == {path.stem for path in stick.glob("objects/*.pack")}
    clone = Repository.clone(os.fspath(stick), os.fspath(tmp_path / "clone"))
    assert clone.tip() == replica.tip()


@pytest.mark.parametrize("seed", range(2))
def test_a_process_that_is_killed_in_a_sync_harms_nobody(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    stick = Folder.make(os.fspath(tmp_path / "stick")).root
    replicas = team(tmp_path, stick, 2)
    number = 0
    for _ in range(4):
        child = start(tmp_path / "r0", stick, 1000, number)
        assert child.stdout is not None
        told = [int(child.stdout.readline()) for _ in range(rng.randrange(1, 3))]
        select.select([child.stdout], [], [], rng.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
        told += [int(line) for line in child.stdout.read().split()]
        child.stdout.close()
        child.wait()
        number = told[-1] + 1
        report = replicas[1].sync(os.fspath(stick))
        assert report.notes == ()
        assert_whole([replicas[1]])
    assert_one_state([Repository.open(os.fspath(tmp_path / "r0")), replicas[1]], stick)
    for left in stick.glob("tmp-*"):
        os.utime(left, (0, 0))
    replicas[0].commit("last", changes={"last": b"x"}, author=ADA)
    replicas[0].sync(os.fspath(stick))
    assert list(stick.glob("tmp-*")) == []
    replicas[1].sync(os.fspath(stick))
    for edit in range(number):
        assert replicas[1].read("main", f"r0/{edit}.txt")


def test_a_full_disk_leaves_the_folder_and_the_repository_as_they_were(tmp_path: Path) -> None:
    stick = Folder.make(os.fspath(tmp_path / "stick")).root
    ada, bob = team(tmp_path, stick, 2)
    commit(ada, {"large": os.urandom(100_000)})
    before = {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()}
    terminal = Terminal(tmp_path / "r0")
    sync = [sys.executable, "-m", "pyvcs", "sync", os.fspath(stick)]
    full = subprocess.run(  # no file may grow beyond 8 KiB, as on a full disk
        ["sh", "-c", 'ulimit -f 16; exec "$@"', "sh", *sync],
        cwd=terminal.folder,
        env={**terminal.environ, **NO_BYTECODE},
        capture_output=True,
        check=False,
        text=True,
    )
    assert full.returncode == 9
    assert f"{stick}: cannot be written: File too large" in full.stderr
    assert {path: path.read_bytes() for path in stick.rglob("*") if path.is_file()} == before
    ada.sync(os.fspath(stick))
    bob.sync(os.fspath(stick))
    assert ada.tip() == bob.tip()


def test_a_folder_that_cannot_be_written_is_read_all_the_same(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    Folder.make(os.fspath(stick))
    ada, bob = team(tmp_path, stick, 2)
    theirs = commit(ada, {"a": "1"})
    ada.sync(os.fspath(stick))
    script = 'set -e; mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift; exec "$@"'
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount, so that nothing is read-only")
    terminal = Terminal(tmp_path / "r1")

    def sync(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pyvcs", "sync", os.fspath(stick), *options]
        return subprocess.run(
            ["unshare", "-m", "sh", "-c", script, "sh", os.fspath(stick), *command],
            cwd=terminal.folder,
            env=terminal.environ,
            capture_output=True,
            check=False,
            text=True,
        )

    done = sync()  # there is nothing to write
    assert (done.returncode, done.stderr) == (0, "")
    assert bob.heads() == (theirs,)
    assert "a" in files_in(tmp_path / "r1")
    commit(bob, {"b": "1"})
    refused = sync()
    assert refused.returncode == 9
    assert "cannot be written: Read-only file system" in refused.stderr
    assert sync("--pull").returncode == 0


class Copier:
    """A tool that keeps copies of a folder in step: file by file, in any order, often in part."""

    def __init__(self, rng: random.Random, folders: list[Path]) -> None:
        self.rng = rng
        self.folders = folders
        self.owners: dict[str, Path] = {}
        self.parts = 0

    def step(self, *, whole: bool = False) -> bool:
        """Copy one file that one folder has and another has otherwise; whether there was one."""
        source, target = self.rng.sample(self.folders, 2)
        files = [path for path in source.rglob("*.*") if not path.name.startswith("tmp-")]
        self.rng.shuffle(files)
        for path in files:
            copy = target / path.relative_to(source)
            if self._is_news(path, copy):
                content = path.read_bytes()
                if not whole and self.rng.random() < 0.5:
                    self.parts += 1
                    content = content[: self.rng.randrange(len(content))]
                copy.parent.mkdir(exist_ok=True)
                copy.write_bytes(content)
                return True
        return False

    def _is_news(self, path: Path, copy: Path) -> bool:
        """A pack is copied until it is whole; a heads file comes from its own replica's folder."""
        if not copy.exists():
            return True
        if path.suffix == ".pack":
            return path.stat().st_size > copy.stat().st_size
        owner = self.owners.get(path.stem)
        return (
            owner is not None and owner in path.parents and path.read_bytes() != copy.read_bytes()
        )


@pytest.mark.parametrize("seed", range(3))
def test_a_tool_that_copies_in_any_order_and_in_parts_delays_and_never_harms(
    tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    first = Folder.make(os.fspath(tmp_path / "c0")).root
    replicas = team(tmp_path, first, 3)
    for number in (1, 2):
        shutil.copytree(first, tmp_path / f"c{number}")
    folders = [tmp_path / f"c{number}" for number in range(3)]
    copier = Copier(rng, folders)
    copier.owners = {replica.id: folder for replica, folder in zip(replicas, folders, strict=True)}
    notes = 0
    for number in range(60):
        at = rng.randrange(3)
        if rng.random() < 0.3:
            change: dict[str, bytes | None] = {f"{at}/{number}": rng.randbytes(500)}
            replicas[at].commit(f"{number}", changes=change, author=ADA)
        if rng.random() < 0.6:
            notes += len(replicas[at].sync(os.fspath(folders[at])).notes)
            assert_whole([replicas[at]])
        for _ in range(rng.randrange(4)):
            copier.step()
    assert notes > 0
    assert copier.parts > 0
    for _ in range(4):
        for replica, folder in zip(replicas, folders, strict=True):
            replica.sync(os.fspath(folder))
        while any(copier.step(whole=True) for _ in range(12)):
            pass
    assert len({replica.tip() for replica in replicas}) == 1
    assert all(replica.refs.branches == replicas[0].refs.branches for replica in replicas)
    for replica, folder in zip(replicas, folders, strict=True):
        assert replica.sync(os.fspath(folder)).notes == ()
    assert_whole(replicas)
