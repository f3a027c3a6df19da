"""A clone of a repository on this disk: its packs as they are, and nothing believed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cores import CORES
from packs import put_all
from people import commit, new_repository
from replicas import assert_whole

from pyvcs.branching import create_branch
from pyvcs.objects import codec
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.errors import Corrupt, PyvcsError
from pyvcs.objects.kind import Kind
from pyvcs.objects.pack import PackWriter, encode_recipe
from pyvcs.objects.store import pack_key
from pyvcs.repository import Repository
from pyvcs.sharing import is_shared
from pyvcs.sync.acquaintance import recall
from pyvcs.sync.copying import MOST_PACKS
from pyvcs.sync.introducing import add_peer
from pyvcs.sync.peer_store import PeerStore


def clone(source: Path, name: str = "clone", *, bare: bool = True) -> Repository:
    target = source.parent / name
    return Repository.clone(os.fspath(source), os.fspath(target), bare=bare)


def packs(repository: Repository) -> dict[str, bytes]:
    repository.store.refresh()
    return {key: repository.backend.read(key) or b"" for key in repository.store.packs}


def test_the_packs_come_as_they_are_and_with_them_all_that_refs_say(tmp_path: Path) -> None:
    ada = new_repository(tmp_path / "ada")
    commit(ada, {"a": "1", "d/b": "2" * 5000})
    commit(ada, {"big": os.urandom(1_500_000)})
    ada.tag("v1", message="one")
    create_branch(ada, "side")
    bob = clone(tmp_path / "ada")
    assert packs(bob) == packs(ada)
    assert (bob.refs.branches, bob.refs.tags) == (ada.refs.branches, ada.refs.tags)
    assert [entry.oid for entry in bob.log()] == [entry.oid for entry in ada.log()]
    assert_whole([bob])
    assert bob.sync("origin").pulled.commits == 0


def test_both_ends_remember_the_other_as_after_a_sync(tmp_path: Path) -> None:
    ada = new_repository(tmp_path / "ada")
    commit(ada, {"a": "1"})
    create_branch(ada, "side")
    add_peer(ada, "https://peer.example", "peer")
    bob = clone(tmp_path / "ada")
    address = os.fspath(tmp_path / "ada")
    copied = recall(bob.backend, address)
    assert PeerStore(bob.backend).read() == PeerStore(ada.backend).read()
    bob.sync(address)
    assert copied is not None
    assert recall(bob.backend, address) == copied
    tip = ada.tip()
    assert tip is not None
    assert is_shared(ada, tip)
    assert is_shared(bob, tip)


def test_what_no_ref_reaches_does_not_stay(tmp_path: Path) -> None:
    ada = new_repository(tmp_path / "ada")
    commit(ada, {"a": "1"})
    (secret,) = put_all(ada.store, [b"nobody names me"])
    bob = clone(tmp_path / "ada")
    assert bob.tip() == ada.tip()
    assert not bob.store.has(secret)
    assert_whole([bob])


@pytest.mark.parametrize("count", [MOST_PACKS + 2])
def test_many_packs_come_as_one(tmp_path: Path, count: int) -> None:
    ada = new_repository(tmp_path / "ada")
    for number in range(count):
        commit(ada, {"a": f"{number}"})
    bob = clone(tmp_path / "ada")
    assert bob.tip() == ada.tip()
    assert len(packs(bob)) == 1
    assert_whole([bob])


def honest(tmp_path: Path) -> tuple[Repository, Path]:
    """A repository of one commit, and the file of its pack."""
    ada = new_repository(tmp_path / "ada")
    commit(ada, {"a": "honest"})
    (key,) = packs(ada)
    assert ada.place is not None
    return ada, Path(os.fsdecode(ada.place.folder), key)


def forged(ada: Repository, change: str) -> bytes:
    """The pack of `ada` written anew, with one lie in it and an index that is right in itself."""
    backend = MemoryBackend()
    with backend.writer() as out:
        writer = PackWriter(out)
        for oid, kind in sorted(ada.store.oids()):
            record = ada.store.record(oid)[1]
            if kind is Kind.BLOB and change == "a missing blob":
                continue
            if kind is Kind.BLOB and change == "another kind":
                kind = Kind.TAG
            if kind is Kind.BLOB and change == "other content":
                record = record.replace(b"honest", b"liars!")
            if kind is Kind.TREE and change == "a tree that leads out":
                record = record.replace(b"f a\0", b"f /\0")
                oid = codec.oid_of(record)
            writer.add(oid, kind, record)
        writer.finish()
        out.publish("pack")
    return backend.read("pack") or b""


def test_of_two_copies_in_chunks_each_is_checked_by_itself(tmp_path: Path) -> None:
    """The first copy found is a whole, honest one; the second is a recipe of other bytes."""
    ada, path = honest(tmp_path)
    (other,) = put_all(ada.store, [b"liars!"])
    blob = codec.oid_of(codec.encode(b"honest"))
    record = encode_recipe(blob, 6, [(6, other)])
    for name in ("0" * 32, "f" * 32):  # wherever it lies among the packs
        with ada.backend.writer() as out:
            writer = PackWriter(out)
            writer.add(blob, Kind.BLOB, record, chunked=True)
            writer.finish()
            out.publish(pack_key(name))
    assert path.exists()
    with pytest.raises(Corrupt, match="bytes with the hash"):
        clone(tmp_path / "ada")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ada"]


def test_a_small_blob_in_chunks_is_whole_in_a_clone(tmp_path: Path) -> None:
    ada, _ = honest(tmp_path)
    hon, est = put_all(ada.store, [b"hon", b"est"])
    blob = codec.oid_of(codec.encode(b"honest"))
    with ada.backend.writer() as out:
        writer = PackWriter(out)
        for oid, kind in sorted(set(ada.store.oids())):
            if oid != blob:
                writer.add(oid, kind, ada.store.record(oid)[1])
        writer.add(blob, Kind.BLOB, encode_recipe(blob, 6, [(3, hon), (3, est)]), chunked=True)
        old = list(ada.store.packs)
        out.publish(pack_key(writer.finish()))
    for key in old:
        ada.backend.delete(key)
    ada.store.refresh()
    assert ada.store.is_chunked(blob)
    bob = clone(tmp_path / "ada")
    assert bob.read("main", "a") == b"honest"
    assert not bob.store.is_chunked(blob)
    assert_whole([bob])


LIES = ["other content", "another kind", "a missing blob", "a tree that leads out"]


@pytest.mark.parametrize("change", [*LIES, "a byte of the index", "a byte of a block"])
def test_a_damaged_or_lying_store_is_refused_and_nothing_is_left(
    tmp_path: Path, change: str
) -> None:
    ada, path = honest(tmp_path)
    content = bytearray(path.read_bytes())
    if change in LIES:
        content = bytearray(forged(ada, change))
    else:
        content[-100 if "index" in change else 60] ^= 1
    path.chmod(0o666)
    path.write_bytes(content)
    with pytest.raises(PyvcsError) as refused:
        clone(tmp_path / "ada")
    assert "Error" not in str(refused.value)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ada"]


CLONE = """
import os, sys
from pyvcs.objects.errors import Corrupt
from pyvcs.repository import Repository
from pyvcs.sync import copying
copying.MUCH = int(sys.argv[1])
forks = []
sys.addaudithook(lambda event, _: forks.append(event) if event == "os.fork" else None)
try:
    Repository.clone("ada", "bob", bare=True, may_fork=True)
except Corrupt:
    print("refused", end=" ")
print(len(forks))
"""


@pytest.mark.parametrize("damaged", [None, 0, 1])
def test_two_processes_check_a_large_pack_and_either_refuses_damage(
    tmp_path: Path, damaged: int | None
) -> None:
    """Half of its blocks each: the first and the second one lie in different halves."""
    ada = new_repository(tmp_path / "ada")
    commit(ada, {f"f{number}": os.urandom(300_000).hex() for number in range(12)})
    ((key, pack),) = ada.store.packs.items()
    if damaged is not None:
        blocks = sorted({place.block for _, place in pack.index.items()})
        assert ada.place is not None
        path = Path(os.fsdecode(ada.place.folder), key)
        content = bytearray(path.read_bytes())
        content[blocks[damaged] + 5000] ^= 1
        path.chmod(0o666)
        path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", CLONE, f"{len(pack.index)}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    forks = "1" if CORES > 1 else "0"
    assert done.stdout.split() == ([forks] if damaged is None else ["refused", forks])
    if damaged is None:
        bob = Repository.open(os.fspath(tmp_path / "bob"))
        assert packs(bob) == packs(ada)
        assert_whole([bob])
