"""Grep: the lines of a commit's files that hold a pattern."""

from __future__ import annotations

import re

from pyvcs.merge.text import is_binary
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import files_of
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectReader
from pyvcs.objects.values import dataclass
from pyvcs.worktree import is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line with the pattern: its number from 1, and its text; of a binary file 0 and no text."""

    path: bytes
    number: int
    text: str


def grep(
    objects: ObjectReader, tree: Oid, pattern: re.Pattern[str], paths: Collection[bytes] = ()
) -> Iterator[FoundLine]:
    """Every line below a tree, at or below `paths`, in which the pattern is found, in order.

    Lines are taken for UTF-8, other bytes stay as lone surrogates. A binary file comes once.
    """
    for path, (mode, oid) in files_of(objects, tree):
        if mode is Mode.SYMLINK or (paths and not any(is_below(path, wanted) for wanted in paths)):
            continue
        content = objects.blob(oid)
        text = content.decode("utf-8", "surrogateescape")
        if is_binary(content):
            if pattern.search(text):
                yield FoundLine(path, 0, "")
            continue
        for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
            if pattern.search(line):
                yield FoundLine(path, number, line.removesuffix("\r"))
