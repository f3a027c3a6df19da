"""Servers on a network that is divided, again and again: each part goes on, and all end in one."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from drawn_edits import edits_made, edits_told, first_files, make_edit
from networks import Network, need_namespaces
from people import ADA
from replicas import assert_whole
from servers import Server
from waiting import wait_until

from pyvcs.repository import Repository
from pyvcs.server.tokens import TokenStore
from pyvcs.sync.rights import ALL_RIGHTS

SIZE, DIVISIONS = (9, 12) if "PYVCS_SOAK" in os.environ else (4, 3)
PORT = 8000
EVERY_SECONDS = 0.2 * SIZE / 4
PATIENCE_SECONDS = 120.0


class Members:
    """Replicas, each served on a machine of its own, that know each other as peers."""

    def __init__(self, folder: Path, network: Network, stack: ExitStack) -> None:
        self._folders = [folder / str(number) for number in range(SIZE)]
        first = Repository.init(os.fspath(self._folders[0]), bare=True)
        first.commit("first", changes=first_files(), author=ADA)
        for path in self._folders[1:]:
            Repository.clone(os.fspath(self._folders[0]), os.fspath(path), bare=True)
        secret = TokenStore(first.backend).add("all", ALL_RIGHTS, now_ms=first.now_ms())[1]
        for path in self._folders:
            (path / "tokens").write_bytes((self._folders[0] / "tokens").read_bytes())
        self.made: dict[int, set[str]] = {number: set() for number in range(SIZE)}
        for number, path in enumerate(self._folders):
            config = self[number].config
            if number:
                config.unset("remote.origin.url")
            config.set("gossip.token", secret)
            config.set("sync.timeout", 2)  # what is dropped is given up soon
            options = [word for url in self._others(number) for word in ("--peer", url)]
            server = Server(
                path,
                *("--every", str(EVERY_SECONDS), "--max-rate", "1000000", *options),
                address=f"{Network.address(number)}:{PORT}",
                within=network.within(number),
            )
            stack.callback(server.kill)

    @staticmethod
    def _others(number: int) -> Iterator[str]:
        return (f"http://{Network.address(n)}:{PORT}/" for n in range(SIZE) if n != number)

    def __getitem__(self, number: int) -> Repository:
        return Repository.open(os.fspath(self._folders[number]), search=False)

    def edit(self, number: int, rng: random.Random) -> None:
        token = f"r{number}x{len(self.made[number])}"
        make_edit(self[number], token, rng)
        self.made[number].add(token)

    def made_by(self, part: Sequence[int]) -> set[str]:
        return {token for number in part for token in self.made[number]}

    def agree(self, part: Sequence[int]) -> bool:
        """Whether the members of a part have one state, with all that was edited in it."""
        replicas = [self[number] for number in part]
        if any(each.refs.branches != replicas[0].refs.branches for each in replicas):
            return False
        return self.made_by(part) <= edits_made(replicas[0])


@pytest.fixture
def network() -> Iterator[Network]:
    """A network of as many machines as there are members."""
    need_namespaces()
    with closing(Network(SIZE)) as made:
        yield made


def test_parts_of_a_divided_network_go_on_and_become_one_again(
    tmp_path: Path, network: Network
) -> None:
    rng = random.Random(3)
    healed: list[float] = []
    everybody = list(range(SIZE))
    with ExitStack() as stack:
        members = Members(tmp_path, network, stack)

        def agreed(part: Sequence[int], what: str) -> float:
            return wait_until(partial(members.agree, part), what, patience=PATIENCE_SECONDS)

        for _ in range(DIVISIONS):
            drawn = rng.sample(everybody, SIZE)
            parts = [drawn[: SIZE // 2], drawn[SIZE // 2 :]]
            network.divide(parts)
            for number in everybody:
                members.edit(number, rng)
            for part in parts:
                agreed(part, f"the part {part} agrees")
            ours, theirs = (edits_made(members[part[0]]) for part in parts)
            assert not members.made_by(parts[1]) <= ours, "the network was not divided"
            assert not members.made_by(parts[0]) <= theirs, "the network was not divided"
            network.divide([everybody])
            healed.append(agreed(everybody, "all agree again"))
    replicas = [members[number] for number in everybody]
    assert len({each.tip("main") for each in replicas}) == 1
    assert_whole(replicas)
    made = members.made_by(everybody)
    told = edits_told(replicas[0])
    sys.stderr.write(
        f"\n{SIZE} servers, {DIVISIONS} divisions: {len(made)} edits, {len(made - told)} lost;"
        f" one again after {max(healed) / EVERY_SECONDS:.1f} gossip intervals at most\n"
    )
    assert edits_made(replicas[0]) == made
    assert not made - told
