"""Merging trees path by path: every case of git's trivial merge, and every kind of conflict."""

from __future__ import annotations

import pytest
from drawn_trees import Drawing, Files
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.merge.trees import merge_trees
from pyvcs.objects.kind import Mode

# What the sides have at one path (None: nothing), and what the merge has. `!` is a conflict.
TRIVIAL: list[tuple[str | None, str | None, str | None, str | None]] = [
    ("1", "1", "1", "1"),
    ("1", "2", "1", "2"),
    ("1", "1", "2", "2"),
    ("1", "2", "2", "2"),
    ("1", None, "1", None),
    ("1", "1", None, None),
    ("1", None, None, None),
    (None, "1", None, "1"),
    (None, None, "1", "1"),
    (None, "1", "1", "1"),
]


@pytest.mark.parametrize(("base", "ours", "theirs", "expected"), TRIVIAL)
@pytest.mark.parametrize("path", ["file", "in/a/folder"])
def test_what_one_side_changed_is_taken(
    path: str, base: str | None, ours: str | None, theirs: str | None, expected: str | None
) -> None:
    drawing = Drawing()
    sides: list[Files] = [
        {"x": "x"} if what is None else {"x": "x", path: what} for what in (base, ours, theirs)
    ]
    merged = drawing.merge(*sides)
    assert drawing.files(merged.tree).get(path) == expected
    assert merged.is_clean


CONFLICTS: list[tuple[str, Files, Files, Files, dict[str, str] | None]] = [
    ("contents", {"a": "1\n"}, {"a": "2\n"}, {"a": "3\n"}, None),
    ("add/add", {}, {"a": "2\n"}, {"a": "3\n"}, None),
    ("modify/delete", {"a": "1"}, {"a": "2"}, {}, {"a": "2"}),
    ("binary", {"a": "\0 1"}, {"a": "\0 2"}, {"a": "\0 3"}, {"a": "\0 3"}),
    ("type", {"a": "1"}, {"a": "2"}, {"a": (Mode.SYMLINK, "b")}, {"a": "2"}),
    ("file/directory", {}, {"a": "1"}, {"a/b": "2"}, {"a/b": "2"}),
    ("file/directory", {"a": "1"}, {"a": "2"}, {"a/b": "2"}, {"a/b": "2"}),
    ("value", {"a.json": "[0]"}, {"a.json": "[1]"}, {"a.json": "[2]"}, {"a.json": "[2]"}),
    ("name", {}, {"A": "1"}, {"a": "2"}, {"A": "1"}),
    ("mode", {}, {"a": "1"}, {"a": (Mode.EXECUTABLE, "1")}, {"a [executable]": "1"}),
]


@pytest.mark.parametrize(("kind", "base", "ours", "theirs", "shown"), CONFLICTS)
@pytest.mark.parametrize("swapped", [False, True])
def test_what_cannot_be_had_twice_is_a_conflict_of_its_kind(
    kind: str, base: Files, ours: Files, theirs: Files, shown: dict[str, str] | None, swapped: bool
) -> None:
    drawing = Drawing()
    sides = (theirs, ours) if swapped else (ours, theirs)
    merged = drawing.merge(base, *sides)
    assert [found for found, _ in drawing.outline(merged)] == [kind]
    if shown is not None:
        assert drawing.files(merged.tree) == shown


def test_a_conflict_holds_base_and_both_sides() -> None:
    drawing = Drawing()
    [conflict] = drawing.conflicts(drawing.merge({"a": "1"}, {"a": "2"}, {}))
    assert [side.label for side in (conflict.base, *conflict.sides)] == ["base", "ours", "theirs"]
    assert conflict.base.oid is not None
    assert conflict.sides[0].oid is not None
    assert drawing.objects.blob(conflict.base.oid) == b"1"
    assert drawing.objects.blob(conflict.sides[0].oid) == b"2"
    assert conflict.sides[1].oid is None


