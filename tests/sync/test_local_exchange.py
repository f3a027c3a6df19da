"""Two repositories on one disk: they end as after a talk, and neither believes the other."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from packs import put_all
from people import ADA, commit, new_repository
from replicas import START_MS, Team, assert_whole
from wires import talk

from pyvcs.branching import create_branch, delete_branch
from pyvcs.collecting import collect
from pyvcs.objects import codec
from pyvcs.objects.backends.memory import MemoryBackend
from pyvcs.objects.clock import ReplicaId
from pyvcs.objects.errors import Corrupt, InvalidObject, NotFound, ObjectMissing, PyvcsError
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import Oid
from pyvcs.objects.pack import PackWriter, encode_recipe
from pyvcs.objects.repack import merge_packs
from pyvcs.objects.store import pack_key
from pyvcs.objects.tree import Tree, TreeEntry
from pyvcs.objects.values import replace
from pyvcs.refs import Position, Refs
from pyvcs.repository import Repository
from pyvcs.sync.block_exchange import receive_blocks
from pyvcs.sync.introducing import add_peer
from pyvcs.sync.peer_store import PeerStore
from pyvcs.sync.transfer import Transfer
from pyvcs.sync.whole_packs import whole_packs

Sync = Callable[[Repository, Repository], object]


def by_disk(here: Repository, there: Repository) -> None:
    here.sync(there)


def played(seed: int, sync: Sync) -> list[Repository]:
    """What three replicas are after a random play: commits, branches and tags, syncs in between."""
    rng, now = random.Random(seed), [START_MS]
    team = [Repository.in_memory(now_ms=lambda: now[0]) for _ in range(3)]
    for number, replica in enumerate(team):
        replica.__dict__["id"] = ReplicaId(f"{number + 1:032x}")
    team[0].commit("first", changes={"d/a": b"1\n" * 20, "b": rng.randbytes(700_000)}, author=ADA)
    for other in (1, 2):
        sync(team[other], team[0])
    for step in range(15):
        now[0] += 1000
        one, other = rng.sample(range(3), 2)
        replica = team[one]
        act = rng.choice(["edit", "edit", "large", "branch", "delete", "tag"])
        if act == "branch":
            create_branch(replica, f"b{step}")
        elif act == "delete":
            create_branch(replica, f"b{step}")
            sync(replica, team[other])
            delete_branch(replica, f"b{step}")
        elif act == "tag":
            replica.tag(f"t{step}")
        else:
            content = rng.randbytes(600_000) if act == "large" else b"%d\n" % step
            path = f"{rng.choice('de')}/{rng.choice('abc')}"
            replica.commit(f"step {step}", changes={path: content}, author=ADA)
        if rng.random() < 0.7:
            sync(replica, team[other])
    return team


@pytest.mark.parametrize("seed", range(6))
def test_replicas_end_as_after_talks(seed: int) -> None:
    for disk, wire in zip(played(seed, by_disk), played(seed, talk), strict=True):
        assert (disk.refs.branches, disk.refs.tags) == (wire.refs.branches, wire.refs.tags)
        assert disk.refs.tips == wire.refs.tips
        assert {oid for oid, _ in disk.store.oids()} == {oid for oid, _ in wire.store.oids()}
        assert disk.backend.read("shared") == wire.backend.read("shared")
        assert_whole([disk])


# -- one that is damaged, or lies, to one that has most of its history ---------------------------


def two(changes: dict[str, bytes | None]) -> tuple[Repository, Repository]:
    """Two replicas with a common commit; the second one has another, with these changes."""
    team = Team(2)
    team.commit(1, {"a": b"1", "d/b": b"2"})
    team.replicas[0].sync(team.replicas[1])
    team.commit(1, changes)
    return team.replicas[0], team.replicas[1]


def points_to(giver: Repository, oid: Oid) -> None:
    """Let the branch main of a liar name an object."""
    refs = giver.refs
    ref = refs.branch("main").moved([oid], giver.stamp(refs))
    giver.ref_store.swap(refs, refs.with_branch("main", ref, oid), command="forge", now_ms=0)


def with_tree(giver: Repository, tree: Oid) -> None:
    """Let main name a commit of this tree."""
    tip = giver.tip()
    assert tip is not None
    points_to(giver, *put_all(giver.store, [replace(giver.store.commit(tip), tree=tree)]))


def with_entry(giver: Repository, mode: Mode, oid: Oid) -> None:
    """Let main name a commit that has just this entry."""
    with_tree(giver, *put_all(giver.store, [Tree((TreeEntry(b"x", mode, oid),))]))


def packed(giver: Repository, oid: Oid, kind: Kind, record: bytes, *, chunked: bool) -> Oid:
    """Put a record under an oid that need not be its own."""
    with giver.backend.writer() as out:
        writer = PackWriter(out)
        writer.add(oid, kind, record, chunked=chunked)
        out.publish(pack_key(writer.finish()))
    giver.store.refresh()
    return oid


def lacks_a_file(giver: Repository) -> None:
    with_entry(giver, Mode.FILE, Oid(b"x" * 32))


def names_a_file_as_a_folder(giver: Repository) -> None:
    (blob,) = put_all(giver.store, [b"no tree"])
    with_entry(giver, Mode.TREE, blob)


def names_what_is_here_as_a_folder(giver: Repository) -> None:
    blob = codec.oid_of(codec.encode(b"1"))
    with_entry(giver, Mode.TREE, blob)


def has_other_bytes(giver: Repository) -> None:
    blob = packed(giver, Oid(b"y" * 32), Kind.BLOB, codec.encode(b"other"), chunked=False)
    with_entry(giver, Mode.FILE, blob)


def has_a_tree_of_another_form(giver: Repository) -> None:
    body = b"f b\0" + b"1" * 32 + b"f a\0" + b"1" * 32
    record = codec.header(Kind.TREE, len(body)) + body
    with_tree(giver, packed(giver, codec.oid_of(record), Kind.TREE, record, chunked=False))


def has_other_chunks(giver: Repository) -> None:
    (chunk,) = put_all(giver.store, [b"other"])
    recipe = encode_recipe(Oid(b"z" * 32), 5, [(5, chunk)])
    blob = packed(giver, Oid(b"z" * 32), Kind.BLOB, recipe, chunked=True)
    with_entry(giver, Mode.FILE, blob)


def has_chunks_of_another_length(giver: Repository) -> None:
    (chunk,) = put_all(giver.store, [b"other"])
    blob = codec.oid_of(codec.encode(b"othe"))
    packed(giver, blob, Kind.BLOB, encode_recipe(blob, 4, [(4, chunk)]), chunked=True)
    with_entry(giver, Mode.FILE, blob)


def has_a_head_that_is_no_commit(giver: Repository) -> None:
    tip = giver.tip()
    assert tip is not None
    points_to(giver, giver.store.commit(tip).tree)


@pytest.mark.parametrize(
    ("lie", "error", "told"),
    [
        (lacks_a_file, NotFound, "the other side says: the object 7878"),
        (names_a_file_as_a_folder, InvalidObject, "as a tree, and it is a blob"),
        (names_what_is_here_as_a_folder, InvalidObject, "as a tree, and it is a blob"),
        (has_other_bytes, Corrupt, "sent bytes with the hash"),
        (has_a_tree_of_another_form, InvalidObject, "order"),
        (has_other_chunks, Corrupt, "sent bytes with the hash"),
        (has_chunks_of_another_length, InvalidObject, "names no chunk"),
        (has_a_head_that_is_no_commit, InvalidObject, "is a tree"),
    ],
)
def test_a_lie_is_found_and_nothing_of_it_kept(
    lie: Callable[[Repository], None], error: type[PyvcsError], told: str
) -> None:
    here, there = two({"a": b"2"})
    lie(there)
    before = here.refs, list(here.store.oids())
    with pytest.raises(error, match=told):
        here.sync(there, push=False)
    assert (here.refs, list(here.store.oids())) == before
    # What it lacks the liar sees itself, when it reads.
    told = "the object 7878" if lie is lacks_a_file else "the other side says"
    with pytest.raises(PyvcsError, match=told):
        there.sync(here, pull=False)
    assert (here.refs, list(here.store.oids())) == before


# -- small blobs in chunks -----------------------------------------------------------------------


def in_chunks(giver: Repository, content: bytes) -> Oid:
    """Put a blob as a recipe of two chunks, however small it is."""
    half = len(content) // 2
    one, two = put_all(giver.store, [content[:half], content[half:]])
    blob = codec.oid_of(codec.encode(content))
    recipe = encode_recipe(blob, len(content), [(half, one), (len(content) - half, two)])
    return packed(giver, blob, Kind.BLOB, recipe, chunked=True)


def pull(here: Repository, there: Repository) -> None:
    here.sync(there, push=False)


@pytest.mark.parametrize("sync", [pull, talk])
def test_a_chunk_that_came_in_chunks_itself_is_stored_whole(sync: Sync) -> None:
    team = Team(3)
    here, liar, honest = team.replicas
    here.commit("first", changes={"a": b"1"}, author=ADA)
    liar.sync(here)
    honest.sync(here)
    big = random.Random(1).randbytes(900_000)
    honest.commit("big", changes={"big": big}, author=ADA)
    chunk = honest.store.chunks_of(codec.oid_of(codec.encode(big)))[0]
    content = honest.store.blob(chunk)
    in_chunks(liar, content)
    liar.commit("small", changes={"small": content}, author=ADA)
    assert liar.store.is_chunked(chunk)
    sync(here, liar)
    assert not here.store.is_chunked(chunk)
    sync(here, honest)
    assert here.read("main", "big") == big
    assert here.read("main", "small") == content
    assert_whole([here])


@pytest.mark.parametrize("way", ["pull", "commit"])
def test_a_chunk_that_is_here_in_chunks_itself_is_written_whole(way: str) -> None:
    """As an older pyvcs may have left it."""
    here, there = two({"b": b"3"})
    big = random.Random(1).randbytes(900_000)
    there.commit("big", changes={"big": big}, author=ADA)
    chunk = there.store.chunks_of(codec.oid_of(codec.encode(big)))[0]
    in_chunks(here, there.store.blob(chunk))
    if way == "pull":
        pull(here, there)
    else:
        here.commit("big", changes={"big": big}, author=ADA)
    for _ in range(2):
        assert here.read("main", "big") == big
        assert_whole([here])
        merge_packs(here.store, list(here.store.packs))
        assert len(here.store.packs) == 1


@pytest.mark.parametrize("chunked_at", [0, 1])
@pytest.mark.parametrize("edits", [1, 3])
def test_a_small_blob_in_chunks_at_one_end_is_a_base_at_both(chunked_at: int, edits: int) -> None:
    here, there = Team(2).replicas
    contents = [random.Random(1).randbytes(5000) + b"%d" % number for number in range(edits + 1)]
    for content in contents if chunked_at else contents[:1]:
        in_chunks((here, there)[chunked_at], content)
    here.commit("first", changes={"a": contents[0]}, author=ADA)
    if chunked_at == 0:
        assert here.store.is_chunked(codec.oid_of(codec.encode(contents[0])))
    talk(there, here)
    for content in contents[1:]:
        there.commit("edit", changes={"a": content}, author=ADA)
    talk(here, there)
    assert here.read("main", "a") == contents[-1]
    assert_whole([here])


# -- while others work ---------------------------------------------------------------------------


def test_packs_of_the_other_end_may_be_merged_meanwhile(tmp_path: Path) -> None:
    there = new_repository(tmp_path / "there")
    commit(there, {"a": "0"})
    here = Repository.clone(os.fspath(tmp_path / "there"), os.fspath(tmp_path / "here"))
    for number in range(5):
        commit(there, {f"d/{number}": f"{number}", "a": f"{number}"})
    calls: list[str] = []

    def gc(what: str, done: int) -> None:
        del done
        if not calls:
            collect(Repository.open(os.fspath(tmp_path / "there")), prune=True)
        calls.append(what)

    here.progress = gc
    assert here.sync("origin").pulled.commits == 5
    assert len(calls) > 5
    assert_whole([here])


def test_what_a_gc_takes_away_between_looking_and_publishing_is_missed(tmp_path: Path) -> None:
    there, here = new_repository(tmp_path / "there"), new_repository(tmp_path / "here")
    commit(there, {"a": "1"})
    commit(here, {"b": "2"})
    (blob,) = put_all(here.store, [b"1"])  # no ref of ours needs it
    tree = there.store.commit(there.heads()[0]).tree
    transfer = Transfer(
        there.store.record, here.store, check=lambda _: None, progress=lambda *_: None
    )
    with transfer:
        transfer.copy([tree])
        collect(Repository.open(os.fspath(tmp_path / "here")), prune=True)
        with pytest.raises(ObjectMissing, match=f"{blob} was removed in the meantime"):
            transfer.publish()


def test_what_is_committed_here_meanwhile_goes_along(tmp_path: Path) -> None:
    there = new_repository(tmp_path / "there")
    commit(there, {"a": "0"})
    here = Repository.clone(os.fspath(tmp_path / "there"), os.fspath(tmp_path / "here"))
    commit(there, {"a": "1"})
    edits = [{"b": b"meanwhile"}]

    def edit(what: str, done: int) -> None:
        del what, done
        if edits:
            other = Repository.open(os.fspath(tmp_path / "here"))
            other.commit("meanwhile", changes=edits.pop(), author=ADA)

    here.progress = edit
    here.sync("origin")
    there = Repository.open(os.fspath(tmp_path / "there"))
    assert here.tip() == there.tip()
    assert there.read("main", "b") == b"meanwhile"
    assert_whole([here, there])


def test_objects_are_written_after_all_that_they_name() -> None:
    """So that a pack can be given block by block to who has nothing."""
    here, there = two({"text": b"1"})
    rng = random.Random(5)
    for number in range(8):
        names = {f"{number}/{rng.randbytes(60).hex()}": b"x" for _ in range(1000)}
        changes = {**names, f"{number}/big": rng.randbytes(700_000), "text": b"%d" % number}
        there.commit("many", changes=changes, author=ADA)
    create_branch(there, "side")
    assert len(here.store.packs) == 1
    here.sync(there)
    assert len(here.store.packs) == 2
    assert whole_packs(here.store, [*here.heads()]) is not None
    assert_whole([here])


class Sealed(MemoryBackend):
    """A backend that takes nothing more once it is sealed."""

    is_sealed = False

    def swap(self, key: str, *, expected: bytes | None, new: bytes | None) -> bool:
        if self.is_sealed:
            raise PermissionError(13, "read-only")
        return super().swap(key, expected=expected, new=new)


def test_what_can_only_be_read_can_be_pulled_from() -> None:
    here = Repository.in_memory()
    here.commit("first", changes={"a": b"1"}, author=ADA)
    backend = Sealed()
    there = Repository(backend, None)
    there.ref_store.create(Refs(Position("main")))
    there.sync(here)
    there.commit("second", changes={"a": b"2"}, author=ADA)
    add_peer(here, "https://here.example")
    add_peer(there, "https://there.example")
    there.history.graph.ensure(there.heads()[0])
    backend.is_sealed = True
    assert here.sync(there, push=False).pulled.commits == 1
    assert len(PeerStore(here.backend).read().live()) == 2
    here.commit("third", changes={"a": b"3"}, author=ADA)
    with pytest.raises(PyvcsError, match="the other side says: read-only"):
        here.sync(there)


# -- many objects --------------------------------------------------------------------------------


def test_many_objects_come_in_blocks_and_an_interrupted_try_is_gone_on_from() -> None:
    here, there = two({"text": b"1"})
    rng = random.Random(3)
    for number in range(3):
        there.commit("big", changes={f"big{number}": rng.randbytes(900_000)}, author=ADA)
    sizes: list[int] = []

    def interrupt(what: str, done: int) -> None:
        del what
        sizes.append(done)
        if len(sizes) == 4:
            raise KeyboardInterrupt

    def take(progress: Callable[[str, int], None]) -> int:
        return receive_blocks(here, there, there.refs, here.heads(), progress=progress).commits

    with pytest.raises(KeyboardInterrupt):
        take(interrupt)
    assert list(here.backend.keys("partial/"))
    first, sizes[4:] = sizes[3], []
    assert take(lambda _, done: sizes.append(done)) == 4
    assert sizes[-1] < 4_000_000 - first
    assert here.tip() == there.tip()
    assert not list(here.backend.keys("partial/"))
    assert_whole([here])
