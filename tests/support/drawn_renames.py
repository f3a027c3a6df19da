"""Trees and edits at random, with renames of files and folders; each line is nowhere else."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count

Lines = dict[str, list[str]]
"""The lines of each file by its path."""

FOLDERS = ("", "d/", "d/e/", "f/", "f/g/", "k/", "k/e/")
NAMES = "abchmnq"
CLASHING = "abcdefhk"
"""Names among which are those of folders."""


class Author:
    """Somebody who edits trees. No two lines that it writes are equal."""

    def __init__(self, rng: random.Random, name: str, names: str = NAMES) -> None:
        self.rng, self.name, self.names = rng, name, names
        self._numbers = count()

    def line(self) -> str:
        """A new line."""
        return f"{self.name} {next(self._numbers)} {self.rng.randrange(10**6)}"

    def tree(self, size: int = 8) -> Lines:
        """A new tree."""
        files: Lines = {}
        for _ in range(self.rng.randrange(2, size)):
            self._add(files)
        return files

    def edited(self, before: Mapping[str, list[str]], edits: int = 5) -> Lines:
        """The tree after a few edits."""
        files = {path: list(lines) for path, lines in before.items()}
        ways: list[Callable[[Lines], None]] = [
            *(self._edit, self._edit, self._rename, self._rename),
            *(self._rename_folder, self._remove, self._add),
        ]
        for _ in range(self.rng.randrange(1, edits + 1)):
            if files:
                self.rng.choice(ways)(files)
        return files

    def _path(self) -> str:
        return self.rng.choice(FOLDERS) + self.rng.choice(self.names)

    def _add(self, files: Lines) -> None:
        path = self._path()
        if has_room(files, path):
            files[path] = [self.line() for _ in range(self.rng.choice([3, 6, 8, 12]))]

    def _remove(self, files: Lines) -> None:
        del files[self.rng.choice(sorted(files))]

    def _edit(self, files: Lines) -> None:
        self._change(files[self.rng.choice(sorted(files))], self.rng.choice([1, 1, 2, 4]))

    def _change(self, lines: list[str], times: int) -> None:
        for _ in range(times):
            at = self.rng.randrange(len(lines) + 1)
            lines[at : at + self.rng.choice([0, 1])] = [self.line()] * self.rng.choice([0, 1, 1])

    def _rename(self, files: Lines) -> None:
        old, new = self.rng.choice(sorted(files)), self._path()
        lines = files.pop(old)
        files[new if has_room(files, new) else old] = lines
        self._change(lines, self.rng.choice([0, 0, 1, 2, 5]))

    def _rename_folder(self, files: Lines) -> None:
        folders = sorted({path[:at] for path in files for at in _slashes(path)})
        if not folders:
            return
        old, new = self.rng.choice(folders), self.rng.choice(["k", "w", "d", "f", "f/d", "k/e"])
        inside = {path: new + path[len(old) :] for path in files if path.startswith(f"{old}/")}
        rest = {path: lines for path, lines in files.items() if path not in inside}
        if all(has_room(rest, path) for path in inside.values()):
            moved = {new: files[path] for path, new in inside.items()}
            files.clear()
            files.update(rest, **moved)


def has_room(files: Mapping[str, object], path: str) -> bool:
    """Whether there is neither a file nor a folder at a path, nor a file above it."""
    return not any(
        other == path or other.startswith(f"{path}/") or path.startswith(f"{other}/")
        for other in files
    )


def _slashes(path: str) -> list[int]:
    return [at for at, letter in enumerate(path) if letter == "/"]


def texts(files: Mapping[str, list[str]]) -> dict[str, str]:
    """The files with their contents."""
    return {path: "".join(f"{line}\n" for line in lines) for path, lines in files.items()}


def single_lines(files: Mapping[str, list[str]]) -> set[str]:
    """The lines that stand once in a tree."""
    counted = Counter(line for lines in files.values() for line in lines)
    return {line for line, times in counted.items() if times == 1}


def lines_of(files: Mapping[str, list[str]]) -> set[str]:
    """All lines of a tree."""
    return {line for lines in files.values() for line in lines}
