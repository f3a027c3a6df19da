"""Committing: the working tree, or changes given, become a commit."""

from __future__ import annotations

from pyvcs.changes import Change, changed_while_read, changes, small_content
from pyvcs.following import follow
from pyvcs.history import facts_of
from pyvcs.moving import swap, with_heads
from pyvcs.objects.chunking import CHUNKED_FROM
from pyvcs.objects.commit import Commit, Identity, Timestamp
from pyvcs.objects.conflict import Conflict
from pyvcs.objects.contexts import Uncollected
from pyvcs.objects.errors import ChangedWhileRead, NothingToCommit, PathUnknown, Usage
from pyvcs.objects.kind import Mode
from pyvcs.objects.listing import Changes, File, apply_changes, entry_at
from pyvcs.objects.oid import Oid
from pyvcs.objects.store_writer import StoreWriter
from pyvcs.objects.tree import display
from pyvcs.objects.values import dataclass, replace
from pyvcs.refs import Position, Refs
from pyvcs.replica import Replica
from pyvcs.stat_cache import StatCache
from pyvcs.worktree import Found, Worktree, is_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pyvcs.looking import Looked


@dataclass(frozen=True, slots=True)
class Recording:
    """What goes into a commit besides its files.

    `onto` is the commit that its files are laid over, the first parent unless another is given;
    `time` when its changes were made, now unless another is given.
    """

    refs: Refs
    parents: tuple[Oid, ...]
    conflicts: Sequence[Oid]
    message: str
    author: Identity
    onto: Oid | None = None
    time: Timestamp | None = None


def commit_worktree(
    replica: Replica,
    message: str,
    paths: Collection[bytes] = (),
    *,
    author: Identity | None = None,
    time: Timestamp | None = None,
    amend: bool = False,
    look: Callable[[], Looked | None] = lambda: None,
) -> Oid:
    """Record the working tree, or only what is at or below `paths`; the new commit.

    Its parent is the commit that the working tree stands on, not the tip: what other replicas
    brought in the meantime is a sibling, and the tip merges both. With `amend` it takes the place
    of that commit, and its message (when `message` is ""), author and time where none is given.
    NothingToCommit when nothing changed, PathUnknown for a path that neither the commit nor the
    working tree has, Refused for an amendment of what others may have. `look` tells what was seen
    of the working tree just now, if somebody looked.
    """
    with replica.locked("commit"), Uncollected():
        return _commit_worktree(replica, message, paths, author, time, amend=amend, look=look)


def _commit_worktree(
    replica: Replica,
    message: str,
    paths: Collection[bytes],
    author: Identity | None,
    time: Timestamp | None,
    *,
    amend: bool,
    look: Callable[[], Looked | None],
) -> Oid:
    """The same, under the lock. What it made is gone before the collector would look at it."""
    worktree = replica.worktree
    refs = replica.refs
    parent = refs.position.commit
    cache = StatCache.load(replica.backend, replica.store, parent)
    found = _selected(changes(worktree, cache, look()), paths, worktree, cache)
    position, later = _split_marks(replica, refs.position, paths)
    amended = _amendable(replica, refs) if amend else None
    unresolved = _open_conflicts(replica, position, found)
    recording = Recording(
        refs,
        amended.parents if amended else () if parent is None else (parent,),
        _put_conflicts(replica, unresolved),
        message or (amended.message if amended else ""),
        author or (amended.author if amended else None) or replica.identity(),
        parent,
        time or (amended.authored if amended else None),
    )
    contents = {change.path: change.found for change in found}
    oid, files = _record(replica, recording, contents, worktree)
    _advance(replica, refs, oid, later, replaced=parent if amend else None)
    for change in found:
        file = files[change.path]
        if file is None or change.found is None:
            cache.remove(change.path)
        else:
            cache.put(change.path, file, change.found.stat)
    cache.commit = oid
    if not recording.conflicts:
        cache.note_peace(oid)
    cache.save(replica.backend)
    _remember_resolutions(replica, parent, oid, unresolved, found)
    follow(replica)
    replica.collect_if_many()
    return oid


