"""`ssh://` through a real sshd on loopback, with keys made for one test run."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from people import commit, files_in, new_repository, root_of
from transport_contract import Reach, TransportContract

from pyvcs.objects.errors import ConnectionLost, NotARepository
from pyvcs.repository import Repository

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
MISSING = [name for name in ("ssh", "ssh-keygen") if shutil.which(name) is None]

pytestmark = pytest.mark.skipif(
    SSHD is None or bool(MISSING),
    reason="OpenSSH's sshd, ssh and ssh-keygen are not all installed",
)

SERVER = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
SetEnv PATH={folder}/bin:/usr/bin:/bin
"""


@dataclass(frozen=True)
class Sshd:
    """Where the server is, and how to call it."""

    port: int
    folder: Path

    def url(self, path: Path) -> str:
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{path}"

    def command(self, known_hosts: str = "known") -> str:
        return (
            f"ssh -F none -i {self.folder}/user -o IdentitiesOnly=yes -o BatchMode=yes"
            f" -o UserKnownHostsFile={self.folder}/{known_hosts} -o StrictHostKeyChecking=yes"
        )


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """A running server that lets this user in with a key of its own."""
    folder = tmp_path_factory.mktemp("sshd")
    (folder / "bin").mkdir()
    (folder / "bin" / "pyvcs").write_text(f'#!/bin/sh\nexec {sys.executable} -m pyvcs "$@"\n')
    (folder / "bin" / "pyvcs").chmod(0o755)
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True
        )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    key = (folder / "host.pub").read_text().split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {key[0]} {key[1]}\n")
    (folder / "nobody").write_text("")
    (folder / "config").write_text(SERVER.format(port=port, folder=folder))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    assert SSHD is not None
    with subprocess.Popen(
        [SSHD, "-D", "-e", "-f", folder / "config"], stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        for line in server.stderr:
            if "listening" in line:
                break
        else:
            pytest.fail("sshd did not start")
        yield Sshd(port, folder)
        server.terminate()


@pytest.fixture(autouse=True)
def calling(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYVCS_SSH", sshd.command())


class TestSsh(TransportContract):
    @pytest.fixture
    def reach(self, sshd: Sshd) -> Reach:
        return lambda repository: sshd.url(root_of(repository))


def test_a_clone_over_ssh_keeps_in_step(sshd: Sshd, tmp_path: Path) -> None:
    source = new_repository(tmp_path / "it's a folder")
    commit(source, {"a": "1"})
    clone = Repository.clone(sshd.url(root_of(source)), os.fspath(tmp_path / "clone"))
    tip = commit(clone, {"b": "2"})
    clone.sync("origin")
    assert source.tip() == tip
    assert files_in(root_of(source)) == {"a": b"1", "b": b"2"}


def test_a_host_that_is_not_known_is_told(
    sshd: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYVCS_SSH", sshd.command(known_hosts="nobody"))
    here = new_repository(tmp_path / "here")
    with pytest.raises(ConnectionLost, match="answered nothing and ended with code 255"):
        here.sync(sshd.url(tmp_path / "here"))


def test_a_path_without_a_repository_is_told(sshd: Sshd, tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    with pytest.raises(NotARepository, match="the other side says"):
        here.sync(sshd.url(tmp_path / "nothing"))


def test_a_machine_without_pyvcs_is_told(sshd: Sshd, tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    program = sshd.folder / "bin" / "pyvcs"
    aside = program.rename(sshd.folder / "aside")
    try:
        with pytest.raises(ConnectionLost, match="ended with code 127") as told:
            here.sync(sshd.url(tmp_path / "here"))
    finally:
        aside.rename(program)
    assert "is pyvcs installed there" in told.value.hint


def test_a_port_where_nobody_listens_is_told(sshd: Sshd, tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ConnectionLost, match="ended with code 255"):
        here.sync(f"ssh://127.0.0.1:{port}/x")
