"""Replicas in memory, for tests of laws: same clock for all, an author each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from pyvcs.checking import check
from pyvcs.objects.commit import Identity
from pyvcs.objects.oid import Oid
from pyvcs.replica import Replica
from pyvcs.repository import Repository
from pyvcs.sync.replicate import take_in

START_MS = 1_700_000_000_000


class Team:
    """Replicas that share one wall clock, which goes on by a second at each look."""

    def __init__(self, size: int) -> None:
        self._clock = count(START_MS, 1000)
        self.replicas = [self.joins() for _ in range(size)]

    def joins(self) -> Repository:
        """One more replica, empty."""
        return Repository.in_memory(now_ms=lambda: next(self._clock))

    def commit(self, at: int, changes: dict[str, bytes | None], message: str = "edit") -> Oid:
        """Let the person at one replica commit some changes."""
        author = Identity(f"Person {at}", f"person{at}@example.org")
        return self.replicas[at].commit(message, changes=changes, author=author)


def settle(replicas: Sequence[Replica]) -> None:
    """Let every replica hear of all that the others know, twice round the circle."""
    for _ in range(2):
        for index in range(len(replicas)):
            take_in(replicas[index], replicas[index - 1])


def assert_whole(replicas: Sequence[Replica]) -> None:
    """Every replica passes fsck."""
    for replica in replicas:
        report = check(replica)
        assert report.problems == ()


def tips(replicas: Sequence[Replica], branch: str = "main") -> Iterator[Oid | None]:
    """The tip of a branch on each replica."""
    return (replica.refs.tips.get(branch) for replica in replicas)
