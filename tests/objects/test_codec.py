"""The canonical bytes of objects: one value has one spelling, and nothing else is taken."""

from __future__ import annotations

import re
from dataclasses import replace

import object_strategies as drawn
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyvcs.objects.clock import Clock, ReplicaId
from pyvcs.objects.codec import (
    BlobHash,
    Object,
    decode,
    decode_foreign,
    encode,
    header,
    kind_of,
    oid_of,
    split,
)
from pyvcs.objects.commit import MAX_ENGINE, Commit, Identity, Timestamp
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.tag import Tag
from pyvcs.objects.tree import Tree, TreeEntry

ADA = Identity("Ada", "ada@example.org")
ONE, TWO, THREE = (Oid(bytes([number]) * 32) for number in (0x11, 0x22, 0x33))
COMMIT = Commit(
    tree=ONE,
    parents=(TWO, THREE),
    message="A message\n",
    authored=Timestamp(1_700_000_000, 60),
    committed=Timestamp(1_700_000_100, -90),
    clock=Clock(1_700_000_100_000, 2),
    author=ADA,
    committer=ADA,
    replica=ReplicaId("0a" * 16),
    conflicts=(ONE,),
    extra=(("encoding", b"latin-1"),),
    signature=b"signed\nby Ada",
)
MERGE = Commit(
    tree=ONE,
    parents=(TWO, THREE),
    message="Merge\n",
    authored=Timestamp(1_700_000_000),
    committed=Timestamp(1_700_000_000),
    clock=Clock(5, 0),
    engine=1,
)
TAG = Tag(
    target=ONE,
    target_kind=Kind.COMMIT,
    name="v1",
    tagger=ADA,
    tagged=Timestamp(1_700_000_000, 60),
    message="First\n",
)
CONFLICT = Conflict(
    kind="content",
    path=b"a/b.json",
    pointer="/x",
    base=ConflictSide("base"),
    sides=(ConflictSide("ours", Mode.FILE, ONE), ConflictSide("theirs", Mode.FILE, TWO)),
)
TREE = Tree.of([TreeEntry(b"a", Mode.FILE, ONE), TreeEntry(b"b", Mode.TREE, TWO)])
SAMPLES: list[Object] = [b"hello", TREE, COMMIT, MERGE, TAG, CONFLICT]

examples = settings(deadline=None, max_examples=150)


def sealed(kind: Kind, body: bytes) -> bytes:
    """Body with the header that fits it."""
    return header(kind, len(body)) + body


def respelled(value: Object, old: bytes, new: bytes) -> bytes:
    """The canonical bytes with one piece of the body written in another way."""
    kind, body = split(encode(value))
    assert body.count(old) >= 1
    return sealed(kind, body.replace(old, new, 1))


@examples
@given(drawn.objects)
def test_what_is_written_is_read_back(value: Object) -> None:
    canonical = encode(value)
    assert decode(canonical) == value
    assert decode_foreign(canonical) == value
    assert split(canonical)[0] is kind_of(value)


@examples
@given(drawn.objects, drawn.objects)
def test_two_values_never_have_the_same_bytes(one: Object, two: Object) -> None:
    assert (encode(one) == encode(two)) == (kind_of(one) is kind_of(two) and one == two)


@examples
@given(drawn.structures, st.data())
def test_a_changed_byte_fails_or_gives_another_oid(value: Object, data: st.DataObject) -> None:
    canonical = encode(value)
    at = data.draw(st.integers(0, len(canonical) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != canonical[at]))
    changed = canonical[:at] + bytes([other]) + canonical[at + 1 :]
    try:
        decode(changed)
        assert encode(decode_foreign(changed)) == changed
    except InvalidObject:
        pass
    assert oid_of(changed) != oid_of(canonical)


@pytest.mark.parametrize("value", SAMPLES, ids=lambda value: type(value).__name__)
def test_every_changed_byte_of_a_sample_fails_or_gives_another_oid(value: Object) -> None:
    canonical = encode(value)
    for at in range(len(canonical)):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            changed = bytearray(canonical)
            changed[at] ^= flip
            try:
                assert encode(decode_foreign(bytes(changed))) == changed
            except InvalidObject:
                continue
            assert oid_of(bytes(changed)) != oid_of(canonical)


