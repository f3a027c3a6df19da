"""Exporting: our history as one of git. What came from git gets its very bytes and names back."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from hashlib import sha1
from pathlib import Path

from pyvcs.git.carried_conflicts import carried
from pyvcs.git.commits import oddities, sha_of, to_git
from pyvcs.git.git_objects import (
    GITLINK,
    Row,
    Sha,
    name_of,
    rank,
    write_commit,
    write_person,
    write_tree,
)
from pyvcs.git.pack_stream import PackStream
from pyvcs.git.plumbing import GitRepository
from pyvcs.git.tree_import import GIT_MODES, MOST_ROWS, Oddity, remember
from pyvcs.objects.backends.base import overwrite
from pyvcs.objects.commit import Commit
from pyvcs.objects.errors import Corrupt, NotFound
from pyvcs.objects.kind import Kind, Mode
from pyvcs.objects.oid import OID_BYTES, Oid
from pyvcs.objects.outline import tree_entries
from pyvcs.objects.tag import Tag
from pyvcs.objects.tree import TreeEntry
from pyvcs.refs import Refs
from pyvcs.replica import Replica

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

NAMES_KEY = "git-names"
RAW_TAG = "git-tag"
_NAME_BYTES = 20


@dataclass
class ExportedNames:
    """The names in git of commits that were made here. A cache: they can be computed again."""

    names: dict[Oid, Sha] = field(default_factory=dict)

    @classmethod
    def load(cls, replica: Replica) -> ExportedNames:
        """Those that are remembered."""
        content = replica.backend.read(NAMES_KEY) or b""
        step = OID_BYTES + _NAME_BYTES
        whole = len(content) - len(content) % step
        rows = (content[at : at + step] for at in range(0, whole, step))
        return cls({Oid(row[:OID_BYTES]): row[OID_BYTES:].hex() for row in rows})

    def save(self, replica: Replica) -> None:
        """Remember them."""
        if self.names:
            rows = (oid + bytes.fromhex(sha) for oid, sha in sorted(self.names.items()))
            overwrite(replica.backend, NAMES_KEY, b"".join(rows))


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: commits that are new there, and the refs that it set."""

    commits: int
    refs: dict[str, Sha]


def export_git(
    replica: Replica, target: GitRepository, *, branches: Collection[str] = ()
) -> Exported:
    """Write the branches (all by default) and tags into a repository of git.

    A branch is there its tip here: concurrent heads are one merge commit, the same on every
    replica. Objects that git has already are not written again. Refs are set without a question:
    NotFound for a branch that is not here.
    """
    refs = replica.refs
    tips = _tips(refs, branches)
    with tempfile.TemporaryDirectory(prefix="pyvcs-export-") as name:
        run = _Run(replica, target, PackStream(Path(name)))
        tags = {name: ref.oids for name, ref in refs.tags.items() if len(ref.oids) == 1}
        wants = [*tips.values(), *(run.commit_behind(oids[0]) for oids in tags.values())]
        for oid in replica.history.missing(wants=[oid for oid in wants if oid], haves=()):
            run.commit(oid)
            replica.progress("exporting commits", len(run.shas))
        named = {f"refs/heads/{branch}": run.shas[oid] for branch, oid in tips.items()}
        for tag, (oid,) in tags.items():
            if run.commit_behind(oid) is not None:
                named[f"refs/tags/{tag}"] = run.tag(oid)
        run.finish(Path(name) / "pack")
    target.set_refs(named)
    target.follow(f"refs/heads/{refs.position.branch}", named)
    run.names.save(replica)
    return Exported(run.count, named)


def _tips(refs: Refs, branches: Collection[str]) -> dict[str, Oid]:
    for name in branches:
        if name not in refs.tips:
            raise NotFound(f"there is no branch {name!r}", hint="`pyvcs branch` lists them")
    return {name: oid for name, oid in refs.tips.items() if not branches or name in branches}


