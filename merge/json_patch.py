"""Patches of JSON values (RFC 6902): operations as values, and doing them.

Idea.        Each operation names a place by a JSON pointer (RFC 6901) in the document as the
             operations before it left it. Containers on the way are copied once, the first time
             that something in them changes, so the value that was given stays as it is.
Invariant.   Only containers made here are changed.
Cost.        One copy of each container that changes, and the steps of each pointer.
Result.      The patched value, or a PatchError: all operations are done, or none.
Source.      RFC 6902 and RFC 6901.
Not handled. Which of two equal patches is the better one.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyvcs.merge.json_check import check_json
from pyvcs.merge.json_compare import same
from pyvcs.merge.json_value import ABSENT, Json, Side
from pyvcs.merge.pointer import tokens
from pyvcs.objects.typed import cast
from pyvcs.objects.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Verb: TypeAlias = "Literal['add', 'remove', 'replace', 'move', 'copy', 'test']"
VERBS: tuple[Verb, ...] = ("add", "remove", "replace", "move", "copy", "test")
_WITH_VALUE = ("add", "replace", "test")
_WITH_SOURCE = ("move", "copy")


class PatchError(ValueError):
    """An operation that is none, or that does not fit the document; the message says which."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `value` goes with add, replace and test; `source` with move and copy."""

    op: Verb
    path: str
    value: Side = ABSENT
    source: str | None = None

    def __post_init__(self) -> None:
        if self.op not in VERBS:
            raise PatchError(f"{self.op!r} is no operation; there are {', '.join(VERBS)}")
        for name, found, wanted in (
            ("value", self.value is not ABSENT, self.op in _WITH_VALUE),
            ("from", self.source is not None, self.op in _WITH_SOURCE),
        ):
            if found != wanted:
                raise PatchError(f"{self.op!r} has {'a' if wanted else 'no'} {name!r}")
        for pointer in (self.path, self.source or ""):
            _steps(pointer)

    def as_json(self) -> dict[str, Json]:
        """The operation as RFC 6902 writes it.

        >>> Operation("move", "/b", source="/a").as_json()
        {'op': 'move', 'from': '/a', 'path': '/b'}
        """
        written: dict[str, Json] = {"op": self.op}
        if self.source is not None:
            written["from"] = self.source
        written["path"] = self.path
        if self.value is not ABSENT:
            written["value"] = self.value
        return written

    @classmethod
    def from_json(cls, written: object) -> Operation:
        """The operation that an object of RFC 6902 means; members that it does not name pass."""
        if not isinstance(written, dict):
            raise PatchError(f"an operation is an object, not {written!r:.60}")
        op, path, source = (written.get(name) for name in ("op", "path", "from"))
        if not isinstance(op, str) or not isinstance(path, str):
            raise PatchError(f"an operation has an 'op' and a 'path': {written!r:.60}")
        if op in _WITH_SOURCE and not isinstance(source, str):
            raise PatchError(f"{op!r} has a 'from': {written!r:.60}")
        value = cast("Side", written.get("value", ABSENT)) if op in _WITH_VALUE else ABSENT
        verb = cast("Verb", op)
        return cls(verb, path, value, cast("str", source) if op in _WITH_SOURCE else None)


def patch_json(value: object, operations: Iterable[Operation]) -> Json:
    """The value after the operations. It stays as it is, and the result shares parts with it.

    ValueError for what is no JSON value, PatchError for an operation that does not fit.

    >>> patch_json({"a": [1]}, [Operation("add", "/a/-", 2), Operation("remove", "/a/0")])
    {'a': [2]}
    """
    document = _Document(check_json(value))
    for operation in operations:
        document.do(operation)
    return check_json(document.root)


@dataclass(frozen=True, slots=True)
class PatchStep:
    """An operation, and what stood at its path before (ABSENT unless it replaces or removes)."""

    operation: Operation
    before: Side


