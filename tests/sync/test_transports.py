from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from people import commit, files_in, new_repository, root_of
from transport_contract import Reach, TransportContract

from pyvcs.objects.errors import ConnectionLost, InvalidConfig, NotARepository, Usage
from pyvcs.repository import Repository
from pyvcs.sync.transports.pipe import PipeTransport
from pyvcs.sync.transports.ssh import SshUrl

SSH_STAND_IN = """\
import os, sys
# What sshd does: a shell runs the words that follow the host.
os.execv("/bin/sh", ["sh", "-c", " ".join(sys.argv[2:])])
"""


def url_of(repository: Repository) -> str:
    return f"ssh://somewhere{root_of(repository)}"


@pytest.fixture
def ssh_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in place of ssh that runs the command here, and a `pyvcs` on the path."""
    script = tmp_path / "ssh.py"
    script.write_text(SSH_STAND_IN)
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "pyvcs").write_text(f'#!/bin/sh\nexec {sys.executable} -m pyvcs "$@"\n')
    (bin_folder / "pyvcs").chmod(0o755)
    monkeypatch.setenv("PYVCS_SSH", f"{sys.executable} {script}")
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")


class TestMemory(TransportContract):
    @pytest.fixture
    def reach(self) -> Reach:
        return lambda repository: repository


class TestDirectory(TransportContract):
    @pytest.fixture
    def reach(self) -> Reach:
        return lambda repository: os.fspath(root_of(repository))


class TestPipe(TransportContract):
    @pytest.fixture
    def reach(self, ssh_stand_in: None) -> Reach:
        return url_of


@pytest.mark.usefixtures("ssh_stand_in")
def test_a_clone_over_a_pipe_has_its_source_as_origin(tmp_path: Path) -> None:
    source = new_repository(tmp_path / "source folder")
    commit(source, {"a": "1"})
    clone = Repository.clone(url_of(source), os.fspath(tmp_path / "clone"))
    assert files_in(tmp_path / "clone") == {"a": b"1"}
    tip = commit(clone, {"b": "2"})
    clone.sync("origin")
    assert source.tip() == tip
    assert files_in(tmp_path / "source folder") == {"a": b"1", "b": b"2"}


@pytest.mark.usefixtures("ssh_stand_in")
def test_a_path_without_a_repository_is_told(tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    with pytest.raises(NotARepository, match="the other side says"):
        here.sync(f"ssh://somewhere{tmp_path}/nothing")


def test_a_program_that_is_not_there_or_says_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConnectionLost, match="cannot be run"):
        PipeTransport(["/no/such/program"], "nowhere")
    with (
        PipeTransport([sys.executable, "-c", "raise SystemExit(7)"], "a shy peer") as transport,
        pytest.raises(ConnectionLost, match="a shy peer answered nothing and ended with code 7"),
    ):
        list(transport.exchange([b"x" * 1_000_000]))


@pytest.mark.parametrize(
    ("program", "size", "told"),
    [
        ("import sys; sys.stdin.buffer.read()", 1_000, "said nothing for 0.3 s"),
        ("import select; select.select([], [], [])", 1_000_000, "took nothing for 0.3 s"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="waiting for a pipe cannot be given up here")
def test_a_silent_peer_is_given_up(program: str, size: int, told: str) -> None:
    """One that reads all and answers nothing, and one that does not even read."""
    command = [sys.executable, "-c", program]
    with (
        PipeTransport(command, "a silent peer", seconds=0.3) as transport,
        pytest.raises(ConnectionLost, match=told) as error,
    ):
        list(transport.exchange([b"x" * size]))
    assert "sync.timeout" in error.value.hint


def test_how_long_a_peer_may_be_silent_is_a_setting(tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    here.config.set("sync.timeout", "soon")
    with pytest.raises(InvalidConfig, match=r"sync\.timeout is 'soon'"):
        here.sync("ssh://somewhere/x")


@pytest.mark.parametrize("seconds", [10**22, float("inf")])
@pytest.mark.parametrize("url", ["ssh://127.0.0.1:1/x", "http://127.0.0.1:1/x"])
def test_it_may_be_silent_for_ever(tmp_path: Path, url: str, seconds: float) -> None:
    here = new_repository(tmp_path / "here")
    here.config.set("sync.timeout", seconds)
    with pytest.raises(ConnectionLost):
        here.sync(url)


@pytest.mark.parametrize(
    "url",
    [
        *("ssh://-oProxyCommand=touch%20x/path", "ssh://-p/x", "ssh://ada@-x/path"),
        *(
            "ssh://-x@host/path",
            "ssh://host",
            "ssh:///path",
            "ssh://host:0/p",
            "ssh://host:66000/p",
        ),
        *("ssh://ho st/p", "ssh://host/a\nb", "ssh://host;id/p", "ssh://$(id)/p"),
    ],
)
def test_an_address_that_ssh_might_misread_is_refused(url: str) -> None:
    with pytest.raises(Usage):
        SshUrl.parse(url)


@pytest.mark.parametrize(
    ("url", "command"),
    [
        ("ssh://host/srv/x", ["ssh", "host", "pyvcs serve --stdio -- /srv/x"]),
        ("ssh://a@h:22/~/x y", ["ssh", "-p", "22", "a@h", "pyvcs serve --stdio -- 'x y'"]),
        ("ssh://[::1]/-x", ["ssh", "::1", "pyvcs serve --stdio -- /-x"]),
        ("ssh://h/$(id)", ["ssh", "h", "pyvcs serve --stdio -- '/$(id)'"]),
    ],
)
def test_the_command_for_ssh(url: str, command: list[str]) -> None:
    assert SshUrl.parse(url).command({}) == command


def test_another_program_for_ssh_may_have_options() -> None:
    command = SshUrl.parse("ssh://h/x").command({"PYVCS_SSH": "plink -batch"})
    assert command[:3] == ["plink", "-batch", "h"]


def test_an_unknown_scheme_is_refused(tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    with pytest.raises(Usage, match="gopher"):
        here.sync("gopher://host/path")
