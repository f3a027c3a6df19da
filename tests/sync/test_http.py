"""Sync over HTTP: real servers, as processes, on loopback."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from people import commit, files_in, new_repository, root_of
from servers import Server, new_token
from terminal import Terminal
from transport_contract import Reach, TransportContract

from pyvcs.branching import create_branch
from pyvcs.objects.errors import (
    ConnectionLost,
    Refused,
    RemoteProtocolError,
    Usage,
)
from pyvcs.repository import Repository
from pyvcs.sync.rights import READ_ONLY, Rights
from pyvcs.sync.transports.media_type import MEDIA_TYPE


class TestHttp(TransportContract):
    @pytest.fixture
    def reach(self, here: Repository) -> Iterator[Reach]:
        servers: dict[Path, Server] = {}

        def reached(there: Repository) -> str:
            root = root_of(there)
            if root not in servers:
                servers[root] = server = Server(root)
                here.config.set("remote.there.url", server.url)
                here.config.set("remote.there.token", new_token(there))
            return servers[root].url

        yield reached
        for server in servers.values():
            assert server.stop() == 0


@pytest.fixture
def there(tmp_path: Path) -> Repository:
    repository = new_repository(tmp_path / "there")
    commit(repository, {"a": "1"})
    return repository


@pytest.fixture
def here(tmp_path: Path) -> Repository:
    return new_repository(tmp_path / "here")


@pytest.fixture
def server(there: Repository) -> Iterator[Server]:
    with Server(root_of(there)) as server:
        yield server


def test_a_clone_keeps_in_step_with_its_server(
    there: Repository, server: Server, tmp_path: Path
) -> None:
    token = new_token(there)
    ada = Terminal(tmp_path)
    ada.environ["PYVCS_TOKEN"] = token
    ada.run_process("clone", server.url, "clone")
    assert files_in(tmp_path / "clone") == {"a": b"1"}
    ada.write("clone/b", "2")
    ada.run_process("-C", "clone", "commit", "-m", "two")
    ada.run_process("-C", "clone", "sync")
    assert files_in(root_of(there)) == {"a": b"1", "b": b"2"}
    assert server.stop() == 0
    log = "".join(server.said)
    assert "127.0.0.1 ada 'POST' 200" in log
    assert token not in log
    assert token not in (root_of(there) / ".pyvcs" / "tokens").read_text()


def test_nobody_gets_anything_without_a_token(
    here: Repository, there: Repository, server: Server
) -> None:
    with pytest.raises(Refused, match="wants a token") as told:
        here.sync(server.url)
    assert "PYVCS_TOKEN" in told.value.hint
    with pytest.raises(Refused, match="unknown, revoked or expired") as told:
        here.sync(server.url, token="pyvcs_secret")
    assert "pyvcs_secret" not in str(told.value)
    assert here.tip() is None


def test_a_token_that_is_revoked_is_of_no_use(
    here: Repository, there: Repository, server: Server, tmp_path: Path
) -> None:
    at_server = Terminal(root_of(there))
    token = at_server.run("token", "add", "boat").out.strip()
    here.sync(server.url, token=token)
    assert at_server.run("token", "list").out == "boat\tsees *\tmoves *\n"
    at_server.run("token", "revoke", "boat")
    with pytest.raises(Refused, match="unknown, revoked or expired"):
        here.sync(server.url, token=token)
    assert at_server.run("token", "revoke", "boat", check=False).code == 4


def test_who_may_read_may_not_write(here: Repository, there: Repository, server: Server) -> None:
    token = new_token(there, rights=READ_ONLY)
    here.sync(server.url, token=token)
    before = there.tip()
    commit(here, {"b": "2"})
    with pytest.raises(Refused, match="may be read here, not written"):
        here.sync(server.url, token=token)
    assert there.tip() == before
    assert here.sync(server.url, push=False, token=token).pulled.commits == 0


def test_everybody_may_read_what_is_public(here: Repository, there: Repository) -> None:
    with Server(root_of(there), "--public-read") as server:
        here.sync(server.url, push=False)
        assert here.tip() == there.tip()
        commit(here, {"b": "2"})
        with pytest.raises(Refused, match="not written"):
            here.sync(server.url)


def test_rights_go_by_branch(here: Repository, there: Repository, server: Server) -> None:
    create_branch(there, "secret/plan")
    create_branch(there, "topic/a")
    token = new_token(there, rights=Rights(see=("main",), move=("topic/*",)))
    here.sync(server.url, token=token)
    assert here.refs.live_branches() == ["main", "topic/a"]
    here.switch("topic/a")
    tip = commit(here, {"b": "2"})
    here.sync(server.url, token=token)
    assert there.tip("topic/a") == tip
    here.switch("main")
    commit(here, {"c": "3"})
    with pytest.raises(Refused, match=r"branch 'main' may not be moved .* only: topic/\*"):
        here.sync(server.url, token=token)
    assert "c" not in files_in(root_of(there))


def test_a_secret_in_an_address_is_refused_and_not_repeated(here: Repository) -> None:
    with pytest.raises(Usage, match="a secret in it") as told:
        here.sync("https://ada:pass@host/")
    assert "pass" not in f"{told.value} {told.value.hint}"


def test_tls_is_checked(here: Repository, there: Repository, tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = tmp_path / "server.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        os.fspath(certificate)
    )
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(os.fspath(trusted))
    ada = Terminal(root_of(here))
    with Server(root_of(there), "--public-read", "--tls-cert", os.fspath(certificate)) as server:
        assert server.url.startswith("https://")
        refused = ada.run_process("sync", "--pull", server.url, check=False)
        assert (refused.code, "is not trusted here" in refused.err) == (9, True), refused
        ada.environ["SSL_CERT_FILE"] = os.fspath(trusted)
        ada.run_process("sync", "--pull", server.url)
    assert here.tip() == there.tip()


def test_a_body_that_is_too_long_is_refused(here: Repository, there: Repository) -> None:
    with Server(root_of(there), "--max-body", "1") as server:
        token = new_token(there)
        here.sync(server.url, token=token)
        before = there.tip()
        commit(here, {"big": os.urandom(3 * 1024 * 1024)})
        with pytest.raises(Refused, match="takes 1,048,576 bytes in a turn"):
            here.sync(server.url, token=token)
        assert there.tip() == before
        assert server.stop() == 0


def test_too_many_requests_are_told(here: Repository, there: Repository) -> None:
    with Server(root_of(there), "--max-rate", "2", "--public-read") as server:
        here.sync(server.url, push=False)
        here.sync(server.url, push=False)
        with pytest.raises(ConnectionLost, match="429: too many requests"):
            here.sync(server.url, push=False)


def test_a_caller_that_says_nothing_is_cut(there: Repository) -> None:
    with Server(root_of(there), "--idle", "0.2", "--public-read") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as caller:
            caller.sendall(
                b"POST / HTTP/1.1\r\nhost: x\r\ncontent-type: " + MEDIA_TYPE.encode() + b"\r\n"
                b"content-length: 1000\r\n\r\n\x01"
            )
            said = b"".join(iter(lambda: caller.recv(65536), b""))
        assert b"this turn took too long" in said
        assert server.process.poll() is None


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/x", {}, 404),
        ("PUT", "/", {}, 405),
        ("POST", "/", {}, 415),
        ("POST", "/", {"content-type": MEDIA_TYPE}, 401),
        ("POST", "/", {"content-type": MEDIA_TYPE, "authorization": "Basic x"}, 401),
        ("POST", "/", {"content-type": MEDIA_TYPE, "authorization": "Bearer \xff"}, 401),
        ("POST", "/", {"content-type": MEDIA_TYPE, "content-length": "9" * 15}, 413),
    ],
)
def test_other_requests_are_refused_in_a_sentence(
    server: Server, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    assert response.status == status
    assert response.read()


def test_noise_is_answered_with_a_sentence(there: Repository) -> None:
    with Server(root_of(there), "--public-read") as server:
        for noise in (b"", b"\x00" * 100, os.urandom(1000), b"\x01\xff\xff\xff\xff"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request("POST", "/", noise, {"content-type": MEDIA_TYPE})
            response = connection.getresponse()
            assert response.status in (200, 400)
            assert response.read()
        assert server.stop() == 0
        assert not any("Traceback" in line for line in server.said)


def test_what_is_no_pyvcs_is_told(here: Repository, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    command = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path / "web", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as web:
        assert web.stdout is not None
        port = web.stdout.readline().split(" port ")[1].split()[0]
        with pytest.raises(RemoteProtocolError, match="answers 501"):
            here.sync(f"http://127.0.0.1:{port}/")
        web.terminate()


def test_an_address_where_nobody_answers_is_told(here: Repository) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ConnectionLost, match="cannot be reached"):
        here.sync(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("url", ["http://", "http://h:x/", "https://h/?a=b", "http://h/#x"])
def test_what_is_no_address_is_refused(here: Repository, url: str) -> None:
    with pytest.raises(Usage):
        here.sync(url)


def test_a_path_without_a_repository_is_refused_at_the_start(tmp_path: Path) -> None:
    done = Terminal(tmp_path).run_process("serve", "--http", "127.0.0.1:0", check=False)
    assert done.code == 3
    assert "Traceback" not in done.err


@pytest.mark.parametrize("address", ["127.0.0.1", "x:99999", "no such host:1", ":x"])
def test_a_bad_address_to_listen_on_is_refused(here: Repository, address: str) -> None:
    done = Terminal(root_of(here)).run_process("serve", "--http", address, check=False)
    assert done.code == 2, done


def test_an_address_in_use_is_told(here: Repository, server: Server) -> None:
    address = f"127.0.0.1:{server.port}"
    done = Terminal(root_of(here)).run_process("serve", "--http", address, check=False)
    assert done.code == 9
    assert address in done.err


def test_a_running_turn_may_end_when_the_server_stops(there: Repository) -> None:
    with Server(root_of(there), "--public-read") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as caller:
            body = b"\x01\x00\x00\x00\x01x"
            caller.sendall(
                b"POST / HTTP/1.1\r\nhost: x\r\ncontent-type: " + MEDIA_TYPE.encode() + b"\r\n"
                b"expect: 100-continue\r\ncontent-length: %d\r\n\r\n" % len(body)
            )
            # The server says 100 when the turn has begun to be read.
            assert caller.recv(100).startswith(b"HTTP/1.1 100")
            server.process.send_signal(signal.SIGTERM)
            caller.sendall(body)
            said = b"".join(iter(lambda: caller.recv(65536), b""))
        assert said.startswith(b"HTTP/1.1 200")
        assert server.process.wait(60) == 0


def test_a_cut_sync_goes_on_where_it_was(
    here: Repository, there: Repository, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyvcs.sync.transports import http as transport

    for number in range(4):
        commit(there, {f"big{number}": os.urandom(1_500_000)})
    token = new_token(there)
    original = transport.HttpTransport.exchange
    seen = 0

    def cut(self: Any, turn: Any) -> Iterator[bytes]:
        nonlocal seen
        for data in original(self, turn):
            seen += len(data)
            if seen > 4_000_000:
                return
            yield data

    monkeypatch.setattr(transport.HttpTransport, "exchange", cut)
    with pytest.raises(ConnectionLost, match="went away in the middle"):
        here.sync(server.url, token=token)
    monkeypatch.setattr(transport.HttpTransport, "exchange", original)
    assert here.tip() is None
    here.sync(server.url, token=token)
    assert here.tip() == there.tip()
    server.stop()
    out = [int(line.split(" out ")[1].split()[0]) for line in server.said if " out " in line]
    assert out[-1] < 6_000_000 - 2_000_000
