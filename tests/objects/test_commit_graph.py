from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import pytest
from graphs import histories, slow_ancestors
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.commit_graph import KEY, CommitGraph
from pyvcs.objects.commit_record import FLAGS_MASK, LINE, header, lines_of_commit
from pyvcs.objects.errors import ObjectMissing
from pyvcs.objects.graph import generation_numbers
from pyvcs.objects.oid import Oid

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "commit-graph.md"


def name(number: int) -> Oid:
    return Oid(sha256(b"%d" % number).digest())


class Commits:
    """The commits of a history: what a store would load, and how often it did."""

    def __init__(self, history: dict[int, tuple[int, ...]]) -> None:
        self.parents = {name(n): tuple(map(name, parents)) for n, parents in history.items()}
        self.times = {name(n): 1000 - 7 * n for n in history}
        self.flags = {name(n): n % 3 for n in history}
        self.loaded: list[Oid] = []

    def load(self, oid: Oid) -> tuple[Sequence[Oid], int, int]:
        if oid not in self.parents:
            raise ObjectMissing(f"no commit {oid}")
        self.loaded.append(oid)
        return self.parents[oid], self.times[oid], self.flags[oid]

    def assert_right(self, graph: CommitGraph, oids: Iterable[Oid] | None = None) -> None:
        """Every answer about these commits is the one that the commits themselves give."""
        generation = generation_numbers(self.parents.__getitem__, self.parents)
        for oid in self.parents if oids is None else oids:
            assert graph.parents(oid) == self.parents[oid]
            assert graph.time(oid) == self.times[oid]
            assert graph.flags(oid) == self.flags[oid]
            assert graph.generation(oid) == generation[oid]
            position = graph.ensure(oid)
            assert graph.position(oid) == graph.order(oid) == position
            assert graph.oid(position) == oid
            assert all(parent < position for parent in graph.parent_positions(position))


KITE = {0: (), 1: (0,), 2: (1,), 3: (1,), 4: (2, 3)}
OCTOPUS = {**dict.fromkeys(range(40), ()), 40: tuple(range(40)), 41: (40, 7, 3), 42: (41, 40)}


@given(histories(), st.data())
@settings(max_examples=100, deadline=None)
def test_agrees_with_the_commits(history: dict[int, tuple[int, ...]], data: st.DataObject) -> None:
    commits, backend = Commits(history), MemoryBackend()
    wanted = data.draw(st.lists(st.sampled_from(list(history)), max_size=5))
    graph = CommitGraph(backend, commits.load)
    for number in wanted:
        graph.extend([name(number)])
    reached = set[int]().union(*(slow_ancestors(history)[n] for n in wanted))
    assert {n for n in history if graph.position(name(n)) is not None} == reached
    assert sorted(commits.loaded) == sorted(map(name, reached))  # each once
    again = CommitGraph(backend, commits.load)
    commits.loaded.clear()
    commits.assert_right(again, map(name, reached))
    assert commits.loaded == []
    commits.assert_right(again)
    commits.assert_right(graph)


@pytest.mark.parametrize("count", [2, 3, 15, 16, 28, 29, 40])
def test_keeps_any_number_of_parents(count: int) -> None:
    commits, backend = Commits({**OCTOPUS, 40: tuple(range(count))}), MemoryBackend()
    CommitGraph(backend, commits.load).extend(commits.parents)
    commits.assert_right(CommitGraph(backend, commits.load))


def test_starts_empty_and_writes_when_there_is_something() -> None:
    backend = MemoryBackend()
    graph = CommitGraph(backend, Commits(KITE).load)
    assert len(graph) == 0
    assert graph.position(name(0)) is None
    graph.extend([])
    assert backend.read(KEY) is None
    graph.extend([name(1)])
    assert len(graph) == 2
    assert backend.size(KEY) == 3 * LINE


def test_says_which_positions_there_are() -> None:
    graph = CommitGraph(MemoryBackend(), Commits(KITE).load)
    graph.extend([name(1)])
    for position in (-1, 2):
        with pytest.raises(IndexError, match=f"no position {position}"):
            graph.oid(position)


