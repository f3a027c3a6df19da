"""Criss-crosses whose virtual base is in conflict, as in git's tests (t6404, t6416), in our words.

Both people merged x and y, each in their own way (m and n); then these are merged.

::

    root <- x <- m
        \\    \\ /
         \\    X
          \\  / \\
           y <- n
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from git_merges import GitMerge, GitMerges
from pasts import Past
from tree_scenarios import tree

STORIES = """\
both resolved a conflict alike
    root  a:A+o
    x     a:A+x
    y     a:A+y
    m     a:A+z
    n     a:A+z
    ends  clean

each resolved a conflict in another way
    root  a:A+o
    x     a:A+x
    y     a:A+y
    m     a:A+p
    n     a:A+q
    ends  contents

one side kept x, the other y
    root  a:A+o
    x     a:A+x
    y     a:A+y
    m     a:A+x
    n     a:A+y
    ends  contents

a conflict resolved alike, and edits elsewhere
    root  a:A+o
    x     a:A+x
    y     a:A+y
    m     a:m+A+z
    n     a:A+z b:B
    ends  clean

a file was renamed by x, and edited by y
    root  a:A
    x     b:A
    y     a:A+y
    m     b:m+A+y
    n     b:A+y c:C
    ends  clean

x and y gave it two names, both took that of x
    root  a:A
    x     b:A
    y     c:A
    m     b:A+m
    n     b:n+A
    ends  clean

x and y gave it two names, and each side took another
    root  a:A
    x     b:A
    y     c:A
    m     b:A+m
    n     c:n+A
    ends  modify/delete, modify/delete

x deleted what y edited; one side kept it
    root  a:A b:B
    x     b:B
    y     a:A+y b:B
    m     b:B
    n     a:A+y b:B
    ends  modify/delete

x deleted what y edited; both kept it
    root  a:A b:B
    x     b:B
    y     a:A+y b:B
    m     a:m+A+y b:B
    n     a:A+y+n b:B
    ends  add/add

x and y added it; both took that of x
    root  b:B
    x     a:A b:B
    y     a:C b:B
    m     a:A+m b:B
    n     a:n+A b:B
    ends  contents

x and y added it; each side took another
    root  b:B
    x     a:A b:B
    y     a:C b:B
    m     a:A b:B
    n     a:C b:B
    ends  contents

a file of x and a folder of y; both moved the file
    root  b:B
    x     d:D b:B
    y     d/e:E b:B
    m     f:D d/e:E b:B
    n     f:D d/e:E+n b:B
    ends  clean

a file of x, a symlink of y
    root  b:B
    x     a:A b:B
    y     a->t b:B
    m     a:A b:B
    n     a->t b:B
    ends  type
    git   keeps both, under new names

x renamed the folder, y put a file into it; both moved it
    root  z/b:B z/c:C
    x     y/b:B y/c:C
    y     z/b:B z/c:C z/d:D
    m     y/b:B y/c:C y/d:D+m
    n     y/b:B y/c:C y/d:n+D
    ends  clean

x renamed the folder, y put a file into it; one side left it
    root  z/b:B z/c:C
    x     y/b:B y/c:C
    y     z/b:B z/c:C z/d:D
    m     y/b:B y/c:C y/d:D
    n     y/b:B y/c:C z/d:n+D
    ends  clean
"""


class Crossed(NamedTuple):
    """A criss-cross as a story, and the kinds of conflicts at its end."""

    story: str
    trees: list[str]
    kinds: list[str]
    differs: str


def stories() -> Iterator[Crossed]:
    """The criss-crosses of the text."""
    for text in STORIES.strip().split("\n\n"):
        story, *lines = text.splitlines()
        told = {line[:10].strip(): line[10:].strip() for line in lines}
        kinds = [] if told["ends"] == "clean" else told["ends"].split(", ")
        trees = [told[name] for name in ("root", "x", "y", "m", "n")]
        yield Crossed(story, trees, kinds, told.get("git", ""))


ALL = list(stories())


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, GitMerge]:
    """git's answers to all stories, asked at once."""
    git = GitMerges(Path(tmp_path_factory.mktemp("git")))
    found = git.merge_crossed([[tree(line) for line in each.trees] for each in ALL])
    return {each.story: answer for each, answer in zip(ALL, found, strict=True)}


@pytest.mark.parametrize("crossed", ALL, ids=lambda each: each.story)
def test_a_criss_cross_ends_as_it_says(crossed: Crossed, answers: dict[str, GitMerge]) -> None:
    past = Past()
    root, x, y, m, n = map(tree, crossed.trees)
    first = past.commit(root)
    one, two = past.commit(x, first), past.commit(y, first)
    merged = past.merge(past.commit(m, one, two), past.commit(n, two, one))
    git = answers[crossed.story]
    assert sorted(conflict.kind for conflict in past.conflicts(merged)) == sorted(crossed.kinds)
    files = past.files(merged)
    if git.is_clean and not crossed.kinds:
        is_same = files == git.files
    else:
        is_same = git.is_clean == (not crossed.kinds) and files.keys() == git.files.keys()
    assert is_same == (not crossed.differs), (git.says, sorted(git.files), sorted(files))
