"""A conflict object: one place where sides of a merge could not both be had (laws 4)."""

from __future__ import annotations

from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.fields import check_text
from pyvcs.objects.kind import Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.tree import check_path
from pyvcs.objects.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class ConflictSide:
    """What one side holds at the place: mode and blob or tree, or neither when it is absent there.

    `label` says whose side it is: the oid of a commit in hex, or words for a virtual base.
    `path` is where the side has it, when that is not the path of the conflict: after renames.
    """

    label: str
    mode: Mode | None = None
    oid: Oid | None = None
    path: bytes | None = None

    def __post_init__(self) -> None:
        if (self.mode is None) != (self.oid is None):
            raise InvalidObject("a side of a conflict has both mode and oid, or neither")
        if "\n" in self.label:
            raise InvalidObject(f"the label {self.label!r} has a line break")
        check_text(self.label, "the label of a side")
        if self.path is not None:
            check_path(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Base and every side at one path, and inside a JSON document at one RFC 6901 pointer.

    `kind` is one of the stable strings of `pyvcs.merge.ConflictKind`. The sides of a conflict
    inside a document are blobs that hold the JSON text of the value there; otherwise they are
    whole files or folders. Two sides, or more when several heads disagree.
    """

    kind: str
    path: bytes
    pointer: str | None
    base: ConflictSide
    sides: tuple[ConflictSide, ...]

    def __post_init__(self) -> None:
        if len(self.sides) < 2:
            raise InvalidObject(f"a conflict has two sides or more, not {len(self.sides)}")
        if not self.kind or "\n" in self.kind:
            raise InvalidObject(f"{self.kind!r} is no kind of conflict")
        check_text(self.kind, "the kind of a conflict")
        check_path(self.path)
        if self.path in [side.path for side in (self.base, *self.sides)]:
            raise InvalidObject("a side of a conflict names the path of the conflict as another")
        if self.pointer is not None:
            check_text(self.pointer, "the pointer of a conflict")
            if self.pointer and not self.pointer.startswith("/"):
                raise InvalidObject(f"{self.pointer!r} is no JSON pointer: it begins with no '/'")

    def at(self, path: bytes) -> Conflict:
        """The same conflict, of a file that was renamed: its sides keep the paths that they had."""
        sides = [
            side if side.oid is None else replace(side, path=self.path_of(side))
            for side in (self.base, *self.sides)
        ]
        base, *others = (replace(side, path=None) if side.path == path else side for side in sides)
        return replace(self, path=path, base=base, sides=tuple(others))

    def path_of(self, side: ConflictSide) -> bytes:
        """Where a side has it."""
        return self.path if side.path is None else side.path

    @property
    def paths(self) -> tuple[bytes, ...]:
        """All paths that the conflict is about, its own first."""
        others = {self.path_of(side) for side in (self.base, *self.sides)} - {self.path}
        return (self.path, *sorted(others))