def test_adds_nothing_when_an_ancestor_is_missing() -> None:
    commits, backend = Commits(KITE), MemoryBackend()
    del commits.parents[name(0)]
    graph = CommitGraph(backend, commits.load)
    with pytest.raises(ObjectMissing, match=str(name(0))):
        graph.extend([name(4)])
    assert backend.read(KEY) is None
    assert graph.position(name(4)) is None


def test_a_long_line_needs_no_recursion() -> None:
    commits = Commits({n: (n - 1,) if n else () for n in range(20_000)})
    graph = CommitGraph(MemoryBackend(), commits.load)
    assert graph.generation(name(19_999)) == 20_000


def test_finds_commits_without_an_index_first_and_with_one_later() -> None:
    commits = Commits({n: (n - 1,) if n else () for n in range(1000)})
    backend = MemoryBackend()
    CommitGraph(backend, commits.load).extend([name(999)])
    graph = CommitGraph(backend, commits.load)
    assert [graph.position(name(n)) for n in (999, 500, 0)] == [999, 500, 0]
    assert graph.position(name(1000)) is None
    assert [graph.position(name(n)) for n in range(1001)] == [*range(1000), None]
    commits.assert_right(graph)


class CountingBackend(MemoryBackend):
    """A backend that notes how many bytes of what it gave are searched."""

    def __init__(self) -> None:
        super().__init__()
        self.searched = 0

    def view(self, key: str) -> memoryview | None:
        backend = self

        class Searched(bytes):
            def rfind(self, wanted: bytes, start: int, end: int) -> int:  # type: ignore[override]
                found = super().rfind(wanted, start, end)
                backend.searched += end - max(found, start)
                return found

        view = super().view(key)
        return None if view is None else memoryview(Searched(view))


def test_a_new_commit_is_looked_for_behind_its_parents_alone() -> None:
    commits = Commits({n: (n - 1,) if n else () for n in range(5010)})
    backend = CountingBackend()
    CommitGraph(backend, commits.load).extend([name(4999)])
    backend.searched = 0
    graph = CommitGraph(backend, commits.load)
    new = [name(n) for n in range(5000, 5010)]
    graph.extend(new, {oid: commits.load(oid) for oid in new})
    assert backend.searched < 200 * LINE
    commits.assert_right(graph, new)


@settings(max_examples=30)
@given(histories(), st.data())
def test_facts_that_are_given_change_no_answer(
    history: dict[int, tuple[int, ...]], data: st.DataObject
) -> None:
    line = {n: (n - 1,) if n else () for n in range(300)}  # so long that nothing is indexed
    above = {300 + n: tuple(300 + p for p in parents) or (299,) for n, parents in history.items()}
    commits = Commits({**line, **above})
    backend = MemoryBackend()
    known = data.draw(st.lists(st.sampled_from([*above]), unique=True))
    CommitGraph(backend, commits.load).extend(map(name, [299, *known]))
    graph = CommitGraph(backend, commits.load)
    wanted = data.draw(st.permutations([name(n) for n in above]))
    given_facts = data.draw(st.lists(st.sampled_from(wanted), unique=True))
    graph.extend(wanted, {oid: commits.load(oid) for oid in given_facts})
    commits.assert_right(graph)


def test_takes_no_other_bytes_for_an_oid() -> None:
    # An oid that stands in the file where none may: as the positions of further parents.
    backend = MemoryBackend()
    commits = Commits({**dict.fromkeys(range(300), ()), 300: tuple(range(300))})
    CommitGraph(backend, commits.load).extend(commits.parents)
    stored = backend.read(KEY) or b""
    start = len(stored) - 2 * LINE
    for offset in (0, 4, 17):
        graph = CommitGraph(backend, commits.load)
        assert graph.position(Oid(stored[start + offset :][:32])) is None
    for _ in range(2000):
        assert graph.position(Oid(stored[start:][:32])) is None


# -- what is wrong with the file ------------------------------------------------------------------


def stored_graph(history: dict[int, tuple[int, ...]]) -> tuple[Commits, bytes]:
    commits, backend = Commits(history), MemoryBackend()
    CommitGraph(backend, commits.load).extend(commits.parents)
    stored = backend.read(KEY)
    assert stored is not None
    return commits, stored


