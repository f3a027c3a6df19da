"""Renames, file by file: what git's own tests of merges tell (t6400 to t6436), in our words.

git is asked in the same run. Where it answers otherwise, the scenario says why.
"""

from __future__ import annotations

import pytest
from git_merges import GitMerge
from tree_scenarios import Scenario, answers_of_git, look_at, scenarios

ONE_SIDE = """\
a rename and an edit
    base    a:A
    ours    b:A
    theirs  a:A+x
    ends    clean

a rename with an edit, and an edit
    base    a:A
    ours    b:A+y
    theirs  a:x+A
    ends    clean

a rename into a folder, and an edit
    base    a:A
    ours    d/e/a:A
    theirs  a:A+x
    ends    clean

a rename out of a folder, and an edit
    base    d/a:A
    ours    a:A
    theirs  d/a:A+x
    ends    clean

a rename, and nothing
    base    a:A b:B
    ours    c:A b:B
    theirs  a:A b:B+x
    ends    clean

a rename and edits of the same line
    base    a:A
    ours    b:A+y
    theirs  a:A+x
    ends    contents

a rename and a mode
    base    a:A
    ours    b:A
    theirs  a*:A
    ends    clean

a rename with a mode, and an edit
    base    a:A
    ours    b*:A
    theirs  a:A+x
    ends    clean

half of it left is a rename
    base    a:A+B
    ours    b:A+C
    theirs  a:A+B+x
    ends    contents

less than half left is none
    base    a:A
    ours    b:B+C+D
    theirs  a:A+x
    ends    modify/delete

a symlink renamed, and left
    base    l->t a:A
    ours    m->t a:A
    theirs  l->t a:A+x
    ends    clean

a symlink renamed and retargeted
    base    l->t
    ours    m->t
    theirs  l->u
    ends    clean

a file renamed, a symlink there
    base    a:A
    ours    b:A
    theirs  a->t
    ends    rename/delete

two files swapped names are two edits
    base    a:A b:B
    ours    a:B b:A
    theirs  a:A+x b:B
    ends    contents

a cycle through a new name
    base    a:A b:B
    ours    b:A c:B
    theirs  a:A+x b:B+y
    ends    contents, modify/delete

an empty file is not followed
    base    a: b:B
    ours    c: b:B
    theirs  a:x b:B
    ends    modify/delete

a chain of renames
    base    a:A b:B
    ours    b2:B b:A
    theirs  a:A+x b:B
    ends    modify/delete

only the case of the name
    base    Read:A
    ours    READ:A
    theirs  Read:A+x
    ends    clean

the case of a folder
    base    Doc/a:A
    ours    doc/a:A
    theirs  Doc/a:A+x
    ends    clean

the same name alone on each side
    base    d/a:A+B+C e/b:B+C+D
    ours    f/a:A+B+D f/b:B+C+D
    theirs  d/a:A+B+C+x e/b:B+C+D
    ends    contents

the most similar of several
    base    a:A+B+C
    ours    p:A+B+D q:A+B+C+e
    theirs  a:x+A+B+C
    ends    clean

the same content at two new names
    base    a:A
    ours    p:A q:A
    theirs  a:A+x
    ends    clean

of two copies the one with the name
    base    d/a:A
    ours    p:A q/a:A
    theirs  d/a:A+x
    ends    clean

a file became a folder with it inside
    base    a:A
    ours    a/b:A
    theirs  a:A+x
    ends    clean

the last file of a folder takes its name
    base    a/b:A
    ours    a:A
    theirs  a/b:A+x
    ends    clean
"""