def test_a_conflict_inside_a_document_holds_the_values_there() -> None:
    drawing = Drawing()
    sides = [{"d/a.json": f'{{"v": {number}, "w": 0}}'} for number in (1, 2, 3)]
    [conflict] = drawing.conflicts(drawing.merge(*sides))
    assert (conflict.path, conflict.pointer) == (b"d/a.json", "/v")
    oids = [side.oid for side in (conflict.base, *conflict.sides)]
    assert [oid and drawing.objects.blob(oid).strip() for oid in oids] == [b"1", b"2", b"3"]


def test_a_mode_and_a_content_changed_on_two_sides_are_both_taken() -> None:
    drawing = Drawing()
    merged = drawing.merge({"a": "1\n"}, {"a": (Mode.EXECUTABLE, "1\n")}, {"a": "2\n"})
    assert drawing.files(merged.tree) == {"a [executable]": "2\n"}
    assert merged.is_clean


def test_a_folder_edited_here_and_deleted_there_keeps_the_edit() -> None:
    drawing = Drawing()
    merged = drawing.merge({"d/a": "1", "d/b": "1"}, {"d/a": "2", "d/b": "1"}, {})
    assert drawing.files(merged.tree) == {"d/a": "2"}
    assert drawing.outline(merged) == [("modify/delete", "d/a")]


def test_a_folder_that_became_a_file_there_and_lost_a_file_here_is_the_file() -> None:
    drawing = Drawing()
    merged = drawing.merge({"d/a": "1", "d/b": "1"}, {"d/a": "1"}, {"d": "file"})
    assert drawing.files(merged.tree) == {"d": "file"}
    assert merged.is_clean


# -- conflicts that are still open, or were resolved -------------------------------------------


def conflicted(drawing: Drawing, base: str, ours: str, theirs: str) -> tuple[Files, tuple]:  # type: ignore[type-arg]
    merged = drawing.merge({"a.json": base}, {"a.json": ours}, {"a.json": theirs})
    assert not merged.is_clean
    return drawing.files(merged.tree), merged.conflicts


def test_a_conflict_that_nobody_resolved_stays() -> None:
    drawing = Drawing()
    files, open_ones = conflicted(drawing, '{"v": 0}', '{"v": 1}', '{"v": 2}')
    merged = merge_trees(
        drawing.objects,
        base=drawing.side(files, "base", open_ones),
        ours=drawing.side({**files, "b": "new"}, "ours", open_ones),
        theirs=drawing.side({**files, "c": "new"}, "theirs", open_ones),
    )
    assert merged.conflicts == open_ones
    assert set(drawing.files(merged.tree)) == {"a.json", "b", "c"}


def test_a_resolution_by_one_side_resolves_it() -> None:
    """Also one that keeps what was shown, so that the files of the two sides are equal."""
    drawing = Drawing()
    files, open_ones = conflicted(drawing, '{"v": 0}', '{"v": 1}', '{"v": 2}')
    for resolved in (files, {"a.json": '{"v": 1}'}):
        for swapped in (False, True):
            sides = [
                drawing.side(resolved, "resolved"),
                drawing.side({**files, "b": "new"}, "open", open_ones),
            ]
            ours, theirs = reversed(sides) if swapped else sides
            base = drawing.side(files, "base", open_ones)
            merged = merge_trees(drawing.objects, base=base, ours=ours, theirs=theirs)
            assert merged.is_clean
            assert drawing.files(merged.tree) == {**resolved, "b": "new"}


def test_two_different_resolutions_conflict_even_if_one_is_what_was_shown() -> None:
    drawing = Drawing()
    files, open_ones = conflicted(drawing, '{"v": 0}', '{"v": 1}', '{"v": 2}')
    merged = merge_trees(
        drawing.objects,
        base=drawing.side(files, "base", open_ones),
        ours=drawing.side(files, "ours"),
        theirs=drawing.side({"a.json": '{"v": 1}'}, "theirs"),
    )
    assert drawing.outline(merged) == [("value", "a.json")]


