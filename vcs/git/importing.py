"""Importing: a history of git, whole, becomes one of ours; a second time only what is new."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from pyvcs.git.carried_conflicts import HEADER as CONFLICTS
from pyvcs.git.carried_conflicts import are_whole, brought
from pyvcs.git.commits import made_here, to_ours
from pyvcs.git.exporting import RAW_TAG, ExportedNames, tag_to_git
from pyvcs.git.git_objects import GitCommit, Sha, message_of, read_commit, read_person
from pyvcs.git.known import known_commits
from pyvcs.git.plumbing import GitReader, GitRepository
from pyvcs.git.tree_import import TreeImport
from pyvcs.moving import swap, with_heads
from pyvcs.objects.clock import Clock, check_drift
from pyvcs.objects.commit import Commit
from pyvcs.objects.commit_graph import Facts
from pyvcs.objects.errors import InvalidObject, NotFound, ObjectMissing, Usage
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.tag import Tag
from pyvcs.refs import Position, Refs, check_ref_name
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

HEADS, TAGS = "refs/heads/", "refs/tags/"

_PACK_OBJECTS = 100_000
"""With so many objects a pack is published, and another one begun: that bounds memory, and loss."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought: new commits, the branches and tags, and what was left out."""

    commits: int
    branches: tuple[str, ...]
    tags: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass
class _Run:
    """One import, a context: what is known of git's commits, and what came.

    What came is published pack by pack, also when the import breaks off, though no ref leads to it
    yet: a commit is put after all that it names, so the next import can go on from it.
    """

    replica: Replica
    git: GitReader
    writer: StoreWriter
    trees: TreeImport
    known: dict[Sha, Oid]
    clocks: dict[Oid, Clock] = field(default_factory=dict)
    facts: dict[Oid, Facts] = field(default_factory=dict)
    count: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None and self.writer.is_open:
            with suppress(OSError):  # no room: then the next import begins at the last pack
                self.keep()

    def all(self, order: Sequence[Sha]) -> None:
        """Import those commits that are not known, parents first."""
        for number, sha in enumerate(order):
            if sha not in self.known:
                try:
                    self.commit(sha)
                except ObjectMissing as error:
                    raise ObjectMissing(
                        f"{error.message}, and the commit {sha} needs it", hint=error.hint
                    ) from None
                self.replica.progress("importing commits", number + 1)
                if self.writer.count >= _PACK_OBJECTS:
                    self.keep()

    def keep(self) -> None:
        """Publish what came, and begin another pack."""
        fresh = [oid for oid in self.facts if not self.replica.store.has(oid)]
        self.writer.next_pack()
        self.replica.history.graph.extend(fresh, self.facts)
        self.count += len(fresh)
        self.facts.clear()
        self.clocks.clear()

    def commit(self, sha: Sha) -> None:
        """Import one commit, whose parents are known."""
        kind, raw = self.git.read(sha)
        git = read_commit(raw)
        tree = git.first(b"tree")
        if kind != "commit" or tree is None:
            raise InvalidObject(f"git has no commit {sha}, but a {kind}", hint="run `git fsck`")
        parents = [self.known[parent.decode()] for parent in git.all(b"parent")]
        imported = self.trees.tree(bytes.fromhex(tree.decode()))
        commit = made_here(git, imported, parents)
        if commit is None or not self._takes_in(commit, git):
            commit = to_ours(sha, raw, git, imported, {oid: self._clock(oid) for oid in parents})
        oid = self.writer.put(commit)
        self.known[sha] = oid
        self.clocks[oid] = commit.clock
        self.facts[oid] = commit.parents, commit.committed.seconds, int(commit.is_canonical)

    def _takes_in(self, commit: Commit, git: GitCommit) -> bool:
        """Whether a commit that says it was made here may be: its clock, and its conflicts."""
        check_drift(commit.clock, now_ms=self.replica.now_ms())
        try:
            objects = brought(git.first(CONFLICTS) or b"")
        except InvalidObject:
            return False
        if not are_whole(objects, commit.conflicts, self.writer.has):
            return False
        for each in objects:
            self.writer.put(each)
        return True

    def _clock(self, oid: Oid) -> Clock:
        return self.clocks.get(oid) or self.replica.store.commit(oid).clock

    def tag(self, sha: Sha) -> tuple[Oid, Kind]:
        """An annotated tag, or what it leads to, as an object of ours."""
        if sha in self.known:
            return self.known[sha], Kind.COMMIT
        kind, raw = self.git.read(sha)
        if kind != "tag":
            raise InvalidObject(f"it names a {kind}")
        git = read_commit(raw)
        target, target_kind = self.tag((git.first(b"object") or b"").decode())
        tagger, tagged = read_person(git.first(b"tagger"), git.encoding)
        name = message_of(git.first(b"tag") or b"?", "utf-8").replace("\n", " ").replace("\0", "")
        value = Tag(
            target=target,
            target_kind=target_kind,
            name=name or "?",
            tagger=tagger,
            tagged=tagged,
            message=message_of(git.message, git.encoding),
        )
        if tag_to_git(value, (git.first(b"object") or b"").decode()) != raw:
            value = replace(value, extra=((RAW_TAG, raw),))
        return self.writer.put(value), Kind.TAG


