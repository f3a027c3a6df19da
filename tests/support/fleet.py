"""Replicas as processes on loopback, and what can go wrong among them, drawn from one seed."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from drawn_edits import first_files
from lossy_link import LossyLink, nothing
from people import ADA

from pyvcs.repository import Repository

SCRIPT = Path(__file__).with_name("replica_process.py")
TEMPORARY = ("ConnectionLost", "Locked")
"""Errors that a talk among faults may end with: the next one goes on. A replica that many talk to
at once on a slow machine may be in use for longer than another waits."""

LONGEST_TALK = 40_000
"""Bytes. Cuts are drawn below it, small ones as often as large ones."""


@dataclass
class Figures:
    """What happened to a fleet."""

    made: set[str] = field(default_factory=set)
    """Tokens of edits whose process lived to say that they are in."""
    faults: Counter[str] = field(default_factory=Counter)
    talks: int = 0
    rounds: int = 0
    """That it took to settle when the faults had stopped."""


class Member:
    """One replica: its folder, and the process that is it."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number = number
        self.folder = folder
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, SCRIPT, self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def tell(self, *order: object) -> None:
        """Give an order; `hear` waits for what came of it. One who was killed hears nothing."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()

    def hear(self) -> dict[str, str] | None:
        """What came of the order; None when the process was killed before it could say."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line.endswith("\n"):
            answer: dict[str, str] = json.loads(line)
            return answer
        code = self.process.wait()
        assert code == -signal.SIGKILL, f"replica {self.number} ended with code {code}"
        return None

    def kill_within(self, seconds: float) -> None:
        """Kill the process while it works, or when it is just done."""
        assert self.process.stdout is not None
        select.select([self.process.stdout], [], [], seconds)
        self.kill()

    def kill(self) -> None:
        """Kill the process, and see it gone."""
        self.process.kill()
        self.process.wait()

    def revive(self) -> None:
        """Start the process again if it was killed."""
        code = self.process.poll()
        if code is None:
            return
        assert code == -signal.SIGKILL, f"replica {self.number} ended with code {code}"
        self._close()
        self._start()

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()

    def end(self) -> None:
        """Kill the process for good."""
        self.kill()
        self._close()

    def open(self) -> Repository:
        """Its repository, to be looked at from here."""
        return Repository.open(os.fspath(self.folder), search=False)


class Fleet:
    """`size` replicas that begin with the same files. A context that ends their processes."""

    def __init__(self, folder: Path, size: int, seed: int) -> None:
        self.rng = random.Random(seed)
        self.figures = Figures()
        self._edits = 0
        first = Repository.init(os.fspath(folder / "0"), bare=True)
        first.commit("first", changes=first_files(), author=ADA)
        for number in range(1, size):
            Repository.clone(os.fspath(folder / "0"), os.fspath(folder / str(number)), bare=True)
        self.members = [Member(number, folder / str(number)) for number in range(size)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for member in self.members:
            member.end()

    # -- while things go wrong -------------------------------------------------------------------

    def work(self) -> None:
        """Everybody edits, and some are killed while they do."""
        tokens = self._tell_edits()
        for member in self.members:
            if self.rng.random() < 0.15:
                self.figures.faults["killed in a commit"] += 1
                member.kill_within(self.rng.uniform(0, 0.03))
        self._hear_edits(tokens)
        self._revive()

    def edit_once(self) -> None:
        """Everybody edits, and nothing goes wrong."""
        self._hear_edits(self._tell_edits())

    def _tell_edits(self) -> list[str]:
        tokens = []
        for member in self.members:
            self._edits += 1
            tokens.append(f"r{member.number}x{self._edits}")
            member.tell("edit", tokens[-1], self.rng.random())
        return tokens

    def _hear_edits(self, tokens: list[str]) -> None:
        for member, token in zip(self.members, tokens, strict=True):
            answer = member.hear()
            if answer is not None:
                assert answer["error"] == "", answer
                self.figures.made.add(token)

    def talk_badly(self) -> None:
        """Everybody talks to somebody; talks are cut, ends are killed, and the net falls apart."""
        divided = self.rng.random() < 0.3
        sides = [self.rng.random() < 0.5 for _ in self.members]
        links = []
        for member in self.members:
            peer = self._peer(member)
            if divided and sides[member.number] != sides[peer.number]:
                fault, link = "partition", LossyLink(peer.port, up=0)
            else:
                fault, link = self._bad_link(member, peer)
            links.append((fault, link))
            member.tell("sync", link.port, f"replica {peer.number}")
        for member in self.members:
            answer = member.hear()
            assert answer is None or answer["error"] in ("", *TEMPORARY), answer
            self.figures.faults["locked out"] += answer is not None and answer["error"] == "Locked"
        for fault, link in links:
            link.end()
            self.figures.talks += 1
            self.figures.faults[fault] += link.was_cut
        self._revive()

    def _bad_link(self, member: Member, peer: Member) -> tuple[str, LossyLink]:
        """A link with a drawn fault."""
        faults = ("none", "cut", "caller killed", "answering end killed")
        fault = self.rng.choices(faults, (4, 3, 1, 1))[0]
        if fault == "none":
            return fault, LossyLink(peer.port)
        at = int(LONGEST_TALK ** self.rng.random())
        harm = {
            "cut": nothing,
            "caller killed": member.kill,
            "answering end killed": peer.kill,
        }[fault]
        if self.rng.random() < 0.5:
            return fault, LossyLink(peer.port, up=at, harm=harm)
        return fault, LossyLink(peer.port, down=at, harm=harm)

    def _revive(self) -> None:
        for member in self.members:
            member.revive()

    def _peer(self, member: Member) -> Member:
        return self.rng.choice([each for each in self.members if each is not member])

    # -- when the faults have stopped ------------------------------------------------------------

    def gossip(self, *, ring: bool = False) -> None:
        """One round: all at the same instant talk to a random other, or to the next in a ring."""
        for member in self.members:
            following = self.members[(member.number + 1) % len(self.members)]
            peer = following if ring else self._peer(member)
            member.tell("sync", peer.port, f"replica {peer.number}")
        for member in self.members:
            answer = member.hear()
            assert answer is not None
            assert answer["error"] in ("", "Locked"), answer
            self.figures.faults["locked out"] += answer["error"] == "Locked"

    def settle(self, most: int, *, ring: bool = False) -> None:
        """Gossip until all have the same refs, in at most so many rounds."""
        while any(refs != self.branches()[0] for refs in self.branches()):
            self.figures.rounds += 1
            assert self.figures.rounds <= most, f"not settled after {most} rounds"
            self.gossip(ring=ring)

    def branches(self) -> list[object]:
        """The branches of each replica, with heads and stamps."""
        return [member.open().refs.branches for member in self.members]
