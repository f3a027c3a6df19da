"""How two commits stand to each other."""

from __future__ import annotations

from enum import Enum


class Relation(Enum):
    """How one commit stands to another by happens-before; the value is what `--json` says.

    Clocks are not asked: of two concurrent commits neither knew of the other.
    """

    BEFORE = "before"
    AFTER = "after"
    EQUAL = "equal"
    CONCURRENT = "concurrent"
