"""A backend in memory: for tests, for drafts, and for what need not outlive the process."""

from __future__ import annotations

from threading import Lock

from pyvcs.objects.backends.base import BackendWriter
from pyvcs.objects.backends.keys import check_key
from pyvcs.objects.contexts import contextmanager
from pyvcs.objects.errors import ObjectMissing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryBackend:
    """Bytes by key in a dict; threads may share it. Nothing is left of it after the process."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}
        self._lock = Lock()

    def read(self, key: str) -> bytes | None:
        """All bytes under `key`, or None."""
        return self._contents.get(check_key(key))

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """`length` bytes from `start` on; fewer at the end."""
        content = self.read(key)
        if content is None:
            raise ObjectMissing(f"nothing is stored under the key {key}")
        return content[start : start + length]

    def view(self, key: str) -> memoryview | None:
        """A view of all bytes under `key`, or None."""
        content = self.read(key)
        return None if content is None else memoryview(content)

    def size(self, key: str) -> int | None:
        """How many bytes are under `key`, or None."""
        content = self.read(key)
        return None if content is None else len(content)

    def stamp(self, key: str) -> tuple[str, bool] | None:  # noqa: ARG002
        """None: there is no such word here."""
        return None

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that begins with `prefix`, sorted."""
        with self._lock:
            found = sorted(key for key in self._contents if key.startswith(prefix))
        return iter(found)

    @contextmanager
    def writer(self) -> Iterator[BackendWriter]:
        """A new stream; nothing is kept without `publish`."""
        yield _MemoryWriter(self)

    def swap(self, key: str, *, expected: bytes | None, new: bytes | None) -> bool:
        """Put `new` under `key` if it holds `expected` now; whether it did."""
        check_key(key)
        with self._lock:
            if self._contents.get(key) != expected:
                return False
            if new is None:
                self._contents.pop(key, None)
            else:
                self._contents[key] = bytes(new)
            return True

    def extend(self, key: str, data: bytes, *, at: int) -> bool:
        """Put `data` behind the bytes under `key` if they are `at` now; whether they were."""
        check_key(key)
        with self._lock:
            content = self._contents.get(key, b"")
            if len(content) == at:
                self._contents[key] = content + data
            return len(content) == at

    def append(self, key: str, *data: bytes, at: int, durable: bool = True) -> None:  # noqa: ARG002
        """Make the bytes under `key` be its first `at` bytes and then `data`."""
        check_key(key)
        with self._lock:
            content = self._contents.get(key, b"")
            if not 0 <= at <= len(content):
                raise ValueError(f"{key} has {len(content)} bytes, nothing can be put at {at}")
            self._contents[key] = b"".join([content[:at], *data])

    def delete(self, key: str) -> None:
        """Remove `key` if it is there."""
        with self._lock:
            self._contents.pop(check_key(key), None)

    def sweep(self) -> int:
        """Nothing of a killed process is left in memory."""
        return 0

    def publish(self, key: str, content: bytes) -> None:
        """Put `content` under `key` unless something is there: the end of a `writer`."""
        with self._lock:
            self._contents.setdefault(check_key(key), content)


class _MemoryWriter:
    """A stream of a MemoryBackend."""

    def __init__(self, backend: MemoryBackend) -> None:
        self._backend = backend
        self._content = bytearray()

    def write(self, data: bytes | memoryview) -> int:
        self._content += data
        return len(data)

    def read_back(self, start: int, length: int) -> bytes:
        return bytes(self._content[start : start + length])

    def publish(self, key: str) -> None:
        self._backend.publish(key, bytes(self._content))
