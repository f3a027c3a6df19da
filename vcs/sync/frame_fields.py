"""The fields in the body of a message: numbers, texts and bytes, little-endian, one after another.

Reading asks for no more than is there: a count is compared with a limit and with what is left
before anything is made for its items.
"""

from __future__ import annotations

from struct import Struct

from pyvcs.objects.errors import RemoteProtocolError

_U8, _U16, _U32 = Struct("<B"), Struct("<H"), Struct("<I")


class FieldWriter:
    """Puts fields together."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def u8(self, number: int) -> None:
        """A number of one byte."""
        self._parts.append(_U8.pack(number))

    def u16(self, number: int) -> None:
        """A number of two bytes."""
        self._parts.append(_U16.pack(number))

    def u32(self, number: int) -> None:
        """A number of four bytes."""
        self._parts.append(_U32.pack(number))

    def raw(self, content: bytes) -> None:
        """Bytes whose length the reader knows."""
        self._parts.append(content)

    def text(self, text: str) -> None:
        """A text in UTF-8 behind its length in bytes; cut off after 65,535."""
        content = text.encode("utf-8", "replace")[:0xFFFF]
        self.u16(len(content))
        self._parts.append(content)

    def bytes(self) -> bytes:
        """All fields."""
        return b"".join(self._parts)


class FieldReader:
    """Takes fields apart, front to back. RemoteProtocolError where one is not as it should be."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def raw(self, length: int) -> bytes:
        """The next `length` bytes."""
        end = self._at + length
        if end > len(self._body):
            raise RemoteProtocolError(
                f"a message of the other side ends after {len(self._body)} bytes, inside a field"
            )
        content = self._body[self._at : end]
        self._at = end
        return content

    def u8(self) -> int:
        """A number of one byte."""
        return self.raw(1)[0]

    def u16(self) -> int:
        """A number of two bytes."""
        return int.from_bytes(self.raw(2), "little")

    def u32(self) -> int:
        """A number of four bytes."""
        return int.from_bytes(self.raw(4), "little")

    def count(self, most: int, item_bytes: int) -> int:
        """A number of two bytes: how many items follow, of at least so many bytes each."""
        return self._checked(self.u16(), most, item_bytes)

    def large_count(self, most: int, item_bytes: int) -> int:
        """The same of four bytes."""
        return self._checked(self.u32(), most, item_bytes)

    def _checked(self, count: int, most: int, item_bytes: int) -> int:
        if count > most or count * item_bytes > len(self._body) - self._at:
            raise RemoteProtocolError(
                f"a message of the other side announces {count} items;"
                f" {most} are allowed and {len(self._body) - self._at} bytes are left"
            )
        return count

    def text(self) -> str:
        """A text behind its length."""
        try:
            return self.raw(self.u16()).decode()
        except UnicodeDecodeError:
            raise RemoteProtocolError("a text in a message of the other side is no UTF-8") from None

    def rest(self) -> bytes:
        """All that is left."""
        return self.raw(len(self._body) - self._at)

    def skip_rest(self) -> None:
        """Leave out what a later version may have put here."""
        self._at = len(self._body)

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._body)

    def end(self) -> None:
        """Raise RemoteProtocolError unless nothing is left."""
        if not self.is_at_end:
            raise RemoteProtocolError(
                f"a message of the other side has {len(self._body) - self._at} bytes too many"
            )
