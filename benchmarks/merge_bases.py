"""Merge bases in histories of 100,000 and 1,000,000 commits, beside git with a commit graph.

git is a new process for each question, as a person or a script would ask it. Its time with the
start of the process taken off (what it needs for a question without a walk) stands beside.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

from timing import QUICK, Times, row

from pyvcs.merge.bases import merge_bases_of_commits
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.commit_graph import CommitGraph
from pyvcs.objects.oid import Oid

SIZES = (2_000,) if QUICK else (100_000, 1_000_000)
SEED = 1
Pairs = list[tuple[int, int]]


def history(count: int, rng: random.Random) -> list[tuple[int, ...]]:
    """Parents by position: up to eight lines of work that fork and are merged again."""
    parents: list[tuple[int, ...]] = [()]
    tips = [0]
    for number in range(1, count):
        line = rng.randrange(len(tips))
        chance = rng.random()
        if chance < 0.2 and len(tips) > 1:
            other = rng.choice([tip for tip in tips if tip != tips[line]])
            parents.append((tips[line], other))
            tips[line] = number
            tips.remove(other)
            continue
        parents.append((tips[line],))
        if chance < 0.4 and len(tips) < 8:
            tips.append(number)
        else:
            tips[line] = number
    return parents


def asked_in_turn(
    asks: Mapping[str, Callable[[int, int], object]], pairs: Iterable[tuple[int, int]]
) -> dict[str, Times]:
    """The time of each question; all are asked it before the next one comes, A B A B."""
    found = {name: Times() for name in asks}
    for pair in pairs:
        for name, ask in asks.items():
            start = perf_counter()
            ask(*pair)
            found[name].wall.append(1000 * (perf_counter() - start))
    return found


def make_graph(parents: list[tuple[int, ...]], folder: Path) -> tuple[CommitGraph, list[Oid]]:
    """The history as a commit graph in a file."""
    oids = [Oid(blake2b(b"%d" % n, digest_size=32).digest()) for n in range(len(parents))]
    position = {oid: n for n, oid in enumerate(oids)}

    def load(oid: Oid) -> tuple[list[Oid], int, int]:
        number = position[oid]
        return [oids[parent] for parent in parents[number]], number, 0

    backend = DirectoryBackend(folder)
    CommitGraph(backend, load).extend(oids)
    return CommitGraph(backend, load), oids


class Git:
    """The same history in a repository of git, with a commit graph."""

    def __init__(self, parents: list[tuple[int, ...]], folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.run("init", "--quiet", "--bare")
        stream = []
        for number, above in enumerate(parents):
            stream.append(f"commit refs/heads/all\nmark :{number + 1}\n")
            stream.append(f"committer A <a@b> {number} +0000\ndata 0\n")
            stream += [f"{'merge' if i else 'from'} :{p + 1}\n" for i, p in enumerate(above)]
            stream.append("\n")
        self.run("fast-import", "--quiet", "--force", "--export-marks=marks", given="".join(stream))
        marks = dict(line.split() for line in (folder / "marks").read_text("ascii").splitlines())
        self.oids = [marks[f":{n + 1}"] for n in range(len(parents))]
        self.run("commit-graph", "write", "--stdin-commits", given="\n".join(self.oids))

    def run(self, *arguments: str, given: str = "") -> list[str]:
        """Run git; the words that it prints."""
        environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(
            ["git", *arguments],
            cwd=self.folder, env=environ, input=given, capture_output=True, text=True, check=False,
        ).stdout.split()  # fmt: skip

    def merge_bases(self, ours: int, theirs: int) -> list[str]:
        """One question, one process."""
        return self.run("merge-base", "--all", self.oids[ours], self.oids[theirs])


def ask_all(folder: Path, commits: int) -> None:
    """Build both, ask both; they must agree."""
    rng = random.Random(SEED)
    parents = history(commits, rng)
    graph, oids = make_graph(parents, folder / "pyvcs")
    git = Git(parents, folder / "git") if shutil.which("git") else None
    near = range(commits - 50, commits)
    questions: dict[str, Pairs] = {
        "near the tip": [(rng.choice(near), rng.choice(near)) for _ in range(50)],
        "anywhere": [(rng.randrange(commits), rng.randrange(commits)) for _ in range(20)],
    }

    def by_graph(ours: int, theirs: int) -> tuple[Oid, ...]:
        return merge_bases_of_commits(graph, [oids[ours]], [oids[theirs]])

    for name, pairs in questions.items():
        asks: dict[str, Callable[[int, int], object]] = {"pyvcs": by_graph}
        if git:
            for pair in pairs[:10]:
                expected = sorted(map(git.oids.index, git.merge_bases(*pair)))
                assert sorted(map(oids.index, by_graph(*pair))) == expected
            asks["git"] = git.merge_bases
            # A question whose answer needs no walk: the start of a process.
            asks["git, no walk"] = lambda *_, git=git: git.merge_bases(5, 5)
        found = asked_in_turn(asks, pairs)
        near_tip = name == "near the tip"
        goal, of = (0.1, "value") if near_tip else (0.3, "ratio")
        row(f"merge base, {name}, {commits:,} commits", found, goal, of=of)


def main() -> None:
    """Measure both sizes."""
    for commits in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            ask_all(Path(folder), commits)


if __name__ == "__main__":
    main()
