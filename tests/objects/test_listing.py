"""Trees as lists of files: against a dict from paths to files, which is what they stand for."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packs import put_all

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.draft import Draft
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import (
    Changes,
    Difference,
    File,
    apply_changes,
    differences,
    entry_at,
    files_of,
)
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.tree import EMPTY, MAX_DEPTH, Tree, TreeEntry

Files = dict[bytes, File]

ONE, TWO = ((Mode.FILE, Oid(bytes([n]) * 32)) for n in (1, 2))

names = st.sampled_from([b"a", b"b", b"c", b"a."])
paths = st.lists(names, min_size=1, max_size=3).map(b"/".join)
files = st.sampled_from([ONE, TWO, (Mode.EXECUTABLE, ONE[1])])


def are_above(path: bytes, other: bytes) -> bool:
    """Whether one of two paths lies below the other."""
    return path.startswith(other + b"/") or other.startswith(path + b"/")


def without_clashes(found: Files) -> Files:
    """The files, of those that lie below each other the first alone."""
    kept: Files = {}
    for path, file in found.items():
        if not any(are_above(path, other) for other in kept):
            kept[path] = file
    return kept


listings = st.dictionaries(paths, files, max_size=8).map(without_clashes)
changes_of = st.dictionaries(paths, st.none() | files, max_size=5)


def draft() -> Draft:
    """A new place for trees."""
    return Draft(ObjectStore(MemoryBackend()))


def tree_of(objects: Draft, found: Files) -> Oid:
    """The tree that has just these files."""
    return apply_changes(objects, objects, None, found)


def applied(before: Files, changes: Changes) -> Files:
    """What the files become: the oracle."""
    added = {path: file for path, file in changes.items() if file is not None}
    kept = {
        path: file
        for path, file in before.items()
        if path not in changes and not any(are_above(path, other) for other in added)
    }
    return {**kept, **added}


def is_contradiction(changes: Changes) -> bool:
    """Whether a file is made where a folder is made too."""
    added = [path for path, file in changes.items() if file is not None]
    return any(are_above(one, other) for one in added for other in added)


@settings(deadline=None, max_examples=150)
@given(listings)
def test_the_files_of_a_tree_are_those_it_was_made_of(found: Files) -> None:
    objects = draft()
    tree = tree_of(objects, found)
    listed = list(files_of(objects, tree))
    assert dict(listed) == found
    assert len(listed) == len(found)
    for path, file in found.items():
        entry = entry_at(objects, tree, path)
        assert entry is not None
        assert (entry.mode, entry.oid) == file
    assert [path for path, _ in listed] == sorted(found, key=lambda path: path.split(b"/"))


@settings(deadline=None, max_examples=400)
@given(listings, changes_of)
@example({b"a": ONE}, {b"a": None, b"a/b": None})
@example({b"a": ONE}, {b"a/b": None, b"a": None})
@example({b"a": ONE}, {b"a/b": TWO})
@example({b"a/b": ONE, b"a/c": ONE}, {b"a": TWO})
@example({b"a/b": ONE, b"a/c": ONE}, {b"a": None, b"a/b": TWO})
@example({b"a/b/c": ONE}, {b"a/b/c": None})
@example({b"a": ONE}, {b"a": TWO, b"a/b": TWO})
@example({}, {b"a/b": TWO, b"a/b/c": TWO})
@example({b"a": ONE}, {b"a": TWO, b"a/b": None})
def test_changed_files_are_those_of_a_dict_with_the_changes(
    before: Files, changes: Changes
) -> None:
    objects = draft()
    tree = tree_of(objects, before)
    orders = [dict(changes), dict(reversed(list(changes.items())))]
    if is_contradiction(changes):
        for order in orders:
            with pytest.raises(InvalidObject, match="both a file and a folder"):
                apply_changes(objects, objects, tree, order)
        return
    results = {apply_changes(objects, objects, tree, order) for order in orders}
    assert len(results) == 1
    (after,) = results
    assert dict(files_of(objects, after)) == applied(before, changes)
    assert after == tree_of(objects, applied(before, changes))  # no empty folder is left


@settings(deadline=None, max_examples=200)
@given(listings, listings)
def test_differences_are_those_of_two_dicts(before: Files, after: Files) -> None:
    objects = draft()
    old, new = tree_of(objects, before), tree_of(objects, after)
    found = list(differences(objects, old, new))
    assert {d.path: (d.before, d.after) for d in found} == {
        path: (before.get(path), after.get(path))
        for path in {*before, *after}
        if before.get(path) != after.get(path)
    }
    assert len({d.path for d in found}) == len(found)
    mirrored = [Difference(path, old, new) for path, new, old in differences(objects, new, old)]
    assert found == mirrored
    changes = {d.path: d.after for d in found}
    assert apply_changes(objects, objects, old, changes) == new


def test_no_tree_is_the_empty_tree() -> None:
    objects = draft()
    tree = tree_of(objects, {b"a/b": ONE})
    assert list(differences(objects, None, tree)) == [Difference(b"a/b", None, ONE)]
    assert list(differences(objects, tree, None)) == [Difference(b"a/b", ONE, None)]
    assert list(differences(objects, None, objects.put(EMPTY))) == []
    assert apply_changes(objects, objects, tree, {b"a/b": None}) == objects.put(EMPTY)


class Counting(Draft):
    """A draft that notes which trees are read."""

    def tree(self, oid: Oid) -> Tree:
        self.read = [*getattr(self, "read", []), oid]
        return super().tree(oid)


def test_only_folders_in_which_something_changes_are_read() -> None:
    objects = Counting(ObjectStore(MemoryBackend()))
    before = tree_of(objects, {b"%d/%d/f" % (n, m): ONE for n in range(9) for m in range(9)})
    objects.read = []
    after = apply_changes(objects, objects, before, {b"4/4/f": TWO})
    assert len(objects.read) == 3
    objects.read = []
    assert [d.path for d in differences(objects, before, after)] == [b"4/4/f"]
    assert len(objects.read) == 6


@pytest.mark.parametrize("path", [b"", b"/a", b"a//b", b"a/", b"..", b"a/../b", b".pyvcs/refs"])
@pytest.mark.parametrize("file", [ONE, None])
def test_a_path_that_cannot_be_is_refused(path: bytes, file: File | None) -> None:
    objects = draft()
    with pytest.raises(InvalidObject):
        apply_changes(objects, objects, None, {path: file})


def test_entries_are_found_at_paths_and_nowhere_else() -> None:
    objects = draft()
    tree = tree_of(objects, {b"a/b/c": ONE, b"d": TWO})
    assert entry_at(objects, tree, b"") == TreeEntry(b"", Mode.TREE, tree)
    folder = entry_at(objects, tree, b"a/b")
    assert folder is not None
    assert folder.mode is Mode.TREE
    for path in (b"a/b/c/x", b"d/x", b"x", b"a/", b"/a", b"a//b", b".."):
        assert entry_at(objects, tree, path) is None


def test_a_tree_that_is_too_deep_is_refused_and_not_walked_for_ever() -> None:
    objects = draft()
    tree = objects.put(Tree.of([TreeEntry(b"f", *ONE)]))
    for _ in range(MAX_DEPTH + 1):
        tree = objects.put(Tree.of([TreeEntry(b"d", Mode.TREE, tree)]))
    with pytest.raises(InvalidObject, match="deep"):
        list(files_of(objects, tree))
    with pytest.raises(InvalidObject, match="deep"):
        list(differences(objects, None, tree))
    with pytest.raises(InvalidObject, match="deep"):
        apply_changes(objects, objects, None, {b"d/" * MAX_DEPTH + b"f": ONE})


@settings(deadline=None, max_examples=30)
@given(listings)
def test_a_store_gives_the_same_as_a_draft(found: Files) -> None:
    objects = draft()
    tree = tree_of(objects, found)
    store = ObjectStore(MemoryBackend())
    waiting = [tree]
    while waiting:
        value = objects.tree(waiting.pop())
        put_all(store, [value])
        waiting += [entry.oid for entry in value if entry.mode is Mode.TREE]
    assert dict(files_of(store, tree)) == found
