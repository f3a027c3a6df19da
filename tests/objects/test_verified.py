"""What was checked of a commit graph is not checked again, and damage is seen all the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from pyvcs.objects import file_times
from pyvcs.objects.backends import directory
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.commit_graph import KEY, CommitGraph, Facts
from pyvcs.objects.commit_record import LINE, whole_length
from pyvcs.objects.errors import ObjectMissing
from pyvcs.objects.oid import Oid
from pyvcs.objects.verified import LITTLE, SUFFIX, Verified, _note

LINES = LITTLE // LINE + 10

pytestmark = pytest.mark.skipif(
    not os.path.exists(directory._BOOT_ID), reason="this system does not tell when it was started"
)


def name(number: int) -> Oid:
    return Oid(number.to_bytes(32, "big"))


def load(oid: Oid) -> Facts:
    """Commits in one line, with numbers for oids."""
    number = int.from_bytes(oid, "big")
    return (name(number - 1),) if number else (), number, 0


def no_commit(oid: Oid) -> Facts:
    raise ObjectMissing(f"{oid} should be in the graph")


def at_rest(backend: DirectoryBackend) -> None:
    """Wait until the file was changed longer ago than a tick of its clock."""
    while (stamp := backend.stamp(KEY)) and not stamp[1]:
        os.sched_yield()


def graph_of(backend: DirectoryBackend, commits: int) -> CommitGraph:
    """A graph of so many commits, opened when it is at rest."""
    CommitGraph(backend, load).extend([name(commits - 1)])
    at_rest(backend)
    return CommitGraph(backend, load)


def known(backend: DirectoryBackend) -> int:
    """How much of the graph needs no look."""
    return Verified(backend, KEY).known(backend.size(KEY) or 0)


@pytest.fixture
def backend(tmp_path: Path) -> DirectoryBackend:
    return DirectoryBackend(tmp_path)


def test_all_of_it_is_known_once_it_was_opened(backend: DirectoryBackend) -> None:
    graph_of(backend, LINES)
    assert known(backend) == backend.size(KEY) == LINE * (LINES + 1)


def test_after_commits_what_was_known_before_still_is(backend: DirectoryBackend) -> None:
    graph_of(backend, LINES).extend([name(LINES)])
    before = LINE * (LINES + 1)
    assert known(backend) == before
    for number in range(LINES + 1, LINES + 5):
        CommitGraph(backend, load).extend([name(number)])
    assert before <= known(backend) < (backend.size(KEY) or 0)
    at_rest(backend)
    CommitGraph(backend, load).extend([name(LINES + 5)])
    assert known(backend) == LINE * (LINES + 6)
    again = CommitGraph(backend, no_commit)
    assert again.parents(name(LINES + 5)) == (name(LINES + 4),)


def test_what_is_known_is_not_read(
    backend: DirectoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph_of(backend, LINES)
    looked: list[int] = []

    def counted(data: bytes | memoryview, running: int = 0) -> int:
        looked.append(len(data))
        return crc32(data, running)

    monkeypatch.setattr("pyvcs.objects.commit_record.crc32", counted)
    assert CommitGraph(backend, no_commit).parents(name(LINES - 1)) == (name(LINES - 2),)
    assert sum(looked) < 4 * LINE


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


@pytest.mark.parametrize("at", [LINE + 3, 100 * LINE + 45, LINE * LINES - 1])
def test_damage_is_seen_in_what_was_known(backend: DirectoryBackend, at: int) -> None:
    graph_of(backend, LINES)
    flip(Path(backend.root) / KEY, at)
    assert known(backend) == 0
    graph = CommitGraph(backend, load)
    graph.ensure(name(LINES - 1))
    for number in (0, 99, 100, LINES - 1):
        assert graph.parents(name(number)) == load(name(number))[0]


def test_damage_is_seen_behind_what_is_known(backend: DirectoryBackend) -> None:
    """What another process writes in the same tick leaves the word of the system as it is."""
    graph_of(backend, LINES).extend([name(LINES)])
    content = backend.read(KEY) or b""
    begin = known(backend)
    assert whole_length(content, begin) == len(content)
    for at in range(begin, len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 0x80
        assert whole_length(bytes(damaged), begin) == begin


@pytest.mark.parametrize("tail", [b"", b"a line that was not finished"])
def test_who_appends_does_not_vouch_for_damage_since_it_looked(
    backend: DirectoryBackend, tail: bytes
) -> None:
    """A server holds a graph for days: what somebody does to the file meanwhile is not its word."""
    path = Path(backend.root) / KEY
    graph_of(backend, LINES)
    with path.open("ab") as file:
        file.write(tail)
    graph = CommitGraph(backend, load)
    flip(path, 100 * LINE + 45)
    graph.extend([name(LINES)])
    assert known(backend) == 0
    assert CommitGraph(backend, load).parents(name(99)) == (name(98),)


def test_a_graph_that_grows_again_and_again_stays_known(backend: DirectoryBackend) -> None:
    graph = graph_of(backend, LINES)
    for number in range(LINES, LINES + 3):
        graph.extend([name(number)])
        at_rest(backend)
    assert known(backend) == LINE * (LINES + 1)


class Replaced(DirectoryBackend):
    """A backend in which somebody puts damaged bytes under the key just before they are viewed."""

    def view(self, key: str) -> memoryview | None:
        damaged = bytearray(self.read(key) or b"")
        damaged[100 * LINE + 45] ^= 1
        assert self.swap(key, expected=self.read(key), new=bytes(damaged) + bytes(10 * LINE))
        return super().view(key)


def test_a_note_does_not_speak_of_what_came_after_it_was_asked(backend: DirectoryBackend) -> None:
    graph_of(backend, LINES)
    graph = CommitGraph(Replaced(backend.root), load)
    assert graph.parents(name(99)) == (name(98),)


@pytest.mark.parametrize("at", [0, 1, 20, -70, -2])
def test_a_damaged_note_is_none(backend: DirectoryBackend, at: int) -> None:
    graph_of(backend, LINES)
    path = Path(backend.root) / (KEY + SUFFIX)
    flip(path, at % path.stat().st_size)
    assert known(backend) == 0
    for note in (b"9999999999 ", b"9" * 5000 + b" ", b"-64 ", b"\xb2 ", b"", bytes(10**7)):
        path.write_bytes(note)
        assert known(backend) == 0


class Unreadable(DirectoryBackend):
    """A backend in which the note belongs to somebody else, who shows it to nobody."""

    def _path(self, key: str) -> str:
        if key == KEY + SUFFIX:
            raise PermissionError(13, "not yours")
        return super()._path(key)


def test_a_note_that_cannot_be_read_is_none(backend: DirectoryBackend) -> None:
    graph_of(backend, LINES)
    graph = CommitGraph(Unreadable(backend.root), no_commit)
    assert graph.parents(name(99)) == (name(98),)
    path = Path(backend.root) / (KEY + SUFFIX)
    path.unlink()
    path.mkdir()
    assert CommitGraph(backend, no_commit).parents(name(99)) == (name(98),)


@pytest.mark.parametrize("length", [1, 4, LINE - 1, LINE + 5, LINE * (LINES + 1) + 3])
def test_a_note_that_lies_about_lines_raises_nothing(
    backend: DirectoryBackend, length: int
) -> None:
    """That of another's repository, whose graph is doubted."""
    CommitGraph(backend, load).extend([name(LINES - 1)])
    with (Path(backend.root) / KEY).open("ab") as file:
        file.write(b"abc")
    stamp = backend.stamp(KEY)
    assert stamp is not None
    (Path(backend.root) / (KEY + SUFFIX)).write_bytes(_note(length, stamp[0]))
    assert known(backend) == length
    graph = CommitGraph(backend, no_commit)
    assert len(graph) == LINES
    assert graph.parents(name(99)) == (name(98),)


