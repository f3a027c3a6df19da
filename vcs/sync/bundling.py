"""Bundling: commits, branches and tags in one file, to carry where no network goes."""

from __future__ import annotations

from contextlib import suppress

from pyvcs.objects.codec import Object, kind_of
from pyvcs.objects.draft import links
from pyvcs.objects.errors import (
    Corrupt,
    NotARepository,
    NotFound,
    ObjectMissing,
    Refused,
    RevisionUnknown,
)
from pyvcs.objects.kind import Kind
from pyvcs.objects.oid import Oid
from pyvcs.objects.store import ObjectStore
from pyvcs.objects.values import dataclass
from pyvcs.place import Place
from pyvcs.refs import Ref, Refs
from pyvcs.remotes import Remote, open_remote, path_of, remote_called
from pyvcs.replica import Replica
from pyvcs.revision import resolve_revision
from pyvcs.sharing import note_shared
from pyvcs.sync.acquaintance import recall
from pyvcs.sync.bundle_header import BundleHeader
from pyvcs.sync.folder_exchange import heads_in_folder
from pyvcs.sync.joining import heads_of
from pyvcs.sync.receiving import receive
from pyvcs.sync.report import Received, SyncReport, report_of
from pyvcs.sync.transfer import write_objects
from pyvcs.sync.transports.bundle import Bundle, BundleWriter
from pyvcs.sync.transports.folder import Folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Bundled:
    """What went into a bundle: its header, and how many commits it brings."""

    header: BundleHeader
    commits: int


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle that is sound: how many objects it brings, and the prerequisites not here."""

    objects: int
    missing: tuple[Oid, ...]


def create_bundle(
    replica: Replica,
    path: str | bytes,
    names: Collection[str] = (),
    *,
    since: Collection[Oid] = (),
) -> Bundled:
    """Write branches and tags (all by default) with what they reach, but not what `since` reach.

    The file is there whole or not at all. Memory: the oids of what is in it and of the trees of
    the prerequisites; contents are streamed. RevisionUnknown for a name that is neither.
    """
    refs = replica.refs
    branches, tags = _chosen(refs, names)
    chosen = Refs(refs.position, branches=branches, tags=tags)
    store = replica.store
    targets = {store.peeled(oid) for oid in heads_of(chosen)}
    commits = sorted(oid for oid in targets if store.kind(oid) is Kind.COMMIT)
    brought = set(replica.history.missing(wants=commits, haves=sorted(since)))
    parents = {oid for commit in brought for oid in replica.history.graph.parents(commit)}
    needed = tuple(sorted((parents | set(commits)) - brought))
    header = BundleHeader(branches, tags, needed)
    with BundleWriter(path).writing(header) as into:
        write_objects(replica, _Lacking(into, store, _known(store, needed)), heads_of(chosen))
    note_shared(replica, commits)
    return Bundled(header, len(brought))


def apply_bundle(
    replica: Replica, bundle: Bundle, *, allow_unrelated: bool = False, merge: bool = True
) -> SyncReport:
    """Take in a bundle, as a sync would from the replica that made it.

    All of it is checked before anything can be seen. Refused, with their oids, when prerequisites
    are not here, and when bundle and repository have no commit in common.
    """
    missing = missing_prerequisites(replica, bundle)
    if missing:
        names = ", ".join(map(str, missing[:5]))
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise Refused(
            f"{bundle.path} builds on commits that are not here: {names}{more}",
            hint="take in the bundle that came before it, or ask for one without --since",
        )
    if not allow_unrelated:
        _check_related(replica, bundle)
    pulled = take_in_bundle(replica, bundle, merge=merge)
    return report_of(replica, str(bundle.path), pulled, Received())


def take_in_bundle(
    replica: Replica, bundle: Bundle, *, worktree: bool = True, merge: bool = True
) -> Received:
    """Take in a bundle whose prerequisites are here."""
    try:
        return receive(
            replica,
            bundle.store.record,
            bundle.header.refs,
            command="bundle apply",
            worktree=worktree,
            merge=merge,
        )
    except ObjectMissing as error:
        raise Corrupt(
            f"{bundle.path} is not complete: {error.message}",
            hint="ask for it again; nothing of it was kept",
        ) from None


def check_complete(bundle: Bundle) -> None:
    """Refused when a bundle builds on commits that it does not bring: nobody can begin with it."""
    if bundle.header.prerequisites:
        raise Refused(
            f"{bundle.path} builds on commits that it does not bring, so it cannot be cloned",
            hint="clone what it was made from, or ask for one without --since",
        )


def verify_bundle(bundle: Bundle, replica: Replica | None = None) -> Verified:
    """Read and check every object of a bundle, and that all it names is there, or beyond.

    Corrupt or InvalidObject at the first that is wrong. With a replica, `missing` are the
    prerequisites that it lacks; without one, all.
    """
    store = bundle.store
    count = 0
    for pack in store.packs.values():
        pack.index.verify(str(bundle.path))
        for oid, _ in pack.index.by_place():
            _check_links(bundle, oid, store.verify(oid))
            count += 1
    for head in heads_of(bundle.header.refs):
        _check_there(bundle, head, None)
    needed = bundle.header.prerequisites
    missing = needed if replica is None else missing_prerequisites(replica, bundle)
    return Verified(count, tuple(missing))


def missing_prerequisites(replica: Replica, bundle: Bundle) -> list[Oid]:
    """The prerequisites of a bundle that a replica does not have."""
    replica.store.refresh()
    return [oid for oid in bundle.header.prerequisites if not replica.store.has(oid)]


def commits_since(replica: Replica, names: Collection[str]) -> set[Oid]:
    """The commits that revisions name; for a remote those that it has, as far as they are here.

    A remote on this disk is asked now; of any other it counts what the last sync with it left.
    """
    found: set[Oid] = set()
    for name in names:
        remote = remote_called(replica, name)
        if remote is None:
            found.add(resolve_revision(replica, replica.refs, name))
            continue
        heads = _heads_of_remote(replica, remote)
        targets = {replica.store.peeled(oid) for oid in heads if replica.store.has(oid)}
        found |= {oid for oid in targets if replica.store.kind(oid) is Kind.COMMIT}
    return found


def _heads_of_remote(replica: Replica, remote: Remote) -> Collection[Oid]:
    path = path_of(replica, remote.name)
    folder = Folder.at(path)
    if folder is not None:
        return heads_in_folder(replica, folder)
    with suppress(NotARepository):
        return heads_of(open_remote(replica, remote.name).refs)
    for address in (remote.url, Place.of_worktree(path).name):
        known = recall(replica.backend, address)
        if known is not None:
            return known.heads
    raise NotFound(
        f"the remote {remote.name!r} is not here, and there was no sync with it yet",
        hint="name a commit that it has, with --since REV",
    )


def _chosen(refs: Refs, names: Collection[str]) -> tuple[Mapping[str, Ref], Mapping[str, Ref]]:
    """The named branches and tags; without names all of them, deleted ones too."""
    if not names:
        return refs.branches, refs.tags
    branches = {name: refs.branches[name] for name in names if name in refs.tips}
    tags = {name: refs.tags[name] for name in names if not refs.tag(name).is_deleted}
    for name in names:
        if name not in branches and name not in tags:
            raise RevisionUnknown(
                f"there is no branch or tag {name!r}",
                hint=f"a commit needs a name on the other side: `pyvcs branch NAME {name}`",
            )
    return branches, tags


def _known(store: ObjectStore, commits: Collection[Oid]) -> set[Oid]:
    """What whoever has these commits has for sure: they, and all below their trees."""
    known: set[Oid] = set(commits)
    waiting = [oid for commit in commits for oid in _below(store, commit)]
    while waiting:
        oid = waiting.pop()
        if oid not in known:
            known.add(oid)
            if store.kind(oid) is not Kind.BLOB:
                waiting += [each for each, _ in links(store.value(oid))]
    return known


def _below(store: ObjectStore, commit: Oid) -> Iterator[Oid]:
    value = store.commit(commit)
    yield value.tree
    yield from value.conflicts


class _Lacking(ObjectStore):
    """A store to write to that counts some objects of another one as its own."""

    def __init__(self, into: ObjectStore, ours: ObjectStore, known: set[Oid]) -> None:
        super().__init__(into.backend)
        self._ours = ours
        self._known = known

    def has(self, oid: Oid) -> bool:
        """Whether the object is one of those that need not be written."""
        return oid in self._known

    def kind_here(self, oid: Oid) -> Kind | None:
        """The kind of one of those objects."""
        return self._ours.kind(oid) if oid in self._known else None


def _check_related(replica: Replica, bundle: Bundle) -> None:
    if bundle.header.prerequisites or not heads_of(replica.refs):
        return
    commits = (oid for oid, kind in bundle.store.oids() if kind is Kind.COMMIT)
    theirs = heads_of(bundle.header.refs)
    if theirs and not any(map(replica.store.has, commits)):
        raise Refused(
            "this repository and the bundle have no commit in common",
            hint="if they belong together all the same: "
            "`pyvcs bundle apply --allow-unrelated-histories`",
        )


def _check_links(bundle: Bundle, oid: Oid, value: Object | None) -> None:
    if value is None or isinstance(value, bytes):  # a blob names nothing
        return
    for below, kind in links(value):
        _check_there(bundle, below, kind, f"the {kind_of(value).value} {oid}")


def _check_there(bundle: Bundle, oid: Oid, kind: Kind | None, named_by: str = "its header") -> None:
    """Corrupt unless an object is in the bundle, of that kind, or may be beyond it."""
    store, beyond = bundle.store, bundle.header.prerequisites
    if not store.has(oid):
        # Of what lies beyond, commits are named one by one; below their trees nobody can tell.
        if oid in beyond or (beyond and kind not in (None, Kind.COMMIT)):
            return
        raise Corrupt(f"{bundle.path} lacks {oid}, which {named_by} names")
    if kind is not None and store.kind(oid) is not kind:
        found = store.kind(oid).value
        raise Corrupt(f"{named_by} in {bundle.path} has {oid} as a {kind.value}, it is a {found}")