def assert_mended(commits: Commits, stored: bytes) -> None:
    """A graph over these bytes is right, stays right on the disk, and is written as it was."""
    backend = MemoryBackend()
    backend.swap(KEY, expected=None, new=stored)
    commits.assert_right(CommitGraph(backend, commits.load))
    commits.loaded.clear()
    commits.assert_right(CommitGraph(backend, commits.load))
    assert commits.loaded == []


def test_mends_a_file_with_any_byte_changed() -> None:
    commits, stored = stored_graph({0: (), 1: (0,), 2: (0,), 3: (0, 1, 2)})
    for place in range(len(stored)):
        for change in (1, 0x80, 0xFF):
            damaged = bytearray(stored)
            damaged[place] ^= change
            assert_mended(commits, bytes(damaged))


def test_mends_a_file_cut_at_any_length() -> None:
    commits, stored = stored_graph({0: (), 1: (0,), 2: (0,), 3: (0, 1, 2), 4: (3,)})
    for length in range(len(stored)):
        assert_mended(commits, stored[:length])
        assert_mended(commits, stored[:length] + bytes(len(stored) - length))  # as after a crash


def test_mends_a_file_with_something_behind_it() -> None:
    commits, stored = stored_graph(KITE)
    for tail in (b"x", bytes(LINE), stored[-LINE:], stored, b"\xff" * 1000):
        assert_mended(commits, stored + tail)


def test_uses_what_is_whole_of_a_damaged_file() -> None:
    commits, stored = stored_graph(KITE)
    backend = MemoryBackend()
    backend.swap(KEY, expected=None, new=stored[:-LINE] + bytes(LINE))
    commits.loaded.clear()
    commits.assert_right(CommitGraph(backend, commits.load))
    assert commits.loaded == [name(4)]
    assert backend.read(KEY) == stored


def test_writes_a_file_of_another_version_anew() -> None:
    commits, stored = stored_graph(KITE)
    newer = bytearray(stored[: LINE - 4])
    newer[32] = 2
    seal = crc32(newer) * 0x9E3779B1 % 2**32
    assert_mended(commits, bytes(newer) + seal.to_bytes(4, "little") + b"who knows what")


def test_a_seal_vouches_for_all_that_is_before_it() -> None:
    # A line that is right by itself but was written to follow another file.
    commits, stored = stored_graph(KITE)
    _, other = stored_graph({0: (), 7: (0,), 8: (7,), 9: (8,), 10: (9,)})
    assert len(stored) == len(other)
    assert stored[: 3 * LINE] != other[: 3 * LINE]
    assert_mended(commits, stored[:-LINE] + other[-LINE:])


def test_rebuilds_from_the_tips_alone() -> None:
    commits, backend = Commits(KITE), MemoryBackend()
    graph = CommitGraph(backend, commits.load)
    graph.extend([name(4)])
    graph.rebuild([name(3)])
    assert len(graph) == 3
    assert graph.position(name(2)) is None
    assert backend.size(KEY) == 4 * LINE
    commits.assert_right(graph, map(name, (0, 1, 3)))
    commits.assert_right(CommitGraph(backend, commits.load))


# -- several, and none that may write --------------------------------------------------------------


def test_two_graphs_on_one_file_both_stay_right() -> None:
    commits, backend = Commits(OCTOPUS), MemoryBackend()
    one, two = CommitGraph(backend, commits.load), CommitGraph(backend, commits.load)
    one.extend([name(1)])
    two.extend([name(2)])
    one.extend([name(40)])
    two.extend([name(3), name(41)])
    third = CommitGraph(backend, commits.load)
    third.rebuild([name(5)])
    one.extend([name(42)])
    two.extend([name(42)])
    for graph in (one, two, third, CommitGraph(backend, commits.load)):
        commits.assert_right(graph)


class Overtaken(DirectoryBackend):
    """A backend in which another process writes just before the next time that this one does."""

    other: Callable[[], None] | None = None

    def append(self, key: str, *data: bytes, at: int, durable: bool = True) -> None:
        self._overtake()
        super().append(key, *data, at=at, durable=durable)

    def extend(self, key: str, data: bytes, *, at: int) -> bool:
        self._overtake()
        return super().extend(key, data, at=at)

    def _overtake(self) -> None:
        other, self.other = self.other, None
        if other is not None:
            other()


