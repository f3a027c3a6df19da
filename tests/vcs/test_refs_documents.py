"""The pages on refs and on repositories: their examples are read, written and joined."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from pyvcs import Repository
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import Clock, ReplicaId, Stamp
from pyvcs.objects.commit import Identity
from pyvcs.objects.oid import Oid
from pyvcs.place import FORMAT, REFS_KEY
from pyvcs.ref_codec import decode_refs, encode_refs
from pyvcs.ref_store import LOG_KEY, RefStore
from pyvcs.refs import Position, Ref

FORMATS = Path(__file__).parents[2] / "docs" / "formats"


def page(name: str) -> str:
    """One page on a format."""
    return (FORMATS / name).read_text(encoding="utf-8")


def example(name: str, marker: str) -> str:
    """The one block of a page that has this marker, with its final newline."""
    (found,) = re.findall(rf"^```{marker}\n(.*?\n)```$", page(name), re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_examples_of_refs_and_of_the_log_belong_together() -> None:
    content = example("refs.md", "refs-example").encode()
    line = example("refs.md", "operation-example").encode()
    refs = decode_refs(content)
    assert encode_refs(refs) == content
    assert refs.live_branches() == ["main"]
    assert refs.log_bytes == len(line)
    backend = MemoryBackend()
    backend.swap(REFS_KEY, expected=None, new=content)
    backend.swap(LOG_KEY, expected=None, new=line + b"what never came to be")
    (operation,) = RefStore(backend).operations()
    assert operation.number == refs.operation
    assert operation.after["branches"]["main"] == json.loads(content)["branches"]["main"]


def test_a_change_writes_the_line_of_the_example() -> None:
    line = example("refs.md", "operation-example").encode()
    new = decode_refs(example("refs.md", "refs-example").encode())
    branches = {"old": new.branches["old"]}
    old = replace(
        new, position=Position("main"), branches=branches, tips={}, operation=0, log_bytes=0
    )
    backend = MemoryBackend()
    store = RefStore(backend)
    store.create(old)
    assert store.swap(old, new, command="commit Say hello", now_ms=1_700_000_000_200) == new
    assert backend.read(LOG_KEY) == line


def test_the_rows_on_joining_are_what_a_join_gives() -> None:
    one, two, three, four = (
        Stamp(Clock(number), ReplicaId(f"{number:032x}")) for number in (1, 2, 3, 4)
    )
    a, b, c = (Oid(bytes([number]) * 32) for number in (0xA, 0xB, 0xC))
    start = Ref().moved([a], one)
    assert start.join(Ref()).oids == (a,)
    assert start.join(start.moved([], two)).is_deleted
    assert start.moved([b], three).join(start.moved([], two)).oids == (b,)
    assert start.moved([b], three).join(start.moved([c], four)).oids == (b, c)


def test_the_format_of_a_repository_is_the_line_on_the_page() -> None:
    assert example("repository.md", "format-example").encode() == FORMAT


def test_every_file_of_a_repository_is_on_the_page(tmp_path: Path) -> None:
    repository = Repository.init(str(tmp_path))
    (tmp_path / "a").write_text("content")
    repository.commit("m", author=Identity("Ada", "ada@example.org"))
    repository.config.set("user.name", "Ada")
    files = {path.relative_to(tmp_path / ".pyvcs") for path in tmp_path.glob(".pyvcs/**/*.*")}
    files |= {path.relative_to(tmp_path / ".pyvcs") for path in tmp_path.glob(".pyvcs/*")}
    rows = set(re.findall(r"^\| `([^`]+)` \|", page("repository.md"), re.MULTILINE))
    for path in files:
        name = path.as_posix()
        shape = re.sub(r"^objects/[0-9a-f]{32}", "objects/NAME", name)
        shape = re.sub(r"^lock-.*", "lock-KEY", shape)
        assert shape in rows or shape == "objects"
    assert len(files) > 8