@pytest.mark.parametrize("value", SAMPLES, ids=lambda value: type(value).__name__)
def test_what_is_cut_off_or_goes_on_is_refused(value: Object) -> None:
    canonical = encode(value)
    for end in range(len(canonical)):
        with pytest.raises(InvalidObject):
            decode(canonical[:end])
    with pytest.raises(InvalidObject):
        decode(canonical + b"\0")


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(list(Kind)), st.binary(max_size=120))
def test_random_bodies_give_a_value_or_an_invalid_object(kind: Kind, body: bytes) -> None:
    try:
        value = decode_foreign(sealed(kind, body))
    except InvalidObject:
        return
    assert encode(value) == sealed(kind, body)


@examples
@given(st.binary(max_size=60))
def test_random_bytes_are_no_object(junk: bytes) -> None:
    with pytest.raises(InvalidObject):
        decode(b"\xff" + junk)


@settings(deadline=None, max_examples=300)
@given(drawn.structures, st.data())
def test_lines_in_any_order_never_give_another_error(value: Object, data: st.DataObject) -> None:
    kind, body = split(encode(value))
    lines = data.draw(st.permutations(body.split(b"\n")))
    try:
        decode_foreign(sealed(kind, b"\n".join(lines)))
    except InvalidObject:
        return


@pytest.mark.parametrize("value", SAMPLES, ids=lambda value: type(value).__name__)
def test_no_object_passes_for_one_of_another_kind(value: Object) -> None:
    kind, body = split(encode(value))
    for other in Kind:
        if other not in (kind, Kind.BLOB):
            with pytest.raises(InvalidObject):
                decode(sealed(other, body))
    as_blob = sealed(Kind.BLOB, body)
    assert kind is Kind.BLOB or oid_of(as_blob) != oid_of(encode(value))


@pytest.mark.parametrize(
    "canonical",
    [
        b"",
        b"blob",
        b"blob 0",
        b"blob  0\0",
        b"blob 00\0",
        b"blob 05\0hello",
        b"blob +5\0hello",
        b"blob -0\0",
        b"blob 5\0hell",
        b"blob 5\0hello!",
        b"Blob 5\0hello",
        b"blob 5 hello",
        b"block 5\0hello",
        b" blob 5\0hello",
        b"blob " + b"9" * 19 + b"\0hello",
        b"blob " + b"9" * 5000 + b"\0hello",
        "blob \uff15\0hello".encode(),
    ],
)
def test_a_header_has_one_spelling(canonical: bytes) -> None:
    with pytest.raises(InvalidObject):
        decode(canonical)


