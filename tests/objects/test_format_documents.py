"""The pages on formats: every example in them is read and recomputed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from blake3 import blake3

from pyvcs.objects import chunking, codec, commit, pack, store_writer, tree
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import MAX_COUNTER, MAX_MILLISECONDS
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack_index import FOOTER
from pyvcs.objects.pack_reader import BlockCache, PackReader
from pyvcs.objects.store import ObjectStore, pack_key

FORMATS = Path(__file__).parents[2] / "docs" / "formats"

OBJECT = re.compile(r"^```object-(\w+)\n(.*?)\n```\n\noid `(\w+)`$", re.MULTILINE | re.DOTALL)
PACK = re.compile(r"^```pack-example\n(.*?)\n```\n\nname `(\w+)`$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([0-9a-f]{64})` \| `([^`]*)`(, a recipe)? \|$", re.MULTILINE)
ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|(0)|(\n)|(\\))")


def page(name: str) -> str:
    """One page on a format."""
    return (FORMATS / name).read_text(encoding="utf-8")


def bytes_of(text: str) -> bytes:
    """The bytes that an example shows, by the rules of `Notation of the examples`."""

    def meant(match: re.Match[bytes]) -> bytes:
        digits, nul, joined, _ = match.groups()
        if digits:
            return bytes.fromhex(digits.decode())
        return b"\0" if nul else b"" if joined else b"\\"

    return ESCAPE.sub(meant, text.encode())


def bytes_of_hex(text: str) -> bytes:
    """The bytes of hex digits with remarks, and with `N x` for what stands there N times."""
    found = b""
    for line in text.splitlines():
        digits, _, _ = line.partition("#")
        times, separator, rest = digits.partition(" x ")
        found += bytes.fromhex(rest) * int(times) if separator else bytes.fromhex(digits)
    return found


EXAMPLES = OBJECT.findall(page("objects.md"))


@pytest.mark.parametrize(
    ("kind", "text", "oid"), EXAMPLES, ids=[found[2][:8] for found in EXAMPLES]
)
def test_an_example_of_an_object_has_the_oid_that_the_page_says(
    kind: str, text: str, oid: str
) -> None:
    canonical = bytes_of(text)
    assert str(codec.oid_of(canonical)) == oid
    value = codec.decode_foreign(canonical)
    assert codec.kind_of(value) is Kind(kind)
    assert codec.encode(value) == canonical


def test_the_page_on_objects_has_an_example_of_every_kind() -> None:
    assert {kind for kind, _, _ in EXAMPLES} == {kind.value for kind in Kind}
    assert page("objects.md").count("```object-") == len(EXAMPLES)


def test_the_examples_show_what_the_page_speaks_of() -> None:
    values = [codec.decode(bytes_of(text)) for _, text, _ in EXAMPLES]
    commits = [value for value in values if isinstance(value, commit.Commit)]
    assert any(value.is_canonical for value in commits)
    assert any(value.signature and value.extra and value.conflicts for value in commits)
    modes = {entry.mode for value in values if isinstance(value, tree.Tree) for entry in value}
    assert len(modes) == 4


@pytest.mark.parametrize("name", ["objects.md", "pack.md"])
def test_a_page_names_its_version(name: str) -> None:
    assert re.search(r"^# Format of \w+\n\nVersion 1\n", page(name))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("objects.md", f"| {store_writer.MAX_OBJECT_BYTES >> 20} MiB |"),
        ("objects.md", f"| {tree.MAX_NAME_BYTES:,} bytes |"),
        ("objects.md", f"| {tree.MAX_DEPTH} |"),
        ("objects.md", f"| {commit.MAX_ENGINE:,} |"),
        ("objects.md", f"| 2^{(MAX_MILLISECONDS + 1).bit_length() - 1} - 1 |"),
        ("objects.md", f"| 2^{(MAX_COUNTER + 1).bit_length() - 1} - 1 |"),
        ("pack.md", f"A blob of {chunking.CHUNKED_FROM >> 10} KiB or more"),
        ("pack.md", f"larger than {pack.MAX_BLOCK_BYTES >> 20} MiB"),
        ("pack.md", f"than {pack.BLOCK_BYTES >> 10} KiB;"),
        ("pack.md", f"from {chunking.MIN_CHUNK >> 10} to {chunking.MAX_CHUNK >> 10} KiB"),
        ("pack.md", f"about {chunking.AVERAGE_CHUNK >> 10} KiB on average"),
        ("pack.md", f"| footer | {FOOTER.size} |"),
    ],
)
def test_a_limit_on_a_page_is_that_of_the_program(name: str, words: str) -> None:
    assert words in page(name).replace("\n", " ")


def test_the_example_of_a_pack_is_opened_and_has_the_name_that_the_page_says() -> None:
    ((text, name),) = PACK.findall(page("pack.md"))
    content = bytes_of_hex(text)
    key = pack_key(name)
    backend = MemoryBackend()
    backend.swap(key, expected=None, new=content)
    reader = PackReader.open(backend, key)
    assert reader is not None
    reader.index.verify(key)
    oids = [oid for oid, _ in reader.index.items()]
    assert blake3(b"".join(sorted(oids))).hexdigest()[:32] == name
    rows = {Oid.from_hex(oid): (said, recipe) for oid, said, recipe in ROW.findall(page("pack.md"))}
    assert sorted(rows) == oids
    store = ObjectStore(backend)
    for oid, (said, recipe) in rows.items():
        store.verify(oid)
        assert store.blob(oid) == said.encode()
        assert bool(store.chunks_of(oid)) == bool(recipe)
    assert any(recipe for _, recipe in rows.values())


def test_a_writer_makes_the_bytes_of_the_example_of_a_pack() -> None:
    ((text, name),) = PACK.findall(page("pack.md"))
    content = bytes_of_hex(text)
    backend = MemoryBackend()
    backend.swap("example", expected=None, new=content)
    reader = PackReader.open(backend, "example")
    assert reader is not None
    with backend.writer() as out:
        writer = pack.PackWriter(out)
        for oid, place in sorted(reader.index.items(), key=lambda item: item[1].start):
            record = reader.record(place, BlockCache())
            writer.add(oid, place.kind, record, chunked=place.chunked)
        assert writer.finish() == name
        out.publish("again")
    assert backend.read("again") == content
