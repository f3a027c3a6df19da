"""What a merge gives back: chunks, conflicts and their kinds, all of them values."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, StrEnum

from pyvcs.objects.typed import Generic, TypeVar
from pyvcs.objects.values import dataclass

T = TypeVar("T")


class ConflictKind(StrEnum):
    """What two sides could not agree on. The strings are stored and shown: they never change."""

    CONTENTS = "contents"  # both sides changed the same lines
    BINARY = "binary"  # both sides changed a file that is not text
    ADD_ADD = "add/add"  # both sides added the path, with different contents
    MODIFY_DELETE = "modify/delete"  # one side changed the file, the other deleted it
    FILE_DIRECTORY = "file/directory"  # a file on one side, a directory on the other
    MODE = "mode"  # both sides changed the mode, differently
    TYPE = "type"  # a file on one side, a symbolic link on the other
    RENAME_RENAME = "rename/rename"  # both sides renamed the file, differently
    RENAME_DELETE = "rename/delete"  # one side renamed the file, the other deleted it
    LOCATION = "location"  # a new file in a folder that the other side renamed
    NAME = "name"  # two names that are one where case or Unicode composition is ignored
    VALUE = "value"  # a place in a JSON document got two values
    VALUE_DELETE = "value/delete"  # a place in a JSON document was edited, and deleted
    ORDER = "order"  # insertions or moves in a JSON list that cannot both be had
    SERIES = "series"  # a value of a JSON series changed, and carried on to a new member
    KEY = "key"  # an object got a key twice, in a JSON document that could only merge by lines
    SCHEMA = "schema"  # a merged JSON document breaks the schema that both sides keep
    REVIEW = "review"  # both sides changed a file that the rules let only a person merge


TEXT_KINDS = (ConflictKind.CONTENTS, ConflictKind.ADD_ADD)
"""Conflicts of whole files that are shown by markers in the text."""

PATH_KINDS = (ConflictKind.RENAME_RENAME, ConflictKind.LOCATION)
"""Conflicts about where a file belongs, whatever it holds."""


class ChunkKind(Enum):
    """Who changed a chunk."""

    STABLE = "stable"
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Chunk(Generic[T]):
    """A piece of a three-way merge: the same stretch in base, ours and theirs.

    The chunks of a merge, put together side by side, are the three inputs.
    """

    kind: ChunkKind
    base: tuple[T, ...]
    ours: tuple[T, ...]
    theirs: tuple[T, ...]

    def __post_init__(self) -> None:
        if self.kind is ChunkKind.STABLE and not (
            len(self.base) == len(self.ours) == len(self.theirs)
        ):
            raise ValueError("a stable chunk is as long on every side")

    @classmethod
    def unstable(cls, base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> Chunk[T]:
        """The chunk between two stable ones; its kind follows from who differs from whom."""
        sides = tuple(base), tuple(ours), tuple(theirs)
        if sides[1] == sides[2]:
            return cls(ChunkKind.BOTH, *sides)
        if sides[0] == sides[2]:
            return cls(ChunkKind.OURS, *sides)
        if sides[0] == sides[1]:
            return cls(ChunkKind.THEIRS, *sides)
        return cls(ChunkKind.CONFLICT, *sides)

    @property
    def is_conflict(self) -> bool:
        """Whether both sides changed this stretch, and not alike."""
        return self.kind is ChunkKind.CONFLICT

    @property
    def result(self) -> tuple[T, ...]:
        """What the merge puts here; a conflict has no result and is a ValueError."""
        if self.is_conflict:
            raise ValueError("a chunk in conflict has no result")
        return self.theirs if self.kind is ChunkKind.THEIRS else self.ours


@dataclass(frozen=True, slots=True)
class Merged(Generic[T]):
    """A three-way merge of sequences, as its chunks from first to last."""

    chunks: tuple[Chunk[T], ...]

    @property
    def conflicts(self) -> tuple[Chunk[T], ...]:
        """The chunks in conflict, in order."""
        return tuple(chunk for chunk in self.chunks if chunk.is_conflict)

    @property
    def is_clean(self) -> bool:
        """Whether no chunk is in conflict."""
        return not any(chunk.is_conflict for chunk in self.chunks)

    @property
    def result(self) -> tuple[T, ...]:
        """The merged sequence; a ValueError when there are conflicts."""
        merged: list[T] = []
        for chunk in self.chunks:
            merged.extend(chunk.result)
        return tuple(merged)
