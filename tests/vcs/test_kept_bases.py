"""Virtual bases in the repository: kept for the next merge, believed only when they are whole."""

from __future__ import annotations

from random import Random

import pytest
from drawn_edits import first_files, make_edit
from people import ADA
from replicas import Team, assert_whole, settle, tips

from pyvcs.collecting import collect
from pyvcs.kept_bases import KEY, MAGIC, KeptBases
from pyvcs.merge.canonical import ENGINE, canonical_merge
from pyvcs.objects.draft import Draft
from pyvcs.objects.oid import Oid
from pyvcs.repository import Repository
from pyvcs.sealed import seal, unseal


class Counting(KeptBases):
    """Counts the folds that had to be made."""

    folds = 0

    def note(self, *noted: object) -> None:
        self.folds += 1
        super().note(*noted)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def busy() -> list[Repository]:
    """Replicas that edited and met at random: they have not had one common head for long."""
    team, rng = Team(5), Random(4)
    team.replicas[0].commit("first", changes=first_files(), author=ADA)
    settle(team.replicas)
    for step in range(8):
        for number, replica in enumerate(team.replicas):
            make_edit(replica, f"r{number}x{step}", rng)
        for replica in team.replicas:
            replica.sync(rng.choice([each for each in team.replicas if each is not replica]))
    return team.replicas


def made_anew(replica: Repository) -> tuple[Oid, int]:
    """The tip, merged from its heads over what is kept, and how many folds had to be made."""
    draft = Draft(replica.store)
    made = Counting(replica.backend, draft)
    tip = canonical_merge(draft, replica.history, replica.refs.branch("main").oids, made=made)
    made.save(replica.store.has)
    return tip, made.folds


def needs_bases(replica: Repository) -> bool:
    content = replica.backend.read(KEY)
    try:
        replica.backend.swap(KEY, expected=content, new=None)
        return made_anew(replica)[1] > 1
    finally:
        replica.backend.swap(KEY, expected=replica.backend.read(KEY), new=content)


def test_a_merge_takes_what_earlier_ones_made(busy: list[Repository]) -> None:
    replica = next(filter(needs_bases, busy))
    made_anew(replica)
    assert made_anew(replica) == (replica.tip(), 0)


def test_replicas_with_and_without_them_agree(busy: list[Repository]) -> None:
    for replica in busy[::2]:
        replica.backend.swap(KEY, expected=replica.backend.read(KEY), new=None)
    settle(busy)
    assert len(set(tips(busy))) == 1
    assert_whole(busy)


@pytest.mark.parametrize("harm", ["damaged", "of another engine", "of another format"])
def test_what_cannot_be_believed_is_made_anew(busy: list[Repository], harm: str) -> None:
    replica = next(filter(needs_bases, busy))
    made_anew(replica)
    content = replica.backend.read(KEY)
    assert content is not None
    engine, *rest = unseal(MAGIC, content)
    assert engine == ENGINE
    bad = {
        "damaged": content[:-1] + bytes([content[-1] ^ 1]),
        "of another engine": seal(MAGIC, (ENGINE + 1, *rest)),
        "of another format": seal(b"pyvcsVB\x00", (ENGINE, *rest)),
    }[harm]
    replica.backend.swap(KEY, expected=content, new=bad)
    tip, folds = made_anew(replica)
    assert tip == replica.tip()
    assert folds > 0
    assert made_anew(replica) == (tip, 0), "the good ones stand in its place"


def test_objects_that_a_gc_has_pruned_are_not_missed(busy: list[Repository]) -> None:
    replica = next(filter(needs_bases, busy))
    made_anew(replica)
    collect(replica, prune=True)
    assert made_anew(replica)[0] == replica.tip()


def test_there_is_a_bound_and_the_oldest_go_first(busy: list[Repository]) -> None:
    replica = next(filter(needs_bases, busy))
    heads = replica.refs.branch("main").oids
    replica.backend.swap(KEY, expected=replica.backend.read(KEY), new=None)
    made_anew(replica)
    before = replica.backend.read(KEY)
    assert before is not None
    replica.backend.swap(KEY, expected=before, new=None)
    all_kept, all_lengths = unseal(MAGIC, before)[1:3]
    bound = sum(all_lengths.values()) // 2
    draft = Draft(replica.store)
    made = KeptBases(replica.backend, draft, most_bytes=bound)
    assert canonical_merge(draft, replica.history, heads, made=made) == replica.tip()
    made.save(replica.store.has)
    content = replica.backend.read(KEY)
    assert content is not None
    _, kept, lengths, _ = unseal(MAGIC, content)
    assert 0 < sum(lengths.values()) <= bound
    assert kept.keys() < all_kept.keys()
    assert made_anew(replica)[0] == replica.tip()
