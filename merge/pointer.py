"""JSON pointers (RFC 6901): the place of a value inside a document.

>>> look({"a": [{"b/c": 1}]}, "/a/0/b~1c")
1
>>> list(steps("/a/0"))
['', '/a']
"""

from __future__ import annotations

from collections.abc import Iterator

from pyvcs.merge.json_value import ABSENT, Json, Missing, Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def token(key: str | int) -> str:
    """A key or index as it stands in a pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")


def tokens(pointer: str) -> list[str]:
    """The keys and indexes of a pointer. ValueError when it does not begin with `/`."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer: it does not begin with '/'")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]


def steps(pointer: str) -> Iterator[str]:
    """The pointers of everything that the place lies in, outermost first."""
    at = 0
    while at < len(pointer):
        yield pointer[:at]
        at = pointer.find("/", at + 1)
        if at < 0:
            return


def look(value: Json, pointer: str) -> Place:
    """The value at a place, or ABSENT."""
    for part in tokens(pointer):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value


def put(value: Json, pointer: str, new: Place) -> Json:
    """A document with another value at a place; ABSENT removes it. The old one stays as it is.

    An index one beyond the end of a list appends. KeyError when there is no such place, or when
    the whole document would go.
    """
    if not pointer:
        if isinstance(new, Missing):
            raise KeyError("a whole document cannot be removed")
        return new
    *path, last = tokens(pointer)
    root: Any = _copied(value)
    copy = root
    for part in path:
        key = _key(copy, part)
        copy[key] = _copied(copy[key])
        copy = copy[key]
    key = _key(copy, last)
    if new is ABSENT:
        del copy[key]
    elif isinstance(copy, list) and key == len(copy):
        copy.append(new)
    else:
        copy[key] = new
    result: Json = root
    return result


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, list):
        return list(value)
    raise KeyError("the pointer leads into a value that is neither an object nor a list")


def _key(container: Any, part: str) -> Any:
    if isinstance(container, dict):
        return part
    if part.isdigit() and int(part) <= len(container):
        return int(part)
    raise KeyError(f"a list of {len(container)} items has no index {part!r}")
