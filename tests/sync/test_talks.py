"""Whole talks: how many round trips and bytes they take, and what a cut at any byte leaves."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

import pytest
from people import ADA
from replicas import Team, assert_whole
from wires import Wire, talk

from pyvcs.branching import create_branch
from pyvcs.collecting import collect
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.errors import ConnectionLost
from pyvcs.objects.pack import BLOCK_BYTES
from pyvcs.repository import Repository
from pyvcs.sync.acquaintance import PREFIX
from pyvcs.sync.answering import Answerer
from pyvcs.sync.calling import Caller
from pyvcs.sync.report import Wish


def history(team: Team, at: int, commits: int) -> None:
    """Many small edits of one of ten files."""
    rng = random.Random(team.replicas[at].refs.operation)
    for number in range(commits):
        text = b"".join(b"line %d\n" % rng.randrange(10**6) for _ in range(20))
        team.commit(at, {f"file{number % 10}": text})


def copy_of(replica: Repository) -> Repository:
    """The same replica again, as it is now: with its id, and its memory."""
    assert isinstance(replica.backend, MemoryBackend)
    backend = MemoryBackend()
    for key in replica.backend.keys(""):
        backend.swap(key, expected=None, new=replica.backend.read(key))
    return Repository(backend, None, now_ms=replica.now_ms)


def forget(replica: Repository) -> None:
    """Lose what is remembered of peers."""
    for key in list(replica.backend.keys(PREFIX)):
        replica.backend.delete(key)


# -- round trips -----------------------------------------------------------------------------


def test_strangers_take_two_round_trips_and_acquaintances_one() -> None:
    team = Team(2)
    here, there = team.replicas
    history(team, 0, 3)
    assert len(talk(here, there).turns) == 2
    assert len(talk(here, there).turns) == 1
    team.commit(0, {"a": b"ours"})
    assert len(talk(here, there).turns) == 1
    team.commit(1, {"b": b"theirs"})
    assert len(talk(here, there).turns) == 1
    team.commit(0, {"a": b"ours again"})
    team.commit(1, {"b": b"theirs again"})
    assert len(talk(here, there).turns) == 1
    assert here.tip() == there.tip()
    assert_whole([here, there])


def test_a_memory_that_is_lost_or_wrong_costs_round_trips_and_nothing_else() -> None:
    team = Team(3)
    here, there, other = team.replicas
    history(team, 0, 5)
    talk(here, there)
    history(team, 0, 5)
    forget(here)
    assert len(talk(here, there).turns) == 2
    # Another replica answers at the same address, and knows nothing of what is remembered.
    wire = Wire(other, name=Wire(there).address)
    Caller(here, wire, Wish()).talk()
    assert len(wire.turns) <= 3
    assert other.tip() == here.tip()
    assert_whole([other])


@pytest.mark.parametrize("forgetful", [False, True])
def test_bytes_grow_with_what_is_new_and_not_with_the_history(forgetful: bool) -> None:
    taken = []
    for old in (30, 300):
        team = Team(2)
        here, there = team.replicas
        history(team, 1, old)
        talk(here, there)
        team.commit(1, {"file3": b"new\n"})
        if forgetful:
            forget(here)
        wire = talk(here, there)
        assert here.tip() == there.tip()
        taken.append(wire.sent + wire.received)
    assert taken[1] - taken[0] < (800 if forgetful else 60)


def test_one_ref_of_many_travels_alone() -> None:
    team = Team(2)
    here, there = team.replicas
    history(team, 0, 1)
    for number in range(200):
        create_branch(here, f"topic/{number}")
    talk(here, there)
    create_branch(there, "one-more")
    wire = talk(here, there)
    assert "one-more" in here.refs.tips
    assert wire.sent + wire.received < 64 * 8 + 30 * 120
    talk(there, here)
    for one, other in ((there, here), (here, there)):  # who has just learnt of many, too
        create_branch(one, f"from {one.id}".replace(" ", "-"))
        wire = talk(there, here)
        assert len(wire.turns) == 1
        assert wire.sent + wire.received < 64 * 8 + 30 * 120
        assert other.refs.tips == one.refs.tips


def test_what_was_replaced_in_a_large_file_travels_alone() -> None:
    team = Team(2)
    here, there = team.replicas
    big = random.Random(1).randbytes(3_000_000)
    team.commit(1, {"big": big})
    talk(here, there)
    team.commit(1, {"big": big[:1_500_000] + b"inserted" + big[1_500_000:]})
    wire = talk(here, there)
    assert wire.received < 10_000
    assert here.read("main", "big") == there.read("main", "big")


def test_a_folder_that_moved_is_not_sent_again() -> None:
    team = Team(2)
    here, there = team.replicas
    rng = random.Random(2)
    files = {f"old/deep/{n}": rng.randbytes(5_000) for n in range(20)}
    team.commit(1, {**files, "other": b"1"})
    talk(here, there)
    moved: dict[str, bytes | None] = {name.replace("old", "new"): x for name, x in files.items()}
    team.commit(1, {**dict.fromkeys(files), **moved})
    assert talk(here, there).received < 2_000
    assert_whole([here])


# -- cuts --------------------------------------------------------------------------------------


def cuts(here: Repository, there: Repository) -> Iterator[dict[str, int]]:
    """Every byte at which the talk of these two can be cut, in either direction."""
    whole = talk(copy_of(here), copy_of(there))
    yield from ({"up": n} for n in range(whole.sent))
    yield from ({"down": n} for n in range(whole.received))


def test_a_talk_cut_at_any_byte_leaves_both_as_before_or_after_and_goes_on() -> None:
    team = Team(2)
    team.commit(0, {"a": b"1"})
    talk(team.replicas[0], team.replicas[1])
    team.commit(0, {"a": b"2"})
    team.commit(1, {"b": b"3"})
    mine, theirs = team.replicas
    done = [copy_of(each) for each in (mine, theirs)]
    talk(done[0], done[1])
    states = {each.refs.tips["main"] for each in (mine, theirs, *done)}
    for cut in cuts(mine, theirs):
        here, there = copy_of(mine), copy_of(theirs)
        with pytest.raises(ConnectionLost):
            talk(here, there, None, **cut)
        assert {here.tip(), there.tip()} <= states
        talk(here, there)
        assert here.tip() == there.tip() == done[0].tip()
        assert here.refs.branches == there.refs.branches == done[0].refs.branches
    assert_whole([here, there])


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_talk_that_is_cut_again_and_again_sends_no_more_than_a_block_twice(
    direction: str,
) -> None:
    team = Team(2)
    here, there = team.replicas
    rng = random.Random(3)
    full = 0 if direction == "up" else 1
    for number in range(3):
        team.commit(full, {f"big{number}": rng.randbytes(1_500_000), f"d/{number}": b"x"})
    size = 3 * 1_500_000
    through, tries = 0, 0
    step = 2 * BLOCK_BYTES
    while here.tip() != there.tip():
        tries += 1
        assert tries < 20
        wire = Wire(there, **{direction: step})  # type: ignore[arg-type]
        try:
            Caller(here, wire, Wish()).talk()
        except ConnectionLost:
            assert list(team.replicas[1 - full].store.oids()) == []
        through += wire.sent + wire.received
    assert tries > 3
    assert through < size + tries * (BLOCK_BYTES + 10_000)
    assert_whole([here, there])
    assert not list(here.backend.keys("partial/"))
    assert not list(there.backend.keys("partial/"))


def test_gc_removes_what_a_cut_left() -> None:
    team = Team(2)
    here, there = team.replicas
    team.commit(1, {"big": random.Random(4).randbytes(2_000_000)})
    with pytest.raises(ConnectionLost):
        talk(here, there, down=1_500_000)
    assert list(here.backend.keys("partial/"))
    collect(here)
    assert not list(here.backend.keys("partial/"))
    talk(here, there)
    assert here.tip() == there.tip()


@pytest.mark.parametrize("direction", ["up", "down"])
def test_what_was_kept_aside_may_be_built_upon(direction: str) -> None:
    """Later versions of a file whose first version came before the cut, compressed after it."""
    team = Team(2)
    here, there = team.replicas
    team.commit(0, {"a": b"1"})
    talk(here, there)
    full = 0 if direction == "up" else 1
    rng = random.Random(5)
    text = rng.randbytes(300_000).hex().encode()
    for number in range(6):
        team.commit(
            full, {"big": text + b"%d\n" % number, f"noise{number}": rng.randbytes(400_000)}
        )
    whole = talk(copy_of(here), copy_of(there))
    size = whole.sent if direction == "up" else whole.received
    kept = 0
    for cut in range(size // 8, size, size // 8):
        ours, theirs = copy_of(here), copy_of(there)
        with pytest.raises(ConnectionLost):
            talk(ours, theirs, None, **{direction: cut})
        kept += bool(list((ours, theirs)[1 - full].backend.keys("partial/")))
        talk(ours, theirs)
        assert ours.tip() == theirs.tip()
        assert_whole([ours, theirs])
    assert kept > 3


def again(replica: Repository) -> Repository:
    """The same replica as another process has it: what that does, this one has not seen yet."""
    return Repository(replica.backend, None, now_ms=replica.now_ms)


class Meanwhile(Wire):
    """A wire on which something happens while an answer comes."""

    def __init__(self, there: Repository, what: Callable[[], object]) -> None:
        super().__init__(there)
        self._what = what

    def exchange(self, turn: Iterable[bytes]) -> Iterator[bytes]:
        for number, data in enumerate(super().exchange(turn)):
            if number == 2:
                self._what()
            yield data


def test_two_talks_that_go_on_from_the_same_cut_both_end_well() -> None:
    team = Team(2)
    here, there = team.replicas
    rng = random.Random(6)
    for number in range(3):
        team.commit(1, {f"big{number}": rng.randbytes(1_500_000)})
    with pytest.raises(ConnectionLost):
        talk(here, there, down=3_000_000)
    assert list(here.backend.keys("partial/"))
    other = again(here)
    Caller(here, Meanwhile(there, lambda: talk(other, there)), Wish()).talk()
    assert here.tip() == there.tip()
    assert not list(here.backend.keys("partial/"))
    assert_whole([here])


def test_what_another_process_commits_during_a_talk_goes_along_whole() -> None:
    team = Team(2)
    here, there = team.replicas
    history(team, 0, 3)
    talk(here, there)
    other, edits = again(here), [{"a": b"one"}]

    def commit() -> None:
        if edits:
            other.commit("meanwhile", changes=edits.pop(), author=ADA)

    Caller(here, Meanwhile(there, commit), Wish()).talk()
    assert there.read("main", "a") == b"one"
    assert_whole([here, there])


def test_what_another_process_commits_while_a_turn_is_heard_is_given_whole() -> None:
    team = Team(2)
    here, there = team.replicas
    history(team, 0, 3)
    talk(here, there)
    other, answerer = again(there), Answerer(there)

    def heard(turn: Iterable[bytes]) -> Iterator[bytes]:
        *first, last = turn
        yield from first
        other.commit("meanwhile", changes={"a": b"one"}, author=ADA)
        yield last

    class Slow(Wire):
        def exchange(self, turn: Iterable[bytes]) -> Iterator[bytes]:
            return answerer.answer(heard(turn))

    Caller(here, Slow(there), Wish()).talk()
    assert here.read("main", "a") == b"one"
    assert_whole([here, there])


def test_a_whole_history_needs_what_came_in_since_it_was_listed() -> None:
    """Large files, tags and conflicts of a history that nothing is known of, from many packs."""
    team = Team(2)
    here, there = team.replicas
    rng = random.Random(7)
    big = rng.randbytes(3_000_000)
    for number in range(5):
        team.commit(1, {"big": big + bytes([number]), f"d/{number % 2}/x": rng.randbytes(50)})
    there.tag("v1", message="one")
    talk(here, there)
    assert here.tip() == there.tip()
    assert here.refs.tags == there.refs.tags
    assert_whole([here, there])