def import_git(
    replica: Replica, source: GitRepository, *, branches: Collection[str] = ()
) -> Imported:
    """Import the branches (all by default) and tags of a repository of git.

    A commit of git becomes the same commit of ours on every machine. A branch that is here already
    takes git's head in beside its own, as a sync does. NotFound for a branch that git has not.
    """
    heads = _wanted(source, branches)
    tags = source.refs(TAGS)
    order = source.commits([*heads.values(), *_commits_of(source, tags)])
    with replica.locked("git import"):
        refs = replica.refs
        known = known_commits(replica.store, ExportedNames.load(replica).names)
        with (
            source.objects() as git,
            StoreWriter(replica.store) as writer,
            _Run(replica, git, writer, TreeImport(git, writer), known) as run,
        ):
            run.all(order)
            found, notes = _tags(run, tags)
            run.keep()
        new, left = _with_refs(replica, refs, heads, known, found)
        swap(replica, refs, _standing(new, source), "git import")
        replica.collect_if_many()
    return Imported(run.count, tuple(sorted(heads)), tuple(sorted(found)), (*notes, *left))


def _wanted(source: GitRepository, branches: Collection[str]) -> dict[str, Sha]:
    there = {name.removeprefix(HEADS): sha for name, sha in source.refs(HEADS).items()}
    missing = [name for name in branches if name not in there]
    if missing:
        raise NotFound(
            f"git has no branch {missing[0]!r} in {source.folder}",
            hint=f"it has: {', '.join(sorted(there)[:20]) or 'none'}",
        )
    return {name: sha for name, sha in there.items() if not branches or name in branches}


def _commits_of(source: GitRepository, tags: dict[str, Sha]) -> list[Sha]:
    """The commits that tags lead to; those of trees and files are left out."""
    if not tags:
        return []
    asked = "".join(f"{sha}^{{}}\n" for sha in tags.values()).encode()
    lines = source.run("cat-file", "--batch-check", stdin=asked).decode().splitlines()
    return [words[0] for words in map(str.split, lines) if words[1:2] == ["commit"]]


def _tags(run: _Run, tags: dict[str, Sha]) -> tuple[dict[str, Oid], list[str]]:
    found: dict[str, Oid] = {}
    notes: list[str] = []
    for full, sha in tags.items():
        name = full.removeprefix(TAGS)
        try:
            found[check_ref_name(name)] = run.tag(sha)[0]
        except (InvalidObject, Usage) as error:
            notes.append(f"the tag {name!r} is left out: {error.message}")
    return found, notes


def _with_refs(
    replica: Replica, refs: Refs, heads: dict[str, Sha], known: dict[Sha, Oid], tags: dict[str, Oid]
) -> tuple[Refs, list[str]]:
    notes: list[str] = []
    new = refs
    for name, sha in sorted(heads.items()):
        try:
            check_ref_name(name)
        except Usage as error:
            notes.append(f"the branch {name!r} is left out: {error.message}")
            continue
        here = new.branch(name).oids
        if not _is_behind(replica, known[sha], here):
            new = with_heads(replica, new, name, [*here, known[sha]])
    for name, oid in sorted(tags.items()):
        ref = new.tag(name)
        if oid not in ref.heads:
            stamp = replica.stamp(new)
            new = replace(new.with_tag(name, ref.moved([oid], stamp)), clock=stamp.clock)
    return new, notes


def _is_behind(replica: Replica, oid: Oid, heads: Iterable[Oid]) -> bool:
    return any(replica.history.is_ancestor(oid, head) for head in heads)


def _standing(refs: Refs, source: GitRepository) -> Refs:
    """A replica that stands on no commit and whose branch git has not follows git's HEAD."""
    branch = (source.head() or "").removeprefix(HEADS)
    if refs.position.commit is None and refs.position.branch not in refs.tips:
        if branch in refs.tips:
            return replace(refs, position=Position(branch))
        if refs.tips:
            return replace(refs, position=Position(min(refs.tips)))
    return refs
