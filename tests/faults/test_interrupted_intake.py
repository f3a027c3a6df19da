"""An interrupt while objects are taken in: what is kept aside for the next try is whole.

A trace function raises it, before any line that a sync runs in the writing of a pack, so that
each moment is met, and again whenever the test is run.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from types import FrameType

import pytest
from replicas import Team, assert_whole
from wires import talk

from pyvcs.objects import pack
from pyvcs.objects.kind import Kind
from pyvcs.sync import taking

WATCHED = {pack.__file__, taking.__file__}
OFTEN = 3
"""How often a line is met before it says nothing new: each block runs the same ones."""


class Moments:
    """Counts the lines that run, and raises KeyboardInterrupt before one of them."""

    def __init__(self, stop: int) -> None:
        self._stop = stop
        self._met: dict[tuple[str, int], int] = {}
        self.count = 0

    def __call__(self, frame: FrameType, event: str, argument: object) -> Moments | None:
        del argument
        if frame.f_code.co_filename not in WATCHED:
            return None
        where = frame.f_code.co_filename, frame.f_lineno
        self._met[where] = self._met.get(where, 0) + 1
        if event == "line" and self._met[where] <= OFTEN:
            self.count += 1
            if self.count == self._stop:
                raise KeyboardInterrupt
        return self


def traced(moments: Moments, act: Callable[[], object]) -> None:
    """Run something line by line, under the eyes of whoever traces now as well, afterwards."""
    before = sys.gettrace()
    sys.settrace(moments)
    try:
        act()
    finally:
        sys.settrace(before)


def a_team() -> Team:
    """One who has three commits that the other lacks, in several blocks, with a chunked file."""
    team, rng = Team(2), random.Random(1)
    for number in range(3):
        team.commit(1, {f"noise{number}": rng.randbytes(600_000), "text": b"%d\n" % number})
    team.commit(1, {"big": rng.randbytes(1_300_000)})
    return team


def test_what_an_interrupted_sync_keeps_aside_is_whole() -> None:
    here, there = a_team().replicas
    moments = Moments(0)
    traced(moments, lambda: talk(here, there))
    kept = 0
    for moment in random.Random(2).sample(range(1, moments.count + 1), 30):
        here, there = a_team().replicas
        with pytest.raises(KeyboardInterrupt):
            traced(Moments(moment), lambda pair=(here, there): talk(*pair))  # type: ignore[misc]
        kept += bool(list(here.backend.keys("partial/")))
        talk(here, there)
        assert here.tip() == there.tip(), moment
        assert_whole([here, there])
    assert kept > 5


@pytest.mark.parametrize("name", ["add_block", "read_back"])
def test_a_pack_that_broke_off_half_way_takes_no_more(name: str) -> None:
    """Where the next block begins was not known any more, and the index named half of the last."""
    out = Stumbling(name)
    writer = pack.PackWriter(out)
    oid = Team(1).commit(0, {"a": b"1"})
    block = pack.encode_block(b"blob 1\0a")
    writer.add_block(block, {oid: (0, 8, Kind.BLOB, False)})
    acts: dict[str, Callable[[], object]] = {
        "add_block": lambda: writer.add_block(block, {}),
        "read_back": lambda: writer.read_back(writer.places[oid]),
    }
    out.stumbles = True
    with pytest.raises(KeyboardInterrupt):
        acts[name]()
    assert not writer.is_open
    with pytest.raises(ValueError, match="broke off"):
        writer.finish()


class Stumbling:
    """A stream into nowhere; an interrupt comes when an act on it is done and not yet noted."""

    def __init__(self, act: str) -> None:
        self._act = act
        self._content = bytearray()
        self.stumbles = False

    def write(self, data: bytes | memoryview) -> int:
        """Take bytes."""
        self._content += data
        self._stumble("add_block")
        return len(data)

    def read_back(self, start: int, length: int) -> bytes:
        """Bytes that were taken."""
        self._stumble("read_back")
        return bytes(self._content[start : start + length])

    def publish(self, key: str) -> None:
        """Nobody gets this far."""
        raise AssertionError(key)

    def _stumble(self, act: str) -> None:
        if self.stumbles and act == self._act:
            raise KeyboardInterrupt
