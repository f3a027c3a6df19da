"""Plain merges of texts: what the search of diff3 would give, or nothing at all."""

from __future__ import annotations

import random

import pytest
from counted_work import Copied, at_most_steps

from pyvcs.merge.diff3 import diff3
from pyvcs.merge.galloping import changes_of_both, merged_plainly, plain_changes
from pyvcs.merge.text import split_lines

Sides = tuple[bytes, bytes, bytes]


def merge_plainly(*, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """The merge when it is plain to see."""
    changes = changes_of_both(base=base, ours=ours, theirs=theirs)
    return None if changes is None else merged_plainly(base, changes)


def searched(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """The oracle: the merge of diff3 with its search, None at a conflict."""
    b, o, t = map(split_lines, (base, ours, theirs))
    merged = diff3(base=b, ours=o, theirs=t, stays="second")
    return b"".join(merged.result) if merged.is_clean else None


def drawn(seed: int) -> Sides:
    """Lines of which some repeat; each side inserts, deletes, replaces and repeats some."""
    rng = random.Random(seed)
    repeating = [b"%d\n" % n for n in range(rng.choice((3, 10, 100)))] + [b"\n", b"}\n"]
    share = rng.choice((0, 0.3, 0.9))
    base = [
        rng.choice(repeating) if rng.random() < share else b"line %d\n" % n
        for n in range(rng.randrange(1, 60))
    ]

    def edited(name: bytes) -> bytes:
        lines = list(base)
        for n in range(rng.randrange(1, 5)):
            at = rng.randrange(len(lines) + 1)
            lines[at : at + rng.choice((0, 1, 1, 2, 6))] = [
                rng.choice(repeating) if rng.random() < 0.3 else b"%s %d %d\n" % (name, n, m)
                for m in range(rng.choice((0, 1, 1, 2, 6)))
            ]
        return b"".join(lines)

    return b"".join(base), edited(b"ours"), edited(b"theirs")


def test_a_plain_merge_is_the_merge_of_diff3() -> None:
    plain = 0
    for seed in range(3_000):
        base, ours, theirs = drawn(seed)
        merged = merge_plainly(base=base, ours=ours, theirs=theirs)
        assert merged == merge_plainly(base=base, ours=theirs, theirs=ours), seed
        if merged is not None:
            plain += 1
            assert merged == searched(base, ours, theirs), seed
    assert plain > 600, "some merges must be plain"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        (b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n", b"A\nb\nC\n"),
        (b"a\nb\nc\n", b"a\nc\n", b"a\nb\nc\nd\n", b"a\nc\nd\n"),
        (b"a\nb\nc\n", b"a\nX\nc\n", b"a\nX\nc\n", b"a\nX\nc\n"),
        (b"a\nb\nc\n", b"a\nb\nc\n", b"a\nX\nY\nZ\nc\n", b"a\nX\nY\nZ\nc\n"),
        (b"a\n", b"a\n", b"a\n", b"a\n"),
    ],
)
def test_changes_that_stand_apart(base: bytes, ours: bytes, theirs: bytes, expected: bytes) -> None:
    assert merge_plainly(base=base, ours=ours, theirs=theirs) == expected


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (b"a\nb\nc\n", b"a\nX\nc\n", b"a\nY\nc\n"),  # a conflict
        (b"a\nb\nc\n", b"X\nb\nc\n", b"a\nY\nc\n"),  # neighbours
        (b"a\nb\nc\nd\n", b"b\na\nc\nd\n", b"a\nb\nc\nD\n"),  # a line moved
        (b"x\ny\ny\nz\n", b"X\ny\ny\nz\n", b"x\ny\nz\n"),  # either y may be the one that went
        (b"a\nb", b"A\nb", b"a\nb"),  # no final newline
        (b"", b"a\n", b""),
    ],
)
def test_what_is_not_plain_is_left_to_the_search(base: bytes, ours: bytes, theirs: bytes) -> None:
    assert merge_plainly(base=base, ours=ours, theirs=theirs) is None


def test_a_common_line_amid_changes_separates_nothing() -> None:
    """Five lines gave way to five around a brace: the other side's change within is near them."""
    old, new = ([b"%s %d\n" % (name, n) for n in range(10)] for name in (b"old", b"new"))
    between = [b"}\n", b"x\n", b"}\n"]
    base = b"".join([*old[:5], *between, *old[5:]])
    ours = b"".join([*new[:5], *between, *new[5:]])
    theirs = base.replace(b"x\n", b"X\n")
    assert merge_plainly(base=base, ours=ours, theirs=theirs) is None


def merge_bounded(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """The merge, within so many steps for each line of base, and copies of all bytes together.

    It is half of that at most, in what follows.
    """
    copied = [0]
    sides = [Copied.from_bytes(side, copied) for side in (base, ours, theirs)]
    with at_most_steps(150 * base.count(b"\n")):
        merged = merge_plainly(base=sides[0], ours=sides[1], theirs=sides[2])
    assert copied[0] <= 70 * sum(map(len, sides))
    return merged


def test_many_changes_that_become_one_take_bounded_time() -> None:
    """Two lines of three gave way to others: each change joins those before it."""
    base, ours = (
        b"".join(b"%s %d\n" % (name if n % 3 else b"line", n) for n in range(3_000))
        for name in (b"base", b"ours")
    )
    changes = plain_changes(base, ours)
    assert changes is not None
    assert len(changes) == 1
    assert merge_bounded(base, ours, base) == ours


N = 8_000
HOSTILE: dict[str, tuple[list[int], list[int]]] = {
    "all equal": ([0] * N, [0] * (N // 2)),
    "nothing shared": (list(range(N)), list(range(N, 2 * N))),
    "reversed": (list(range(N)), list(range(N, 0, -1))),
    "two lines": ([n * n // 3 % 2 for n in range(N)], [n * n // 7 % 2 for n in range(N)]),
    "every other": (list(range(N)), list(range(0, N, 2))),
    "a period": ([n % 50 for n in range(N)], [n % 49 for n in range(N)]),
    "a block that moved": (list(range(N)), [*range(N // 2, N), *range(N // 2)]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_bounded_time(name: str) -> None:
    base, other = (b"".join(b"%d\n" % n for n in lines) for lines in HOSTILE[name])
    merge_bounded(base, other, base + b"end\n")
