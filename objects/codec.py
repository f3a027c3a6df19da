"""Canonical bytes: the only file that knows how an object is written.

Every object begins with `kind SP length NUL`, so that no object of one kind can pass for another;
its oid is the BLAKE3-256 hash of header and body. The bytes of each kind stand, with worked
examples, in docs/formats/objects.md. `decode(encode(x)) == x` for every value, and bytes that
`decode` takes from outside are accepted only when `encode` gives them back.
"""

from __future__ import annotations

from blake3 import blake3

from pyvcs.objects.clock import Clock, ReplicaId
from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.conflict import Conflict, ConflictSide
from pyvcs.objects.errors import InvalidObject
from pyvcs.objects.fields import Field, FieldReader, decode_fields, encode_fields
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.tag import Tag
from pyvcs.objects.tree import Tree, TreeEntry
from pyvcs.objects.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Object = bytes | Tree | Commit | Tag | Conflict
"""An object as a value. A blob is its bytes."""

_new = bytes.__new__
_KIND_OF: dict[type[Object], Kind] = {
    bytes: Kind.BLOB,
    Tree: Kind.TREE,
    Commit: Kind.COMMIT,
    Tag: Kind.TAG,
    Conflict: Kind.CONFLICT,
}
_WORDS = {kind: kind.value.encode() for kind in Kind}
_KINDS = {word: kind for kind, word in _WORDS.items()}
_LETTERS = {mode: mode.value.encode() for mode in Mode}
_MODES = {letter: mode for mode, letter in _LETTERS.items()}
_BEGINNINGS = {letter + b" ": mode for letter, mode in _MODES.items()}
_MOST_DIGITS = 19
_NO_ENTRY = "a tree has bytes that are no entry"
# Small commands read few objects, and would wait longer for a pattern, and for `re`, than for them.


def kind_of(value: Object) -> Kind:
    """The kind of a value. TypeError for what is none, also for an oid, which is `bytes` too."""
    kind = _KIND_OF.get(type(value))
    if kind is None:
        raise TypeError(f"a {type(value).__name__} is no object")
    return kind


def header(kind: Kind, length: int) -> bytes:
    """The first bytes of an object whose body is `length` bytes long."""
    return b"%s %d\0" % (_WORDS[kind], length)


def encode(value: Object) -> bytes:
    """The canonical bytes of a value, header included."""
    kind = kind_of(value)
    body = value if isinstance(value, bytes) else _encode_body(value)
    return header(kind, len(body)) + body


def oid_of(canonical: bytes) -> Oid:
    """The oid of an object from its canonical bytes."""
    return _new(Oid, blake3(canonical).digest())  # 32 bytes: no need to count them


def digests(records: Iterable[bytes | memoryview]) -> list[bytes]:
    """The bytes of the oids of many objects, from their canonical bytes."""
    return [blake3(record).digest() for record in records]


class BlobHash:
    """The oid of a blob whose bytes come in pieces; its length must be known before."""

    def __init__(self, length: int) -> None:
        self._digest = blake3(header(Kind.BLOB, length))

    def update(self, piece: bytes) -> None:
        """Go on with the next bytes of the content."""
        self._digest.update(piece)

    def oid(self) -> Oid:
        """The oid of what has come so far."""
        return Oid(self._digest.digest())


def split(canonical: bytes) -> tuple[Kind, bytes]:
    """Kind and body of canonical bytes; InvalidObject when header and length do not fit."""
    head, end, body = canonical.partition(b"\0")
    word, _, digits = head.partition(b" ")
    kind = _KINDS.get(word)
    is_padded = digits[:1] == b"0" and digits != b"0"
    if kind is None or not end or not _is_number(digits) or is_padded:
        raise InvalidObject(f"{canonical[:24]!r} is no header of an object")
    if len(body) != int(digits):
        raise InvalidObject(f"an object says {int(digits)} bytes and has {len(body)}")
    return kind, body


def _is_number(digits: bytes) -> bool:
    return digits.isdigit() and len(digits) <= _MOST_DIGITS


def decode(canonical: bytes) -> Object:
    """The value of canonical bytes. Raises InvalidObject on anything that breaks the format."""
    return decode_body(*split(canonical))