def patch_steps(value: object, operations: Iterable[Operation]) -> tuple[PatchStep, ...]:
    """Operations on a value, each with what it takes away. Errors as in `patch_json`.

    >>> for step in patch_steps({"a": 1}, [Operation("replace", "/a", 2)]):
    ...     print(step.before)
    1
    """
    document = _Document(check_json(value))
    steps = []
    for operation in operations:
        takes = operation.op in ("replace", "remove")
        steps.append(PatchStep(operation, document.look(operation.path) if takes else ABSENT))
        document.do(operation)
    return tuple(steps)


class _Document:
    """A value that is being patched, and those of its containers that were made for it."""

    def __init__(self, root: Json) -> None:
        self.root = root
        self._own: dict[int, Any] = {}  # by id; holds them, so that an id stays theirs

    def do(self, operation: Operation) -> None:
        """Does one operation."""
        op, path = operation.op, operation.path
        if op == "test":
            if not same(self.look(path), cast("Json", operation.value)):
                raise PatchError(f"the test at {path!r} failed: another value stands there")
        elif op == "add":
            self.add(path, cast("Json", operation.value))
        elif op == "remove":
            self.remove(path)
        elif op == "replace":
            self.replace(path, cast("Json", operation.value))
        elif op == "copy":
            self.add(path, self.look(cast("str", operation.source)))
            self._own.clear()  # what stands in two places is nobody's own
        else:
            self.move(cast("str", operation.source), path)

    def look(self, pointer: str) -> Json:
        """The value at a place."""
        value = self.root
        for step in _steps(pointer):
            value = _member(value, step, pointer)
        return value

    def add(self, pointer: str, value: Json) -> None:
        if not pointer:
            self.root = value
            return
        container, step = self._parent(pointer)
        if isinstance(container, list):
            end = len(container)
            container.insert(end if step == "-" else _index(step, end, pointer), value)
        else:
            container[step] = value

    def remove(self, pointer: str) -> Json:
        if not pointer:
            raise PatchError("a whole document cannot be removed")
        container, step = self._parent(pointer)
        gone = _member(container, step, pointer)
        del container[int(step) if isinstance(container, list) else step]
        return gone

    def replace(self, pointer: str, value: Json) -> None:
        if not pointer:
            self.root = value
            return
        container, step = self._parent(pointer)
        _member(container, step, pointer)
        container[int(step) if isinstance(container, list) else step] = value

    def move(self, source: str, pointer: str) -> None:
        if pointer.startswith(source + "/"):
            raise PatchError(f"{source!r} cannot move into itself, to {pointer!r}")
        value = self.look(source)
        if source != pointer:
            self.remove(source)
            self.add(pointer, value)

    def _parent(self, pointer: str) -> tuple[Any, str]:
        """The container of a place, made its own with all above it; and the last step."""
        *path, last = _steps(pointer)
        self.root = container = self._mine(self.root, pointer)
        for step in path:
            inner = self._mine(_member(container, step, pointer), pointer)
            container[int(step) if isinstance(container, list) else step] = inner
            container = inner
        return container, last

    def _mine(self, value: Json, pointer: str) -> Any:
        if id(value) in self._own:
            return value
        if not isinstance(value, (dict, list)):
            raise PatchError(f"nothing can stand at {pointer!r}: it leads into a scalar")
        made = value.copy()
        self._own[id(made)] = made
        return made


def _member(container: Json, step: str, pointer: str) -> Json:
    if isinstance(container, list):
        return container[_index(step, len(container) - 1, pointer)]
    if isinstance(container, dict) and step in container:
        return container[step]
    raise PatchError(f"there is nothing at {pointer!r}")


def _index(step: str, last: int, pointer: str) -> int:
    """The index that a step means, at most `last`; as RFC 6901 has it, 01 is none."""
    if not (step.isascii() and step.isdigit()) or (step[0] == "0" and step != "0"):
        raise PatchError(f"{step!r} in {pointer!r} is no index of a list")
    if len(step) > len(str(last)) or int(step) > last:
        raise PatchError(f"there is no index {step} at {pointer!r}")
    return int(step)


def _steps(pointer: str) -> list[str]:
    try:
        return tokens(pointer)
    except ValueError as error:
        raise PatchError(str(error)) from None
