"""Many merges replayed, by several processes, and what they add up to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from pyvcs.git.git_graph import GitGraph
from pyvcs.git.git_objects import Sha
from pyvcs.git.plumbing import GitRepository
from pyvcs.git.replay import NO_TIME, Replay, Replayed, Spent, Verdict, checked_version
from pyvcs.replica import Progress, quiet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_AT_ONCE = 8


@dataclass
class Replays:
    """What the merges of a history came to. `notable` are those that are not simply equal."""

    version: str
    counts: Counter[Verdict] = field(default_factory=Counter)
    as_committed: Counter[Verdict] = field(default_factory=Counter)
    notable: list[Replayed] = field(default_factory=list)
    ours: Spent = NO_TIME
    git: Spent = NO_TIME

    @property
    def judged(self) -> int:
        """How many merges there is a verdict on."""
        return self.counts.total() - self.counts[Verdict.NOT_JUDGED]

    def add(self, one: Replayed) -> None:
        """Count one more."""
        self.counts[one.verdict] += 1
        self.as_committed[one.verdict] += bool(one.is_as_committed)
        self.ours = Spent(self.ours.wall + one.ours.wall, self.ours.cpu + one.ours.cpu)
        self.git = Spent(self.git.wall + one.git.wall, self.git.cpu + one.git.cpu)
        if one.verdict is not Verdict.EQUAL:
            self.notable.append(one)


def replay_git(
    source: GitRepository,
    *,
    limit: int | None = None,
    is_text_only: bool = False,
    jobs: int = 1,
    progress: Progress = quiet,
) -> Replays:
    """Replay the merges of two parents that the refs reach, newest first: all, or `limit` of them.

    The repository is only read. Refused when git is too old.
    """
    found = Replays(checked_version(source.run("version").decode().strip()))
    graph = GitGraph.of(source)
    merges = list(islice(graph.merges(), limit))
    for done, one in enumerate(_replayed(source.folder, graph, merges, is_text_only, jobs)):
        found.add(one)
        progress("replaying merges", done + 1)
    return found


def _replayed(
    folder: str,
    graph: GitGraph,
    merges: Sequence[tuple[Sha, Sha, Sha]],
    is_text_only: bool,
    jobs: int,
) -> Iterator[Replayed]:
    if jobs == 1:
        with Replay(folder, graph, is_text_only=is_text_only) as replay:
            for merge in merges:
                yield replay.merge(*merge)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    begin = (folder, graph, is_text_only)
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=begin
    ) as pool:
        try:
            yield from pool.map(_merge, merges, chunksize=_AT_ONCE)
        finally:
            pool.shutdown(cancel_futures=True)


_worker: list[Replay] = []
"""The replay of this process, when it is one of a pool."""


def _begin(folder: str, graph: GitGraph, is_text_only: bool) -> None:
    import atexit

    replay = Replay(folder, graph, is_text_only=is_text_only)
    atexit.register(replay.__exit__)
    _worker.append(replay.__enter__())


def _merge(merge: tuple[Sha, Sha, Sha]) -> Replayed:
    return _worker[0].merge(*merge)