def _amendable(replica: Replica, refs: Refs) -> Commit:
    from pyvcs.amending import amendable

    return amendable(replica, refs)


def _open_conflicts(
    replica: Replica, position: Position, found: list[Change]
) -> Mapping[Oid, Conflict]:
    if position.commit is None or not replica.store.commit(position.commit).conflicts:
        return {}
    from pyvcs.unresolved import still_unresolved

    return still_unresolved(replica, position, found)


def _put_conflicts(replica: Replica, unresolved: Mapping[Oid, Conflict]) -> list[Oid]:
    """The oids of conflicts that a commit keeps; those that followed a renamed file are new."""
    if all(replica.store.conflict(oid) == conflict for oid, conflict in unresolved.items()):
        return list(unresolved)
    with StoreWriter(replica.store) as writer:
        oids = [writer.put(conflict) for conflict in unresolved.values()]
        writer.publish()
    return oids


def _remember_resolutions(
    replica: Replica,
    before: Oid | None,
    oid: Oid,
    still_open: Collection[Oid],
    changed: Collection[Change],
) -> None:
    """Remember how a new commit settled what was in conflict in the one before.

    Not by a deletion when a new file came: it may be the same under another name, and the same
    conflict, met again, would take the file away.
    """
    if before is None or not (was_open := replica.store.commit(before).conflicts):
        return
    from pyvcs.resolutions import remember

    has_new = any(change.before is None for change in changed)
    unclear = {change.path for change in changed if has_new and change.found is None}
    settled = [
        oid
        for oid in was_open
        if oid not in still_open and replica.store.conflict(oid).path not in unclear
    ]
    remember(replica, replica.store.commit(before), oid, settled)


def commit_changes(
    replica: Replica,
    message: str,
    changed: Mapping[str, bytes | None],
    *,
    onto: Oid | None = None,
    author: Identity | None = None,
) -> Oid:
    """Record `changed` (path to content, None removes) on the current branch: on top of its tip, or
    of the commit `onto` that was read before. What came since is a sibling, which the tip merges.

    What it writes resolves the conflicts of that file. The working tree, if any, is not touched.
    """
    with replica.locked("commit"):
        refs = replica.refs
        branch = refs.position.branch
        if branch is None:
            raise Usage("no branch to commit to", hint="switch to a branch first")
        parent = onto or refs.tips.get(branch)
        contents = {path.encode("utf-8", "surrogateescape"): new for path, new in changed.items()}
        store = replica.store
        open_before = () if parent is None else store.commit(parent).conflicts
        recording = Recording(
            refs,
            () if parent is None else (parent,),
            [oid for oid in open_before if store.conflict(oid).path not in contents],
            message,
            author or replica.identity(),
            parent,
        )
        oid, _ = _record(replica, recording, contents, None)
        moved = with_heads(replica, refs, branch, {*refs.branch(branch).oids, oid})
        swap(replica, refs, moved, f"commit {recording.message}")
        replica.collect_if_many()
    return oid


def _record(
    replica: Replica,
    recording: Recording,
    contents: Mapping[bytes, Found | bytes | None],
    worktree: Worktree | None,
) -> tuple[Oid, Changes]:
    """Write one pack with the files, the folders above them and the commit."""
    store = replica.store
    before = None if recording.onto is None else store.commit(recording.onto)
    tree = None if before is None else before.tree
    with StoreWriter(store) as writer:
        files: dict[bytes, File | None] = {}
        for number, (path, content) in enumerate(contents.items()):
            replica.progress("recording files", number)
            if isinstance(content, bytes):
                files[path] = (_mode_at(replica, tree, path), writer.put(content))
            elif content is None:
                files[path] = None
            else:
                assert worktree is not None
                files[path] = (content.mode, put_file(worktree, writer, content))
        new_tree = apply_changes(store, writer, tree, files)
        commit = authored(replica, recording, new_tree)
        if _is_nothing(before, commit, files, amends=recording.onto not in recording.parents):
            raise nothing_to_commit()
        oid = writer.put(commit)
        writer.publish()
    replica.history.graph.extend([oid], {oid: facts_of(commit)})
    return oid, files