@pytest.mark.parametrize(
    ("value", "old", "new"),
    [
        (COMMIT, b"tree 1111", b"tree  1111"),
        (COMMIT, b"tree 11", "tree \u0661\u0661".encode()),
        (COMMIT, b"1700000000 +0100", b"01700000000 +0100"),
        (COMMIT, b"1700000000 +0100", b"+1700000000 +0100"),
        (COMMIT, b"1700000000 +0100", b"1700000000 +0060"),
        (COMMIT, b"1700000000 +0100", b"1700000000 +01:00"),
        (COMMIT, b"1700000000 +0100", b"9999999999999999999 +0100"),
        (COMMIT, b"1700000000 +0100", b"1700000000 +2400"),
        (COMMIT, b"Ada <ada@example.org>", b"Ada<ada@example.org>"),
        (COMMIT, b"Ada <ada@example.org>", b"Ada <ada@example.org"),
        (COMMIT, b"Ada <ada@example.org>", b"A\0da <ada@example.org>"),
        (COMMIT, b"Ada <ada@example.org>", b"\xff <ada@example.org>"),
        (COMMIT, b"A message", b"\xff message"),
        (COMMIT, b"replica 0a", b"replica 0A"),
        (COMMIT, b"clock 1700000100000.2", b"clock 1700000100000.02"),
        (COMMIT, b"clock 1700000100000.2", b"clock 1700000100000"),
        (COMMIT, b"clock 1700000100000.2\n", b""),
        (COMMIT, b"signature signed\n by Ada", b"signature "),
        (COMMIT, b"encoding latin-1", b"clock 1.0"),
        (COMMIT, b"encoding latin-1", b"enc\xc3\xb6ding latin-1"),
        (COMMIT, b"encoding latin-1", b"enc\x01ding latin-1"),
        (COMMIT, b"encoding latin-1", b"encoding"),
        (COMMIT, b"parent " + b"33" * 32, b"parent " + b"22" * 32),
        (COMMIT, b"conflict " + b"11" * 32, b"\n".join([b"conflict " + b"11" * 32] * 2)),
        (MERGE, b"canonical 1", b"canonical 01"),
        (MERGE, b"canonical 1", b"canonical -1"),
        (MERGE, b"canonical 1", b"canonical 1000000000"),
        (MERGE, b"canonical 1", "canonical ²".encode()),
        (MERGE, b"time 1700000000 +0000", b"time 1700000000 -0000"),
        (MERGE, b"time 1700000000 +0000", b"time -0 +0000"),
        (MERGE, b"time 1700000000 +0000", b"time x <y> 1700000000 +0000"),
        (MERGE, b"parent " + b"22" * 32 + b"\n", b""),
        (MERGE, b"parent " + b"22" * 32, b"parent " + b"44" * 32),
        (MERGE, b"clock 5.0", b"replica " + b"0a" * 16 + b"\nclock 5.0"),
        (TAG, b"kind commit", b"kind Commit"),
        (TAG, b"kind commit", b"kind thing"),
        (TAG, b"tag v1", b"tag "),
        (TAG, b"tag v1", b"tag v1\n more"),
        (TAG, b"\n\nFirst", b"\nFirst"),
        (CONFLICT, b"base - - base", b"base - -"),
        (CONFLICT, b"base - - base", b"base -  base"),
        (CONFLICT, b"base - - base", b"base f - base"),
        (CONFLICT, b"base - - base", b"base q " + b"11" * 32 + b" base"),
        (CONFLICT, b"side f " + b"11" * 32 + b" ours\n", b""),
        (CONFLICT, b"path a/b.json", b"path ../b.json"),
        (CONFLICT, b"path a/b.json", b"path /b.json"),
        (CONFLICT, b"path a/b.json", b"path .pyvcs/refs"),
        (CONFLICT, b"path a/b.json", b"path "),
        (CONFLICT, b"pointer /x", b"pointer x"),
        (CONFLICT, b"kind content", b"kind "),
        (CONFLICT, b" theirs\n\n", b" theirs\nmore x\n\n"),
        (CONFLICT, b" theirs\n\n", b" theirs\n\ntext"),
        (TREE, b"f a\0", b"g a\0"),
        (TREE, b"f a\0", b"f a/\0"),
        (TREE, b"f a\0", b"f \0"),
        (TREE, b"f a\0", b"f c\0"),
        (TREE, b"f a\0", b"f b\0"),
        (TREE, b"f a\0", b"f B\0"),
        (TREE, b"\x22" * 32, b"\x22" * 31),
    ],
)
def test_another_spelling_is_refused(value: Object, old: bytes, new: bytes) -> None:
    with pytest.raises(InvalidObject):
        decode_foreign(respelled(value, old, new))


def test_an_oid_in_capitals_is_refused() -> None:
    value = replace(COMMIT, tree=Oid(b"\xab" * 32))
    with pytest.raises(InvalidObject, match="canonical form"):
        decode_foreign(respelled(value, b"ab" * 32, b"AB" * 32))


@pytest.mark.parametrize("key", ["signature", "parent", "clock", "", "a b", "a\nb", "é", "a\0"])
def test_an_extra_field_cannot_pass_for_another_one(key: str) -> None:
    with pytest.raises(InvalidObject):
        replace(COMMIT, extra=((key, b"x"),))


@pytest.mark.parametrize("key", ["object", "signature", "a b"])
def test_an_extra_field_of_a_tag_cannot_pass_for_another_one(key: str) -> None:
    with pytest.raises(InvalidObject):
        replace(TAG, extra=((key, b"x"),))


