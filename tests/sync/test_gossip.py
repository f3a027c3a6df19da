"""Gossip: servers that keep each other in step, and what they learn of peers."""

from __future__ import annotations

import json
import os
import random
from functools import partial
from pathlib import Path

import pytest
from people import commit, files_in, new_repository, root_of
from servers import Server, new_token
from terminal import Terminal
from waiting import wait_until
from wires import Wire

from pyvcs.objects.errors import InvalidConfig
from pyvcs.replica import Replica
from pyvcs.repository import Repository
from pyvcs.sync.address_pattern import AddressPattern
from pyvcs.sync.gossip import Gossip
from pyvcs.sync.introducing import add_peer
from pyvcs.sync.peer_store import PeerStore

TOKEN = "gossip.token"


def peers_of(repository: Repository) -> list[str]:
    return [peer.address for peer in PeerStore(repository.backend).read().live()]


def opener(repository: Repository) -> partial[Replica]:
    return partial(Replica.open, os.fspath(root_of(repository)))


def test_lists_of_peers_travel_with_a_sync(tmp_path: Path) -> None:
    ada, bob = new_repository(tmp_path / "ada"), new_repository(tmp_path / "bob")
    add_peer(ada, "https://a.example/")
    add_peer(bob, "https://b.example/")
    ada.sync(bob)
    assert peers_of(ada) == peers_of(bob) == ["https://a.example/", "https://b.example/"]
    removed = Terminal(tmp_path / "bob").run("peers", "remove", "https://a.example/")
    assert removed.code == 0
    ada.sync(bob)
    assert peers_of(ada) == ["https://b.example/"]


def test_only_news_of_peers_travel(tmp_path: Path) -> None:
    ada, bob = new_repository(tmp_path / "ada"), new_repository(tmp_path / "bob")
    for number in range(300):
        add_peer(ada, f"https://{number}.example/")
    sizes: list[int] = []
    from pyvcs.sync.calling import Caller
    from pyvcs.sync.report import Wish

    for _ in range(3):
        caller = Caller(ada, Wire(bob), Wish())
        caller.talk()
        sizes.append(caller.session.sent_bytes + caller.session.received_bytes)
    assert sizes[0] > 3 * sizes[1]  # three hundred like addresses compress well
    assert sizes[1] == sizes[2] < 1_000


def test_who_may_only_read_tells_and_learns_nothing_of_peers(tmp_path: Path) -> None:
    there, here = new_repository(tmp_path / "there"), new_repository(tmp_path / "here")
    commit(there, {"a": "1"})
    add_peer(there, "https://there.example/")
    add_peer(here, "https://here.example/")
    with Server(root_of(there), "--public-read") as server:
        here.sync(server.url, push=False)
    assert here.tip() == there.tip()
    assert peers_of(there) == ["https://there.example/"]
    assert peers_of(here) == ["https://here.example/"]


def test_a_peer_that_fails_is_left_alone_and_told_of(tmp_path: Path) -> None:
    here = new_repository(tmp_path / "here")
    address = "http://127.0.0.1:1/"
    add_peer(here, address)
    gossip = Gossip(opener(here), random.Random(1), every=3600.0)
    meeting = gossip.step()
    assert meeting is not None
    assert "cannot be reached" in meeting.error
    assert gossip.step() is None
    shown = json.loads(Terminal(tmp_path / "here").run("peers", "--json").out)
    assert (shown[0]["address"], shown[0]["failures"], shown[0]["seen"]) == (address, 1, None)
    assert "cannot be reached" in Terminal(tmp_path / "here").run("peers").out


def test_addresses_that_others_told_are_met_only_where_the_settings_allow_it(
    tmp_path: Path,
) -> None:
    """Else a writer of the list could make this machine call its own network, or start ssh."""
    here, other = new_repository(tmp_path / "here"), new_repository(tmp_path / "other")
    inner = ("http://127.0.0.1:1/latest", "http://evil.example/?http://127.0.0.1:1/")
    for address in (*inner, "ssh://evil.example/x", os.fspath(tmp_path / "other")):
        add_peer(other, address)
    here.sync(other)
    assert len(peers_of(here)) == 4
    assert Gossip(opener(here), random.Random(1)).step() is None
    here.config.set("gossip.learn", "http://127.0.0.1:*")
    assert {met_by(here, seed) for seed in range(8)} == {inner[0]}
    here.config.set("gossip.learn", "")
    add_peer(here, inner[0])  # somebody names it here
    assert met_by(here, 1) == inner[0]
    here.config.set("gossip.learn", "ssh://*")
    assert met_by(here, 1) == "gossip.learn"


def met_by(repository: Repository, seed: int) -> str:
    """The address that a new gossip would meet first."""
    meeting = Gossip(opener(repository), random.Random(seed)).step()
    assert meeting is not None
    assert meeting.error
    return meeting.address