def nothing_to_commit() -> NothingToCommit:
    """The error of a commit that would record nothing."""
    return NothingToCommit(
        "nothing to commit: all is as in the commit before",
        hint="`pyvcs status` shows what changed",
    )


def _is_nothing(before: Commit | None, commit: Commit, files: Changes, *, amends: bool) -> bool:
    if before is None:
        return not any(files.values())
    if amends:  # a new message is something
        return (before.tree, before.conflicts, before.message, before.author) == (
            *(commit.tree, commit.conflicts, commit.message, commit.author),
        )
    return len(commit.parents) < 2 and (before.tree, before.conflicts) == (
        commit.tree,
        commit.conflicts,
    )


def authored(replica: Replica, recording: Recording, tree: Oid) -> Commit:
    """A commit by a person, here and now."""
    now = replica.timestamp()
    stamp = replica.stamp(recording.refs, *recording.parents)
    message = recording.message.rstrip("\n") + "\n"
    return Commit(
        tree=tree,
        parents=recording.parents,
        message=message,
        authored=recording.time or now,
        committed=now,
        clock=stamp.clock,
        author=recording.author,
        committer=recording.author,
        replica=stamp.replica,
        conflicts=tuple(sorted(recording.conflicts)),
    )


def _mode_at(replica: Replica, tree: Oid | None, path: bytes) -> Mode:
    entry = None if tree is None else entry_at(replica.store, tree, path)
    return entry.mode if entry is not None and entry.mode.is_file else Mode.FILE


def put_file(worktree: Worktree, writer: StoreWriter, found: Found) -> Oid:
    """Put the content of a file or symlink of the working tree into the store; its oid."""
    if found.mode is Mode.SYMLINK:
        return writer.put(worktree.link_target(found.path))
    if found.stat.size < CHUNKED_FROM:
        return writer.put(small_content(worktree, found))
    try:
        with worktree.open(found) as file:
            return writer.put_stream(file, found.stat.size)
    except ChangedWhileRead as error:  # a stream has no name
        raise changed_while_read(found) from error


def keep_in_store(replica: Replica, worktree: Worktree, found: Found) -> Oid:
    """Put a file that is about to be replaced into the store, so that nothing is lost; its oid."""
    with StoreWriter(replica.store) as writer:
        oid = put_file(worktree, writer, found)
        writer.publish()
    return oid


def _split_marks(
    replica: Replica, position: Position, paths: Collection[bytes]
) -> tuple[Position, tuple[Oid, ...]]:
    """The position with only those marks of resolved conflicts that lie in `paths`; the others."""
    later = tuple(
        oid
        for oid in position.resolved
        if paths and not any(is_below(replica.store.conflict(oid).path, path) for path in paths)
    )
    now = tuple(oid for oid in position.resolved if oid not in later)
    return replace(position, resolved=now), later


def _advance(
    replica: Replica, refs: Refs, oid: Oid, resolved: tuple[Oid, ...], *, replaced: Oid | None
) -> None:
    """Let the branch that the working tree follows, and the working tree, stand on a new commit."""
    branch = refs.position.branch
    moved = refs
    if branch is not None:
        heads = {*refs.branch(branch).oids, oid} - {replaced}
        moved = with_heads(replica, refs, branch, heads)
    moved = replace(moved, position=Position(branch, oid, resolved))
    swap(replica, refs, moved, f"commit {replica.store.commit(oid).subject}")


def _selected(
    found: list[Change], paths: Collection[bytes], worktree: Worktree, cache: StatCache
) -> list[Change]:
    """The changes at or below the paths; all of them when no path is given."""
    if not paths:
        return found
    for path in paths:
        known = cache.get(path) or cache.holds_folder(path)
        if not known and worktree.look(path) is None and not worktree.is_folder(path):
            raise PathUnknown(
                f"{display(path)} is neither in the commit nor in the working tree",
                hint="`pyvcs status` shows the paths that changed",
            )
    return [change for change in found if any(is_below(change.path, path) for path in paths)]