def decode_body(kind: Kind, body: bytes) -> Object:
    """The value of a body whose kind is known."""
    if kind is Kind.BLOB:
        return body
    if kind is Kind.TREE:
        return _decode_tree(body)
    try:
        if kind is Kind.COMMIT:
            return _decode_commit(body)
        return _decode_tag(body) if kind is Kind.TAG else _decode_conflict(body)
    except UnicodeDecodeError as error:
        raise InvalidObject(f"a {kind.value} has a field that is not UTF-8: {error}") from None


def decode_foreign(canonical: bytes) -> Object:
    """Like `decode`, for bytes of another machine: refuses what `encode` would write otherwise.

    One value must have one spelling, else one content could carry two oids.
    """
    value = decode(canonical)
    if not isinstance(value, bytes) and encode(value) != canonical:
        raise InvalidObject(f"a {kind_of(value).value} is not in its canonical form")
    return value


def _encode_body(value: Tree | Commit | Tag | Conflict) -> bytes:
    if isinstance(value, Tree):
        return b"".join([b"%s %s\0%s" % (_LETTERS[mode], name, oid) for name, mode, oid in value])
    if isinstance(value, Commit):
        return encode_fields(_commit_fields(value), value.message.encode())
    if isinstance(value, Tag):
        return encode_fields(_tag_fields(value), value.message.encode())
    return encode_fields(_conflict_fields(value), b"")


def _decode_tree(body: bytes) -> Tree:
    entries: list[TreeEntry] = []
    new, add, index = tuple.__new__, entries.append, body.index  # all names come by this loop
    at, length = 0, len(body)
    try:
        while at < length:
            begin, end = at, index(0, at)
            at = end + 1 + OID_BYTES
            oid = _new(Oid, body[end + 1 : at])
            add(new(TreeEntry, (body[begin + 2 : end], _BEGINNINGS[body[begin : begin + 2]], oid)))
    except (ValueError, KeyError):
        raise InvalidObject(_NO_ENTRY) from None
    if at != length:
        raise InvalidObject(_NO_ENTRY)
    return Tree(tuple(entries))


def _oid_field(key: str, oid: Oid) -> Field:
    return key, oid.hex().encode()


def _commit_fields(commit: Commit) -> list[Field]:
    fields = [_oid_field("tree", commit.tree)]
    fields += [_oid_field("parent", oid) for oid in commit.parents]
    fields += [_oid_field("conflict", oid) for oid in commit.conflicts]
    if commit.engine is not None:
        fields.append(("canonical", b"%d" % commit.engine))
        fields.append(("time", _time(commit.committed)))
    else:
        assert commit.author is not None
        assert commit.committer is not None
        fields.append(("author", _person(commit.author, commit.authored)))
        fields.append(("committer", _person(commit.committer, commit.committed)))
    if commit.replica is not None:
        fields.append(("replica", commit.replica.encode()))
    fields.append(("clock", str(commit.clock).encode()))
    if commit.signature:
        fields.append(("signature", commit.signature))
    return [*fields, *commit.extra]


def _decode_commit(body: bytes) -> Commit:
    fields, text = decode_fields(body)
    take = FieldReader(fields, "commit")
    tree = _oid(take.need("tree"))
    parents = _oids(take.take_all("parent"))
    conflicts = _oids(take.take_all("conflict"))
    engine = take.take("canonical")
    author = committer = None
    if engine is None:
        author, authored = _decode_person(take.need("author"))
        committer, committed = _decode_person(take.need("committer"))
    else:
        authored = committed = _decode_time(take.need("time"))
    replica = take.take("replica")
    clock = Clock.parse(take.need("clock").decode())
    signature = take.take("signature")
    return Commit(
        tree=tree,
        parents=parents,
        message=text.decode(),
        authored=authored,
        committed=committed,
        clock=clock,
        author=author,
        committer=committer,
        replica=None if replica is None else ReplicaId(replica.decode()),
        engine=None if engine is None else _number(engine),
        conflicts=conflicts,
        extra=take.rest(),
        signature=signature or b"",
    )


def _tag_fields(tag: Tag) -> list[Field]:
    fields = [
        _oid_field("object", tag.target),
        ("kind", tag.target_kind.value.encode()),
        ("tag", tag.name.encode()),
        ("tagger", _person(tag.tagger, tag.tagged)),
    ]
    if tag.signature:
        fields.append(("signature", tag.signature))
    return [*fields, *tag.extra]


