"""Hypothesis strategies for objects: every kind, with the values that are easily got wrong."""

from __future__ import annotations

from hypothesis import strategies as st

from pyvcs.objects.clock import MAX_COUNTER, MAX_MILLISECONDS, Clock, ReplicaId
from pyvcs.objects.codec import Object
from pyvcs.objects.commit import MAX_ENGINE, MAX_OFFSET_MINUTES, Commit, Identity, Timestamp
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.tag import Tag
from pyvcs.objects.tree import Tree, TreeEntry, folded, is_own_folder

texts = st.text(st.characters(codec="utf-8"), max_size=20)
"""Any text that can be written as UTF-8, line breaks and NUL among it."""

lines = st.text(st.characters(codec="utf-8", exclude_characters="\n\0<>"), max_size=12)
"""Texts that may stand in a name of a person, a label or a kind."""

oids = st.binary(min_size=OID_BYTES, max_size=OID_BYTES).map(Oid)
identities = st.builds(Identity, lines, lines)
offsets = st.integers(-MAX_OFFSET_MINUTES, MAX_OFFSET_MINUTES)
timestamps = st.builds(Timestamp, st.integers(-(1 << 62) + 1, (1 << 62) - 1), offsets)
clocks = st.builds(Clock, st.integers(0, MAX_MILLISECONDS), st.integers(0, MAX_COUNTER))
replica_ids = st.binary(min_size=16, max_size=16).map(lambda raw: ReplicaId(raw.hex()))
field_values = st.one_of(
    st.binary(max_size=20), st.sampled_from([b"", b"\n", b"a\n\n b", b" ", b"\n ", b"x\n"])
)
keys = st.from_regex(r"x[!-~]{0,8}", fullmatch=True)
"""Keys of fields that the format does not name: those all begin otherwise."""

extras = st.lists(st.tuples(keys, field_values), max_size=3).map(tuple)
signatures = st.one_of(st.just(b""), field_values)


def _is_name(name: bytes) -> bool:
    return name not in (b".", b"..") and not is_own_folder(name) and b".." not in name


names = st.one_of(
    st.sampled_from([b"a", b"B", b"z.txt", b"-", b" ", b"\n", b".x", b"\xff", "é".encode()]),
    st.lists(st.integers(1, 255).filter(lambda byte: byte != ord("/")), min_size=1, max_size=8)
    .map(bytes)
    .filter(_is_name),
)
"""Names that may stand in a tree, most of them no UTF-8."""

paths = st.lists(names, min_size=1, max_size=3).map(b"/".join)
entries = st.builds(TreeEntry, names, st.sampled_from(list(Mode)), oids)
trees = st.lists(entries, max_size=8, unique_by=lambda entry: folded(entry.name)).map(Tree.of)
blobs = st.binary(max_size=60)

authored_commits = st.builds(
    Commit,
    tree=oids,
    parents=st.lists(oids, max_size=3, unique=True).map(tuple),
    message=texts,
    authored=timestamps,
    committed=timestamps,
    clock=clocks,
    author=identities,
    committer=identities,
    replica=st.none() | replica_ids,
    conflicts=st.sets(oids, max_size=2).map(lambda found: tuple(sorted(found))),
    extra=extras,
    signature=signatures,
)


@st.composite
def canonical_merges(draw: st.DrawFn) -> Commit:
    """Canonical merges: two parents or more, sorted, and no person."""
    time = draw(timestamps)
    return Commit(
        tree=draw(oids),
        parents=tuple(sorted(draw(st.sets(oids, min_size=2, max_size=4)))),
        message=draw(texts),
        authored=time,
        committed=time,
        clock=draw(clocks),
        engine=draw(st.integers(0, MAX_ENGINE)),
        conflicts=tuple(sorted(draw(st.sets(oids, max_size=2)))),
    )


commits = authored_commits | canonical_merges()
tags = st.builds(
    Tag,
    target=oids,
    target_kind=st.sampled_from(list(Kind)),
    name=lines.filter(bool),
    tagger=identities,
    tagged=timestamps,
    message=texts,
    extra=extras,
    signature=signatures,
)
sides = st.builds(ConflictSide, lines) | st.builds(
    ConflictSide, lines, st.sampled_from(list(Mode)), oids
)
pointers = st.none() | st.just("") | texts.map(lambda text: "/" + text)
plain_conflicts = st.builds(
    Conflict,
    kind=lines.filter(bool),
    path=paths,
    pointer=pointers,
    base=sides,
    sides=st.lists(sides, min_size=2, max_size=3).map(tuple),
)
conflicts = plain_conflicts | st.builds(Conflict.at, plain_conflicts, paths)
objects: st.SearchStrategy[Object] = st.one_of(blobs, trees, commits, tags, conflicts)
structures: st.SearchStrategy[Object] = st.one_of(trees, commits, tags, conflicts)
"""Every kind but blobs."""
