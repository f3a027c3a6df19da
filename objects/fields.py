"""Named fields and a text: the shape that commits, tags and conflicts have in bytes.

Each field is `key SP value LF`; a line break inside a value is written as `LF SP`. An empty line
ends the fields; what follows is the text, as it is.
"""

from __future__ import annotations

from pyvcs.objects.errors import InvalidObject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Field = tuple[str, bytes]


def check_text(text: str, what: str) -> None:
    """Raise InvalidObject unless the text can be written as UTF-8: it has no lone surrogate."""
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidObject(f"{what} is no UTF-8: {text[:60]!r}") from None


def check_extra(fields: Iterable[Field], own: Collection[str]) -> None:
    """Raise InvalidObject unless the fields can stand after those that the format names, `own`."""
    for key, _ in fields:
        if not (key.isascii() and key.isprintable() and key and " " not in key):
            raise InvalidObject(f"{key!r} is no key of a field: printable ASCII without spaces")
        if key in own:
            raise InvalidObject(f"{key!r} is a field of the format and cannot be an extra one")


def encode_fields(fields: Iterable[Field], text: bytes) -> bytes:
    """The bytes of fields and text."""
    lines = [key.encode("ascii") + b" " + value.replace(b"\n", b"\n ") for key, value in fields]
    return b"\n".join([*lines, b"", text])


def decode_fields(body: bytes) -> tuple[list[Field], bytes]:
    """Fields, in their order, and the text. Raises InvalidObject on any other shape."""
    head, separator, text = body.partition(b"\n\n")
    if not separator:
        raise InvalidObject("the fields do not end in an empty line")
    if b"\n " in head:
        return [_field(line) for line in _unfolded(head)], text
    return [_field(line) for line in head.split(b"\n")], text


def _unfolded(head: bytes) -> list[bytes]:
    """The lines of `head`, those that go on (they begin with a space) joined to the one before."""
    lines: list[bytes] = []
    for line in head.split(b"\n"):
        if line.startswith(b" ") and lines:
            lines[-1] += b"\n" + line[1:]
        else:
            lines.append(line)
    return lines


def _field(line: bytes) -> Field:
    key, separator, value = line.partition(b" ")
    if not separator or not key or not key.isascii():
        raise InvalidObject(f"{line[:40]!r} is no field: expected a key, a space and a value")
    return key.decode("ascii"), value


class FieldReader:
    """Takes fields off in the order that the format lays down; what is left over is `rest`."""

    def __init__(self, fields: list[Field], what: str) -> None:
        self._fields = fields
        self._next = 0
        self._what = what

    def take(self, key: str) -> bytes | None:
        """The value of the next field if it is called `key`, else None."""
        if self._next < len(self._fields) and self._fields[self._next][0] == key:
            self._next += 1
            return self._fields[self._next - 1][1]
        return None

    def need(self, key: str) -> bytes:
        """The value of the next field, which must be called `key`."""
        value = self.take(key)
        if value is None:
            found = self._fields[self._next][0] if self._next < len(self._fields) else "nothing"
            raise InvalidObject(f"a {self._what} needs the field {key!r} where it has {found!r}")
        return value

    def take_all(self, key: str) -> list[bytes]:
        """The values of all fields called `key` that come next."""
        start = self._next
        while self._next < len(self._fields) and self._fields[self._next][0] == key:
            self._next += 1
        return [value for _, value in self._fields[start : self._next]]

    def rest(self) -> tuple[Field, ...]:
        """What has not been taken, in its order."""
        return tuple(self._fields[self._next :])