class _Run:
    """One export: the names so far, and the pack."""

    def __init__(self, replica: Replica, target: GitRepository, pack: PackStream) -> None:
        self._replica = replica
        self._target = target
        self._pack = pack
        self.names = ExportedNames.load(replica)
        self.shas: dict[Oid, Sha] = {}
        self._there = set(target.run("rev-list", "--all").decode().split())
        self._trees: dict[tuple[Oid, tuple[Oddity, ...]], Sha] = {}
        self._blobs: dict[Oid, Sha] = {}
        self._rows: dict[tuple[bytes, bytes, bytes], tuple[bytes, bytes]] = {}
        self.count = 0

    def commit(self, oid: Oid) -> None:
        """A commit, unless it is there; its parents are."""
        commit = self._replica.store.commit(oid)
        known = sha_of(commit) or self.names.names.get(oid)
        if known is None or known not in self._there:
            parents = [self.shas[parent] for parent in commit.parents]
            tree = self._tree(commit.tree, oddities(commit))
            raw = to_git(commit, tree, parents, self._conflicts(oid, commit))
            sha = name_of("commit", raw)
            if sha_of(commit) not in (None, sha):
                raise Corrupt(
                    f"the commit {oid} came from git as {sha_of(commit)}, and would be {sha} now",
                    hint="run `pyvcs fsck`",
                )
            self._pack.add("commit", len(raw), [raw])
            self.count += 1
            known = sha
        self.shas[oid] = known
        if sha_of(commit) is None:
            self.names.names[oid] = known

    def _conflicts(self, oid: Oid, commit: Commit) -> bytes:
        if not commit.conflicts:
            return b""
        return carried(self._replica.store, self._replica.history, oid, commit)

    def tag(self, oid: Oid) -> Sha:
        """A tag object, or the commit that a tag names."""
        if oid in self.shas:
            return self.shas[oid]
        tag = self._replica.store.tag(oid)
        raw = next((value for key, value in tag.extra if key == RAW_TAG), None)
        target = self.tag(tag.target)
        body = tag_to_git(tag, target) if raw is None else raw
        self._pack.add("tag", len(body), [body])
        self.shas[oid] = name_of("tag", body)
        return self.shas[oid]

    def commit_behind(self, oid: Oid) -> Oid | None:
        """The commit that a tag leads to."""
        target = self._replica.store.peeled(oid)
        return target if self._replica.store.kind(target) is Kind.COMMIT else None

    def finish(self, path: Path) -> None:
        """Give all of it to git."""
        self._pack.finish(path)
        if self._pack.count:
            self._target.add_pack(path)

    def _tree(self, oid: Oid, odd: tuple[Oddity, ...]) -> Sha:
        found = self._trees.get((oid, odd))
        if found is None:
            body = self._body(oid, odd)
            found = self._trees[oid, odd] = name_of("tree", body)
            self._pack.add("tree", len(body), [body])
        return found

    def _body(self, oid: Oid, odd: tuple[Oddity, ...]) -> bytes:
        """The bytes of a tree of git, all that it names being written."""
        if not odd:
            found = tree_entries(self._replica.store.canonical(oid))
            rows = [self._rows.get(row) or self._row(row) for row in found]
            rows.sort()  # git's order is another one where a folder's name begins another name
            return b"".join([row for _, row in rows])
        raw = next((each.raw for each in odd if not each.path and each.raw), None)
        entries = [self._entry(entry, odd) for entry in self._replica.store.tree(oid)]
        return write_tree(entries) if raw is None else raw

    def _row(self, row: tuple[bytes, bytes, bytes]) -> tuple[bytes, bytes]:
        """What git sorts an entry by, and its bytes in a tree of git."""
        letter, name, oid = row
        there = self._entry(TreeEntry(name, Mode(letter.decode()), Oid(oid)), ())
        found = rank(there), b"%s %s\0%s" % there
        remember(self._rows, row, found, MOST_ROWS)
        return found

    def _entry(self, entry: TreeEntry, odd: tuple[Oddity, ...]) -> Row:
        name, mode, oid = entry
        own = next((each for each in odd if each.path == name and not each.raw), None)
        git_mode = GIT_MODES[mode] if own is None or not own.mode else own.mode
        git_name = name if own is None or not own.name else own.name
        if mode is Mode.TREE:
            below = tuple(found for each in odd if (found := each.inside(name)) is not None)
            return git_mode, git_name, bytes.fromhex(self._tree(oid, below))
        if git_mode == GITLINK:
            text = self._replica.store.blob(oid)
            return git_mode, git_name, bytes.fromhex(text[-41:-1].decode())
        return git_mode, git_name, bytes.fromhex(self._blob(oid))

    def _blob(self, oid: Oid) -> Sha:
        found = self._blobs.get(oid)
        if found is None:
            store = self._replica.store
            size = store.blob_size(oid)
            digest = sha1(b"blob %d\0" % size, usedforsecurity=False)
            for piece in store.blob_stream(oid):
                digest.update(piece)
            found = self._blobs[oid] = digest.hexdigest()
            self._pack.add("blob", size, store.blob_stream(oid))
        return found


def tag_to_git(tag: Tag, target: Sha) -> bytes:
    """The bytes of the tag of git for one of ours, which names `target`."""
    headers = [
        (b"object", target.encode()),
        (b"type", tag.target_kind.value.encode()),
        (b"tag", tag.name.encode()),
        (b"tagger", write_person(tag.tagger, tag.tagged)),
    ]
    return write_commit(headers, tag.message.encode())
