"""How alike two contents are, and which of many are most alike, beside a slow oracle and git."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from git_histories import GitHistory
from hypothesis import given
from hypothesis import strategies as st

from pyvcs.merge.nearest import Scored, base_name, nearest
from pyvcs.merge.similarity import ALIKE, MOST_ALIKE, Spans, similarity, spans_of

CONTENTS = st.lists(st.sampled_from([b"a\n", b"b\n", b"cc\r\n", b"d" * 80]), max_size=9).map(
    b"".join
)


@given(CONTENTS, CONTENTS)
def test_a_likeness_has_no_direction_and_is_whole_for_equals(one: bytes, other: bytes) -> None:
    assert similarity(spans_of(one), spans_of(other)) == similarity(spans_of(other), spans_of(one))
    if one and b"\r" not in one:
        assert similarity(spans_of(one), spans_of(one)) == MOST_ALIKE


def test_a_long_line_is_cut_so_that_an_edit_in_it_does_not_change_all() -> None:
    old = bytes(range(65, 91)) * 20
    assert ALIKE < similarity(spans_of(old), spans_of(old[:300] + b"!" + old[301:])) < MOST_ALIKE


def test_binaries_keep_their_carriage_returns() -> None:
    text, binary = spans_of(b"a\r\nb\r\n"), spans_of(b"a\r\nb\0\r\n")
    assert set(text.counts) == {b"a\n", b"b\n"}
    assert set(binary.counts) == {b"a\r\n", b"b\0\r\n"}


def test_the_points_are_those_of_git(tmp_path: Path) -> None:
    """git prints whole percents. No two files share a line, but those that belong together."""
    rng = random.Random(5)
    old: dict[str, bytes] = {}
    new: dict[str, bytes] = {}
    for number in range(20):
        words = [b"%d %d\n" % (number, rng.randrange(10**9)) for _ in range(rng.randrange(5, 40))]
        old[str(number)] = b"".join(words)
        for _ in range(rng.randrange(len(words) // 3)):
            words[rng.randrange(len(words))] = b"%d new %d\n" % (number, rng.randrange(10**9))
        new[str(number)] = b"".join(words)
    git = GitHistory(tmp_path / "git")
    git.commit({f"old/{name}": content for name, content in old.items()})
    gone = {f"old/{name}": None for name in old}
    git.commit({**gone, **{f"new/{name}": content for name, content in new.items()}})
    shown = git.git("diff", "-M1%", "--raw", "HEAD^", "HEAD")
    pairs = re.findall(r" R(\d+)\told/(\d+)\tnew/\2", shown)
    found = {name: int(percent) for percent, name in pairs}
    points = {name: similarity(spans_of(old[name]), spans_of(new[name]), least=0) for name in old}
    assert found == {name: each * 100 // MOST_ALIKE for name, each in points.items()}


def all_pairs(old: dict[bytes, Spans], new: dict[bytes, Spans]) -> list[Scored]:
    """The oracle: every pair compared, the four best of each new file kept."""
    found = []
    for path, spans in new.items():
        scored = [
            (similarity(other, spans), base_name(at) == base_name(path), at, path)
            for at, other in old.items()
        ]
        good = [each for each in scored if each[0] >= ALIKE]
        found += sorted(good, key=lambda each: (-each[0], not each[1]))[:4]
    return found


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("common", [0, 3, 32])
def test_the_index_finds_what_comparing_all_pairs_finds(seed: int, common: int) -> None:
    rng = random.Random(seed)
    pool = [b"line %d\n" % number for number in range(25)]

    def files(name: bytes) -> dict[bytes, Spans]:
        return {
            b"%s/%d" % (name, number): spans_of(b"".join(rng.choices(pool, k=rng.randrange(1, 12))))
            for number in range(rng.randrange(1, 30))
        }

    old, new = files(b"old"), files(b"new")
    found = nearest(old, new, common=common)
    expected = all_pairs(old, new)
    assert sorted(each[:2] for each in found) == sorted(each[:2] for each in expected)
    assert found == sorted(found, key=lambda each: (-each[0], not each[1]))


class Counted(Counter[bytes]):
    """Counts how often it is asked for a span."""

    asked = 0

    def __getitem__(self, span: bytes) -> int:
        Counted.asked += 1
        return super().__getitem__(span)


@pytest.mark.parametrize("is_one_template", [True, False])
def test_what_many_files_have_is_looked_up_a_bounded_number_of_times(is_one_template: bool) -> None:
    """Of 6,400 pairs up to 40 lines each. Files of one template are told by one comparison a new
    file, and all are found; where every file has lines of its own choice, it ends at the bound."""
    lines = [b"line %d of the template\n" % n for n in range(40)]

    def files(side: bytes) -> dict[bytes, Spans]:
        found = {}
        for n in range(80):
            chosen = lines if is_one_template else [*lines[:20], *lines[20 + n % 20 :]]
            spans = spans_of(b"".join(chosen) + side)
            found[b"%s/%d" % (side, n)] = Spans(spans.size, Counted(spans.counts))
        return found

    old, new = files(b"old"), files(b"new")
    Counted.asked = 0
    found = nearest(old, new, most_looked_up=10_000)
    assert Counted.asked <= 10_000
    if is_one_template:
        assert {path for *_, path in found} == {*new}