TWO_SIDES = """\
both renamed it alike
    base    a:A
    ours    b:A
    theirs  b:A
    ends    clean

both renamed it alike, with edits
    base    a:A
    ours    b:A+x
    theirs  b:y+A
    ends    clean

both renamed it, differently
    base    a:A
    ours    b:A
    theirs  c:A
    ends    rename/rename

the same, with edits that merge
    base    a:A
    ours    b:A+x
    theirs  c:y+A
    ends    rename/rename

the same, with edits that do not
    base    a:A
    ours    b:A+x
    theirs  c:A+y
    ends    contents, contents, rename/rename

two files to one name
    base    a:A b:B
    ours    c:A b:B
    theirs  a:A c:B
    ends    add/add

two files to one name, edited
    base    a:A b:B
    ours    c:A b:B+x
    theirs  a:A+y c:B
    ends    add/add

two files to one name, alike
    base    a:A b:A
    ours    c:A b:A
    theirs  a:A c:A
    ends    clean

different renames of two files
    base    a:A b:B
    ours    c:A b:B+x
    theirs  a:A+y d:B
    ends    clean

a rename, and the name taken
    base    a:A
    ours    b:A
    theirs  a:A+x b:B
    ends    add/add

a rename, and the name taken by the same
    base    a:A
    ours    b:A
    theirs  a:A b:A
    ends    clean

a rename and a deletion
    base    a:A
    ours    b:A
    theirs
    ends    rename/delete

a rename with an edit, and a deletion
    base    a:A
    ours    b:A+x
    theirs
    ends    rename/delete

a rename, a deletion, and the name taken
    base    a:A
    ours    b:A
    theirs  b:B
    ends    add/add, rename/delete

two renames to one name, both deleted there
    base    a:A b:B
    ours    c:A
    theirs  c:B
    ends    add/add, rename/delete, rename/delete

renames in a circle of three
    base    a:A b:B c:C
    ours    p:A q:B c:C
    theirs  q:A b:B p:C
    ends    add/add, add/add, rename/rename

two names, and one of them taken
    base    a:A
    ours    b:A
    theirs  c:A b:B
    ends    add/add, rename/rename

two names, and both taken
    base    a:A
    ours    b:A c:C
    theirs  c:A b:B
    ends    add/add, add/add, rename/rename

names that differ in case only
    base    a:A
    ours    Name:A
    theirs  NAME:A
    ends    name, rename/rename
    git     here the two are one name

a binary with two names
    base    a:A+NUL
    ours    b:A+NUL+x
    theirs  c:A+NUL+y
    ends    binary, binary, rename/rename
"""

FOLDERS_IN_THE_WAY = """\
a folder where the file goes
    base    a:A
    ours    d:A
    theirs  a:A d/x:X
    ends    file/directory
    git     git keeps the file beside the folder, under a new name

the same, edited
    base    a:A
    ours    d:A
    theirs  a:A+y d/x:X
    ends    file/directory
    git     git keeps the file beside the folder, under a new name

a folder that goes away in the merge
    base    a:A d/x:X
    ours    a:A+y
    theirs  d:A
    ends    clean

a file for a folder that has an edit
    base    d/x:X
    ours    d:D
    theirs  d/x:X+y
    ends    file/directory, modify/delete
    git     git keeps the file beside the folder, under a new name

a folder for a file that has an edit
    base    d:D
    ours    d/x:X
    theirs  d:D+y
    ends    file/directory
    git     git keeps the file beside the folder, under a new name

a file and a folder, both new
    base    a:A
    ours    a:A d:D
    theirs  a:A d/x:X
    ends    file/directory
    git     git keeps the file beside the folder, under a new name

a folder replaced by a symlink, and left
    base    d/x:X a:A
    ours    d->t a:A
    theirs  d/x:X a:A+y
    ends    clean

a folder replaced by a symlink, and edited
    base    d/x:X
    ours    d->t
    theirs  d/x:X+y
    ends    file/directory, modify/delete
    git     git keeps the file beside the folder, under a new name

a file and a symlink, both new
    base
    ours    a:A
    theirs  a->t
    ends    type
    git     git keeps both, under new names

two symlinks
    base    a->s
    ours    a->t
    theirs  a->u
    ends    contents

modes
    base    a:A
    ours    a*:A
    theirs  a:A+x
    ends    clean

new with two modes
    base    b:B
    ours    a*:A b:B
    theirs  a:A b:B
    ends    mode
"""

ALL = [
    scenario for text in (ONE_SIDE, TWO_SIDES, FOLDERS_IN_THE_WAY) for scenario in scenarios(text)
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, GitMerge]:
    """git's answers to all scenarios, asked at once."""
    return answers_of_git(ALL, tmp_path_factory.mktemp("git"))


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.story)
def test_a_scenario_ends_as_it_says(scenario: Scenario, answers: dict[str, GitMerge]) -> None:
    assert look_at(scenario, answers[scenario.story]) == ""
