"""The contract of a backend: bytes by key.

A key is a relative path of lower-case ASCII words joined by `/` (`objects/ab12.pack`, `refs`);
`keys.is_key` is the rule, and any other key is a ValueError. No key is the folder of another one.
Two sorts of keys live side by side, and the caller knows which is which:

- **write-once**: packs, named by what they hold. `writer` publishes them whole or not at all.
- **mutable**: refs, the operation log, the commit graph. `swap` replaces one by compare-and-swap,
  `append` extends one, and `extend` does so where several may at once.

Whatever a call returned as done has reached the disk (or what stands for it); a crash at any
instant leaves each key as it was before or as it is after, never between. What the system under
a backend refuses (no space, no permission, read-only) is an OSError and changes no key.
"""

from __future__ import annotations

from pyvcs.objects.typed import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


class BackendWriter(Protocol):
    """A stream of bytes on its way to a key that nobody can see yet."""

    def write(self, data: bytes | memoryview) -> int:
        """Add bytes at the end; how many were added."""

    def read_back(self, start: int, length: int) -> bytes:
        """`length` of the bytes that were written, from `start` on; fewer at the end."""

    def publish(self, key: str) -> None:
        """Flush all that was written and let it appear under `key`, at once and whole.

        A key that is there already stays as it is: write-once keys are named by their content.
        """


class Backend(Protocol):
    """Bytes by key. Every method may be called again after a failure: all are idempotent."""

    def read(self, key: str) -> bytes | None:
        """All bytes under `key`, or None when there are none."""

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """`length` bytes from `start` on; fewer at the end; ObjectMissing when the key is gone."""

    def view(self, key: str) -> memoryview | None:
        """A read-only view of all bytes, memory-mapped where that is possible; None when absent.

        The view keeps what it shows, even when the key is deleted while it lives.
        """

    def size(self, key: str) -> int | None:
        """How many bytes are under `key`, or None when it is absent."""

    def stamp(self, key: str) -> tuple[str, bool] | None:
        """A word that is another one when the bytes under `key` have changed, and if that is sure.

        It is not sure of bytes that were changed just now: they may change again within the same
        tick of the clock. Once the system was started anew all words are others. None when the key
        is absent, or nothing gives such a word.
        """

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every published key that begins with `prefix`, each exactly once, sorted."""

    def writer(self) -> AbstractContextManager[BackendWriter]:
        """A new stream; leaving the context without `publish` throws away what was written."""

    def swap(self, key: str, *, expected: bytes | None, new: bytes | None) -> bool:
        """Put `new` under `key` if it holds `expected` now (None: absent); whether it did.

        Of all that race for one key, in threads or processes, one wins and the others get False.
        """

    def extend(self, key: str, data: bytes, *, at: int) -> bool:
        """Put `data` behind the bytes under `key` if they are `at` now; whether they were.

        Of all that race by this and by `swap`, one wins and the others get False, as for `swap`.
        Not atomic, as `append` is not, and it does not wait for the disk.
        """

    def append(self, key: str, *data: bytes, at: int, durable: bool = True) -> None:
        """Make the bytes under `key` be its first `at` bytes and then `data`, in pieces or whole.

        Not atomic: a crash or an OSError may leave part of `data`, and zeros for the rest of it.
        Callers say in the bytes themselves or elsewhere how much of it counts. `at` beyond the
        end is a ValueError; an absent key has the end 0. `durable=False` does not wait for the
        disk: for a cache, which can be made again.
        """

    def sweep(self) -> int:
        """Remove what killed writers left behind, if anything; how many there were."""

    def delete(self, key: str) -> None:
        """Remove `key`; one that is absent is removed already."""


def overwrite(backend: Backend, key: str, new: bytes) -> None:
    """Put `new` under `key` unless it is there; of several who do so at once one wins.

    For what may be lost, such as a cache. What may not is changed by `swap` in a loop.
    """
    old = backend.read(key)
    if old != new:
        backend.swap(key, expected=old, new=new)
