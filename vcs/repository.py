"""A repository, as the library's door: a replica, and everything that can be done with it.

What is done behind each method stands in a file of its own: `committing`, `merging`, `switching`,
`resolving`, `sync.replicate`, …, imported when it is used.
"""

from __future__ import annotations

import os

from pyvcs.objects.errors import PathUnknown
from pyvcs.replica import Progress, Replica, quiet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Self

    from pyvcs.history import LogEntry
    from pyvcs.merging import MergeOutcome
    from pyvcs.objects.commit import Identity
    from pyvcs.objects.oid import Oid
    from pyvcs.refs import Refs
    from pyvcs.relation import Relation
    from pyvcs.status import Status
    from pyvcs.sync.bundling import Bundled
    from pyvcs.sync.report import SyncReport
    from pyvcs.tagging import TagEntry
    from pyvcs.undoing import Undone


class Repository(Replica):
    """One replica and its doors. Made by `init`, `open`, `clone` or `in_memory`."""

    @classmethod
    def clone(
        cls,
        source: str | bytes,
        path: str | bytes,
        *,
        bare: bool = False,
        token: str | None = None,
        progress: Progress = quiet,
        may_fork: bool = False,
    ) -> Self:
        """Make a replica of the repository at `source` in the new or empty folder `path`.

        `token` is shown to a server that is reached by HTTP. With `may_fork` a second process may
        write half of the files.
        """
        from pyvcs.sync.cloning import clone

        return clone(
            cls, source, path, bare=bare, token=token, progress=progress, may_fork=may_fork
        )

    # -- reading -------------------------------------------------------------------------------

    def resolve(self, revision: str = "HEAD") -> Oid:
        """The commit that a revision names. RevisionUnknown or Ambiguous."""
        from pyvcs.revision import resolve_revision

        return resolve_revision(self, self.refs, revision)

    def heads(self, branch: str | None = None) -> tuple[Oid, ...]:
        """The heads of a branch (the current one by default), sorted; several are siblings."""
        refs = self.refs
        return refs.branch(branch or refs.position.branch or "").oids

    def tip(self, branch: str | None = None) -> Oid | None:
        """The tip of a branch: its only head or the canonical merge of its heads; None if empty."""
        refs = self.refs
        return refs.tips.get(branch or refs.position.branch or "")

    def branches_at(self, oid: Oid, refs: Refs | None = None) -> list[str]:
        """The names of the branches whose tip is this commit, sorted."""
        tips = (refs or self.refs).tips
        return sorted(name for name, tip in tips.items() if tip == oid)

    def tags(self, refs: Refs | None = None) -> list[TagEntry]:
        """Every tag, sorted by name. One with several heads was set at once on several replicas."""
        from pyvcs.tagging import tags

        return tags(self, refs)

    def tags_at(self, oid: Oid) -> list[TagEntry]:
        """The tags that lead to this commit, sorted by name."""
        return [tag for tag in self.tags() if oid in tag.targets]

    def log(self, revision: str = "HEAD") -> Iterator[LogEntry]:
        """The history of a revision, newest first."""
        return self.history.log([self.resolve(revision)])

    def relation(self, one: str | Oid, other: str | Oid) -> Relation:
        """How one commit stands to another: before, after, equal, or concurrent."""
        return self.history.relation(self.resolve(str(one)), self.resolve(str(other)))

    def read(self, revision: str, path: str | bytes) -> bytes:
        """The content of the file at `path` in a revision. PathUnknown when there is none."""
        from pyvcs.objects.kind import Mode
        from pyvcs.objects.listing import entry_at
        from pyvcs.objects.tree import display

        where = os.fsencode(path)
        entry = entry_at(self.store, self.store.commit(self.resolve(revision)).tree, where)
        if entry is None or entry.mode is Mode.TREE:
            what = "has no file" if entry is None else "has a folder, not a file, at"
            raise PathUnknown(f"{revision} {what} {display(where)}")
        return self.store.blob(entry.oid)

    def status(self) -> Status:
        """How the working tree stands to its commit and branch."""
        from pyvcs.status import status

        return status(self)

    # -- changing ------------------------------------------------------------------------------

    def commit(
        self,
        message: str,
        *,
        paths: Collection[str | bytes] = (),
        changes: Mapping[str, bytes | None] | None = None,
        onto: Oid | str | None = None,
        author: Identity | None = None,
    ) -> Oid:
        """Record the working tree (or only `paths` of it), or the `changes` given; the commit.

        `changes` maps paths to new content, None to remove a file; no working tree is touched. They
        are laid over the tip of the current branch, or over the revision `onto`. Give the one that
        they were made from: what a sync or another process brought since is then merged with them,
        and not written over. NothingToCommit when all is as it was.
        """
        from pyvcs.committing import commit_changes, commit_worktree

        if changes is not None:
            base = None if onto is None else self.resolve(str(onto))
            return commit_changes(self, message, changes, onto=base, author=author)
        return commit_worktree(self, message, [os.fsencode(path) for path in paths], author=author)

    def merge(self, other: str, *more: str, message: str | None = None) -> MergeOutcome:
        """Merge branches or commits into the current branch; see `pyvcs.merging.merge`."""
        from pyvcs.merging import merge

        return merge(self, other, *more, message=message)

    def switch(self, branch: str, *, create: bool = False) -> Oid | None:
        """Stand on another branch, and bring the working tree there; the commit it stands on."""
        from pyvcs.switching import switch

        return switch(self, branch, create=create)

    def rename_branch(self, old: str, new: str) -> Oid | None:
        """Give a branch another name, here and by the next syncs everywhere; its tip."""
        from pyvcs.branching import rename_branch

        return rename_branch(self, old, new)

    def delete_branch(self, name: str) -> Oid:
        """Delete a branch, here and by the next syncs everywhere; the tip that it had."""
        from pyvcs.branching import delete_branch

        return delete_branch(self, name)

    def tag(
        self, name: str, revision: str = "HEAD", *, message: str | None = None, force: bool = False
    ) -> TagEntry:
        """Give a revision a name; `force` moves or settles a tag that is there."""
        from pyvcs.tagging import create_tag

        return create_tag(self, name, revision, message=message, force=force)

    def delete_tag(self, name: str) -> tuple[Oid, ...]:
        """Delete a tag, here and by the next syncs everywhere; the heads that it had."""
        from pyvcs.tagging import delete_tag

        return delete_tag(self, name)

    def undo(self) -> Undone:
        """Take back the last operation; again, the one before. See `pyvcs.undoing`."""
        from pyvcs.undoing import undo

        return undo(self)

    def redo(self) -> Undone:
        """Do again what the last undo took back."""
        from pyvcs.undoing import redo

        return redo(self)

    def restore_operation(self, number: int) -> Undone:
        """Bring refs and working tree to where an operation of the log left them."""
        from pyvcs.undoing import restore_operation

        return restore_operation(self, number)

    def bundle(
        self, path: str | bytes, names: Collection[str] = (), *, since: Collection[str] = ()
    ) -> Bundled:
        """Write branches and tags (all by default) to one file, without what `since` name."""
        from pyvcs.sync.bundling import commits_since, create_bundle

        return create_bundle(self, path, names, since=commits_since(self, since))

    def apply_bundle(
        self, path: str | bytes, *, allow_unrelated: bool = False, merge: bool = True
    ) -> SyncReport:
        """Take in what a bundle brings, as a sync would."""
        from pyvcs.sync.bundling import apply_bundle
        from pyvcs.sync.transports.bundle import Bundle

        return apply_bundle(self, Bundle.open(path), allow_unrelated=allow_unrelated, merge=merge)

    def sync(
        self,
        remote: str | Repository,
        *,
        pull: bool = True,
        push: bool = True,
        allow_unrelated: bool = False,
        merge: bool = True,
        repack: bool = False,
        token: str | None = None,
    ) -> SyncReport:
        """Exchange commits and heads with another replica: a path, or an open repository.

        The path may be that of a plain folder to sync through; `repack` writes all that we have
        there into one pack. Without `merge` the working tree does not go along to the merge of
        concurrent heads.
        """
        from pyvcs.sync.replicate import sync

        return sync(
            self,
            remote,
            pull=pull,
            push=push,
            allow_unrelated=allow_unrelated,
            merge=merge,
            repack=repack,
            token=token,
        )
