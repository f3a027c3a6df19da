from __future__ import annotations

import errno
import os
import resource
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from backend_contract import BackendContract, publish

from pyvcs.objects.backends.base import Backend
from pyvcs.objects.backends.directory import DirectoryBackend
from pyvcs.objects.backends.memory import MemoryBackend


class TestMemory(BackendContract):
    @pytest.fixture
    def backend(self) -> Backend:
        return MemoryBackend()


class TestDirectory(BackendContract):
    @pytest.fixture
    def backend(self, tmp_path: Path) -> Backend:
        return DirectoryBackend(tmp_path / "store")


class TestDirectoryThatDoesNotWaitForTheDisk(BackendContract):
    @pytest.fixture
    def backend(self, tmp_path: Path) -> Backend:
        return DirectoryBackend(tmp_path, durable=False)


def test_two_backends_on_one_directory_see_the_same(tmp_path: Path) -> None:
    one, two = DirectoryBackend(tmp_path), DirectoryBackend(tmp_path)
    publish(one, "objects/ab", b"x")
    assert two.read("objects/ab") == b"x"
    assert two.swap("refs", expected=None, new=b"1")
    assert not one.swap("refs", expected=None, new=b"2")


def test_makes_its_directory_when_something_is_written(tmp_path: Path) -> None:
    backend = DirectoryBackend(tmp_path / "deep" / "store")
    assert backend.read("refs") is None
    assert list(backend.keys()) == []
    assert backend.sweep() == 0
    assert not (tmp_path / "deep").exists()
    publish(backend, "refs", b"x")
    assert backend.read("refs") == b"x"


def test_files_of_others_are_no_keys(tmp_path: Path) -> None:
    backend = DirectoryBackend(tmp_path)
    for name in ("HEAD", ".hidden", "tmp-12", "lock-refs", "a b", "refs"):
        (tmp_path / name).write_bytes(b"x")
    assert list(backend.keys()) == ["refs"]


def test_leaves_no_file_of_its_own_but_the_lock(tmp_path: Path) -> None:
    backend = DirectoryBackend(tmp_path)
    publish(backend, "objects/ab", b"x")
    publish(backend, "objects/ab", b"x")
    backend.swap("refs", expected=None, new=b"1")
    backend.swap("refs", expected=b"1", new=b"2")
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {"lock-refs", "objects/ab", "refs"}


def test_new_files_have_the_permissions_that_the_umask_allows(tmp_path: Path) -> None:
    backend = DirectoryBackend(tmp_path)
    publish(backend, "ab", b"x")
    backend.append("log", b"x", at=0)
    (tmp_path / "plain").touch()
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("ab", "log", "plain")}
    assert len(modes) == 1


def test_sweeps_what_the_dead_left_and_nothing_else(tmp_path: Path) -> None:
    backend = DirectoryBackend(tmp_path)
    (tmp_path / "tmp-0123").write_bytes(b"left by a process that was killed")
    with backend.writer() as stream:
        stream.write(b"alive")
        assert backend.sweep() == 1
        assert not (tmp_path / "tmp-0123").exists()
        stream.publish("alive")
    assert backend.read("alive") == b"alive"


def test_publishes_where_the_file_system_has_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(source: object, target: object) -> None:
        raise OSError(errno.EPERM, "this file system has no links")

    monkeypatch.setattr(os, "link", no_links)
    backend = DirectoryBackend(tmp_path)
    publish(backend, "objects/ab", b"first")
    publish(backend, "objects/ab", b"second")
    assert backend.read("objects/ab") == b"first"
    assert list(backend.keys()) == ["objects/ab"]


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process may grow over 64 KiB: a full disk that needs no disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_files")
def test_a_full_disk_is_an_os_error_and_changes_no_key(tmp_path: Path) -> None:
    backend = DirectoryBackend(tmp_path)
    backend.swap("refs", expected=None, new=b"1")
    with pytest.raises(OSError, match="too large"):
        publish(backend, "objects/ab", bytes(1 << 17))
    with pytest.raises(OSError, match="too large"):
        backend.swap("refs", expected=b"1", new=bytes(1 << 17))
    with pytest.raises(OSError, match="too large"):
        publish(backend, "objects/ab", *[bytes(1 << 10)] * 2000)
    assert list(backend.keys()) == ["refs"]
    assert backend.read("refs") == b"1"
    assert list(tmp_path.glob("tmp-*")) == []
    assert backend.swap("refs", expected=b"1", new=b"2")


def test_a_root_that_is_a_file_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    backend = DirectoryBackend(tmp_path / "file")
    assert backend.read("refs") is None
    with pytest.raises(OSError, match="file"):
        publish(backend, "refs", b"x")
    with pytest.raises(OSError, match="file"):
        backend.swap("refs", expected=None, new=b"x")
