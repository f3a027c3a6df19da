"""git as a witness: the same random histories, the same questions, the same answers.

git is asked about many histories in one repository, with clocks that run as they should and with
clocks that run backwards or at random. Where git itself follows clocks (`rev-list A --not B` stops
early when dates lie) it is a witness only for honest ones; see KNOWN_DIFFERENCES.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyvcs.merge.bases import merge_bases, merge_bases_of_sets
from pyvcs.objects.ancestry import is_ancestor
from pyvcs.objects.graph import heads, missing

KNOWN_DIFFERENCES = {
    "rev-list": "walks by date with a little slack, so a clock that is far behind its parents' "
    "lets commits through that the other side has; ours never looks at a clock",
}

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="git is not installed: no witness for the history"
)

Parents = dict[str, tuple[str, ...]]

CLOCKS: dict[str, Callable[[random.Random, int], int]] = {
    "honest": lambda _, number: number * 100,
    "backwards": lambda _, number: (1000 - number) * 100,
    "random": lambda rng, _: rng.randrange(100_000),
    "equal": lambda _, __: 500,
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One random history as git knows it: parents by git's own commit ids."""

    clock: str
    parents: Parents


class Witness:
    """A repository of git with many unrelated histories in it."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder = folder
        nothing = os.devnull
        self._environ = {**os.environ, "GIT_CONFIG_GLOBAL": nothing, "GIT_CONFIG_SYSTEM": nothing}
        self.git("init", "--quiet", "--bare")
        shapes = [(clock, random_history(rng)) for clock in CLOCKS for _ in range(8)]
        stream: list[str] = []
        first = 1
        for clock, history in shapes:
            times = [CLOCKS[clock](rng, n) for n in range(len(history))]
            stream += fast_import(history, times, first)
            first += len(history)
        marks = folder / "marks"
        self.git("fast-import", "--quiet", f"--export-marks={marks}", given="".join(stream))
        oids = dict(line.split() for line in marks.read_text("ascii").splitlines())
        self.samples = []
        first = 1
        for clock, history in shapes:
            names = [oids[f":{first + n}"] for n in range(len(history))]
            parents = {
                name: tuple(names[p] for p in above)
                for name, above in zip(names, history, strict=True)
            }
            self.samples.append(Sample(clock, parents))
            first += len(history)

    def git(self, *arguments: str, given: str = "") -> tuple[int, list[str]]:
        """Run git; its exit code and its words. Codes over 1 are failures."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=self._environ,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode <= 1, done.stderr
        return done.returncode, done.stdout.split()


def random_history(rng: random.Random) -> list[tuple[int, ...]]:
    """20 to 40 commits with forks, merges, some octopuses, and more than one root."""
    history: list[tuple[int, ...]] = []
    for number in range(rng.randrange(20, 41)):
        count = rng.choices([0, 1, 2, 3], [1, 12, 8, 2])[0]
        near = range(max(0, number - rng.choice([3, 6, 12])), number)
        history.append(tuple(rng.sample(near, min(count, len(near)))))
    return history


def fast_import(history: list[tuple[int, ...]], times: list[int], first: int) -> Iterator[str]:
    """The commands for `git fast-import`; marks are counted from `first` on."""
    for number, parents in enumerate(history):
        yield f"reset refs/heads/c{first + number}\n"
        yield f"commit refs/heads/c{first + number}\nmark :{first + number}\n"
        yield f"committer A <a@b> {times[number]} +0000\ndata {len(str(first))}\n{first}\n"
        for index, parent in enumerate(parents):
            yield f"{'merge' if index else 'from'} :{first + parent}\n"
        yield "\n"


@pytest.fixture(scope="module")
def seed() -> int:
    return random.randrange(2**32)


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory, seed: int) -> Witness:
    return Witness(tmp_path_factory.mktemp("witness"), random.Random(seed))


def rounds(witness: Witness, seed: int, count: int) -> Iterator[tuple[Sample, list[str], str]]:
    """For every sample `count` times some of its commits, and what to print on a failure."""
    rng = random.Random(seed)
    for sample in witness.samples:
        names = list(sample.parents)
        for _ in range(count):
            some = rng.sample(names, 4)
            yield sample, some, f"seed {seed}, clock {sample.clock}, {some} in {sample.parents}"


def test_names_the_same_merge_bases(witness: Witness, seed: int) -> None:
    for sample, (a, b, *_), told in rounds(witness, seed, 4):
        _, expected = witness.git("merge-base", "--all", a, b)
        assert list(merge_bases(sample.parents.__getitem__, a, b)) == sorted(expected), told


def test_names_the_same_merge_bases_of_one_against_a_set(witness: Witness, seed: int) -> None:
    for sample, (a, b, c, d), told in rounds(witness, seed, 2):
        _, expected = witness.git("merge-base", "--all", a, b, c, d)
        found = merge_bases_of_sets(sample.parents.__getitem__, [a], [b, c, d])
        assert list(found) == sorted(expected), told


def test_names_the_same_ancestors(witness: Witness, seed: int) -> None:
    for sample, (a, b, *_), told in rounds(witness, seed, 2):
        code, _ = witness.git("merge-base", "--is-ancestor", a, b)
        assert is_ancestor(sample.parents.__getitem__, a, b) == (code == 0), told


def test_names_the_same_heads(witness: Witness, seed: int) -> None:
    for sample, some, told in rounds(witness, seed, 1):
        _, expected = witness.git("merge-base", "--independent", *some)
        assert list(heads(sample.parents.__getitem__, some)) == sorted(expected), told


def test_lists_the_same_commits_as_missing(witness: Witness, seed: int) -> None:
    for sample, (a, b, c, d), told in rounds(witness, seed, 2):
        if sample.clock != "honest":
            continue  # KNOWN_DIFFERENCES
        _, expected = witness.git("rev-list", "--topo-order", "--reverse", a, b, "--not", c, d)
        found = missing(sample.parents.__getitem__, wants=[a, b], haves=[c, d])
        assert sorted(found) == sorted(expected), told
        assert parents_first(sample.parents, found), told


def parents_first(parents: Parents, found: Iterable[str]) -> bool:
    seen: set[str] = set()
    wanted = set(found)
    for oid in found:
        seen.add(oid)
        if not seen.issuperset(wanted.intersection(parents[oid])):
            return False
    return True
