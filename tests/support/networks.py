"""Machines with a network of their own, which can be divided: network namespaces of Linux.

What is sent between two parts is dropped, as by a cable that is cut: a caller gets no answer, not
even a refusal. Nothing of it can be reached from outside, and all of it ends with its processes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable

import pytest

_PROGRAMS = ("unshare", "nsenter", "ip")
# Without root a namespace of users comes first, in which one is root.
_AS_ROOT = [] if os.name == "posix" and os.geteuid() == 0 else ["--user"]


def need_namespaces() -> None:
    """Skip a test, saying why, where this machine lets nobody make a network."""
    lacking = [name for name in _PROGRAMS if shutil.which(name) is None]
    if lacking:
        pytest.skip(f"no network can be made here: there is no `{lacking[0]}`")
    tried = subprocess.run([*_new_namespace(), "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no network can be made here: {tried.stderr.strip()}")


def _new_namespace() -> list[str]:
    return ["unshare", "--net", *(["--user", "--map-root-user"] if _AS_ROOT else [])]


class _Namespace:
    """One network namespace, which lives as long as a process that waits in it."""

    def __init__(self, around: _Namespace | None = None) -> None:
        make = _new_namespace() if around is None else [*around.within, "unshare", "--net"]
        self._holder = subprocess.Popen(
            [*make, "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline(), "the namespace is not there"

    @property
    def pid(self) -> int:
        return self._holder.pid

    @property
    def within(self) -> list[str]:
        """The beginning of a command that runs in it."""
        user = [*_AS_ROOT, "--preserve-credentials"] if _AS_ROOT else []
        return ["nsenter", "--target", str(self.pid), "--net", *user]

    def ip(self, *words: str) -> None:
        """Set up something of its network."""
        subprocess.run([*self.within, "ip", *words], check=True, capture_output=True)

    def end(self) -> None:
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        self._holder.stdin.close()
        self._holder.wait()
        self._holder.stdout.close()


class Network:
    """So many machines, all connected, until `divide`."""

    def __init__(self, size: int) -> None:
        self._hub = _Namespace()
        self._machines = [_Namespace(self._hub) for _ in range(size)]
        for number, machine in enumerate(self._machines):
            self._hub.ip("link", "add", f"bridge{number}", "type", "bridge")
            self._hub.ip("link", "set", f"bridge{number}", "up")
            end = ("peer", "name", "eth0", "netns", str(machine.pid))
            self._hub.ip("link", "add", f"port{number}", "type", "veth", *end)
            self._hub.ip("link", "set", f"port{number}", "up")
            machine.ip("link", "set", "lo", "up")
            machine.ip("address", "add", f"{self.address(number)}/24", "dev", "eth0")
            machine.ip("link", "set", "eth0", "up")
        self.divide([range(size)])

    @staticmethod
    def address(number: int) -> str:
        """Where a machine is."""
        return f"10.77.0.{number + 1}"

    def within(self, number: int) -> list[str]:
        """The beginning of a command that runs on a machine."""
        return self._machines[number].within

    def divide(self, parts: Iterable[Iterable[int]]) -> None:
        """Connect the machines of each part with each other, and with nobody else."""
        for bridge, part in enumerate(parts):
            for number in part:
                self._hub.ip("link", "set", f"port{number}", "master", f"bridge{bridge}")

    def close(self) -> None:
        """End it: it lives as long as its processes."""
        for namespace in (*self._machines, self._hub):
            namespace.end()
