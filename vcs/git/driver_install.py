"""Letting git call the merge driver: its configuration, and lines of ours in a file of attributes.

Idea.        Our lines stand in one block, between two comments, at the top of the file: what others
             have written below it has the last word, for of two lines git follows the later one.
Invariant.   No other byte of the file is touched, and taking the block out gives them all back.
"""

from __future__ import annotations

import os
import shlex
import sys

from pyvcs.git.plumbing import GitRepository
from pyvcs.merge.driver import JSON_NAMES, JSON_SUFFIXES, LINES_SUFFIXES
from pyvcs.objects.errors import GitFailed, NotARepository
from pyvcs.objects.values import dataclass
from pyvcs.replacing import replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATTERNS = (
    *(f"*{suffix.decode()}" for suffix in (*JSON_SUFFIXES, *LINES_SUFFIXES)),
    *(name.decode() for name in JSON_NAMES),
    "Pipfile.lock",  # patterns of git tell cases apart, and this is how pipenv spells it
)
"""What is merged when nothing is said: files that are JSON."""

NAME = "pyvcs"
ATTRIBUTES = ".gitattributes"
_BEGIN = b"# written by `pyvcs git install-driver`, which `uninstall-driver` undoes"
_END = b"# end of what pyvcs wrote"
_OURS = f" merge={NAME}".encode()
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the lines stand, which patterns they have, and the files that other lines keep away."""

    path: str
    patterns: tuple[str, ...]
    kept_away: tuple[str, ...] = ()

    @property
    def is_shared(self) -> bool:
        """Whether the lines are in the working tree, where a commit takes them along."""
        return os.path.basename(self.path) == ATTRIBUTES


def install(
    folder: str, *, is_global: bool = False, is_private: bool = False, patterns: Sequence[str] = ()
) -> Installed:
    """Write configuration and attributes. Doing it again replaces what was written.

    The attributes are those of the working tree, which others get too; those of this repository
    alone when that is wanted, or when there is no working tree; or those of the user. Without
    patterns those that stand there already remain, else it is PATTERNS.
    """
    git = _repository(folder, is_global=is_global)
    places = [_of_user(git)] if is_global else _of_repository(git, folder)
    path = places[-1] if is_private else places[0]
    lines, kept = _parted(_read(path))
    lines = [_line(pattern) for pattern in patterns] or lines or [_line(each) for each in PATTERNS]
    _configure(git, "--global" if is_global else "--local")
    for other in places:
        if other != path:
            _take_out(other)
    mark, rest = (_BOM, kept[len(_BOM) :]) if kept.startswith(_BOM) else (b"", kept)
    _write(path, mark + b"\n".join([_BEGIN, *lines, _END, b""]) + rest)
    found = tuple(_pattern(line) for line in lines)
    return Installed(path, found, () if is_global else tuple(_kept_away(folder, found)))


def uninstall(folder: str, *, is_global: bool = False) -> None:
    """Take out what `install` wrote, and nothing else."""
    git = _repository(folder, is_global=is_global)
    for path in [_of_user(git)] if is_global else _of_repository(git, folder):
        _take_out(path)
    try:
        scope = "--global" if is_global else "--local"
        git.run("config", scope, "--remove-section", f"merge.{NAME}")
    except GitFailed:
        return  # it was not there


def _repository(folder: str, *, is_global: bool) -> GitRepository:
    try:
        return GitRepository.at(folder)
    except NotARepository:
        if is_global:
            return GitRepository(folder)
        raise


def _configure(git: GitRepository, scope: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m pyvcs git driver %O %A %B --path %P"
    command += " --marker-size %L --labels %S %X %Y"
    git.run("config", scope, f"merge.{NAME}.name", "pyvcs: JSON by its values")
    git.run("config", scope, f"merge.{NAME}.driver", command)
    git.run("config", scope, f"merge.{NAME}.recursive", "text")


def _of_user(git: GitRepository) -> str:
    """The attributes of the user."""
    try:
        found = git.path("config", "--global", "--path", "core.attributesFile")
    except GitFailed:
        found = ""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return found or os.path.join(home, "git", "attributes")


def _of_repository(git: GitRepository, folder: str) -> list[str]:
    """The attributes in the working tree, if there is one, and those of the repository alone."""
    alone = os.path.join(git.folder, git.path("rev-parse", "--git-path", "info/attributes"))
    try:
        return [os.path.join(_top(folder), ATTRIBUTES), alone]
    except GitFailed:  # a bare repository
        return [alone]


def _top(folder: str) -> str:
    return GitRepository(folder).path("rev-parse", "--show-toplevel")


def _kept_away(folder: str, patterns: Sequence[str]) -> Iterator[str]:
    """Files of the patterns whose merge is another one, by a line of somebody else."""
    try:
        git = GitRepository(_top(folder))
    except GitFailed:
        return
    names = git.run("ls-files", "-z", "--", *map(_pathspec, patterns))
    words = git.run("check-attr", "-z", "--stdin", "merge", stdin=names).split(b"\0")
    for path, merge in zip(words[0::3], words[2::3], strict=False):
        if merge != NAME.encode():
            yield os.fsdecode(path)


def _pathspec(pattern: str) -> str:
    """What git calls the files that a pattern of attributes means."""
    return f":(glob){pattern.lstrip('/')}" if "/" in pattern else f":(glob)**/{pattern}"


def _line(pattern: str) -> bytes:
    quoted = f'"{pattern}"' if any(letter.isspace() for letter in pattern) else pattern
    return os.fsencode(quoted) + _OURS


def _pattern(line: bytes) -> str:
    return os.fsdecode(line.removesuffix(_OURS)).strip('"')


def _parted(content: bytes) -> tuple[list[bytes], bytes]:
    """Our lines in a file, and the file without them."""
    ours: list[bytes] = []
    kept: list[bytes] = []
    is_inside = False
    for line in content.splitlines(keepends=True):
        plain = line.rstrip(b"\r\n").removeprefix(_BOM)
        if plain == _BEGIN:
            is_inside = True
            kept += [_BOM] * line.startswith(_BOM)
        elif is_inside and plain == _END:
            is_inside = False
        elif is_inside and plain.endswith(_OURS):
            ours.append(plain)
        else:
            kept.append(line)
    return ours, b"".join(kept)


def _take_out(path: str) -> None:
    content = _read(path)
    _, kept = _parted(content)
    if kept == content:
        return
    if kept:
        _write(path, kept)
    else:
        os.unlink(path)


def _read(path: str) -> bytes:
    if not os.path.exists(path):
        return b""
    with open(path, "rb") as file:
        return file.read()


def _write(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    replace_file(path, content)