def test_a_note_does_not_outlive_the_run_of_the_system(
    backend: DirectoryBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph_of(backend, LINES)
    (tmp_path / "boot").write_text("another run\n")
    (tmp_path / "hidden").touch()
    for boot in (tmp_path / "boot", tmp_path / "no such file", tmp_path / "hidden"):
        monkeypatch.setattr(directory, "_BOOT_ID", str(boot))
        assert known(backend) == 0
    graph_of(backend, LINES)  # where nothing is told, nothing is noted
    assert known(backend) == 0


def test_a_graph_made_anew_is_not_known_by_the_note_of_the_old_one(
    backend: DirectoryBackend,
) -> None:
    graph = graph_of(backend, LINES)
    graph.rebuild([name(LINES + 2)])
    assert known(backend) == 0
    assert CommitGraph(backend, no_commit).parents(name(5)) == (name(4),)


def test_what_changed_just_now_is_not_noted(
    backend: DirectoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_times, "TICK_NS", 10**18)
    CommitGraph(backend, load).extend([name(LINES)])
    CommitGraph(backend, load)
    assert backend.read(KEY + SUFFIX) is None


def test_a_clock_of_whole_seconds_is_not_trusted(
    backend: DirectoryBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph_of(backend, LINES)
    monkeypatch.setattr(file_times, "_SECOND_NS", 1)  # so all times are whole ones
    assert backend.stamp(KEY) is None
    assert known(backend) == 0


@pytest.mark.parametrize("make", [MemoryBackend, lambda: None])
def test_little_ones_and_other_backends_have_no_note(
    backend: DirectoryBackend, make: Callable[[], MemoryBackend | None]
) -> None:
    other = make()
    if other is None:
        graph_of(backend, 10)
        assert backend.read(KEY + SUFFIX) is None
    else:
        CommitGraph(other, load).extend([name(LINES)])
        assert CommitGraph(other, no_commit).parents(name(9)) == (name(8),)
        assert other.read(KEY + SUFFIX) is None
