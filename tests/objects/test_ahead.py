"""Work done ahead comes out as if it had been done at once, with any number of helpers."""

from __future__ import annotations

import random
from functools import partial
from threading import Event

import pytest
from packs import pack_of, put_all
from waiting import wait_until

from pyvcs.objects import ahead, pack
from pyvcs.objects.ahead import Ahead
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.codec import Object, encode, oid_of
from pyvcs.objects.kind import Kind
from pyvcs.objects.pack import PackWriter, encode_block
from pyvcs.objects.store import ObjectStore


@pytest.fixture(params=[0, 1, 3])
def number(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many helpers there are."""
    helpers = int(request.param)
    monkeypatch.setattr(ahead, "helpers", lambda: helpers)
    return helpers


def fails(number: int) -> bytes:
    """Work of which the fourth piece fails."""
    if number == 3:
        raise ArithmeticError(number)
    return b"%d" % number


def test_results_come_in_the_order_of_the_work(number: int) -> None:
    work = Ahead()
    given = [work.give(partial(fails, n)) for n in (0, 1, 2, *range(4, 50))]
    assert [later.result() for later in given] == [b"%d" % n for n in (0, 1, 2, *range(4, 50))]
    assert all(later.is_done for later in given)


def test_an_error_comes_where_its_result_would(number: int) -> None:
    work = Ahead()
    given = [work.give(partial(fails, n)) for n in range(6)]
    for later in (*given[:3], *given[4:]):
        later.result()
    with pytest.raises(ArithmeticError, match="3"):
        given[3].result()
    assert work.give(partial(fails, 7)).result() == b"7"


def test_who_gives_more_than_helpers_can_do_does_it_himself(number: int) -> None:
    ends, begun = Event(), Event()

    def waits() -> bytes:
        begun.set()
        assert ends.wait(60)
        return b"waited"

    work = Ahead()
    held = []
    for _ in range(number):
        begun.clear()
        held.append(work.give(waits))
        assert begun.wait(60)
    waiting = [work.give(partial(fails, 1)) for _ in range(3)]
    assert [later.is_done for later in waiting] == (
        [True] * 3 if not number else [False, True, True]
    )
    ends.set()
    assert [later.result() for later in held] == [b"waited"] * number
    assert [later.result() for later in waiting] == [b"1"] * 3


def test_helpers_end_when_there_is_nothing_to_do_and_others_come_later(number: int) -> None:
    work = Ahead()
    for _ in range(2):
        assert [work.give(partial(fails, n)).result() for n in range(3)] == [b"0", b"1", b"2"]
        wait_until(lambda: work.at_work == 0, "the helpers do not end")


def test_without_threads_all_is_done_at_once(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(ahead, "start_new_thread", refuse)
    work = Ahead()
    assert [work.give(partial(fails, n)).result() for n in range(3)] == [b"0", b"1", b"2"]


def many() -> list[Object]:
    """What fills several blocks: text and noise in turn."""
    rng = random.Random(4)
    noise = [rng.randbytes(90_000) for _ in range(15)]
    return [each for n in range(15) for each in (b"%d\n" % n * 30_000, noise[n])]


WITHOUT: list[tuple[str, bytes]] = []


def test_a_pack_has_the_same_bytes_with_any_number_of_helpers(number: int) -> None:
    WITHOUT.append(pack_of(many()))
    assert WITHOUT[-1] == WITHOUT[0]


def test_a_block_that_is_added_stands_after_all_that_was_added_before(number: int) -> None:
    backend = MemoryBackend()
    with backend.writer() as out:
        writer = PackWriter(out)
        for value in many():
            canonical = encode(value)
            writer.add(oid_of(canonical), Kind.BLOB, canonical)
            assert writer.has(oid_of(canonical))
            assert not writer.is_empty
        last = encode(b"last")
        writer.add_block(encode_block(last), {oid_of(last): (0, len(last), Kind.BLOB, False)})
        assert writer.read_back(writer.places[oid_of(last)]) == last
        out.publish(f"objects/{writer.finish()}.pack")
    store = ObjectStore(backend)
    assert store.blob(oid_of(last)) == b"last"
    for value in many():
        store.verify(oid_of(encode(value)))


def test_what_fails_in_a_thread_fails_the_writer_and_publishes_nothing(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(content: bytes) -> bytes:
        raise MemoryError(len(content))

    store = ObjectStore(MemoryBackend())
    monkeypatch.setattr(pack, "encode_block", no_room)
    with pytest.raises(MemoryError):
        put_all(store, many())
    assert list(store.backend.keys()) == []
