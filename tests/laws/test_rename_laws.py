"""Laws of merges with renames: nothing is lost, no side is first, no order of arrival counts."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import pytest
from drawn_renames import CLASHING, NAMES, Author, Lines, lines_of, single_lines, texts
from drawn_trees import Drawing
from git_merges import GitMerges
from pasts import Past

from pyvcs.merge.trees import MergedTree

SEEDS = range(120)


def drawn(seed: int, names: str = CLASHING) -> tuple[Lines, Lines, Lines]:
    """Base, ours and theirs."""
    rng = random.Random(seed)
    base, ours, theirs = (Author(rng, name, names) for name in ("base", "ours", "theirs"))
    tree = base.tree()
    return tree, ours.edited(tree), theirs.edited(tree)


def told(drawing: Drawing, merged: MergedTree) -> set[str]:
    """The lines that are in the result or in a side of a conflict."""
    contents = [*drawing.files(merged.tree).values(), *drawing.told(merged)]
    return {line for content in contents for line in content.splitlines()}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_line_is_lost(seed: int) -> None:
    """Neither one that a side added, nor one that both have."""
    base, ours, theirs = drawn(seed)
    drawing = Drawing()
    merged = drawing.merge(texts(base), texts(ours), texts(theirs))
    one, other = lines_of(ours), lines_of(theirs)
    assert (one | other) - lines_of(base) | (one & other) <= told(drawing, merged)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_side_is_the_first(seed: int) -> None:
    base, ours, theirs = map(texts, drawn(seed))
    drawing = Drawing()
    merged, mirrored = drawing.merge(base, ours, theirs), drawing.merge(base, theirs, ours)
    assert drawing.outline(merged) == drawing.outline(mirrored)
    if merged.is_clean:
        assert merged.tree == mirrored.tree
    for one in (base, ours):
        assert drawing.merge(one, one, theirs).tree == drawing.tree(theirs)
        assert drawing.merge(one, theirs, theirs).tree == drawing.tree(theirs)


def test_git_merges_alike(tmp_path: Path) -> None:
    """What git merges cleanly is clean here and the same; what it does not is in conflict."""
    cases = [drawn(seed, NAMES) for seed in range(1000, 1300)]
    answers = GitMerges(tmp_path / "git").merge_all(
        [(texts(base), texts(ours), texts(theirs)) for base, ours, theirs in cases]
    )
    clean = 0
    for seed, (sides, git) in enumerate(zip(cases, answers, strict=True), 1000):
        drawing = Drawing()
        merged = drawing.merge(*map(texts, sides))
        assert merged.is_clean == git.is_clean, (seed, drawing.outline(merged), git.says)
        if git.is_clean:
            clean += 1
            assert drawing.files(merged.tree) == git.files, seed
    assert clean > 100


@pytest.mark.parametrize("seed", range(15))
def test_heads_in_any_order_are_one_merge(seed: int) -> None:
    rng = random.Random(seed)
    past = Past()
    tree = Author(rng, "base").tree()
    root = past.commit(texts(tree))
    heads = [past.commit(texts(Author(rng, f"h{n}").edited(tree)), root) for n in range(3)]
    expected = past.merge(*heads)
    for one, two, three in permutations(heads):
        assert past.merge(past.merge(one, two), three) == expected


@pytest.mark.parametrize("seed", range(40))
def test_no_line_is_lost_in_a_criss_cross(seed: int) -> None:
    """Two people merge x and y, each their own way, and edit on; both keep all lines.

    ::

        root <- x <- m <- c
            \\    \\ /
             \\    X
              \\  / \\
               y <- n <- d
    """
    rng = random.Random(seed)
    past = Past()
    b, x_, y_, m_, n_, c_, d_ = (Author(rng, name, CLASHING) for name in "bxymncd")
    tree = b.tree()
    root = past.commit(texts(tree))
    x, y = past.commit(texts(x_.edited(tree)), root), past.commit(texts(y_.edited(tree)), root)
    both = {path: _kept(text) for path, text in past.files(past.merge(x, y)).items()}
    m, n = m_.edited(both, 1), n_.edited(both, 1)
    one, other = past.commit(texts(m), x, y), past.commit(texts(n), y, x)
    c, d = c_.edited(m, 2), d_.edited(n, 2)
    merged = past.merge(past.commit(texts(c), one), past.commit(texts(d), other))
    wanted = single_lines(c) & single_lines(d)
    wanted |= {line for side in (c, d) for line in lines_of(side) if line[:1] in "mncd"}
    wanted -= (lines_of(m) - lines_of(c)) | (lines_of(n) - lines_of(d))
    assert wanted <= past.told(merged)


def _kept(text: str) -> list[str]:
    """All lines that a text with markers shows, each once."""
    lines = (
        line for line in text.splitlines() if line[:7] not in ("<" * 7, "|" * 7, "=" * 7, ">" * 7)
    )
    return list(dict.fromkeys(lines))
