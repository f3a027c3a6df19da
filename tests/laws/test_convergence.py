"""The convergence law (laws 3): replicas that hold the same commits hold the same tips.

A machine of random commits, branches, tags, merges, new names, deletions, syncs, bundles, and syncs
through a plain folder, over several replicas. When it stops, all sync; then their refs are equal,
and fsck finds every replica whole.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from replicas import Team, assert_whole, settle

from pyvcs.branching import create_branch, delete_branch, rename_branch
from pyvcs.objects.errors import NothingToCommit, PathUnknown, Refused, RevisionUnknown
from pyvcs.repository import Repository
from pyvcs.switching import switch
from pyvcs.sync.transports.folder import Folder

SIZE = 4
REPLICAS = st.integers(0, SIZE - 1)
BRANCHES = st.sampled_from(["main", "topic", "other"])
TAGS = st.sampled_from(["v1", "v2"])
LINES = st.lists(st.sampled_from(["one", "two", "three", "four", "five"]), max_size=6)
VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.one_of(st.integers(0, 3), st.lists(st.integers(0, 3), max_size=3)),
    max_size=3,
)
FOLDERS = st.sampled_from(["", "x/", "x/y/"])
PATHS = ["notes.txt", "data.json", "x/notes.txt", "x/y/notes.txt", "y/notes.txt", "x/data.json"]


def text_of(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


class Replicas(RuleBasedStateMachine):
    """What people do on several machines, in any order."""

    @initialize()
    def start(self) -> None:
        self.team = Team(SIZE)
        self.folder = TemporaryDirectory()
        self.stick = os.fspath(Folder.make(os.path.join(self.folder.name, "stick")).root)
        self.bundle_files: list[str] = []
        self.record(0, {"notes.txt": text_of(["one", "two"]), "data.json": b"{}\n"})
        for replica in self.team.replicas[1:]:
            replica.sync(self.team.replicas[0])

    def record(self, at: int, changes: dict[str, bytes | None]) -> None:
        with suppress(NothingToCommit):
            self.team.commit(at, changes)

    def replica(self, at: int) -> Repository:
        return self.team.replicas[at]

    @rule(at=REPLICAS, folder=FOLDERS, lines=LINES)
    def edit_text(self, at: int, folder: str, lines: list[str]) -> None:
        self.record(at, {f"{folder}notes.txt": text_of(lines)})

    @rule(at=REPLICAS, folder=FOLDERS, value=VALUES)
    def edit_json(self, at: int, folder: str, value: dict[str, object]) -> None:
        self.record(at, {f"{folder}data.json": json.dumps(value, indent=2).encode() + b"\n"})

    @rule(at=REPLICAS, name=st.sampled_from(["notes.txt", "data.json", "x/notes.txt", "x"]))
    def remove(self, at: int, name: str) -> None:
        self.record(at, {name: None})

    @rule(at=REPLICAS, old=st.sampled_from(PATHS), new=st.sampled_from(PATHS))
    def rename_file(self, at: int, old: str, new: str) -> None:
        replica = self.replica(at)
        with suppress(PathUnknown, RevisionUnknown):
            content = replica.read(replica.refs.position.branch or "main", old)
            self.record(at, {old: None, new: content})

    @rule(at=REPLICAS)
    def put_a_file_where_others_have_a_folder(self, at: int) -> None:
        self.record(at, {"x": b"a file\n"})

    @rule(at=REPLICAS, branch=BRANCHES)
    def go_to(self, at: int, branch: str) -> None:
        replica = self.replica(at)
        if branch in replica.refs.tips:
            switch(replica, branch)

    @rule(at=REPLICAS, branch=BRANCHES)
    def branch(self, at: int, branch: str) -> None:
        with suppress(Refused, RevisionUnknown):
            create_branch(self.replica(at), branch)

    @rule(at=REPLICAS, branch=BRANCHES)
    def delete(self, at: int, branch: str) -> None:
        with suppress(Refused, RevisionUnknown):
            delete_branch(self.replica(at), branch)

    @rule(at=REPLICAS, old=BRANCHES, new=BRANCHES)
    def rename(self, at: int, old: str, new: str) -> None:
        with suppress(Refused, RevisionUnknown):
            rename_branch(self.replica(at), old, new)

    @rule(at=REPLICAS, name=TAGS, force=st.booleans())
    def tag(self, at: int, name: str, force: bool) -> None:
        with suppress(Refused, RevisionUnknown):
            self.replica(at).tag(name, force=force)

    @rule(at=REPLICAS, name=TAGS)
    def untag(self, at: int, name: str) -> None:
        with suppress(RevisionUnknown):
            self.replica(at).delete_tag(name)

    @rule(at=REPLICAS, branch=BRANCHES)
    def merge(self, at: int, branch: str) -> None:
        replica = self.replica(at)
        if branch in replica.refs.tips:
            replica.merge(branch)

    @rule(
        here=REPLICAS, there=REPLICAS, pull=st.booleans(), push=st.booleans(), merge=st.booleans()
    )
    def sync(self, here: int, there: int, pull: bool, push: bool, merge: bool) -> None:
        if here != there:
            self.replica(here).sync(self.replica(there), pull=pull, push=push, merge=merge)

    @rule(at=REPLICAS, pull=st.booleans(), push=st.booleans(), repack=st.booleans())
    def sync_with_the_folder(self, at: int, pull: bool, push: bool, repack: bool) -> None:
        report = self.replica(at).sync(self.stick, pull=pull, push=push, repack=repack and push)
        assert report.notes == ()

    @rule(at=REPLICAS, since=st.booleans())
    def make_a_bundle(self, at: int, since: bool) -> None:
        replica = self.replica(at)
        path = f"{self.stick}.{len(self.bundle_files)}.bundle"
        tip = replica.tip()
        replica.bundle(path, since=[str(tip)] if since and tip else [])
        self.bundle_files.append(path)

    @precondition(lambda self: self.bundle_files)
    @rule(at=REPLICAS, which=st.integers(0, 100))
    def take_in_a_bundle(self, at: int, which: int) -> None:
        with suppress(Refused):  # prerequisites that are not here yet
            self.replica(at).apply_bundle(self.bundle_files[which % len(self.bundle_files)])

    @invariant()
    def no_branch_has_an_ancestor_among_its_heads(self) -> None:
        for replica in self.team.replicas:
            for ref in replica.refs.branches.values():
                assert replica.history.heads(ref.oids) == ref.oids

    def teardown(self) -> None:
        settle(self.team.replicas)
        first = self.replica(0).refs
        for replica in self.team.replicas[1:]:
            assert replica.refs.tips == first.tips
            assert replica.refs.branches == first.branches
            assert replica.refs.tags == first.tags
        assert_whole(self.team.replicas)
        self.folder.cleanup()


TestReplicas = Replicas.TestCase
TestReplicas.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
