"""Bundles through faults: killed while one is made or taken in, no space, and bounded memory."""

from __future__ import annotations

import os
import random
import select
import subprocess
import sys
from pathlib import Path

import pytest
from peak_memory import PEAK_KIB, need_peak_memory
from people import commit, new_repository
from replicas import assert_whole
from terminal import NO_BYTECODE, Terminal

from pyvcs.repository import Repository
from pyvcs.sync.bundling import verify_bundle
from pyvcs.sync.transports.bundle import Bundle


def pyvcs(folder: Path, *arguments: str, full: bool = False) -> subprocess.Popen[str]:
    """A process of its own; as on a `full` disk, no file that it writes grows beyond 8 KiB."""
    limit = ["sh", "-c", 'ulimit -f 16; exec "$@"', "sh"] if full else []
    return subprocess.Popen(
        [*limit, sys.executable, "-m", "pyvcs", *arguments],
        cwd=folder,
        env={**Terminal(folder).environ, **(NO_BYTECODE if full else {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def full_of_files(folder: Path, count: int) -> Repository:
    made = new_repository(folder)
    commit(made, {"root": "r"})
    commit(made, {f"{number % 7}/{number}": os.urandom(3000) for number in range(count)})
    return made


@pytest.mark.parametrize("seed", range(2))
def test_killed_while_taking_in_it_leaves_all_or_nothing(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    ada = full_of_files(tmp_path / "ada", 400)
    path = os.fspath(tmp_path / "all.bundle")
    ada.bundle(path)
    tip = ada.tip()
    seen: set[object] = set()
    for number in range(40):  # on a busy machine most kills come too late
        if number >= 5 and None in seen:
            break
        folder = tmp_path / f"bob{number}"
        bob = new_repository(folder)
        child = pyvcs(folder, "bundle", "apply", path)
        while child.poll() is None and not any((folder / ".pyvcs").glob("tmp-*")):
            pass  # it begins to write
        assert child.stdout is not None
        select.select([child.stdout], [], [], rng.uniform(0, 0.06) if number < 5 else 0)
        child.kill()
        child.communicate()
        assert bob.tip() in (None, tip)
        seen.add(bob.tip())
        assert_whole([bob])
        bob.apply_bundle(path)
        assert bob.tip() == tip
        assert_whole([bob])
    assert None in seen


def test_a_full_disk_leaves_the_bundle_of_before_or_none(tmp_path: Path) -> None:
    ada = full_of_files(tmp_path / "ada", 20)
    path = tmp_path / "all.bundle"
    for before in (None, b"the bundle of before"):
        if before is not None:
            path.write_bytes(before)
        child = pyvcs(tmp_path / "ada", "bundle", "create", os.fspath(path), full=True)
        assert "File too large" in child.communicate()[1]
        assert child.returncode == 9
        assert (path.read_bytes() if path.exists() else None) == before
        assert {each.name for each in tmp_path.iterdir()} - {path.name} == {"ada"}
    ada.bundle(os.fspath(path))
    bob = new_repository(tmp_path / "bob")
    child = pyvcs(tmp_path / "bob", "bundle", "apply", os.fspath(path), full=True)
    assert "File too large" in child.communicate()[1]
    assert child.returncode == 9
    assert bob.tip() is None
    assert_whole([bob])
    bob.apply_bundle(os.fspath(path))
    assert bob.tip() == ada.tip()


def test_a_killed_writer_leaves_no_half_bundle(tmp_path: Path) -> None:
    full_of_files(tmp_path / "ada", 400)
    path = tmp_path / "all.bundle"
    rng = random.Random(3)
    for _ in range(3):
        child = pyvcs(tmp_path / "ada", "bundle", "create", os.fspath(path))
        while child.poll() is None and not any(tmp_path.glob("tmp-*")):
            pass  # it begins to write
        assert child.stdout is not None
        select.select([child.stdout], [], [], rng.uniform(0, 0.03))
        child.kill()
        child.communicate()
        if path.exists():
            verify_bundle(Bundle.open(os.fspath(path)))
            path.unlink()


MEASURE = (
    PEAK_KIB
    + """
import sys
import pyvcs
from pyvcs.sync.bundling import verify_bundle
from pyvcs.sync.transports.bundle import Bundle
action, folder, path = sys.argv[1:]
if action == "verify":
    verify_bundle(Bundle.open(path))
else:
    repository = pyvcs.Repository.open(folder)
    repository.bundle(path) if action == "create" else repository.apply_bundle(path)
print(peak_kib())
"""
)


def test_a_large_bundle_takes_little_memory(tmp_path: Path) -> None:
    """100 MB of content: what it takes stays below that, whichever way it goes."""
    need_peak_memory()
    ada = new_repository(tmp_path / "ada")
    noise = random.Random(1).randbytes(20_000_000)
    for number in range(5):
        (tmp_path / "ada" / f"{number}").write_bytes(bytes([number]) + noise[number * 7 :] + noise)
    commit(ada, {})
    new_repository(tmp_path / "bob")
    peaks = {}
    for action, name in (("create", "ada"), ("verify", "ada"), ("apply", "bob")):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, action, tmp_path / name, tmp_path / "x.bundle"],
            capture_output=True,
            text=True,
            check=True,
        )
        peaks[action] = int(done.stdout) // 1024
    assert (tmp_path / "x.bundle").stat().st_size > 20_000_000
    assert max(peaks.values()) < 150, peaks
