"""Servers as processes of their own, on loopback, and the callers' side of a token."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from people import root_of

from pyvcs.replica import Replica
from pyvcs.repository import Repository
from pyvcs.server.tokens import TokenStore
from pyvcs.sync.rights import ALL_RIGHTS, Rights


class Server:
    """`pyvcs serve --http 127.0.0.1:0 FOLDER`, with more options if need be.

    `within` is a command that runs the server elsewhere, in another network say.
    """

    def __init__(
        self,
        folder: Path,
        *options: str,
        address: str = "127.0.0.1:0",
        within: Sequence[str] = (),
    ) -> None:
        command = [sys.executable, "-m", "pyvcs", "serve", "--http", address, *options]
        self.process = subprocess.Popen(
            [*within, *command, os.fspath(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYVCS_TRACEBACK": ""},
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.stop()
            raise AssertionError("".join(self.said))

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    def stop(self) -> int:
        """Ask it to end, and wait; its exit code."""
        self.process.terminate()
        return self._ended()

    def kill(self) -> None:
        """End it without a word."""
        self.process.kill()
        self._ended()

    def _ended(self) -> int:
        code = self.process.wait(60)
        self._reader.join(60)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(self.process.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.stop()


def new_token(there: Repository, name: str = "ada", rights: Rights = ALL_RIGHTS) -> str:
    """The secret of a new token for a repository."""
    replica = Replica.open(os.fspath(root_of(there)))
    return TokenStore(replica.backend).add(name, rights, now_ms=replica.now_ms())[1]
