"""Texts to merge, drawn from a seed."""

from __future__ import annotations

import random

Sides = tuple[bytes, bytes, bytes]


def drawn(seed: int, repeating: bool) -> Sides:
    """Base, ours and theirs: some lines, each side with a few edits of its own."""
    rng = random.Random(seed)
    size = rng.randrange(1, 16)
    base = [f"line {rng.randrange(4) if repeating else n}\n" for n in range(size)]

    def edited(name: str) -> bytes:
        lines = list(base)
        for n in range(rng.randrange(1, 4)):
            at = rng.randrange(len(lines) + 1)
            new = f"line {rng.randrange(4)}\n" if repeating else f"{name} {n}\n"
            lines[at : at + rng.randrange(3)] = [new] * rng.randrange(2)
        return "".join(lines).encode()

    return "".join(base).encode(), edited("ours"), edited("theirs")
