"""A merge that would write over what is in no commit stops before anything changed.

What it does not touch stays. So it is with git's merges (t6431, t6436), renames among them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from people import commit, files_in, new_repository, write

from pyvcs.objects.errors import WouldOverwrite
from pyvcs.repository import Repository

TEXT = "".join(f"line {number}\n" for number in range(10))
Files = dict[str, str | bytes | None]


def about_to_merge(folder: Path) -> Repository:
    """Main edits a; topic adds n, edits e, renames r to s and deletes d."""
    repository = new_repository(folder)
    commit(repository, {"a": "1\n", "e": "1\n", "r": TEXT, "d": "1\n", "x": "1\n"}, "base")
    repository.switch("topic", create=True)
    commit(repository, {"n": "new\n", "e": "2\n", "r": None, "s": TEXT, "d": None}, "topic")
    repository.switch("main")
    commit(repository, {"a": "2\n", "r": TEXT + "main\n"}, "main")
    return repository


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"n": "mine\n"}, id="a new file where one is added"),
        pytest.param({"n/in": "mine\n"}, id="a new file in a folder where a file is added"),
        pytest.param({"e": "mine\n"}, id="an edit of what the merge changes"),
        pytest.param({"d": "mine\n"}, id="an edit of what the merge deletes"),
        pytest.param({"r": TEXT + "mine\n"}, id="an edit of what the merge renames"),
        pytest.param({"s": "mine\n"}, id="a new file at the new name"),
    ],
)
def test_it_stops_before_anything_changed(tmp_path: Path, edit: Files) -> None:
    repository = about_to_merge(tmp_path)
    write(tmp_path, edit)
    before, refs = files_in(tmp_path), repository.refs
    with pytest.raises(WouldOverwrite):
        repository.merge("topic")
    assert (files_in(tmp_path), repository.refs) == (before, refs)


def test_what_the_merge_does_not_touch_stays_an_edit(tmp_path: Path) -> None:
    repository = about_to_merge(tmp_path)
    write(tmp_path, {"x": "mine\n", "new": "mine\n"})
    repository.merge("topic")
    found = files_in(tmp_path)
    assert (found["x"], found["new"], found["n"]) == (b"mine\n", b"mine\n", b"new\n")
    assert found["s"].endswith(b"main\n")