@pytest.mark.parametrize(
    ("pattern", "address", "fits"),
    [
        ("https://*.boats.example", "https://ada.boats.example/x", True),
        ("https://*.boats.example", "https://ada.boats.example:443/", True),
        ("https://*.boats.example", "https://ada.boats.example:8443/", False),
        ("https://*.boats.example:*", "https://ada.boats.example:8443/", True),
        ("https://*.boats.example", "http://ada.boats.example/", False),
        ("https://*.boats.example", "https://boats.example/", False),
        ("https://*.boats.example", "https://evil.example/ada.boats.example", False),
        ("https://*.boats.example", "https://ada.boats.example@evil.example/", False),
        ("https://*.boats.example", "https://evil.example#.boats.example", False),
        ("https://*.boats.example", "https://evil.example\\.boats.example:x/", False),
        ("http://10.7.*:8080", "http://10.7.0.9:8080/notes", True),
        ("http://HOST", "http://host/", True),
        ("http://*", "http://[::1", False),
    ],
)
def test_a_pattern_is_about_scheme_host_and_port(pattern: str, address: str, fits: bool) -> None:
    assert AddressPattern.parse(pattern).matches(address) is fits


@pytest.mark.parametrize("text", ["*", "ssh://x", "http://", "http://a/b", "http://a:b", "a.b"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(InvalidConfig, match="no pattern"):
        AddressPattern.parse(text)


def test_meetings_are_recorded(tmp_path: Path) -> None:
    here, there = new_repository(tmp_path / "here"), new_repository(tmp_path / "there")
    commit(there, {"a": "1"})
    add_peer(here, os.fspath(tmp_path / "there"))
    meeting = Gossip(opener(here), random.Random(1)).step()
    assert meeting is not None
    assert meeting.report is not None
    record = PeerStore(here.backend).records()[os.fspath(tmp_path / "there")]
    assert (record.ahead, record.behind, record.error, record.failures) == (1, 0, "", 0)
    assert record.seen_ms is not None
    assert files_in(tmp_path / "here") == {"a": b"1"}
    commit(here, {"b": "2"})
    shown = json.loads(Terminal(tmp_path / "here").run("peers", "--json").out)
    assert (shown[0]["behind"], shown[0]["named"]) == (1, True)


@pytest.fixture
def team(tmp_path: Path) -> list[Repository]:
    """Four replicas of one project, whose servers take one token."""
    first = new_repository(tmp_path / "0")
    commit(first, {"start": "1"})
    others = [
        Repository.clone(os.fspath(tmp_path / "0"), os.fspath(tmp_path / str(number)))
        for number in range(1, 4)
    ]
    for clone in others:
        clone.config.unset("remote.origin.url")
    return [first, *others]


def test_a_chain_of_servers_keeps_in_step_and_learns_of_all(team: list[Repository]) -> None:
    secret = new_token(team[0])
    content = (root_of(team[0]) / ".pyvcs" / "tokens").read_bytes()
    servers: list[Server] = []
    try:
        for repository in team:
            (root_of(repository) / ".pyvcs" / "tokens").write_bytes(content)
            repository.config.set(TOKEN, secret)
            repository.config.set("gossip.learn", "http://127.0.0.1:*")
            port = free_port()
            before = [servers[-1].url] if servers else []
            options = [word for url in before for word in ("--peer", url)]
            servers.append(
                Server(
                    root_of(repository),
                    *("--every", "0.1", "--max-rate", "100000"),
                    *("--advertise", f"http://127.0.0.1:{port}/"),
                    *options,
                    address=f"127.0.0.1:{port}",
                )
            )
        for number, repository in enumerate(team):
            commit(Repository.open(os.fspath(root_of(repository))), {f"from{number}": "x"})
        wait_until(lambda: len({tip(each) for each in team}) == 1, "one tip")
        wait_until(lambda: all(len(peers_of(each)) == 4 for each in team), "all peers everywhere")
        wanted = {"start", *(f"from{number}" for number in range(4))}
        wait_until(lambda: all(set(files_in(root_of(each))) == wanted for each in team), "files")
        # One goes away, misses something, and comes back.
        servers[3].kill()
        commit(Repository.open(os.fspath(root_of(team[0]))), {"later": "1"})
        wait_until(lambda: tip(team[0]) == tip(team[2]), "the others go on")
        assert tip(team[3]) != tip(team[0])
        servers[3] = Server(
            root_of(team[3]), "--every", "0.1", "--peer", servers[0].url, "--max-rate", "100000"
        )
        wait_until(lambda: tip(team[3]) == tip(team[0]), "who comes back catches up")
    finally:
        codes = [server.stop() for server in servers]
    assert codes == [0] * 4
    assert not any("Traceback" in line for server in servers for line in server.said)


def test_watch_keeps_in_step_until_it_is_interrupted(team: list[Repository]) -> None:
    import signal
    import subprocess
    import sys

    command = [sys.executable, "-m", "pyvcs", "sync", "--watch", "--every", "0.05"]
    with subprocess.Popen(
        [*command, os.fspath(root_of(team[1]))],
        cwd=root_of(team[0]),
        stderr=subprocess.PIPE,
        text=True,
    ) as watching:
        there = Repository.open(os.fspath(root_of(team[1])))
        commit(there, {"news": "1"})
        wait_until(lambda: "news" in files_in(root_of(team[0])), "what the other committed")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(60) == 0
        assert watching.stderr is not None
        assert "pulled 1 commit" in watching.stderr.read()


def tip(repository: Repository) -> object:
    return Repository.open(os.fspath(root_of(repository))).tip()


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
