"""Verified: how much of a file was found to be whole, so that not every command reads all of it.

Idea.        Each line of a commit graph is sealed, and to check the seals of 200,000 commits takes
             5 ms. So what was checked is noted under a key beside the file: how many bytes, and
             what the backend said of the file (`stamp`). While it says the same, only what stands
             behind those bytes is checked.
Invariant.   Bytes that are not checked were checked since the system was started, so that no crash
             came between; and since then nothing touched the file, but for what pyvcs appended.
             Of a file that was changed just then it is not noted.
Cost.        Two small files are read, 0.03 ms, and one is written after the file has grown.
Result.      The number of bytes that need no look: 0 wherever anything is in doubt.
Not handled. Backends without stamps: there all is checked each time. Bytes that changed and left no
             trace in the times of the file: by a fault of the disk, by one that was pulled out
             before all was written, or by another program within the very tick of an append.
"""

from __future__ import annotations

from blake3 import blake3

from pyvcs.objects.errors import ObjectMissing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyvcs.objects.backends.base import Backend

LITTLE = 256 * 1024
"""So many bytes are checked as soon as a note of them is read."""

SUFFIX = "-verified"
"""The note about a key stands under the key with this at its end."""

_MOST = 512
"""So many bytes no note has."""


class Verified:
    """What is known of the file under one key of a backend. Made before its bytes are viewed."""

    def __init__(self, backend: Backend, key: str) -> None:
        self._backend, self._key = backend, key
        self._known = 0
        self._stamp = backend.stamp(key) if (backend.size(key) or 0) >= LITTLE else None

    def known(self, size: int) -> int:
        """How many of the `size` bytes that were viewed since need no look."""
        if self._stamp is not None:
            content = self._noted()
            length = content.partition(b" ")[0]
            if length.isdigit() and content == _note(int(length), self._stamp[0]):
                self._known = int(length)
            if self._known > size or self._is_touched():
                self._known = 0
        return self._known

    def _noted(self) -> bytes:
        try:
            return self._backend.read_range(self._key + SUFFIX, 0, _MOST)
        except (OSError, ObjectMissing):
            return b""  # there is none, or none for us

    def _is_touched(self) -> bool:
        """Whether anything happened to the file since its stamp was taken."""
        now = self._backend.stamp(self._key)
        return now is None or self._stamp is None or now[0] != self._stamp[0]

    def all_is_whole(self, size: int) -> None:
        """All of the `size` bytes were found to be whole: note it, if it is worth it."""
        if size == self._known or self._stamp is None or not self._stamp[1] or self._is_touched():
            return
        is_worth_it = size - self._known >= LITTLE
        self._known = size
        if is_worth_it:
            self._write(self._stamp[0])

    def about_to_grow(self) -> None:
        """We append next: if somebody touched the file since we looked, nothing is known."""
        if self._known and self._is_touched():
            self._known = 0

    def has_grown(self, size: int) -> None:
        """We have appended to it; it has `size` bytes now, and those known before are untouched."""
        self._stamp = self._backend.stamp(self._key) if self._known else None
        if self._stamp is not None and self._backend.size(self._key) == size:
            self._write(self._stamp[0])

    def _write(self, word: str) -> None:
        note = _note(self._known, word)
        try:
            self._backend.append(self._key + SUFFIX, note, at=0, durable=False)
        except (OSError, ValueError):
            return  # it is a cache


def _note(length: int, word: str) -> bytes:
    facts = f"{length} {word}".encode()
    return facts + f" {blake3(facts).hexdigest()}\n".encode()
