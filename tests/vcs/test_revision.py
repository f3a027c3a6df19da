"""Revisions: names that lead to commits."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, new_repository, write
from terminal import Terminal

from pyvcs.objects.errors import Ambiguous, RevisionUnknown
from pyvcs.objects.oid import Oid
from pyvcs.repository import Repository


@pytest.fixture
def made(tmp_path: Path) -> tuple[Repository, list[Oid]]:
    """Four commits, on main, of which topic has the first two and one of its own."""
    repository = new_repository(tmp_path)
    oids = []
    for number in range(3):
        write(tmp_path, {"a": str(number)})
        oids.append(repository.commit(f"main {number}\n\nbody {number}"))
        if number == 1:
            repository.switch("topic", create=True)
            repository.switch("main")
    repository.switch("topic")
    write(tmp_path, {"b": "1"})
    oids.append(repository.commit("topic 0"))
    return repository, oids


@pytest.mark.parametrize(
    ("revision", "number"),
    [
        ("main", 2),
        ("main~2", 0),
        ("main@{0}", 2),
        ("main@{1}", 1),
        ("main@{2}", 0),
        ("main@{1}~1", 0),
        ("@{0}", 3),
        ("@{1}", 1),
        ("HEAD@{0}", 3),
        ("HEAD@{1}", 1),
        ("HEAD@{2}", 2),
        (":/main 1", 1),
        (":/body", 2),
        (":/topic", 3),
    ],
)
def test_names_lead_to_commits(
    made: tuple[Repository, list[Oid]], revision: str, number: int
) -> None:
    repository, oids = made
    assert repository.resolve(revision) == oids[number]


@pytest.mark.parametrize(
    ("revision", "why"),
    [
        ("main@{3}", "moved 3 times"),
        ("main@{99}", "before the beginning"),
        ("nowhere@{0}", "before the beginning"),
        (":/nothing like it", "no commit has"),
        (":/", "no commit has"),
        ("main~9", "beyond the history"),
        ("main@{x}", "names no branch"),
    ],
)
def test_what_leads_nowhere_says_why(
    made: tuple[Repository, list[Oid]], revision: str, why: str
) -> None:
    with pytest.raises(RevisionUnknown, match=why):
        made[0].resolve(revision)


def test_a_prefix_of_several_names_them(tmp_path: Path) -> None:
    repository = new_repository(tmp_path)
    prefixes: dict[str, Oid] = {}
    for number in range(2_000):
        oid = commit(repository, {"a": str(number)}) if number < 3 else _blob(repository, number)
        known = prefixes.setdefault(str(oid)[:4], oid)
        if known != oid:
            with pytest.raises(Ambiguous, match=rf"2 oids: .*{known.short()}|{oid.short()}"):
                repository.resolve(str(oid)[:4])
            return
    raise AssertionError("2,000 objects and no prefix in common")


def _blob(repository: Repository, number: int) -> Oid:
    from pyvcs.objects.store_writer import StoreWriter

    with StoreWriter(repository.store) as writer:
        oid = writer.put(b"blob %d" % number)
        writer.publish()
    return oid


def test_a_dash_goes_back_to_the_branch_before(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.run("init")
    assert terminal.run("switch", "-", check=False).code == 4
    terminal.write("a", "1")
    terminal.run("commit", "-m", "1")
    terminal.run("switch", "-c", "topic")
    assert "On branch main" in terminal.run("switch", "-").out
    assert "On branch topic" in terminal.run("switch", "-").out