def _decode_tag(body: bytes) -> Tag:
    fields, text = decode_fields(body)
    take = FieldReader(fields, "tag")
    target, kind, name = _oid(take.need("object")), take.need("kind").decode(), take.need("tag")
    if kind not in {known.value for known in Kind}:
        raise InvalidObject(f"a tag names an object of the unknown kind {kind!r}")
    tagger, tagged = _decode_person(take.need("tagger"))
    signature = take.take("signature")
    return Tag(
        target=target,
        target_kind=Kind(kind),
        name=name.decode(),
        tagger=tagger,
        tagged=tagged,
        message=text.decode(),
        signature=signature or b"",
        extra=take.rest(),
    )


def _conflict_fields(conflict: Conflict) -> list[Field]:
    fields = [("kind", conflict.kind.encode()), ("path", conflict.path)]
    if conflict.pointer is not None:
        fields.append(("pointer", conflict.pointer.encode()))
    fields.append(("base", _side(conflict.base)))
    fields += [("side", _side(side)) for side in conflict.sides]
    sides = (conflict.base, *conflict.sides)
    return fields + [
        ("at", b"%d %s" % (number, side.path))
        for number, side in enumerate(sides)
        if side.path is not None
    ]


def _side(side: ConflictSide) -> bytes:
    if side.mode is None or side.oid is None:
        return b"- - " + side.label.encode()
    return b"%s %s %s" % (_LETTERS[side.mode], side.oid.hex().encode(), side.label.encode())


def _decode_conflict(body: bytes) -> Conflict:
    fields, text = decode_fields(body)
    take = FieldReader(fields, "conflict")
    kind, path, pointer = take.need("kind").decode(), take.need("path"), take.take("pointer")
    base, *sides = _with_paths(
        [_decode_side(value) for value in (take.need("base"), *take.take_all("side"))],
        take.take_all("at"),
    )
    if text or take.rest():
        raise InvalidObject("a conflict has fields or a text that it should not have")
    return Conflict(
        kind=kind,
        path=path,
        pointer=None if pointer is None else pointer.decode(),
        base=base,
        sides=tuple(sides),
    )


def _with_paths(sides: list[ConflictSide], values: Sequence[bytes]) -> list[ConflictSide]:
    """The sides, some with paths of their own, which `at` fields tell by the numbers of sides."""
    for value in values:
        digits, _, path = value.partition(b" ")
        number = int(digits) if digits.isdigit() and len(digits) < 10 else len(sides)
        if number >= len(sides):
            raise InvalidObject(f"{value[:40]!r} is the path of no side of a conflict")
        sides[number] = replace(sides[number], path=path)
    return sides


def _decode_side(value: bytes) -> ConflictSide:
    letter, oid, label = [*value.split(b" ", 2), b"", b""][:3]
    if letter == b"-" and oid == b"-":
        return ConflictSide(label.decode())
    if letter not in _MODES:
        raise InvalidObject(f"{value[:40]!r} is no side of a conflict")
    return ConflictSide(label.decode(), _MODES[letter], _oid(oid))


def _time(time: Timestamp) -> bytes:
    return f"{time.seconds} {time.zone}".encode()


def _decode_time(value: bytes) -> Timestamp:
    return _decode_person(b" <> " + value)[1]


def _person(person: Identity, time: Timestamp) -> bytes:
    return f"{person} ".encode() + _time(time)


def _decode_person(value: bytes) -> tuple[Identity, Timestamp]:
    name, begun, rest = value.partition(b" <")
    email, ended, when = rest.partition(b"> ")
    seconds, _, zone = when.partition(b" ")
    is_zone = len(zone) == 5 and zone[:1] in b"+-" and zone[1:].isdigit()
    if not (begun and ended and is_zone and _is_number(seconds.removeprefix(b"-"))):
        raise InvalidObject(f"{value[:60]!r} is no person and time")
    minutes = int(zone[1:3]) * 60 + int(zone[3:])
    time = Timestamp(int(seconds), -minutes if zone.startswith(b"-") else minutes)
    return Identity(name.decode(), email.decode()), time


def _number(value: bytes) -> int:
    if not value.isdigit() or len(value) > 9:
        raise InvalidObject(f"{value[:20]!r} is no number of a merge engine")
    return int(value)


def _oid(value: bytes) -> Oid:
    return Oid.from_hex(value.decode("ascii", "replace"))


def _oids(values: Sequence[bytes]) -> tuple[Oid, ...]:
    return tuple([_oid(value) for value in values])
