"""Replicas that sync through real servers while talks are cut, servers die and the net divides."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from drawn_edits import edits_made, edits_told, first_files, make_edit
from lossy_link import LOOPBACK, LossyLink
from people import ADA
from replicas import assert_whole
from servers import Server

from pyvcs.objects.errors import ConnectionLost, Locked
from pyvcs.repository import Repository
from pyvcs.server.tokens import TokenStore
from pyvcs.sync.rights import ALL_RIGHTS

SIZE, ROUNDS = 3, 8
LONGEST_TALK = 20_000


class Member:
    """A replica with its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        here = self.open()
        self.token = TokenStore(here.backend).add("all", ALL_RIGHTS, now_ms=here.now_ms())[1]
        self.server = Server(folder)

    def open(self) -> Repository:
        return Repository.open(os.fspath(self.folder), search=False)

    def sync(self, peer: Member, port: int) -> bool:
        """Sync through a port that leads to a peer; whether that went to its end."""
        try:
            self.open().sync(f"http://{LOOPBACK}:{port}/", token=peer.token)
        except (ConnectionLost, Locked):
            return False
        return True

    def revive(self) -> None:
        """Start the server again if it was killed."""
        if self.server.process.poll() is not None:
            self.server = Server(self.folder)


def members_of(folder: Path) -> list[Member]:
    first = Repository.init(os.fspath(folder / "0"), bare=True)
    first.commit("first", changes=first_files(), author=ADA)
    paths = [folder / str(number) for number in range(SIZE)]
    for path in paths[1:]:
        Repository.clone(os.fspath(paths[0]), os.fspath(path), bare=True)
    return [Member(path) for path in paths]


def talk_badly(members: list[Member], rng: random.Random, faults: Counter[str]) -> None:
    """All at once talk to another one, each over a link that may fail."""
    divided = rng.random() < 0.3
    alone = rng.choice(members)
    links: list[tuple[str, LossyLink]] = []
    pairs: list[tuple[Member, Member]] = []
    for member in members:
        peer = rng.choice([each for each in members if each is not member])
        fault = rng.choices(("none", "cut", "server killed"), (3, 4, 1))[0]
        at = int(LONGEST_TALK ** rng.random())
        if divided and alone in (member, peer):
            fault, link = "partition", LossyLink(peer.server.port, up=0)
        elif fault == "none":
            link = LossyLink(peer.server.port)
        elif fault == "cut":
            up, down = (at, None) if rng.random() < 0.5 else (None, at)
            link = LossyLink(peer.server.port, up=up, down=down)
        else:
            link = LossyLink(peer.server.port, down=at, harm=peer.server.kill)
        links.append((fault, link))
        pairs.append((member, peer))
    with ThreadPoolExecutor(SIZE) as pool:
        talks = [
            pool.submit(member.sync, peer, link.port)
            for (member, peer), (_, link) in zip(pairs, links, strict=True)
        ]
        for talk in talks:
            talk.result()
    for fault, link in links:
        link.end()
        faults[fault] += link.was_cut
    for member in members:
        member.revive()


def settle(members: list[Member]) -> int:
    """Once around a ring is enough for the last to know all, and once more for all to."""
    rounds = 0
    while any(each.open().refs.branches != members[0].open().refs.branches for each in members):
        rounds += 1
        assert rounds <= 2, "not settled after two rounds"
        for number, member in enumerate(members):
            peer = members[(number + 1) % SIZE]
            assert member.sync(peer, peer.server.port)
    return rounds


def test_a_fleet_of_servers_settles_and_loses_no_edit(tmp_path: Path) -> None:
    rng = random.Random(7)
    faults: Counter[str] = Counter()
    made: set[str] = set()
    members = members_of(tmp_path)
    try:
        for step in range(ROUNDS):
            for number, member in enumerate(members):
                token = f"r{number}x{step}"
                make_edit(member.open(), token, random.Random(rng.random()))
                made.add(token)
            talk_badly(members, rng, faults)
        rounds = settle(members)
    finally:
        for member in members:
            member.server.kill()
    replicas = [member.open() for member in members]
    assert len({each.tip("main") for each in replicas}) == 1
    assert_whole(replicas)
    assert edits_made(replicas[0]) == made
    told = edits_told(replicas[0])
    sys.stderr.write(f"\n{len(made)} edits; faults {dict(faults)}; settled in {rounds} rounds\n")
    assert not made - told
    assert len(+faults) >= 3, "too little went wrong to show anything"