@pytest.mark.parametrize("first", [1, 2, 42])
def test_of_two_that_write_at_once_neither_writes_over_the_other(
    tmp_path: Path, first: int
) -> None:
    """Lines that went would go from the memory of those who have the file mapped, too."""
    commits, backend = Commits(OCTOPUS), Overtaken(tmp_path)
    CommitGraph(backend, commits.load).extend([name(0)])
    one, two = CommitGraph(backend, commits.load), CommitGraph(backend, commits.load)
    backend.other = lambda: two.extend([name(first)])
    one.extend([name(3)])
    stored = backend.read(KEY)
    for graph in (two, one, CommitGraph(DirectoryBackend(tmp_path), commits.load)):
        commits.assert_right(graph)
    assert stored is not None
    assert (backend.read(KEY) or b"").startswith(stored)


class ReadOnly(MemoryBackend):
    """A backend on a disk that nobody may write to."""

    def extend(self, key: str, data: bytes, *, at: int) -> bool:
        raise PermissionError("read-only")

    def swap(self, key: str, *, expected: bytes | None, new: bytes | None) -> bool:
        raise PermissionError("read-only")


def test_goes_on_in_memory_where_it_cannot_write() -> None:
    _, stored = stored_graph(KITE)
    more = Commits({**KITE, 5: (4,), 6: (5, 0)})
    for content in (None, stored, stored[:-1]):
        backend = ReadOnly()
        if content is not None:
            with backend.writer() as stream:
                stream.write(content)
                stream.publish(KEY)
        more.assert_right(CommitGraph(backend, more.load))
        assert backend.read(KEY) == content


def test_works_on_a_mapped_file(tmp_path: Path) -> None:
    commits = Commits({n: (n - 1,) if n else () for n in range(600)})
    backend = DirectoryBackend(tmp_path)
    graph = CommitGraph(backend, commits.load)
    for number in range(0, 600, 50):
        graph.extend([name(number)])
    commits.assert_right(graph)
    again = CommitGraph(backend, commits.load)
    assert again.position(name(599)) == 599
    assert again.position(name(600)) is None
    commits.assert_right(again)
    (tmp_path / KEY).unlink()
    commits.assert_right(again)
    commits.assert_right(CommitGraph(backend, commits.load))


# -- the format ----------------------------------------------------------------------------------


def test_numbers_that_do_not_fit_are_told() -> None:
    for wrong in ({"time": 2**63}, {"flags": FLAGS_MASK + 1}, {"parents": [2**32 - 1]}):
        values: dict[str, object] = {"parents": [], "time": 0, "flags": 0, **wrong}
        with pytest.raises(ValueError, match="fit"):
            lines_of_commit(bytes(32), generation=1, **values)  # type: ignore[arg-type]


def test_the_example_of_the_page_is_what_is_written() -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = re.search(r"```hex\n(.*?)```", page, re.DOTALL)
    assert block is not None
    expected = bytes.fromhex(block[1])
    rows = re.findall(r"\| ([A-D]) \| 32 times `(..)` \| (\d+) \| ([A-D ]*) ?\| (\d) \|", page)
    assert len(rows) == 4
    oids = {letter: Oid(bytes.fromhex(byte * 32)) for letter, byte, *_ in rows}
    commits = {
        oids[letter]: (tuple(oids[p] for p in parents.split()), int(time), int(flags))
        for letter, _, time, parents, flags in rows
    }
    backend = MemoryBackend()
    graph = CommitGraph(backend, commits.__getitem__)
    graph.extend(oids.values())
    assert backend.read(KEY) == expected
    assert expected[:LINE] == header()
    assert graph.position(oids["D"]) == 4


def test_the_seals_of_the_example_follow_from_the_words_of_the_page() -> None:
    block = re.search(r"```hex\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    data = bytes.fromhex(block[1])
    for end in range(LINE, len(data) + 1, LINE):
        seal = int.from_bytes(data[end - 4 : end], "little")
        assert seal == crc32(data[: end - 4]) * 0x9E3779B1 % 2**32
