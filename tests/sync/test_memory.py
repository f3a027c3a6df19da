"""Memory of a sync does not grow with the size of what travels."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from peak_memory import PEAK_KIB, need_peak_memory

SYNC = """
import os, random, sys
from pyvcs.objects.commit import Identity
from pyvcs.repository import Repository

folder, mib = sys.argv[1], int(sys.argv[2])
there = Repository.init(os.path.join(folder, "there"))
rng = random.Random(mib)
with open(os.path.join(folder, "there", "big"), "wb") as file:
    for _ in range(mib):
        file.write(rng.randbytes(1024 * 1024))
there.commit("big", author=Identity("Ada", "ada@example.org"))
here = Repository.init(os.path.join(folder, "here"), bare=True)
before = peak_kib()
here.sync(os.path.join(folder, "there"))
assert here.tip() == there.tip()
print(peak_kib() - before)
"""


def growth_kib(folder: Path, mib: int) -> int:
    """How much more memory a process takes, both ends in it, while a file of `mib` MiB travels."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PEAK_KIB + SYNC, str(folder), str(mib)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_a_large_file_travels_in_little_memory(tmp_path: Path) -> None:
    need_peak_memory()
    assert growth_kib(tmp_path / "large", 100) < 50 * 1024