def test_extra_fields_keep_their_order_and_repeat() -> None:
    extra = (("gpgsig", b"a\nb\n"), ("mergetag", b""), ("gpgsig", b"\n\n"))
    assert decode(encode(replace(COMMIT, extra=extra))) == replace(COMMIT, extra=extra)


@pytest.mark.parametrize("engine", [-1, MAX_ENGINE + 1])
def test_an_engine_has_a_number_that_can_be_written(engine: int) -> None:
    with pytest.raises(InvalidObject):
        replace(MERGE, engine=engine)


def test_a_canonical_merge_has_one_time() -> None:
    with pytest.raises(InvalidObject):
        replace(MERGE, authored=Timestamp(1))


def test_a_text_that_is_no_utf_8_is_refused_when_the_value_is_made() -> None:
    with pytest.raises(InvalidObject):
        Identity("\udcff", "x")
    with pytest.raises(InvalidObject):
        replace(COMMIT, message="\ud800")
    with pytest.raises(InvalidObject):
        replace(TAG, name="\ud800")
    with pytest.raises(InvalidObject):
        ConflictSide("\ud800")


@pytest.mark.parametrize("value", [ONE, "text", bytearray(b"x"), None])
def test_what_is_no_object_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)  # type: ignore[arg-type]


@examples
@given(st.lists(st.binary(max_size=50), max_size=5))
def test_a_blob_in_pieces_has_the_oid_of_the_whole(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    digest = BlobHash(len(whole))
    for piece in pieces:
        digest.update(piece)
    assert digest.oid() == oid_of(encode(whole))


PERSON = re.compile(rb"([^<>\n\0]*) <([^<>\n\0]*)> (-?[0-9]{1,19}) ([+-][0-9]{4})")
ENTRIES = re.compile(rb"(?:[fxlt] [^\0]*\0.{32})*", re.DOTALL)
HEADER = re.compile(rb"(blob|tree|commit|tag|conflict) (0|[1-9][0-9]{0,18})\0")
DRAWN = settings(deadline=None, max_examples=300)


def read(content: bytes) -> Object | str:
    """The value, or why there is none."""
    try:
        return decode(content)
    except InvalidObject as error:
        return error.message


@DRAWN
@given(st.lists(st.sampled_from([b"a", b"<", b">", b" ", b"-1", b"+", b" <", b"> 1 +0100", b"9"])))
def test_a_person_is_read_just_where_a_pattern_finds_one(pieces: list[bytes]) -> None:
    value = b"".join(pieces)
    head = encode(TAG).partition(b"\0")[2].partition(b"tagger ")[0]
    tag = read(sealed(Kind.TAG, head + b"tagger " + value + b"\n\nFirst\n"))
    found = PERSON.fullmatch(value)
    if isinstance(tag, Tag):
        assert found is not None
        seen = f"{tag.tagger} {tag.tagged.seconds}".encode()
        assert seen == b"%s <%s> %d" % (found[1], found[2], int(found[3]))
    else:  # a number may be too large for a time
        assert found is None or abs(int(found[3])) >= 1 << 62 or found[4][1:] > b"2300"


@DRAWN
@given(st.lists(st.sampled_from([b"f a\0", b"t b\0", b"f \0", b"q c\0", b"d", b"\0", bytes(32)])))
def test_the_body_of_a_tree_is_read_just_where_a_pattern_finds_entries(pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    tree = read(sealed(Kind.TREE, body))
    if isinstance(tree, str):
        assert ("no entry" in tree) == (ENTRIES.fullmatch(body) is None)
    else:
        assert encode(tree) == sealed(Kind.TREE, body)


@DRAWN
@given(st.lists(st.sampled_from([b"blob", b"tree", b" ", b"0", b"1", b"\0", b"_", b"+", b"9" * 9])))
def test_a_header_is_read_just_where_a_pattern_finds_one(pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    found = HEADER.match(content)
    if found is None:
        assert "no header" in str(read(content))
    elif len(content) - found.end() == int(found[2]):
        assert split(content) == (Kind(found[1].decode()), content[found.end() :])
    else:
        assert "bytes and has" in str(read(content))
