"""Ignore files: which new files a commit leaves out. `.pyvcsignore` has gitignore's rules.

A file in a folder speaks for that folder and what is below; deeper files have the last word, and
in a file the last line that matches. What lies in an ignored folder is ignored, whatever is said
about it. Patterns are parsed by `objects.path_pattern`, loaded only when there is a file at all.
"""

from __future__ import annotations

from pyvcs.objects.tree import is_own_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

IGNORE_FILE = b".pyvcsignore"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


_Above = tuple[tuple[int, "_Rules"], ...]
"""Rules, each with the length of the path of its folder, the `/` at the end included."""


class Ignore:
    """The rules of one working tree; `read` gives the content of a file in it, or None."""

    def __init__(self, read: Callable[[bytes], bytes | None]) -> None:
        self._read = read
        self._above: dict[bytes, _Above] = {}
        self._folders: dict[bytes, bool] = {b"": False}

    def is_ignored(self, path: bytes, *, is_dir: bool) -> bool:
        """Whether the file or folder at `path` is ignored: by itself, or by a folder above it.

        `.pyvcs` is always ignored.
        """
        if is_dir:
            return self._is_folder_ignored(path)
        folder, _, name = path.rpartition(b"/")
        return self._is_folder_ignored(folder) or self._says(folder, name, path, is_dir=False)

    def _is_folder_ignored(self, folder: bytes) -> bool:
        known = self._folders.get(folder)
        if known is None:
            above, _, name = folder.rpartition(b"/")
            known = (
                self._is_folder_ignored(above)
                or is_own_folder(name)
                or self._says(above, name, folder, is_dir=True)
            )
            self._folders[folder] = known
        return known

    def _says(self, folder: bytes, name: bytes, path: bytes, *, is_dir: bool) -> bool:
        """What the rules say of this path alone: the deepest file that says anything decides."""
        for start, rules in self._rules_for(folder):
            verdict = rules.verdict(path[start:], name, is_dir=is_dir)
            if verdict is not None:
                return verdict
        return False

    def _rules_for(self, folder: bytes) -> _Above:
        """All rules that speak for what is in a folder, the deepest first."""
        known = self._above.get(folder)
        if known is None:
            prefix = folder + b"/" if folder else b""
            above = self._rules_for(folder.rpartition(b"/")[0]) if folder else ()
            content = self._read(prefix + IGNORE_FILE)
            known = above if content is None else ((len(prefix), _Rules(content)), *above)
            self._above[folder] = known
        return known


class _Rules:
    """The lines of one ignore file."""

    def __init__(self, content: bytes) -> None:
        import re

        from pyvcs.objects.path_pattern import parse_line

        lines = content.removeprefix(_BYTE_ORDER_MARK).split(b"\n")
        patterns = [pattern for line in lines if (pattern := parse_line(line)) is not None]
        self._lines = [
            (re.compile(p.regex, re.DOTALL).match, p.by_name, p.folders_only, p.ignores)
            for p in reversed(patterns)
        ]
        # Most files match no line: one search over all of them says so.
        self._any_name = _any_of([p.regex for p in patterns if p.by_name])
        self._any_path = _any_of([p.regex for p in patterns if not p.by_name])

    def verdict(self, below: bytes, name: bytes, *, is_dir: bool) -> bool | None:
        """What the last line that matches says; None when none does."""
        if self._any_name(name) is None and self._any_path(below) is None:
            return None
        for match, by_name, folders_only, ignores in self._lines:
            if (is_dir or not folders_only) and match(name if by_name else below):
                return ignores
        return None


def _any_of(regexes: list[bytes]) -> Callable[[bytes], re.Match[bytes] | None]:
    import re

    return re.compile(b"|".join(regexes) if regexes else b"(?!)", re.DOTALL).match
