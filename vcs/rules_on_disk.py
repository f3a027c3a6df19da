"""Rules out of a file on a disk, with the JSON Schemas that they name beside it or below."""

from __future__ import annotations

import os

from pyvcs.merge.rules import Rules
from pyvcs.merge.rules_file import read_rules


def rules_at(path: str) -> Rules:
    """The rules in a file. InvalidRules when they cannot be read, OSError when the file cannot."""
    folder = os.path.dirname(path)

    def load(schema: bytes) -> bytes | None:
        name = os.fsdecode(schema)
        if os.path.isabs(name) or os.pardir in name.split("/"):
            return None
        place = os.path.join(folder, name)
        return _content(place) if os.path.isfile(place) else None

    return read_rules(_content(path), load)


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