def test_a_resolution_there_and_an_edit_elsewhere_here_are_both_taken() -> None:
    drawing = Drawing()
    files, open_ones = conflicted(
        drawing, '{"v": 0, "w": 0}', '{"v": 1, "w": 0}', '{"v": 2, "w": 0}'
    )
    merged = merge_trees(
        drawing.objects,
        base=drawing.side(files, "base", open_ones),
        ours=drawing.side({"a.json": '{"v": 2, "w": 9}'}, "ours", open_ones),
        theirs=drawing.side({"a.json": '{"v": 1, "w": 0}'}, "theirs"),
    )
    assert merged.is_clean
    assert drawing.files(merged.tree)["a.json"] == '{"v": 1, "w": 9}'


# -- laws --------------------------------------------------------------------------------------

PATHS = ["a", "b", "d/a", "d/b", "d/e/f", "x.json", "d"]
CONTENTS = st.sampled_from(["", "1\n", "2\n", "1\n2\n", "2\n1\n", '{"k": 1}', '{"k": 2, "l": 3}'])
TREES = st.dictionaries(st.sampled_from(PATHS), CONTENTS, max_size=5).map(
    lambda files: {
        path: content
        for path, content in files.items()
        if not any(other.startswith(f"{path}/") for other in files)
    }
)


@settings(max_examples=200, deadline=None)
@given(TREES, TREES)
def test_a_side_that_changed_nothing_takes_the_other(base: Files, other: Files) -> None:
    drawing = Drawing()
    for merged in (drawing.merge(base, base, other), drawing.merge(base, other, base)):
        assert merged.is_clean
        assert merged.tree == drawing.tree(other)
    assert drawing.merge(base, other, other).tree == drawing.tree(other)


@settings(max_examples=300, deadline=None)
@given(TREES, TREES, TREES)
def test_swapping_the_sides_mirrors_the_merge(base: Files, ours: Files, theirs: Files) -> None:
    drawing = Drawing()
    one, two = drawing.merge(base, ours, theirs), drawing.merge(base, theirs, ours)
    assert sorted(drawing.outline(one)) == sorted(drawing.outline(two))
    if one.is_clean:
        assert one.tree == two.tree


def in_lines(*texts: str) -> set[str]:
    """All lines of some texts, without counting them."""
    return {line for text in texts for line in text.splitlines()}


@settings(max_examples=300, deadline=None)
@given(TREES, TREES, TREES)
def test_every_line_of_a_side_is_in_the_result_or_in_a_conflict(
    base: Files, ours: Files, theirs: Files
) -> None:
    """Each side's new lines are marked as its own, so that no other line can stand for one."""
    drawing = Drawing()
    old = in_lines(*map(str, base.values()))
    ours, theirs = marked(ours, old, "ours"), marked(theirs, old, "theirs")
    merged = drawing.merge(base, ours, theirs)
    told = in_lines(*drawing.files(merged.tree).values(), *drawing.told(merged))
    for side in (ours, theirs):
        assert in_lines(*map(str, side.values())) - old <= told


def marked(files: Files, old: set[str], name: str) -> dict[str, str]:
    """The files, each line that base has not with the name of a side."""
    return {
        path: "".join(
            f"{line}\n" if line in old else f"{line} {name}\n" for line in str(text).splitlines()
        )
        for path, text in files.items()
    }


def test_a_conflict_whose_path_no_side_has_any_more_stays_open() -> None:
    """A folder and a file clashed at `d`; the folder was removed, the conflict not resolved."""
    drawing = Drawing()
    clash = drawing.merge({"d": "1"}, {"d": "edited"}, {"d/f": "other"})
    assert drawing.outline(clash) == [("file/directory", "d")]
    merged = merge_trees(
        drawing.objects,
        base=drawing.side({"x": "1"}, "base", clash.conflicts),
        ours=drawing.side({"x": "1", "y": "1"}, "ours", clash.conflicts),
        theirs=drawing.side({"x": "1", "z": "1"}, "theirs", clash.conflicts),
    )
    assert merged.conflicts == clash.conflicts
