"""What every command is given: the folder it runs in, and the repository there."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pyvcs.cli.progress import TerminalProgress
    from pyvcs.looking import Looked
    from pyvcs.looking_ahead import LookAhead
    from pyvcs.replica import Progress
    from pyvcs.repository import Repository


class Session:
    """One run of the command line. `folder` is where it starts (`-C`)."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._repository: Repository | None = None
        self._progress: TerminalProgress | None = None
        self._look: LookAhead | None = None

    @property
    def repository(self) -> Repository:
        """The repository that the folder lies in. NotARepository when there is none."""
        if self._repository is None:
            from pyvcs.repository import Repository

            self._repository = self.watched(Repository.open(self.folder))
        return self._repository

    @property
    def progress(self) -> TerminalProgress:
        """Progress on this terminal."""
        if self._progress is None:
            from pyvcs.cli.progress import TerminalProgress

            self._progress = TerminalProgress()
        return self._progress

    @property
    def token(self) -> str | None:
        """The secret to show to a server that is named on the command line."""
        return os.environ.get("PYVCS_TOKEN") or None

    def watched(self, repository: Repository) -> Repository:
        """The repository, showing its progress when stderr is a terminal."""
        repository.progress = self.shown_progress
        repository.may_fork = True  # the command line has the process for itself
        return repository

    @property
    def shown_progress(self) -> Progress:
        """Progress on stderr when that is a terminal."""
        from pyvcs.replica import quiet

        return self.progress if sys.stderr.isatty() else quiet

    def look_ahead(self) -> None:
        """Begin to look at the working tree, for a command that will ask what `looked` tells."""
        from pyvcs.looking_ahead import LookAhead

        self._look = LookAhead(self.folder)

    def looked(self) -> Looked | None:
        """What such a look has told, if nothing came in between."""
        return None if self._look is None else self._look.told()

    def close(self) -> None:
        """Wipe out the progress line, and forget a look: another program, or nothing, comes now."""
        if self._look is not None:
            self._look.drop()
        if self._progress is not None:
            self._progress.clear()

    def setting(self, key: str) -> str | int | float | bool | None:
        """A setting of the repository here, or of the user where there is none."""
        from pyvcs.objects.errors import NotARepository

        try:
            return self.repository.config.get(key)
        except NotARepository:
            from pyvcs.config import Config

            return Config.load(None, os.environ).get(key)

    def beside(self, path: str) -> str:
        """A path as typed, seen from the folder that the command runs in."""
        return path if self.folder == os.curdir else os.path.join(self.folder, path)

    def git_source(self, source: str) -> str:
        """Where a repository of git is: a folder beside, or a URL as it was typed."""
        beside = os.path.abspath(self.beside(source))
        return beside if os.path.isdir(beside) else source

    def path(self, path: str) -> bytes:
        """A path as typed, relative to the root of the working tree. PathUnknown outside of it.

        Where there is no working tree a path is what stands in the commits.
        """
        from pyvcs.objects.errors import PathUnknown

        if not self.repository.has_worktree:
            return os.fsencode(path)
        root = os.fsdecode(self.repository.worktree.root)
        inside = os.path.relpath(os.path.abspath(os.path.join(self.folder, path)), root)
        if inside == os.pardir or inside.startswith(os.pardir + os.sep):
            raise PathUnknown(f"{path!r} is outside the repository {root}")
        return b"" if inside == os.curdir else os.fsencode(inside.replace(os.sep, "/"))

    def paths(self, paths: Iterable[str]) -> list[bytes]:
        """Several paths as typed."""
        return [self.path(path) for path in paths]


def pass_session(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command of click the session before all else."""
    import click

    return click.make_pass_decorator(Session)(function)
