"""Corners of renames: what git's own tests tell of them (t6416, t6422, t6423), in our words.

git is asked in the same run. Where it answers otherwise, the scenario says why.
"""

from __future__ import annotations

import pytest
from git_merges import GitMerge
from tree_scenarios import Scenario, answers_of_git, look_at, scenarios

FILES = """\
a rename and an edit, and a new file under the old name
    base    a:A
    ours    b:A+x a:N
    theirs  a:y+A
    ends    contents

a rename, and a new file under the old name, nothing there
    base    a:A k:K
    ours    b:A a:N k:K
    theirs  a:A k:K+x
    ends    clean

two new names, and a new file under the old one
    base    a:A
    ours    b:A a:N
    theirs  c:A
    ends    clean

two new names, and new files under the old one
    base    a:A
    ours    b:A a:N
    theirs  c:A a:M
    ends    contents

one name, and a new file under the old one
    base    a:A
    ours    b:A
    theirs  b:A a:N
    ends    add/add
    git     git takes one of the two files, which one by the order of the sides

a rename with an edit, and the name taken by an edit
    base    a:A
    ours    b:A+x
    theirs  a:y+A b:B
    ends    add/add

a rename, the name taken, and the old one deleted
    base    a:A b:B
    ours    a:A+x b:B
    theirs  b:A
    ends    modify/delete

two files to one name, both edited where they stayed
    base    a:A b:B
    ours    c:A b:B+x
    theirs  a:A+y c:B
    ends    add/add

two files to one name, each deleted there
    base    a:A b:B
    ours    c:A
    theirs  c:B
    ends    add/add, rename/delete, rename/delete

three files in a ring of names
    base    one:A two:B three:C
    ours    two:A four:B six:C
    theirs  six:A two:B four:C
    ends    add/add, add/add, rename/delete, rename/rename

a rename to where a folder was
    base    a:A d/x:X
    ours    d:A
    theirs  a:A+y d/x:X
    ends    clean

a rename to where a folder is, with one edit more in it
    base    a:A d/x:X
    ours    d:A
    theirs  a:A d/x:X+y
    ends    file/directory, modify/delete
    git     git keeps the file beside the folder, under a new name

two names, each in the way of a folder
    base    a:A k:K
    ours    one:A two/x:X k:K
    theirs  two:A one/y:Y k:K
    ends    file/directory, file/directory, rename/rename
    git     git keeps the file beside the folder, under a new name

two names, and folders that make way
    base    a:A one/y:Y two/x:X
    ours    one:A two/x:X
    theirs  two:A one/y:Y
    ends    rename/rename

each file moves to the folder of the other
    base    a/x:A b/y:B
    ours    b:A
    theirs  a:B
    ends    rename/delete, rename/delete

a copy is no rename
    base    a:A
    ours    a:A b:A
    theirs  a:A+x
    ends    clean

a rename there and a symlink here
    base    a:A k:K
    ours    a->k k:K
    theirs  b:A k:K
    ends    rename/delete

all that is in a file came from two
    base    a:A b:B
    ours    c:A+B
    theirs  a:A+x b:B
    ends    contents

modes that differ, under two names
    base    a:A
    ours    b*:A
    theirs  c:A
    ends    rename/rename
"""

