"""A log of ids and subjects is the decoded log, whatever is kept from earlier ones, or harmed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import pytest
from graphs import histories
from hypothesis import given, settings
from hypothesis import strategies as st
from twins import START, store_commit

from pyvcs.collecting import collect
from pyvcs.kept_outlines import KEY, LONGEST, MAGIC, MANY
from pyvcs.objects.clock import Clock
from pyvcs.objects.oid import Oid
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.repository import Repository
from pyvcs.sealed import seal, unseal
from pyvcs.short_log import short_log

SHORT = ("one\n", "two\n\nand a body\nclock 1.1\n", "", "no line end", "\n\nlate\n", "größer\n")
MESSAGES = (*SHORT, f"{'long ' * LONGEST}\n")
Shown = list[tuple[bytes, str]]


def grow(
    repository: Repository,
    history: Mapping[int, tuple[int, ...]],
    oids: list[Oid],
    draw: Callable[[st.SearchStrategy[int]], int],
    *,
    messages: Sequence[str] = MESSAGES,
    note: str = "",
) -> None:
    """Store the commits of a history that `oids` does not have yet; clocks may go back."""
    for number in range(len(oids), len(history)):
        first = store_commit(repository, f"{number}", [], {}, seconds=START)
        late = draw(st.integers(0, 2))
        commit = replace(
            repository.store.commit(first),
            parents=tuple(oids[parent] for parent in history[number]),
            message=messages[draw(st.integers(0, len(messages) - 1))],
            clock=Clock(START * 1000 + draw(st.integers(0, 4)), number % 3 * 3 + late),
            extra=(("note", f"{note}{number}\nclock 9.9".encode()),),
        )
        with StoreWriter(repository.store) as writer:
            oids.append(writer.put(commit))
            writer.publish()


def decoded(repository: Repository, tips: Collection[Oid]) -> Shown:
    """The slow oracle."""
    return [(entry.oid, entry.commit.subject) for entry in repository.history.log(tips)]


def reopened(repository: Repository) -> Repository:
    """The same repository as the next process finds it."""
    return Repository(repository.backend, None)


def put(repository: Repository, content: bytes | None) -> None:
    repository.backend.swap(KEY, expected=repository.backend.read(KEY), new=content)


def kept_by(repository: Repository, tips: Collection[Oid]) -> bytes:
    """The outlines that a log of these commits keeps."""
    list(short_log(repository, tips, many=0))
    return repository.backend.read(KEY) or b""


@settings(max_examples=80, deadline=None)
@given(histories(max_size=12), st.data())
def test_is_the_log_with_and_without_what_earlier_ones_kept(
    history: dict[int, tuple[int, ...]], data: st.DataObject
) -> None:
    repository, oids = Repository.in_memory(), list[Oid]()
    before = data.draw(st.integers(0, len(history)))
    grow(repository, {n: history[n] for n in range(before)}, oids, data.draw)
    if oids:
        kept_by(repository, data.draw(st.sets(st.sampled_from(oids), min_size=1)))
    grow(repository, history, oids, data.draw)
    tips = data.draw(st.sets(st.sampled_from(oids), min_size=1, max_size=3))
    expected = decoded(repository, tips)
    many = data.draw(st.integers(0, 3))
    for _ in range(3):
        assert list(short_log(reopened(repository), tips, many=many)) == expected
    if data.draw(st.booleans()):
        collect(repository)
    else:  # the same commits at other positions
        repository.history.graph.rebuild(data.draw(st.permutations(oids)))
    for _ in range(2):
        assert list(short_log(reopened(repository), tips, many=many)) == expected


def test_lines_of_work_side_by_side_take_turns_by_their_clocks() -> None:
    repository = Repository.in_memory()
    tips: dict[str, list[Oid]] = {"left": [], "right": []}
    for number, name in enumerate(("left", "right", "right", "left", "left", "right")):
        tips[name] = [store_commit(repository, name, tips[name], {}, seconds=START + number)]
    ends = [oid for tip in tips.values() for oid in tip]
    shown = list(short_log(repository, ends))
    assert [name for _, name in shown] == ["right", "left", "left", "right", "right", "left"]
    assert shown == decoded(repository, ends)


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flipped(content: bytes) -> bytes:
    return content[:-9] + bytes([content[-9] ^ 4]) + content[-8:]


HARMS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "empty": lambda kept, other: b"",
    "cut": lambda kept, other: _cut(kept),
    "one bit": lambda kept, other: _flipped(kept),
    "of another repository": lambda kept, other: other,
    "half of two": lambda kept, other: other[: len(other) // 2] + kept[len(kept) // 2 :],
    "of another format": lambda kept, other: seal(b"pyvcsOL\x00", unseal(MAGIC, kept)),
    "of a longer graph": lambda kept, other: seal(
        MAGIC, (unseal(MAGIC, kept)[0], [1] * 1000, ["no"] * 1000)
    ),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
@settings(max_examples=15, deadline=None)
@given(histories(max_size=8), st.data())
def test_harm_costs_time_and_no_answer(
    harm: Callable[[bytes, bytes], bytes],
    history: dict[int, tuple[int, ...]],
    data: st.DataObject,
) -> None:
    repository, oids = Repository.in_memory(), list[Oid]()
    grow(repository, history, oids, data.draw, messages=SHORT)
    other, others = Repository.in_memory(), list[Oid]()
    grow(other, history, others, data.draw, messages=SHORT, note="elsewhere ")
    bad = harm(kept_by(repository, oids), kept_by(other, others))
    put(repository, bad)
    expected = decoded(repository, oids)
    assert list(short_log(reopened(repository), oids, many=100)) == expected
    assert repository.backend.read(KEY) == bad, "few look-ups write nothing"
    assert list(short_log(reopened(repository), oids, many=0)) == expected
    assert unseal(MAGIC, repository.backend.read(KEY)) is not None, "sound ones are back"


def line(commits: int) -> tuple[Repository, list[Oid]]:
    """A history without any branch, in one pack and one more for its first commit."""
    repository = Repository.in_memory()
    oids = [store_commit(repository, "0", [], {}, seconds=START)]
    first = repository.store.commit(oids[0])
    with StoreWriter(repository.store) as writer:
        for n in range(1, commits):
            clock = Clock(START * 1000 + n)
            commit = replace(first, message=f"{n}\n", parents=(oids[-1],), clock=clock)
            oids.append(writer.put(commit))
        writer.publish()
    return repository, oids


def without_packs(repository: Repository) -> Repository:
    """A repository with the caches of another one, and no objects."""
    bare = Repository.in_memory()
    for key in ("commit-graph", KEY):
        bare.backend.swap(key, expected=bare.backend.read(key), new=repository.backend.read(key))
    return Repository(bare.backend, None)


def test_what_is_kept_serves_without_a_look_at_the_objects() -> None:
    repository, oids = line(5)
    expected = decoded(repository, oids[-1:])
    kept_by(repository, oids[-1:])
    assert list(short_log(without_packs(repository), oids[-1:])) == expected


def test_only_a_log_that_looked_up_many_keeps_anything() -> None:
    repository, oids = line(MANY + 1)
    list(short_log(repository, oids[-2:-1]))
    assert repository.backend.read(KEY) is None
    list(short_log(repository, oids[-1:]))
    assert repository.backend.read(KEY) is not None


def test_long_subjects_are_not_kept() -> None:
    repository = Repository.in_memory()
    tip = store_commit(repository, "x" * LONGEST, [], {}, seconds=START)
    tip = store_commit(repository, "x" * (LONGEST + 1), [tip], {}, seconds=START + 1)
    assert unseal(MAGIC, kept_by(repository, [tip]))[2] == ["x" * LONGEST, ""]


def test_starts_at_once() -> None:
    repository, oids = line(3)
    older = list(repository.store.packs)
    oids.append(store_commit(repository, "3", oids[-1:], {}, seconds=START + 3))
    repository.history.graph.ensure(oids[-1])
    for key in older:
        repository.backend.delete(key)
    assert next(short_log(reopened(repository), oids[-1:])) == (oids[-1], "3")


def test_a_gc_takes_it_away_with_what_it_prunes() -> None:
    repository, oids = line(3)
    kept_by(repository, oids)
    collect(repository, prune=True)
    assert repository.backend.read(KEY) is None
