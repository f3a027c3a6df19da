"""Drafts: new objects on top of a store, of which only what is wanted is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from object_strategies import objects
from packs import put_all

from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import Clock
from pyvcs.objects.codec import Object, encode, oid_of
from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.draft import Draft, references
from pyvcs.objects.errors import InvalidObject, ObjectMissing
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.tag import Tag
from pyvcs.objects.tree import Tree, TreeEntry

ADA = Identity("Ada", "ada@example.org")
TIME = Timestamp(1_700_000_000)
BLOB, OTHER = oid_of(encode(b"hello")), oid_of(encode(b"other"))


def commit_of(tree: Oid, *parents: Oid, conflicts: tuple[Oid, ...] = ()) -> Commit:
    """A commit by Ada."""
    return Commit(
        tree=tree,
        parents=parents,
        message="m\n",
        authored=TIME,
        committed=TIME,
        clock=Clock(1),
        author=ADA,
        committer=ADA,
        conflicts=conflicts,
    )


def conflict_of(ours: Oid, theirs: Oid) -> Conflict:
    """A conflict between two files."""
    sides = tuple(ConflictSide("side", Mode.FILE, oid) for oid in (ours, theirs))
    return Conflict(kind="content", path=b"a", pointer=None, base=ConflictSide(""), sides=sides)


def test_what_is_put_is_read_back_and_the_rest_comes_from_below() -> None:
    store = ObjectStore(MemoryBackend())
    tree = Tree.of([TreeEntry(b"a", Mode.FILE, BLOB)])
    (below,) = put_all(store, [b"below"])
    draft = Draft(store)
    blob, folder = draft.put(b"hello"), draft.put(tree)
    commit = draft.put(commit_of(folder))
    conflict = draft.put(conflict_of(blob, below))
    assert blob == BLOB
    assert (draft.blob(blob), draft.blob_size(blob)) == (b"hello", 5)
    assert (draft.blob(below), draft.blob_size(below)) == (b"below", 5)
    assert draft.tree(folder) == tree
    assert draft.commit(commit) == commit_of(folder)
    assert draft.conflict(conflict) == conflict_of(blob, below)
    assert all(draft.has(oid) for oid in (blob, folder, commit, conflict, below))
    assert not store.has(blob)


@settings(deadline=None, max_examples=50)
@given(objects)
def test_an_object_of_another_kind_is_named_so_here_and_below(value: Object) -> None:
    store = ObjectStore(MemoryBackend())
    (oid,) = put_all(store, [value])
    fresh = Draft(ObjectStore(MemoryBackend()))
    fresh.put(value)
    for draft in (fresh, Draft(store)):
        asked = {
            bytes: draft.blob,
            Tree: draft.tree,
            Commit: draft.commit,
            Conflict: draft.conflict,
        }
        for kind, ask in asked.items():
            if isinstance(value, kind):
                assert ask(oid) == value
            else:
                with pytest.raises(InvalidObject, match=str(oid)):
                    ask(oid)


def test_what_is_nowhere_is_missing() -> None:
    draft = Draft(ObjectStore(MemoryBackend()))
    assert not draft.has(BLOB)
    for ask in (draft.blob, draft.blob_size, draft.tree, draft.commit, draft.conflict):
        with pytest.raises(ObjectMissing):
            ask(BLOB)


def test_only_what_a_commit_reaches_is_kept() -> None:
    store = ObjectStore(MemoryBackend())
    draft = Draft(store)
    blob, unwanted = draft.put(b"hello"), draft.put(b"only a virtual base needs this")
    folder = draft.put(Tree.of([TreeEntry(b"a", Mode.FILE, blob)]))
    tree = draft.put(
        Tree.of([TreeEntry(b"d", Mode.TREE, folder), TreeEntry(b"e", Mode.FILE, blob)])
    )
    conflict = draft.put(conflict_of(blob, draft.put(b"theirs")))
    parent = draft.put(commit_of(folder))
    commit = draft.put(commit_of(tree, parent, conflicts=(conflict,)))
    with StoreWriter(store) as writer:
        draft.keep(commit, writer)
        assert draft.commit(commit).tree == tree  # nothing is published yet
        draft.keep(commit, writer)
        writer.publish()
    assert {oid for oid, _ in store.oids()} == {
        *(blob, folder, tree, conflict, parent, commit, oid_of(encode(b"theirs")))
    }
    assert not store.has(unwanted)
    assert draft.blob(unwanted)


def test_what_is_below_is_not_put_again() -> None:
    store = ObjectStore(MemoryBackend())
    put_all(store, [b"hello"])
    draft = Draft(store)
    commit = draft.put(
        commit_of(draft.put(Tree.of([TreeEntry(b"a", Mode.FILE, draft.put(b"hello"))])))
    )
    with StoreWriter(store) as writer:
        draft.keep(commit, writer)
        assert writer.count == 2


def test_references_name_all_that_an_object_needs() -> None:
    one, two, three = (Oid(bytes([n]) * 32) for n in range(3))
    tag = Tag(target=one, target_kind=Kind.TREE, name="t", tagger=ADA, tagged=TIME, message="")
    conflict = replace(conflict_of(one, two), base=ConflictSide("", Mode.FILE, three))
    assert references(b"content") == []
    assert references(Tree.of([TreeEntry(b"a", Mode.FILE, one)])) == [one]
    assert references(commit_of(one, two, conflicts=(three,))) == [one, two, three]
    assert references(tag) == [one]
    assert references(conflict) == [three, one, two]
