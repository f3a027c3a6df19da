"""The name of an object: the BLAKE3-256 hash of its canonical bytes."""

from __future__ import annotations

from pyvcs.objects.errors import InvalidObject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

OID_BYTES = 32
"""Length of an oid in bytes; 64 hex digits when written."""


class Oid(bytes):
    """An oid: 32 bytes, ordered and hashable as bytes are, written as 64 lower-case hex digits.

    >>> Oid.from_hex("00" * 31 + "ff")
    Oid('00000000…')
    >>> str(Oid(bytes(32))) == "0" * 64
    True
    """

    __slots__ = ()

    def __new__(cls, raw: bytes) -> Self:
        """An oid from its 32 bytes; any other length is an InvalidObject."""
        if len(raw) != OID_BYTES:
            raise InvalidObject(f"an oid has {OID_BYTES} bytes, not {len(raw)}")
        return bytes.__new__(cls, raw)

    @classmethod
    def from_hex(cls, text: str) -> Self:
        """An oid from its 64 hex digits; anything else is an InvalidObject."""
        try:
            return cls(bytes.fromhex(text) if text.isalnum() else b"")
        except ValueError:
            raise InvalidObject(f"{text!r} is not 64 hex digits") from None

    def short(self, digits: int = 12) -> str:
        """The first hex digits, as people see them."""
        return self.hex()[:digits]

    def __str__(self) -> str:
        return self.hex()

    def __repr__(self) -> str:
        return f"Oid('{self.hex()[:8]}…')"
