"""Conflicts that are plain to see are those that the search of diff3 finds."""

from __future__ import annotations

import random
from typing import Literal, TypedDict

import pytest

from pyvcs.merge import text
from pyvcs.merge.diff3 import Region, unstable_regions
from pyvcs.merge.galloping import Both, changes_of_both
from pyvcs.merge.plain_regions import plain_regions
from pyvcs.merge.text import MergedText, merge_text, split_lines

Sides = tuple[bytes, bytes, bytes]
Lines = tuple[list[bytes], list[bytes], list[bytes]]


class Options(TypedDict):
    style: Literal["merge", "diff3", "zdiff3"]
    shrink: bool
    join: bool
    longer: bool


def drawn(rng: random.Random) -> Sides:
    """Lines of which some repeat, that both sides edit near the same few places."""
    repeating = [b"%d\n" % n for n in range(rng.choice((1, 10, 100)))] + [b"\n", b"}\n"]
    share = rng.choice((0, 0, 0.1, 0.6))
    base = [
        rng.choice(repeating) if rng.random() < share else b"line %d\n" % n
        for n in range(rng.randrange(1, rng.choice((5, 30, 80))))
    ]
    places = [rng.randrange(len(base) + 1) for _ in range(4)]
    moved: list[bytes] = []

    def edited(name: bytes) -> bytes:
        lines = list(base)
        for _ in range(rng.randrange(1, 5)):
            at = max(0, rng.choice(places) + rng.randrange(-1, 2))
            new = [b"%s %d\n" % (name, rng.randrange(10**6)) for _ in range(rng.randrange(3))]
            if rng.random() < 0.2:
                new.append(rng.choice(moved or repeating))
            moved.extend(lines[at : at + 1])
            lines[at : at + rng.choice((0, 1, 1, 2, 6))] = new
        return b"".join(lines)

    return b"".join(base), edited(b"ours"), edited(b"theirs")


def searched(sides: Sides, options: Options, monkeypatch: pytest.MonkeyPatch) -> MergedText:
    """The oracle: the merge with nothing plain to see."""
    base, ours, theirs = sides
    with monkeypatch.context() as blind:
        blind.setattr(text, "changes_of_both", lambda **_: None)
        return merge_text(base=base, ours=ours, theirs=theirs, **options)


def test_a_merge_with_conflicts_is_that_of_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    seen: list[list[Region] | None] = []

    def noted(base: bytes, changes: Both, lines: Lines) -> list[Region] | None:
        seen.append(plain_regions(base, changes, lines))
        return seen[-1]

    monkeypatch.setattr(text, "plain_regions", noted)
    conflicts = 0
    for _ in range(3_000):
        base, ours, theirs = sides = drawn(rng)
        options: Options = {
            "style": rng.choice(("merge", "diff3", "zdiff3")),
            "shrink": rng.random() < 0.5,
            "join": rng.random() < 0.5,
            "longer": rng.random() < 0.3,
        }
        seen.clear()
        merged = merge_text(base=base, ours=ours, theirs=theirs, **options)
        conflicts += bool(seen and seen[0] is not None and merged.conflicts)
        assert merged == searched(sides, options, monkeypatch), (sides, options)
    assert conflicts > 800, "some conflicts must be plain to see"


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (b"a\nb\nc\n", b"a\nX\nc\n", b"a\nY\nc\n"),
        (b"a\nb\nc\nd\n", b"a\nX\nc\nd\n", b"a\nb\nY\nZ\nd\n"),  # neighbours
        (b"a\nb\nc\n", b"a\nX\nb\nc\n", b"a\nY\nc\n"),  # inserted where the other one changed
        (b"a\nb\n", b"a\nX\nb\n", b"a\nY\nb\n"),  # both inserted
        (b"a\nb\nc\nd\n", b"a\nd\n", b"a\nb\nC\nd\n"),  # removed and edited
        (
            b"a\nbase\nlines\nc\n",
            b"A\nbase\nlines\nX\n",
            b"A\nbase\nlines\nY\n",
        ),  # and one that both made
        (b"a\n", b"b\n", b"c\n"),
    ],
)
def test_regions_are_those_of_diff3(base: bytes, ours: bytes, theirs: bytes) -> None:
    end = b"e\nand more after\nthat does not change\n"
    base, ours, theirs = base + end, ours + end, theirs + end
    changes = changes_of_both(base=base, ours=ours, theirs=theirs)
    assert changes is not None
    b, o, t = map(split_lines, (base, ours, theirs))
    found = unstable_regions(base=b, ours=o, theirs=t, stays="second")
    assert plain_regions(base, changes, (b, o, t)) == found


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (b"x\ny\ny\nz\n", b"x\ny\nz\n", b"x\ny\nY\nz\n"),  # either y may be the one that went
        (b"a\nb\nc\nb\nd\n", b"a\nb\nb\nc\nb\nd\n", b"a\nB\nc\nb\nd\n"),
        (b"x\ny\n}\nz\n", b"x\nX\n}\nz\n", b"x\nY\n}\n}\nz\n"),  # a line that was there already
    ],
)
def test_what_may_stand_elsewhere_is_left_to_the_search(
    base: bytes, ours: bytes, theirs: bytes
) -> None:
    changes = changes_of_both(base=base, ours=ours, theirs=theirs)
    b, o, t = map(split_lines, (base, ours, theirs))
    assert changes is None or plain_regions(base, changes, (b, o, t)) is None
