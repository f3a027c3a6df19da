"""A transport over the pipes of another process: `pyvcs serve --stdio`, here or behind ssh."""

from __future__ import annotations

import os
import select
import subprocess
from contextlib import suppress
from types import TracebackType

from pyvcs.objects.errors import ConnectionLost
from pyvcs.replica import Replica
from pyvcs.sync.answering import Answerer
from pyvcs.sync.rights import ALL_RIGHTS, Rights
from pyvcs.sync.session import State
from pyvcs.sync.transports.base import SILENT_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Self

_READ_BYTES = 256 * 1024
_SECONDS_TO_END = 5.0
"""How long the other process may take to end when its input has ended."""

_CAN_WAIT = os.name == "posix"
"""Whether a wait for a pipe can be given up: Windows has no such thing for pipes."""


class PipeTransport:
    """A way to a peer that speaks on the standard input and output of a command."""

    def __init__(
        self,
        command: Sequence[str],
        address: str,
        *,
        environ: Mapping[str, str] | None = None,
        seconds: float = SILENT_SECONDS,
    ) -> None:
        self.address = address
        self._seconds = seconds
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environ
            )
        except OSError as error:
            raise ConnectionLost(
                f"{command[0]!r} cannot be run: {error.strerror}", hint="is it installed?"
            ) from None

    def exchange(self, turn: Iterable[bytes]) -> Iterator[bytes]:
        """Write a turn to the process, and read what it answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        output = self._process.stdout.fileno()
        # When it went away it may have said why before: what it wrote can still be read.
        with suppress(BrokenPipeError):
            for data in turn:
                self._write(self._process.stdin.fileno(), data)
        data = self._read(output)
        if not data:
            raise ConnectionLost(
                f"{self.address} answered nothing and ended with code {self._ended()}",
                hint="is pyvcs installed there, and the path right?",
            )
        while data:
            yield data
            data = self._read(output)

    def _read(self, descriptor: int) -> bytes:
        if _CAN_WAIT and not select.select([descriptor], [], [], self._seconds)[0]:
            raise self._silent("said")
        return os.read(descriptor, _READ_BYTES)

    def _write(self, descriptor: int, data: bytes) -> None:
        if not _CAN_WAIT:
            write_all(descriptor, data)
            return
        os.set_blocking(descriptor, False)
        rest = memoryview(data)
        while rest:
            if not select.select([], [descriptor], [], self._seconds)[1]:
                raise self._silent("took")
            with suppress(BlockingIOError):
                rest = rest[os.write(descriptor, rest) :]

    def _silent(self, did: str) -> ConnectionLost:
        self._process.kill()
        return ConnectionLost(
            f"{self.address} {did} nothing for {self._seconds:g} s",
            hint="sync again: what came so far is kept; `sync.timeout` is how long to wait",
        )

    def _ended(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_END)
        return self._process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        if self._ended() is None:
            self._process.kill()
            self._process.wait()


def serve_pipe(
    replica: Replica, incoming: int, outgoing: int, *, rights: Rights = ALL_RIGHTS
) -> None:
    """Answer a caller on two open file descriptors until it has enough, or breaks the protocol."""
    answerer = Answerer(replica, rights=rights)
    more = True
    while more and answerer.session.state is not State.FAILED:
        more = False
        for data in answerer.answer(read_pieces(incoming)):
            write_all(outgoing, data)
            more = True


def read_pieces(descriptor: int) -> Iterator[bytes]:
    """What comes out of an open file, as it comes."""
    while data := os.read(descriptor, _READ_BYTES):
        yield data


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`: one call may write less."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