FOLDERS = """\
each side puts a folder into that of the other
    base    x/a:A x/b:B y/c:C y/d:D
    ours    x/a:A x/b:B w/c:C w/d:D y/e:E
    theirs  z/a:A z/b:B y/c:C y/d:D x/f:F
    ends    clean

a folder renamed into the way of another rename
    base    x/a:A x/b:B y/c:C y/d:D
    ours    y/a:A y/b:B z/c:C z/d:D
    theirs  x/a:A x/b:B x/e:E y/c:C y/d:D y/f:F
    ends    location

the same with files of one name
    base    x/a:A x/b:B y/a:C y/b:D
    ours    y/a:A y/b:B z/a:C z/b:D
    theirs  x/a:A x/b:B x/e:E y/a:C y/b:D y/e:F
    ends    clean

a folder renamed, and deleted with an edit
    base    z/b:B z/c:C z/d:D
    ours    y/b:B y/c:C
    theirs  z/b:B z/c:C z/d:D+x
    ends    modify/delete

a folder renamed there, deleted here but for one edit
    base    z/b:B z/c:C z/d:D
    ours    z/d:D
    theirs  y/b:B y/c:C y/d:D+x
    ends    rename/delete, rename/delete

both renamed it, and one put a file into the old one
    base    z/b:B z/c:C
    ours    y/b:B y/c:C
    theirs  w/b:B w/c:C z/d:D
    ends    location, rename/rename, rename/rename

a folder within the renamed one went elsewhere
    base    o/a:A o/b:B o/i/c:C o/i/d:D
    ours    n/a:A n/b:B i/c:C i/d:D
    theirs  o/a:A o/b:B o/e:E o/i/c:C o/i/d:D o/i/f:F
    ends    location, location

a file went in, was renamed on the way, and edited
    base    z/b:B z/c:C x/d:D
    ours    y/b:B y/c:C x/d:D+x
    theirs  z/b:B z/c:C z/e:y+D
    ends    location

doubly carried on
    base    z/b:B z/c:C x/d:D w/e:E w/f:F
    ours    y/b:B y/c:C x/d:D w/e:E w/f:F
    theirs  z/b:B z/c:C x/e:E x/f:F z/d:D
    ends    location

many folders become one, with new files of one name in each
    base    a/x:A b/y:B c/z:C
    ours    t/x:A t/y:B t/z:C
    theirs  a/x:A a/n:N b/y:B b/n:N+x c/z:C c/n:N+y
    ends    location, location, location

a folder that had folders only
    base    g/p/a:A g/p/b:B g/q/c:C
    ours    n/p/a:A n/p/b:B n/q/c:C
    theirs  g/p/a:A g/p/b:B g/q/c:C g/r/d:D
    ends    clean

a folder in it, with another name too
    base    g/p/a:A g/p/b:B g/q/c:C
    ours    n/s/a:A n/s/b:B n/t/c:C
    theirs  g/p/a:A g/p/b:B g/q/c:C g/r/d:D
    ends    clean

an edited file is no renamed folder
    base    o/a:A o/d/b:B
    ours    n/a:A n/d/b:B
    theirs  o/a:A o/d/b:B+x
    ends    clean

one tree into another
    base    n/a:A n/b:B f/c:C f/d:D
    ours    n/a:A n/b:B n/f/c:C n/f/d:D
    theirs  n/a:A n/b:B f/c:C f/d:D f/e:E
    ends    location

two trees into each other
    base    n/a:A n/b:B f/c:C f/d:D
    ours    n/a:A n/b:B n/f/c:C n/f/d:D
    theirs  f/n/a:A f/n/b:B f/c:C f/d:D
    ends    clean

two trees into each other, with edits
    base    n/a:A n/b:B f/c:C f/d:D
    ours    n/a:A+x n/b:B n/f/c:C n/f/d:D+y
    theirs  f/n/a:z+A f/n/b:B f/c:C f/d:z+D
    ends    clean

a folder in a folder to the root
    base    a/s/b:B a/s/c:C a/d:D
    ours    s/b:B s/c:C a/d:D
    theirs  a/s/b:B a/s/c:C a/s/e:E a/d:D
    ends    location

the root of a folder, and its folders too
    base    s/b:B s/u/c:C s/u/d:D
    ours    b:B u/c:C u/d:D
    theirs  s/b:B s/e:E s/u/c:C s/u/d:D s/u/f:F
    ends    location, location

a file within a renamed folder got another name too
    base    o/a:A o/b:B o/c:C
    ours    o/a:A o/b:B o/n:C
    theirs  d/a:A d/b:B d/c:C
    ends    location, rename/rename

a folder renamed, its parent a symlink there
    base    p/s/a:A p/s/b:B k:K
    ours    q/s/a:A q/s/b:B k:K
    theirs  p->k k:K
    ends    rename/delete, rename/delete

a new file of both in a renamed folder
    base    z/b:B z/c:C
    ours    y/b:B y/c:C y/d:D
    theirs  z/b:B z/c:C z/d:E
    ends    add/add, location

alike renames of both, and one more
    base    z/b:B z/c:C z/d:D
    ours    y/b:B y/c:C z/d:D
    theirs  y/b:B y/c:C x/d:D
    ends    clean

renamed on the side that has the new file too
    base    z/b:B z/c:C
    ours    y/b:B y/c:C z/d:D
    theirs  z/b:B z/c:C+x
    ends    clean

a folder, and the file that replaces it with its name
    base    z/b:B z/c:C
    ours    y/b:B y/c:C
    theirs  z/b:B z/c:C z/d:D y:Y
    ends    file/directory, location
    git     git keeps the file beside the folder, under a new name
"""

ALL = [scenario for text in (FILES, FOLDERS) for scenario in scenarios(text)]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, GitMerge]:
    """git's answers to all scenarios, asked at once."""
    return answers_of_git(ALL, tmp_path_factory.mktemp("git"))


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.story)
def test_a_scenario_ends_as_it_says(scenario: Scenario, answers: dict[str, GitMerge]) -> None:
    assert look_at(scenario, answers[scenario.story]) == ""
