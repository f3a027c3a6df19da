"""Records the talks in fixtures/wire: run it when a new version of the format is released.

Usage: python tests/support/record_talks.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from replicas import Team
from wires import Wire, talk

from pyvcs.repository import Repository
from pyvcs.sync.frames import FrameReader
from pyvcs.sync.messages import decode_message
from pyvcs.sync.report import Wish


def record(folder: Path) -> None:
    """A clone, a talk of two that know each other, and one of two that both have news."""
    team = Team(2)
    here, there = team.replicas
    team.commit(1, {"notes.txt": b"one\ntwo\n", "d/data.json": b"{}\n"})
    there.tag("v1")
    write(folder / "clone.json", talk(here, there, Wish(push=False)))
    talk(here, there)
    team.commit(0, {"notes.txt": b"one\nTWO\n"})
    write(folder / "acquaintances.json", talk(here, there))
    team.commit(0, {"notes.txt": b"ONE\nTWO\n"})
    team.commit(1, {"d/data.json": b'{"a": 1}\n'})
    stranger = Repository(here.backend, None, now_ms=here.now_ms)
    for key in list(here.backend.keys("acquaintances/")):
        here.backend.delete(key)
    write(folder / "strangers.json", talk(stranger, there))


def write(path: Path, wire: Wire) -> None:
    """Write one talk as JSON: names of its messages, and the bytes of its turns in hex."""
    names = [
        type(decode_message(code, body)).__name__
        for turn in wire.turns
        for stream in turn
        for code, body in FrameReader().feed(stream)
    ]
    turns = [{"up": up.hex(), "down": down.hex()} for up, down in wire.turns]
    document = {"messages": names, "turns": turns}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(Path(sys.argv[1]))
