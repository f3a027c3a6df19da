"""Real processes on one directory: they race, and they are killed at any moment."""

from __future__ import annotations

import random
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from pyvcs.objects.backends.directory import DirectoryBackend

RACE = """
import sys
from pathlib import Path
from pyvcs.objects.backends.directory import DirectoryBackend
backend = DirectoryBackend(Path(sys.argv[1]), durable=False)
me, rounds = sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
won = []
while True:
    old = backend.read("refs")
    number = int(old.split()[0]) + 1 if old else 0
    if number == rounds:
        break
    if backend.swap("refs", expected=old, new=f"{number} {me}".encode()):
        won.append(number)
print(*won)
"""

WRITE = """
import sys
from hashlib import sha256
from pathlib import Path
from pyvcs.objects.backends.directory import DirectoryBackend
backend = DirectoryBackend(Path(sys.argv[1]))
number = int(sys.argv[2])
refs = backend.read("refs")
print("ready", flush=True)
while True:
    content = b"%d " % number * 5000
    name = sha256(content).hexdigest()
    with backend.writer() as stream:
        stream.write(content)
        stream.write(content)
        stream.publish(f"objects/{name}")
    new = f"{number} {name}\\n".encode() * 50
    assert backend.swap("refs", expected=refs, new=new)
    refs = new
    number += 1
    print(number, flush=True)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def lines(process: subprocess.Popen[str]) -> list[str]:
    """All that is left of the output; the end of the process is waited for."""
    output, _ = process.communicate()
    return output.splitlines()


def test_one_of_many_processes_wins_each_round(tmp_path: Path) -> None:
    rounds = 200
    racers = [start(RACE, tmp_path, name, rounds) for name in "abcd"]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    won = [number for racer in racers for line in lines(racer) for number in line.split()]
    assert sorted(map(int, won)) == list(range(rounds))


def test_a_killed_writer_leaves_each_key_absent_or_whole(tmp_path: Path) -> None:
    backend = DirectoryBackend(tmp_path)
    seed = random.randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")  # pytest shows it when the test fails
    rng = random.Random(seed)
    number = 0
    for _ in range(25):
        child = start(WRITE, tmp_path, number)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        for _ in range(rng.randrange(4)):
            child.stdout.readline()
        for _ in range(rng.randrange(20_000)):  # some way into the next round
            pass
        child.kill()
        number = max([number, *map(int, lines(child))]) + 1
        assert_whole(backend)
    assert backend.read("refs") is not None
    backend.sweep()
    assert list(tmp_path.glob("tmp-*")) == []
    assert_whole(backend)


def assert_whole(backend: DirectoryBackend) -> None:
    for key in backend.keys("objects/"):
        content = backend.read(key)
        assert content is not None
        half = content[: len(content) // 2]
        assert content == half + half
        assert key == f"objects/{sha256(half).hexdigest()}"
    refs = backend.read("refs")
    if refs is not None:
        first, *others = refs.splitlines()
        assert others == [first] * 49
        assert backend.size(f"objects/{first.split()[1].decode()}") is not None
