"""Reading objects of another machine by patterns: the same as decoding them in full."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from object_strategies import commits, objects
from replicas import Team

from pyvcs.objects import codec, foreign, outline
from pyvcs.objects.clock import Clock
from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.draft import links
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.foreign import CommitFacts, read_foreign
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.outline import commit_outline, tree_outline
from pyvcs.objects.tree import Tree


def slowly(kind: Kind, canonical: bytes) -> tuple[list[tuple[bytes, Kind]], CommitFacts | None]:
    """What decoding tells: the links, sorted, and the facts of a commit."""
    value = codec.decode_foreign(canonical)
    assert codec.kind_of(value) is kind
    facts = None
    if isinstance(value, Commit):
        seconds = value.committed.seconds
        facts = CommitFacts(value.parents, seconds, value.is_canonical, value.clock)
    return sorted(set(links(value)), key=repr), facts


def quickly(kind: Kind, canonical: bytes) -> tuple[list[tuple[bytes, Kind]], CommitFacts | None]:
    """What `read_foreign` tells."""
    found = read_foreign(kind, canonical)
    named = {(Oid(oid), kind) for kind, oids in found.named for oid in oids}
    return sorted(named, key=repr), found.commit


def agree(kind: Kind, canonical: bytes) -> None:
    """Both tell the same, or both refuse: when the process has just begun, and later."""
    expected: tuple[list[tuple[bytes, Kind]], CommitFacts | None] | None = None
    with suppress(InvalidObject):
        expected = slowly(kind, canonical)
    for commits_left, bytes_left in ((1, len(canonical)), (0, 0)):
        foreign._decoded_commits[0], outline._plain_bytes[0] = commits_left, bytes_left
        if expected is None:
            with pytest.raises(InvalidObject):
                quickly(kind, canonical)
        else:
            assert quickly(kind, canonical) == expected


entries = st.tuples(
    st.sampled_from([b"f ", b"t ", b"x ", b"q ", b"f"]),
    st.sampled_from([b"", b"a", b"a b", b"\n"]),
    st.binary(min_size=32, max_size=32) | st.just(bytes(32)),
).map(lambda parts: parts[0] + parts[1] + b"\0" + parts[2])


@given(st.lists(entries | st.binary(max_size=40), max_size=5).map(b"".join), st.integers(0, 3))
def test_entries_are_the_same_before_the_pattern_is_compiled(content: bytes, begin: int) -> None:
    begin = min(begin, len(content))
    outline._plain_bytes[0] = 0
    by_pattern = outline.entries_from(content, begin)
    outline._plain_bytes[0] = 1
    assert outline.entries_from(content, begin) == by_pattern
    whole = sum(len(name) + 35 for _, name, _ in by_pattern) == len(content) - begin
    assert (outline._plain_entries(content, begin) is not None) is whole


@given(objects)
def test_tells_of_every_object_what_decoding_tells(value: codec.Object) -> None:
    kind, canonical = codec.kind_of(value), codec.encode(value)
    agree(kind, canonical)
    if isinstance(value, Tree):
        found = tree_outline(canonical)
        assert found.oids == {entry.oid for entry in value}
        assert [(name, oid) for _, name, oid in found.entries] == [(e[0], e[2]) for e in value]
    if isinstance(value, Commit):
        assert commit_outline(canonical) == (value.tree, value.conflicts)


def plain() -> Commit:
    team = Team(1)
    first = team.commit(0, {"a": b"1"})
    oid = team.commit(0, {"a": b"2"}, "a longer message\n\nwith a body")
    commit = team.replicas[0].store.commit(oid)
    assert commit.parents == (first,)
    return commit


PLAIN = plain()


@given(
    st.integers(0, len(codec.encode(PLAIN))),
    st.integers(0, len(codec.encode(PLAIN))),
    st.binary(max_size=3) | st.sampled_from([b"\n ", b"\n\n", b"0", b"-", b"+2400", b"parent "]),
)
def test_refuses_of_damaged_commits_what_decoding_refuses(
    start: int, end: int, inserted: bytes
) -> None:
    body = codec.encode(PLAIN).partition(b"\0")[2]
    changed = body[:start] + inserted + body[min(start + end % 4, len(body)) :]
    agree(Kind.COMMIT, codec.header(Kind.COMMIT, len(changed)) + changed)


@given(commits)
def test_tells_of_every_commit_what_decoding_tells(commit: Commit) -> None:
    agree(Kind.COMMIT, codec.encode(commit))


@pytest.mark.parametrize(
    "commit",
    [
        PLAIN,
        replace(PLAIN, author=Identity("Ægir", "a@b")),
        replace(PLAIN, message="späte Nachricht"),
        replace(PLAIN, clock=Clock(2**48 - 1, 2**32 - 1)),
        replace(PLAIN, committed=Timestamp(-1, -90)),
        replace(PLAIN, authored=Timestamp(10**18, 14 * 60)),
        replace(PLAIN, extra=(("gpgsig", b"x\ny"),)),
        replace(PLAIN, parents=()),
        replace(PLAIN, replica=None),
    ],
)
def test_commits_at_the_edges(commit: Commit) -> None:
    canonical = codec.encode(commit)
    agree(Kind.COMMIT, canonical)
    assert commit_outline(canonical).tree == commit.tree


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"+0000", b"-0000"),
        (b"+0000", b"+2400"),
        (b"+0000", b"+0060"),
        (b"clock 1", b"clock 01"),
        (b"author ", b"autor "),
        (b"\nclock", b"\nreplica x\nclock"),
        (b"committer Person", b"committer \xffPerson"),
    ],
)
def test_commits_of_another_form_are_refused(old: bytes, new: bytes) -> None:
    body = codec.encode(PLAIN).partition(b"\0")[2].replace(old, new)
    with pytest.raises(InvalidObject):
        read_foreign(Kind.COMMIT, codec.header(Kind.COMMIT, len(body)) + body)


@given(st.lists(st.tuples(st.sampled_from([b"f", b"t", b"x"]), st.binary(min_size=1, max_size=4))))
def test_refuses_of_trees_what_decoding_refuses(entries: list[tuple[bytes, bytes]]) -> None:
    body = b"".join(b"%s %s\0%s" % (mode, name, b"\7" * 32) for mode, name in entries)
    agree(Kind.TREE, codec.header(Kind.TREE, len(body)) + body)


def test_outlines_of_something_else_are_refused() -> None:
    with pytest.raises(InvalidObject):
        commit_outline(b"blob 0\0")
    with pytest.raises(InvalidObject):
        tree_outline(b"blob 0\0")
