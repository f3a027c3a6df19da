"""Renamed folders: what git's own tests of directory renames tell (t6423), in our words.

git is asked in the same run. Where it answers otherwise, the scenario says why.
"""

from __future__ import annotations

import pytest
from drawn_trees import Drawing
from git_merges import GitMerge
from tree_scenarios import Scenario, answers_of_git, look_at, scenarios, tree

FOLLOWING = """\
a new file follows its folder
    base    z/b:B z/c:C
    ours    y/b:B y/c:C
    theirs  z/b:B z/c:C z/d:D
    ends    location

a new folder in it follows with a new file
    base    z/b:B z/c:C
    ours    y/b:B y/c:C
    theirs  z/b:B z/c:C z/d:D z/e/f:F
    ends    location, location

a new folder alone does not
    base    z/b:B z/c:C
    ours    y/b:B y/c:C
    theirs  z/b:B z/c:C z/e/f:F
    ends    clean

a file that was renamed into it follows
    base    z/b:B z/c:C x/d:D
    ours    y/b:B y/c:C x/d:D
    theirs  z/b:B z/c:C z/d:D
    ends    location

a file renamed and edited on both sides follows
    base    z/b:B z/c:C x/d:D
    ours    y/b:B y/c:C x/d:D+e
    theirs  z/b:B z/c:C z/d:f+D
    ends    location

into a folder that is there
    base    z/b:B z/c:C y/a:A
    ours    y/a:A y/b:B y/c:C
    theirs  z/b:B z/c:C z/d:D y/a:A
    ends    location

to the root
    base    z/b:B z/c:C a:A
    ours    b:B c:C a:A
    theirs  z/b:B z/c:C z/d:D a:A
    ends    location

a folder in a folder
    base    a/z/b:B a/z/c:C
    ours    a/y/b:B a/y/c:C
    theirs  a/z/b:B a/z/c:C a/z/d:D
    ends    location

two folders become one
    base    z/a:A z/b:B w/c:C w/d:D
    ours    y/a:A y/b:B y/c:C y/d:D
    theirs  z/a:A z/b:B z/x:X w/c:C w/d:D w/v:V
    ends    location, location

the folder above it
    base    a/z/b:B a/z/c:C
    ours    e/z/b:B e/z/c:C
    theirs  a/z/b:B a/z/c:C a/z/d:D
    ends    location

a new file right in the folder above
    base    a/z/b:B a/z/c:C
    ours    e/z/b:B e/z/c:C
    theirs  a/z/b:B a/z/c:C a/d:D
    ends    location

and its files were edited
    base    z/b:B z/c:C
    ours    y/b:B+x y/c:C
    theirs  z/b:y+B z/c:C z/d:D
    ends    location

the new file is changed by nobody else
    base    z/b:B z/c:C
    ours    y/b:B y/c:C z/d:D
    theirs  z/b:B z/c:C
    ends    clean
"""

SPLIT = """\
to where most went
    base    z/b:B z/c:C z/d:D
    ours    y/b:B y/c:C w/d:D
    theirs  z/b:B z/c:C z/d:D z/e:E
    ends    location

half here and half there
    base    z/b:B z/c:C
    ours    y/b:B w/c:C
    theirs  z/b:B z/c:C z/d:D
    ends    location

half here and half there, and nothing new
    base    z/b:B z/c:C
    ours    y/b:B w/c:C
    theirs  z/b:B+x z/c:C
    ends    clean

the folder stays with one file
    base    z/b:B z/c:C z/d:D
    ours    y/b:B y/c:C z/d:D
    theirs  z/b:B z/c:C z/d:D z/e:E
    ends    clean

nothing of it is left but edits
    base    z/b:B z/c:C
    ours
    theirs  z/b:B z/c:C z/d:D
    ends    clean

both sides renamed it
    base    z/b:B z/c:C
    ours    y/b:B y/c:C y/d:D
    theirs  w/b:B w/c:C w/e:E
    ends    rename/rename, rename/rename

both sides renamed it alike
    base    z/b:B z/c:C
    ours    y/b:B y/c:C y/d:D
    theirs  y/b:B y/c:C y/e:E
    ends    clean
"""

IN_THE_WAY = """\
the place is taken
    base    z/b:B z/c:C y/d:Y
    ours    y/b:B y/c:C y/d:Y
    theirs  z/b:B z/c:C z/d:D y/d:Y
    ends    location

the place is taken on the other side only
    base    z/b:B z/c:C
    ours    y/b:B y/c:C y/d:Y
    theirs  z/b:B z/c:C z/d:D
    ends    add/add, location

two new files would meet
    base    z/a:A z/b:B w/c:C w/d:D
    ours    y/a:A y/b:B y/c:C y/d:D
    theirs  z/a:A z/b:B z/x:X w/c:C w/d:D w/x:V
    ends    location, location

a folder is in its place
    base    z/b:B z/c:C y/d/e:E
    ours    y/b:B y/c:C y/d/e:E
    theirs  z/b:B z/c:C z/d:D y/d/e:E
    ends    location

a folder there on the other side only
    base    z/b:B z/c:C
    ours    y/b:B y/c:C y/d/e:E
    theirs  z/b:B z/c:C z/d:D
    ends    file/directory, location
    git     git keeps the file beside the folder, under a new name

one side's folder goes into the other's
    base    z/a:A z/b:B w/c:C
    ours    y/a:A y/b:B w/c:C
    theirs  z/a:A z/b:B z/c:C
    ends    location

it would follow twice
    base    x/b:B z/c:C z/d:D
    ours    z/b:B z/c:C z/d:D
    theirs  x/b:B x/n:N y/c:C y/d:D
    ends    location

a rename of a file out of it is not followed
    base    z/b:B z/c:C z/d:D
    ours    y/b:B y/c:C y/d:D
    theirs  z/b:B z/c:C d:D z/n:N
    ends    location, rename/rename

a deletion in it
    base    z/b:B z/c:C z/d:D
    ours    y/b:B y/c:C y/d:D
    theirs  z/b:B z/c:C z/n:N
    ends    location, rename/delete
"""

ALL = [scenario for text in (FOLLOWING, SPLIT, IN_THE_WAY) for scenario in scenarios(text)]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, GitMerge]:
    """git's answers to all scenarios, asked at once."""
    return answers_of_git(ALL, tmp_path_factory.mktemp("git"))


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.story)
def test_a_scenario_ends_as_it_says(scenario: Scenario, answers: dict[str, GitMerge]) -> None:
    assert look_at(scenario, answers[scenario.story]) == ""


def test_a_file_that_is_moved_back_by_a_renamed_folder_was_not_renamed() -> None:
    """git 2.39 gives up on this one, and so cannot be asked."""
    base, theirs = tree("y/b:B y/c:C z/a:A z/k:K"), tree("z/b:B z/c:C z/a:A+e z/k:K")
    drawing = Drawing()
    merged = drawing.merge(base, tree("y/b:B y/c:C y/a:A z/k:K"), theirs)
    assert drawing.files(merged.tree) == theirs


def test_a_file_that_follows_to_where_another_was_renamed_from_stays() -> None:
    base = tree("y/b:B y/c:C z/a:A z/k:K")
    ours = tree("y/b:B y/c:C y/a:N z/q:A z/k:K")
    drawing = Drawing()
    merged = drawing.merge(base, ours, tree("z/b:B z/c:C z/a:A+e z/k:K"))
    assert drawing.outline(merged) == [("location", "z/a")]
    assert drawing.files(merged.tree) == tree("z/b:B z/c:C z/a:N z/q:A+e z/k:K")
