"""Sealed values: what was sealed comes back, and nothing that was damaged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.sealed import seal, seal_files, unseal, unseal_files
from pyvcs.stat_cache import StatCache

MAGIC = b"pyvcsXX\x01"
ONE, TWO = Oid(b"1" * 32), Oid(b"2" * 32)
folders = st.dictionaries(st.binary(max_size=4), st.binary(max_size=60), max_size=5)


@given(st.tuples(st.integers(), st.text(), folders))
def test_a_value_comes_back(value: tuple[int, str, dict[bytes, bytes]]) -> None:
    assert unseal(MAGIC, seal(MAGIC, value)) == value
    assert unseal(b"pyvcsXX\x02", seal(MAGIC, value)) is None


@given(folders, st.sampled_from([b"", ONE]), st.sampled_from([b"", TWO]))
def test_known_files_come_back(known: dict[bytes, bytes], commit: bytes, at_peace: bytes) -> None:
    content = seal_files(bytes(commit), bytes(at_peace), known)
    for _ in range(2):  # the second time from what was read last
        assert unseal_files(content) == (commit, at_peace, known)


@pytest.mark.parametrize("at", [0, 7, 20, 45, -70, -1])
def test_damage_anywhere_is_seen(at: int) -> None:
    content = seal_files(bytes(ONE), b"", {b"": b"a" * 40, b"b": b"c" * 30})
    damaged = bytearray(content)
    damaged[at] ^= 1
    assert unseal_files(content) is not None
    assert unseal_files(bytes(damaged)) is None
    assert unseal_files(content[:at]) is None
    assert unseal_files(content + b"x") is None
    assert unseal_files(None) is None


def test_a_cache_that_changes_does_not_change_what_was_read_last() -> None:
    backend = MemoryBackend()
    first = StatCache(ONE)
    first.put(b"a/b", (Mode.FILE, TWO), None)
    first.put(b"c", (Mode.FILE, TWO), None)
    first.save(backend)
    changing, other = (StatCache.load(backend, ObjectStore(backend), ONE) for _ in range(2))
    changing.remove(b"a/b")
    changing.put(b"d/e", (Mode.FILE, TWO), None)
    assert [path for path, _ in changing.items()] == [b"c", b"d/e"]
    assert [path for path, _ in other.items()] == [b"a/b", b"c"]
    again = StatCache.load(backend, ObjectStore(backend), ONE)
    assert [path for path, _ in again.items()] == [b"a/b", b"c"]
