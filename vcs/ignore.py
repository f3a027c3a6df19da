"""Ignore files: which new files a commit leaves out. `.pyvcsignore` has gitignore's rules.

A file in a folder speaks for that folder and what is below; deeper files have the last word. What
lies in an ignored folder is ignored, whatever is said about it. Patterns are pathspec's, which is
imported only when there is an ignore file at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = b".pyvcsignore"


class Ignore:
    """The rules of one working tree; `read` gives the content of a file in it, or None."""

    def __init__(self, read: Callable[[bytes], bytes | None]) -> None:
        self._read = read
        self._rules: dict[bytes, GitIgnoreSpec | None] = {}
        self._folders: dict[bytes, bool] = {b"": False}

    def is_ignored(self, path: bytes, *, is_dir: bool) -> bool:
        """Whether the file or folder at `path` is ignored: by itself, or by a folder above it."""
        folder = path.rpartition(b"/")[0]
        if self._is_folder_ignored(folder):
            return True
        if is_dir:
            return self._is_folder_ignored(path)
        return self._matches(path, is_dir=False)

    def _is_folder_ignored(self, folder: bytes) -> bool:
        known = self._folders.get(folder)
        if known is None:
            above = folder.rpartition(b"/")[0]
            known = self._is_folder_ignored(above) or self._matches(folder, is_dir=True)
            self._folders[folder] = known
        return known

    def _matches(self, path: bytes, *, is_dir: bool) -> bool:
        """What the rules say of this path alone: the deepest file that says anything decides."""
        folder, _, _ = path.rpartition(b"/")
        while True:
            rules = self._rules_in(folder)
            if rules is not None:
                below = path[len(folder) + 1 :] if folder else path
                text = below.decode("utf-8", "surrogateescape") + ("/" if is_dir else "")
                verdict = rules.check_file(text).include
                if verdict is not None:
                    return verdict
            if not folder:
                return False
            folder = folder.rpartition(b"/")[0]

    def _rules_in(self, folder: bytes) -> GitIgnoreSpec | None:
        if folder not in self._rules:
            content = self._read(folder + b"/" + IGNORE_FILE if folder else IGNORE_FILE)
            self._rules[folder] = None if content is None else _parsed(content)
        return self._rules[folder]


def _parsed(content: bytes) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    """Whether pathspec takes the line; git passes over patterns that mean nothing."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
