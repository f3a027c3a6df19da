"""A terminal in a folder: runs the real command line, here or as a process of its own."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}
"""For a process whose files may not grow: else Python leaves modules that are cut, compiled."""

IDENTITY = {"PYVCS_AUTHOR_NAME": "Ada", "PYVCS_AUTHOR_EMAIL": "ada@example.org"}


@dataclass(frozen=True)
class Done:
    """How a command ended: exit code, and what it wrote to stdout and stderr."""

    code: int
    out: str
    err: str


class Terminal:
    """Somebody who types commands in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.environ = {
            **os.environ,
            **IDENTITY,
            "PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ.get('PATH', '')}",
            "XDG_CONFIG_HOME": os.fspath(folder.parent / f"{folder.name}-config"),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def at(self, folder: Path) -> Self:
        """The same person in another folder."""
        there = type(self)(folder)
        there.environ = self.environ
        return there

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file below the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, name: str) -> str:
        """The content of a file below the folder."""
        return (self.folder / name).read_text(encoding="utf-8")

    def run(self, *arguments: str, check: bool = True) -> Done:
        """Run pyvcs in this process; with `check` it must end with 0."""
        from pyvcs.cli.main import run

        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with self._here(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments)
        done = Done(code, _text(out), _text(err))
        assert not check or done.code == 0, done
        return done

    def run_process(self, *arguments: str, check: bool = True, stdin: str = "") -> Done:
        """Run pyvcs as a process of its own; with `check` it must end with 0."""
        done = self._process([sys.executable, "-m", "pyvcs", *arguments], stdin)
        assert not check or done.code == 0, done
        return done

    def type_line(self, command: str) -> Done:
        """Run a line of a shell: in this process when it is nothing but a call of pyvcs."""
        words = plain_call(command)
        if words is None:
            return self._process(["sh", "-c", command], "")
        return self.run(*words, check=False)

    def _process(self, command: list[str], stdin: str) -> Done:
        found = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
        return Done(found.returncode, found.stdout, found.stderr)

    @contextlib.contextmanager
    def _here(self) -> Iterator[None]:
        before, environ = os.getcwd(), dict(os.environ)
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environ)
        try:
            yield
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ.update(environ)


def plain_call(command: str) -> list[str] | None:
    """The words after `pyvcs`, of a line that is nothing but a call of it."""
    words = shlex.split(command)
    tokens = shlex.shlex(command, posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    is_plain = words[0] == "pyvcs" and all(set(token) - set("();<>|&") for token in tokens)
    return words[1:] if is_plain else None


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8", "surrogateescape")
