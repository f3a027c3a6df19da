"""The kinds of objects and the modes of tree entries."""

from __future__ import annotations

from pyvcs.objects.enumerated import Enum


class Kind(Enum):
    """What an object is; the value is the word its canonical bytes begin with."""

    BLOB = "blob"
    TREE = "tree"
    COMMIT = "commit"
    TAG = "tag"
    CONFLICT = "conflict"


class Mode(Enum):
    """What a tree entry is; the value is its letter in the canonical bytes."""

    FILE = "f"
    EXECUTABLE = "x"
    SYMLINK = "l"
    TREE = "t"

    @property
    def is_file(self) -> bool:
        """Whether the entry is a regular file, executable or not."""
        return self is Mode.FILE or self is Mode.EXECUTABLE

    @property
    def word(self) -> str:
        """The name people see: file, executable, symlink, tree."""
        return self.name.lower()
