"""Hunks where they read best: drawn cases, and the law that they still make the text."""

from __future__ import annotations

import random

from pyvcs.merge.diff import diff, patch
from pyvcs.merge.readable import diff_text, readable
from pyvcs.merge.text import split_lines


def added(base: bytes, other: bytes) -> list[bytes]:
    return [b"".join(hunk.added) for hunk in diff_text(base, other)]


F = b"def f():\n    one()\n\n\n"
G = b"def g():\n    one()\n\n\n"
H = b"def h():\n    one()\n\n\n"


def test_a_function_is_added_whole() -> None:
    assert added(F + G, F + H + G) == [H]
    assert added(F, H + F) == [H]


def test_a_function_is_removed_whole() -> None:
    assert [b"".join(hunk.removed) for hunk in diff_text(F + H + G, F + G)] == [H]


def test_a_block_is_cut_before_its_first_line() -> None:
    base = b"if a:\n  x\n  y\nend\n"
    other = b"if a:\n  x\n  y\nend\nif b:\n  x\n  y\nend\n"
    assert added(base, other) == [b"if b:\n  x\n  y\nend\n"]


def test_hunks_still_make_the_text_and_never_meet() -> None:
    pool = [b"\n", b"  x\n", b"    y\n", b"}\n", b"f\n"]
    for seed in range(2_000):
        rng = random.Random(seed)
        base = [rng.choice(pool) for _ in range(rng.randrange(20))]
        other = list(base)
        for _ in range(rng.randrange(4)):
            at = rng.randrange(len(other) + 1)
            other[at : at + rng.randrange(3)] = rng.choices(pool, k=rng.randrange(3))
        hunks = readable(base, other, diff(base, other))
        assert patch(base, hunks) == tuple(other), seed
        stops = [hunk.base_start + len(hunk.removed) for hunk in hunks]
        assert all(s < h.base_start for s, h in zip(stops, hunks[1:], strict=False)), seed
        back = readable(other, base, diff(other, base))
        assert patch(other, back) == tuple(base), seed


def test_a_text_without_a_final_newline_is_patched_to_the_byte() -> None:
    base, other = b"a\nb", b"a\nb\nc"
    assert b"".join(patch(split_lines(base), diff_text(base, other))) == other
