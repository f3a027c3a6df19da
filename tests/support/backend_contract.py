"""What every backend must keep: one suite, run for each of them.

A subclass gives a fixture `backend`: an empty one for each test.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyvcs.objects.backends.base import Backend
from pyvcs.objects.errors import ObjectMissing

BAD_KEYS = [
    *("", "/", "/refs", "refs/", "a//b", ".", "..", "../refs", "a/../b", "a/./b", ".hidden"),
    *("Refs", "ä", "a b", "a\\b", "a\nb", "refs\n", "a\0", "tmp-1", "a/tmp-1", "lock-refs", "c:x"),
]

keys = st.sampled_from(["a", "b/c", "b/d.pack", "b-e", "f/g/h"])
content = st.binary(max_size=40)


def publish(backend: Backend, key: str, *parts: bytes) -> None:
    """Put bytes under a write-once key."""
    with backend.writer() as stream:
        for part in parts:
            assert stream.write(part) == len(part)
        stream.publish(key)


ROUNDS, RACERS = 10, 6


def raced(act: Callable[[int, int], bool]) -> list[tuple[bool, ...]]:
    """Who won each round of an act that threads begin together, given their number and its."""
    start = Barrier(RACERS)

    def race(racer: int) -> list[bool]:
        won = []
        for number in range(ROUNDS):
            start.wait()
            won.append(act(racer, number))
        return won

    with ThreadPoolExecutor(RACERS) as pool:
        return list(zip(*pool.map(race, range(RACERS)), strict=True))


class BackendContract:
    """The promises of `objects/backends/base.py`, each as a test."""

    def test_an_absent_key_has_nothing(self, backend: Backend) -> None:
        assert backend.read("refs") is None
        assert backend.view("refs") is None
        assert backend.size("refs") is None
        assert list(backend.keys()) == []
        with pytest.raises(ObjectMissing, match="refs"):
            backend.read_range("refs", 0, 1)
        backend.delete("refs")
        backend.delete("no/such/folder")

    def test_publishes_what_was_written(self, backend: Backend) -> None:
        publish(backend, "objects/ab.pack", b"one ", b"", b"two")
        assert backend.read("objects/ab.pack") == b"one two"
        assert backend.size("objects/ab.pack") == 7
        assert list(backend.keys()) == ["objects/ab.pack"]

    def test_publishes_more_than_any_buffer_holds(self, backend: Backend) -> None:
        parts = [bytes([n]) * 300_000 for n in range(20)]
        publish(backend, "big", *parts)
        assert backend.read("big") == b"".join(parts)
        assert backend.read_range("big", 299_999, 2) == b"\0\1"

    def test_shows_nothing_before_it_is_published(self, backend: Backend) -> None:
        with backend.writer() as stream:
            stream.write(b"x" * 3_000_000)
            assert list(backend.keys()) == []
        assert list(backend.keys()) == []

    def test_an_error_while_writing_leaves_nothing(self, backend: Backend) -> None:
        with pytest.raises(TypeError):
            publish(backend, "ab", b"half", "no bytes")  # type: ignore[arg-type]
        assert list(backend.keys()) == []

    def test_a_key_that_is_there_stays_as_it_is(self, backend: Backend) -> None:
        publish(backend, "objects/ab", b"first")
        publish(backend, "objects/ab", b"second")
        assert backend.read("objects/ab") == b"first"

    def test_writes_two_streams_at_once(self, backend: Backend) -> None:
        with backend.writer() as one, backend.writer() as two:
            one.write(b"1")
            two.write(memoryview(b"2"))
            one.write(b"1")
            two.publish("two")
            one.publish("one")
        assert (backend.read("one"), backend.read("two")) == (b"11", b"2")

    def test_keeps_empty_content_apart_from_none(self, backend: Backend) -> None:
        publish(backend, "empty", b"")
        assert backend.read("empty") == b""
        assert backend.size("empty") == 0
        view = backend.view("empty")
        assert view is not None
        assert bytes(view) == b""
        assert not backend.swap("empty", expected=None, new=b"x")
        assert backend.swap("empty", expected=b"", new=b"x")

    def test_reads_ranges_and_less_at_the_end(self, backend: Backend) -> None:
        publish(backend, "k", b"0123456789")
        assert backend.read_range("k", 2, 3) == b"234"
        assert backend.read_range("k", 8, 5) == b"89"
        assert backend.read_range("k", 10, 5) == b""
        assert backend.read_range("k", 99, 5) == b""
        assert backend.read_range("k", 3, 0) == b""

    def test_a_view_cannot_be_written_and_outlives_its_key(self, backend: Backend) -> None:
        publish(backend, "k", b"0123456789")
        view = backend.view("k")
        assert view is not None
        assert view.readonly
        backend.delete("k")
        assert bytes(view[3:5]) == b"34"
        assert backend.read("k") is None

    def test_a_view_keeps_what_it_shows_when_the_key_is_swapped(self, backend: Backend) -> None:
        backend.swap("k", expected=None, new=b"before")
        view = backend.view("k")
        assert view is not None
        backend.swap("k", expected=b"before", new=b"after!")
        assert bytes(view) == b"before"

    def test_lists_keys_by_prefix_sorted(self, backend: Backend) -> None:
        names = ["b/c", "b/a", "b-a", "b.a", "b/c.d", "bc/x", "a", "c/d/e"]
        for name in names:
            publish(backend, name, b"")
        assert list(backend.keys()) == sorted(names)
        assert list(backend.keys("b/")) == ["b/a", "b/c", "b/c.d"]
        assert list(backend.keys("b/c")) == ["b/c", "b/c.d"]
        assert list(backend.keys("b")) == ["b-a", "b.a", "b/a", "b/c", "b/c.d", "bc/x"]
        assert list(backend.keys("c/d/")) == ["c/d/e"]
        assert list(backend.keys("no/such/")) == []
        assert list(backend.keys("../")) == []

    def test_swaps_only_what_was_expected(self, backend: Backend) -> None:
        assert not backend.swap("refs", expected=b"1", new=b"2")
        assert backend.swap("refs", expected=None, new=b"1")
        assert not backend.swap("refs", expected=None, new=b"2")
        assert not backend.swap("refs", expected=b"0", new=b"2")
        assert backend.read("refs") == b"1"
        assert backend.swap("refs", expected=b"1", new=b"2")
        assert backend.swap("refs", expected=b"2", new=None)
        assert backend.read("refs") is None
        assert backend.swap("refs", expected=None, new=None)
        assert list(backend.keys()) == []

    def test_one_of_many_threads_wins_each_round(self, backend: Backend) -> None:
        def swap(_racer: int, number: int) -> bool:
            old = b"%d" % (number - 1) if number else None
            return backend.swap("refs", expected=old, new=b"%d" % number)

        assert list(map(sum, raced(swap))) == [1] * ROUNDS

    def test_appends_at_the_end_and_over_it(self, backend: Backend) -> None:
        backend.append("log", b"one", at=0)
        backend.append("log", b"two", at=3, durable=False)
        assert backend.read("log") == b"onetwo"
        backend.append("log", b"!", at=3)
        assert backend.read("log") == b"one!"
        backend.append("log", b"t", b"", b"wo", at=2)
        assert backend.read("log") == b"ontwo"
        backend.append("log", b"", at=2)
        assert backend.read("log") == b"on"
        backend.append("log", b"", at=0)
        assert backend.read("log") == b""

    def test_extends_only_what_ends_there(self, backend: Backend) -> None:
        assert not backend.extend("log", b"one", at=3)
        assert backend.read("log") is None
        assert backend.extend("log", b"one", at=0)
        assert not backend.extend("log", b"two", at=0)
        assert not backend.extend("log", b"two", at=4)
        assert backend.extend("log", b"two", at=3)
        assert backend.read("log") == b"onetwo"

    def test_one_of_many_threads_extends_each_round(self, backend: Backend) -> None:
        def extend(racer: int, number: int) -> bool:
            return backend.extend("log", b"%d" % racer, at=number)

        won = raced(extend)
        assert list(map(sum, won)) == [1] * ROUNDS
        assert backend.read("log") == b"".join(b"%d" % each.index(True) for each in won)

    def test_appends_nothing_beyond_the_end(self, backend: Backend) -> None:
        backend.append("log", b"one", at=0)
        for key, at in (("log", 4), ("log", -1), ("absent", 1)):
            with pytest.raises(ValueError, match=key):
                backend.append(key, b"two", at=at)
        assert backend.read("log") == b"one"
        assert backend.read("absent") is None

    def test_a_stamp_tells_of_a_change(self, backend: Backend) -> None:
        assert backend.stamp("refs") is None
        stamps = []
        for end in range(3):
            backend.append("refs", b"x", at=end)
            stamps.append(backend.stamp("refs"))
            assert backend.stamp("refs") == stamps[-1]
        backend.swap("refs", expected=b"xxx", new=b"x")
        stamps.append(backend.stamp("refs"))
        told = [stamp for stamp in stamps if stamp is not None]
        assert len({word for word, _ in told}) == len(told) in (0, 4)

    def test_a_folder_is_no_key(self, backend: Backend) -> None:
        publish(backend, "objects/ab", b"x")
        assert backend.read("objects") is None
        assert backend.view("objects") is None
        assert backend.size("objects") is None
        assert backend.read("objects/ab/cd") is None
        assert backend.size("objects/ab/cd") is None
        assert list(backend.keys("objects/ab/")) == []

    @pytest.mark.parametrize("key", BAD_KEYS)
    def test_refuses_what_is_no_key(self, backend: Backend, key: str) -> None:
        for act in (backend.read, backend.view, backend.size, backend.delete):
            with pytest.raises(ValueError, match="is not a key"):
                act(key)
        with pytest.raises(ValueError, match="is not a key"):
            backend.read_range(key, 0, 1)
        with pytest.raises(ValueError, match="is not a key"):
            backend.swap(key, expected=None, new=b"")
        with pytest.raises(ValueError, match="is not a key"):
            backend.append(key, b"", at=0)
        with pytest.raises(ValueError, match="is not a key"), backend.writer() as stream:
            stream.publish(key)
        assert list(backend.keys()) == []

    @given(data=st.data())
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    def test_behaves_as_a_dict_would(self, backend: Backend, data: st.DataObject) -> None:
        for key in list(backend.keys()):  # the fixture is shared by all examples
            backend.delete(key)
        truth: dict[str, bytes] = {}
        for _ in range(data.draw(st.integers(1, 12))):
            key, new = data.draw(keys), data.draw(content)
            act = data.draw(st.sampled_from(["publish", "swap", "append", "delete"]))
            if act == "publish":
                publish(backend, key, new)
                truth.setdefault(key, new)
            elif act == "swap":
                expected = data.draw(st.sampled_from([truth.get(key), None, b"other"]))
                is_expected = truth.get(key) == expected
                assert backend.swap(key, expected=expected, new=new) == is_expected
                truth.update({key: new} if is_expected else {})
            elif act == "append":
                at = data.draw(st.integers(0, len(truth.get(key, b""))))
                backend.append(key, new, at=at)
                truth[key] = truth.get(key, b"")[:at] + new
            else:
                backend.delete(key)
                truth.pop(key, None)
            assert backend.read(key) == truth.get(key)
        assert {key: backend.read(key) for key in backend.keys("")} == truth
