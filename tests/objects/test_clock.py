"""The hybrid logical clock: drawn cases from the paper's rules, and the laws of happens-before."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.objects.clock import (
    MAX_COUNTER,
    MAX_DRIFT_MS,
    MAX_MILLISECONDS,
    ZERO,
    Clock,
    ReplicaId,
    Stamp,
    check_drift,
    new_replica_id,
    observe,
    tick,
)
from pyvcs.objects.errors import InvalidObject

NOW = 1_716_470_000_000
A = ReplicaId("a" * 32)
B = ReplicaId("b" * 32)

times = st.integers(0, MAX_MILLISECONDS - MAX_DRIFT_MS)
near = st.integers(NOW - 5, NOW + 5)
counters = st.one_of(st.integers(0, 3), st.integers(0, MAX_COUNTER))
clocks = st.builds(Clock, st.one_of(times, near), counters)
replicas = st.binary(min_size=16, max_size=16).map(new_replica_id)
stamps = st.builds(Stamp, clocks, st.one_of(replicas, st.sampled_from([A, B])))


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        (Clock(10, 4), 11, Clock(11, 0)),
        (Clock(10, 4), 10, Clock(10, 5)),
        (Clock(10, 4), 3, Clock(10, 5)),
        (Clock(10, 4), -7, Clock(10, 5)),
        (ZERO, 0, Clock(0, 1)),
        (Clock(10, MAX_COUNTER), 10, Clock(11, 0)),
    ],
)
def test_ticks_with_the_wall_clock_or_else_counts(last: Clock, now: int, expected: Clock) -> None:
    assert tick(last, now_ms=now) == expected


@pytest.mark.parametrize(
    ("last", "seen", "now", "expected"),
    [
        (Clock(10, 4), Clock(20, 2), 30, Clock(30, 0)),  # the wall clock is ahead of both
        (Clock(10, 4), Clock(20, 2), 15, Clock(20, 3)),  # the peer is ahead
        (Clock(20, 4), Clock(10, 2), 15, Clock(20, 5)),  # we are ahead
        (Clock(20, 4), Clock(20, 7), 15, Clock(20, 8)),  # level: the larger counter counts on
    ],
)
def test_observes_by_the_receive_rule_of_the_paper(
    last: Clock, seen: Clock, now: int, expected: Clock
) -> None:
    assert observe(last, seen, now_ms=now) == expected


def test_refuses_a_clock_more_than_a_day_ahead() -> None:
    at_the_limit = Clock(NOW + MAX_DRIFT_MS, 5)
    assert observe(ZERO, at_the_limit, now_ms=NOW) == Clock(NOW + MAX_DRIFT_MS, 6)
    with pytest.raises(InvalidObject, match="hours ahead") as caught:
        observe(ZERO, Clock(NOW + MAX_DRIFT_MS + 1), now_ms=NOW)
    assert "clock" in caught.value.hint
    with pytest.raises(InvalidObject):
        check_drift(Clock(NOW + MAX_DRIFT_MS + 1), now_ms=NOW)


def test_takes_a_far_clock_that_cannot_move_ours() -> None:
    ours = Clock(NOW + 2 * MAX_DRIFT_MS)
    assert observe(ours, ours, now_ms=NOW) == Clock(NOW + 2 * MAX_DRIFT_MS, 1)


@pytest.mark.parametrize(
    ("milliseconds", "counter"),
    [(-1, 0), (MAX_MILLISECONDS + 1, 0), (0, -1), (0, MAX_COUNTER + 1)],
)
def test_a_clock_out_of_range_is_an_invalid_object(milliseconds: int, counter: int) -> None:
    with pytest.raises(InvalidObject):
        Clock(milliseconds, counter)


def test_nothing_comes_after_the_very_last_clock() -> None:
    with pytest.raises(InvalidObject):
        tick(Clock(MAX_MILLISECONDS, MAX_COUNTER), now_ms=NOW)


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "1.", ".1", "1.2.3", "01.2", "1.02", "-1.2", "+1.2", " 1.2", "1.2\n", "1_0.2"),
        *("9" * 15 + ".0", "1." + "9" * 10, "9" * 4000 + ".0", "\u0661.2"),
    ],
)
def test_reads_one_spelling_of_a_clock_only(text: str) -> None:
    with pytest.raises(InvalidObject):
        Clock.parse(text)


@pytest.mark.parametrize(
    "text", ["", "1.2", "1.2@", "1.2@" + "A" * 32, "1.2@" + "a" * 31, "@" + "a" * 32, "a" * 32]
)
def test_reads_one_spelling_of_a_stamp_only(text: str) -> None:
    with pytest.raises(InvalidObject):
        Stamp.parse(text)


@settings(deadline=None)
@given(clocks)
def test_a_clock_reads_back_what_it_writes(clock: Clock) -> None:
    assert Clock.parse(str(clock)) == clock


@settings(deadline=None)
@given(stamps)
def test_a_stamp_reads_back_what_it_writes(stamp: Stamp) -> None:
    assert Stamp.parse(str(stamp)) == stamp


def test_a_replica_id_is_the_hex_of_sixteen_bytes() -> None:
    assert new_replica_id(bytes(range(16))) == "000102030405060708090a0b0c0d0e0f"
    with pytest.raises(ValueError, match="16 bytes"):
        new_replica_id(b"short")
    with pytest.raises(InvalidObject):
        ReplicaId("g" * 32)


def test_a_stamp_takes_no_unchecked_replica() -> None:
    unchecked: Any = "not an id"
    with pytest.raises(TypeError):
        Stamp(ZERO, unchecked)


def test_the_later_write_wins_and_the_replica_decides_between_equal_clocks() -> None:
    assert max(Stamp(Clock(2), A), Stamp(Clock(1, 9), B)) == Stamp(Clock(2), A)
    assert max(Stamp(Clock(2), A), Stamp(Clock(2), B)) == Stamp(Clock(2), B)


@settings(deadline=None)
@given(clocks, st.one_of(times, near))
def test_a_tick_is_larger_and_not_before_the_wall_clock(last: Clock, now: int) -> None:
    after = tick(last, now_ms=now)
    assert after > last
    assert after.milliseconds >= now


@settings(deadline=None)
@given(clocks, clocks, st.one_of(times, near))
def test_observing_is_larger_than_both_and_does_not_depend_on_the_side(
    last: Clock, seen: Clock, now: int
) -> None:
    for one, other in ((last, seen), (seen, last)):
        if other > one and other.milliseconds - now > MAX_DRIFT_MS:
            with pytest.raises(InvalidObject):
                observe(one, other, now_ms=now)
        else:
            after = observe(one, other, now_ms=now)
            assert after > max(one, other)
            assert after.milliseconds >= now
            assert after == tick(max(one, other), now_ms=now)


@settings(deadline=None)
@given(st.lists(stamps, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_last_writer_is_the_same_in_every_order(seen: list[Stamp], random: Any) -> None:
    shuffled = list(seen)
    random.shuffle(shuffled)
    assert max(shuffled) == max(seen)
    assert sorted(shuffled) == sorted(seen)


EVENTS = st.tuples(
    st.integers(0, 3),  # the replica where it happens
    st.one_of(st.none(), st.integers(0, 3)),  # the replica it hears from, if any
    st.integers(-40, 40),  # the wall clock's error there and then, in ms
)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_happens_before_implies_a_smaller_clock(
    events: list[tuple[int, int | None, int]],
) -> None:
    """Replicas with bad clocks; the oracle is the set of events that each event has in its past."""
    last = [ZERO] * 4
    past: list[set[int]] = [set() for _ in range(4)]
    stamped: list[tuple[Stamp, set[int]]] = []
    for number, (here, source, error) in enumerate(events):
        now = NOW + number + error
        if source is None:
            last[here] = tick(last[here], now_ms=now)
        else:
            last[here] = observe(last[here], last[source], now_ms=now)
            past[here] |= past[source]
        stamp = Stamp(last[here], new_replica_id(bytes([here]) * 16))
        stamped.append((stamp, set(past[here])))
        past[here].add(number)
    for stamp, before in stamped:
        assert all(stamped[number][0].clock < stamp.clock for number in before)
    assert len({stamp for stamp, _ in stamped}) == len(stamped)
